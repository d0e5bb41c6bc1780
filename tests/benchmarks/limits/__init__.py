"""What the machine allows: for each row that is hard to hold, the quickest code that keeps its obligations.

Nothing here is of the hub's architecture, and nothing is part of it: no framework, no rooms, no words for
whoever is refused. What a correct hub owes, it does: each limit says in a sentence what that is.
"""

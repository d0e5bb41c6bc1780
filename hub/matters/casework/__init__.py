"""The verbs of a matter: it begins, it moves, it is shown, and its parties are told."""

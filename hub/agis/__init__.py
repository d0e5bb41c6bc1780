"""A family's move on its way into AĢIS, by machine: what is to be registered, who has it, what came of it."""

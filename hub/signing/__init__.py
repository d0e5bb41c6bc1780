"""Whose signature is under a request, and how it is proved years later."""

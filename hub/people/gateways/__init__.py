"""Outward ways of the people's room."""

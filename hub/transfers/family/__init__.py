"""A family moves to another centre: its notice, its day, and what both centres owe because of it."""

"""The digest that is sent, and the month that is counted."""

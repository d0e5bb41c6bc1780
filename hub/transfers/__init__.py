"""A family or a child changes centre."""

"""Training of a family by another support centre than its own."""

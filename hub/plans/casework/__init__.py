"""What is done with a family's plan: its statements, and its way to the family."""

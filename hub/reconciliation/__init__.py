"""What the register holds beside what the hub knows: differences, a month in figures."""

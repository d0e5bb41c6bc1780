"""Client library of the Saikne hub."""

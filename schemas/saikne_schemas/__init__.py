"""The wire documents of the Saikne hub."""

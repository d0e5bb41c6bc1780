"""What every room may rely on: time, identifiers, refusals, secrets. Standard library only."""

"""Commands for the person who installs and runs the hub."""

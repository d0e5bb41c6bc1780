"""What lies sealed in the hub on its way to whoever gets it: segments, their order, and their end."""

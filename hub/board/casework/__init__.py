"""What the pages show, read inside the visitor's transaction."""

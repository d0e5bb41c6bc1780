"""A request for copies and its answer."""

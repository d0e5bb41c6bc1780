"""Documents in, one encrypted archive out, streamed."""

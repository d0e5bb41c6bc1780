"""A centre's own proofs: sealed like any payload, kept for its owner, named in its statements."""

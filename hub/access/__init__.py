"""Who is calling: OAuth clients, tokens, proofs of possession."""

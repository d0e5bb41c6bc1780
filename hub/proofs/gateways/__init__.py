"""What stands between the proofs and those who know about signatures: a process of its own for each file."""

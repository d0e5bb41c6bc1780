"""What the overseer hears and counts: duties that are late, a month in figures, and nothing of any family."""

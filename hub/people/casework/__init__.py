"""People's verbs, inside the caller's transaction."""

"""Contact between siblings who live in families of different centres."""

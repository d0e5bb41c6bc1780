"""The board: pages for people, what is late and what comes, and what to do."""

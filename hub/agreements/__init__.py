"""What two centres have agreed in writing about their signatures."""

"""What `hub fill` draws for an installation that is shown: centres, a year of exchanges, moves."""

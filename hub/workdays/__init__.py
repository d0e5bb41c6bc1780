"""Which days are worked in Latvia, and when a term counted in working days ends."""

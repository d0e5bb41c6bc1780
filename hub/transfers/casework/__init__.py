"""What a move looks up for its rules, in the transaction of the statement; nothing is decided here."""

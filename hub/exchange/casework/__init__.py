"""The procedure of an exchange, verb by verb: load, decide, record, promise. Nothing here commits."""

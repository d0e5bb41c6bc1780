"""The key of an archive: generated, kept wrapped, handed over by another channel, forgotten."""

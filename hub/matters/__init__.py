"""What centres deal with together by signed statements, whatever it is about: one engine, rules elsewhere."""

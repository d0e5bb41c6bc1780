"""Saikne: a data-exchange hub between Latvian out-of-family-care support centres."""

"""The chain of events that a tenant can prove and nobody can rewrite."""

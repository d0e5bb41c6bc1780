"""The ways out for a password: an SMS gateway over HTTP, a second mailbox over SMTP."""

"""The registry sync job: it brings registrations from the hub to the register, and the answers back."""

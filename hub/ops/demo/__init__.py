"""What the demo and the journey tests stand in for the real world: a family's file, a phone, a mailbox."""

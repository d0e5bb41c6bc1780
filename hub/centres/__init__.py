"""Support centres as tenants: who they are, how they are reached, what they may see."""

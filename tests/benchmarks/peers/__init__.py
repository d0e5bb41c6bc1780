"""Programs that the hub is measured against, as an office or an operator would use them."""

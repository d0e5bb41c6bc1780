"""Who is meant, sealed by one centre to another: kept for it until the matter ends, and never opened here."""

"""The demo's own pages: who may be looked in as, what its telephone shows, what lies in its mailboxes."""

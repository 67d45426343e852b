"""Tables of other people's databases: written one to one, or read."""

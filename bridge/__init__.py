"""The bridge between Sage 100 (Office Line) and Amazon."""

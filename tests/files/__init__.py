"""Behaviour of the files room."""

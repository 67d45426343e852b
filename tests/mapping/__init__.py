"""Behaviour of the mapping language, and of the shipped mappings."""

"""The errands: what the bridge does with files, from inbox to Amazon."""

"""How files are written: streaming readers and writers of five formats.

``reading`` opens a file and ``writing`` writes one; ``selection`` cuts some
records out of a file. The other modules know one format each.
"""

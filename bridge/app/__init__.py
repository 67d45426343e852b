"""The one place where parts are chosen and joined, and the loops that run."""

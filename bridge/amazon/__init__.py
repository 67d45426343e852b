"""Amazon's side: what it says in its words, and who stands in for it."""

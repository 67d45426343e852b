"""Letters become bytes of PDF/A-3; the only room that draws."""

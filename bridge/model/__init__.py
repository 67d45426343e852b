"""What the house speaks about: records, documents, values. No behaviour."""

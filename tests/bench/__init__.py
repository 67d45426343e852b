"""What bench/ compares must be equal, or it compares nothing."""

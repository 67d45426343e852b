"""What the sample data promises."""

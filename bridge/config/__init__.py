"""bridge.toml and secret references become frozen settings."""

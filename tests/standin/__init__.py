"""Amazon as a strict stand-in: a server with its limits, rules and faults."""

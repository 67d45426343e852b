"""Durable work: the engine runs what the ledger says is due."""

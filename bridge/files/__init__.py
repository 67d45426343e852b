"""Files as they come and go: inbox, outbox, watcher, lock."""

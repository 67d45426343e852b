"""The command line: data to stdout, talk to stderr, exit codes that say it."""

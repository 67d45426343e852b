"""Mails: written as RFC 5322 wants them, brought by SMTP or as files."""

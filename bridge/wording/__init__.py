"""The texts of letters and mails, from templates a person may change."""

"""What a paper of trade says: amounts, cases of tax, what law asks. Pure."""

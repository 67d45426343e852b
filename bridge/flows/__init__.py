"""Errands: one module for one sentence a user would say.

An errand never calls another: it makes it due in the ledger.
"""

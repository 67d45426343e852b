"""The truth: what came, what is known, what is due, what was said.

``tables`` is the shape, ``engine`` opens it, the nouns are the write side,
``views`` the read side that never writes. Every function takes the
transaction it works in; who opens one decides what happens together.
"""

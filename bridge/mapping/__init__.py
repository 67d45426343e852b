"""The mapping language: YAML files that turn records into documents.

``notation`` reads YAML with places, ``vocabulary`` names the verbs, ``plan``
is the checked mapping, ``check_*`` build it and collect every mistake,
``generate_*`` turn a plan into straight Python, ``trial`` runs the tests
beside a mapping.
"""

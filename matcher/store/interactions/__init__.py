"""Interactions in a store: kept as they came, linked to persons as soon as they can be.

``contacts`` holds whom they were with in memory, ``meeting`` finds the records that a contact
shares something with, ``outcomes`` decides, ``linking`` does so for many and writes it down,
``adding`` takes interactions in, ``following`` looks again at those that a change touched.
"""

"""Vendors' own lists in a store: what each vendor holds, kept by its rules (level 1).

===============  ===============================================================================
``documents``    a person as a JSON document, from which it is made again exactly
``kept``         a list in memory that knows what changed since it was last saved
``shelf``        lists in the file: settled how, loaded, saved
``turning_away`` rows of people who were forgotten come in no more
``records``      a vendor's person as a record of level 2
``ingesting``    rows come into a list, and what they changed becomes records, all or nothing
``calls``        calls of a vendor's API are decided on, written and answered
``blind``        those by nobody knows whom change nobody who is there
``activities``   what was done with people besides: outreaches, notes, taggings
``dates``        when people were created, and last changed
``looking``      people looked up by SQL, as last committed; ``view`` is the door to it
``reading``      a list, and a person of it, in the vendor's own shape
``undoing``      a list follows when a run is undone
``erasing``      what a list holds of somebody who is forgotten
``checking``     a list and its records say the same
===============  ===============================================================================

The rules are those of ``matcher.policies``, by the same code as ``matcher.replay``.
"""

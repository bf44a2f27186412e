"""Other linkage libraries on the same sets, machine and evaluator; see README.md beside this file.

Each peer is a module that runs as a process of its own, in an environment of its own, and imports
nothing of the product: ``python -m benchmarks.peers.splink FOLDER ANSWERS`` reads what ``handing``
wrote and writes what ``answers`` says.
"""

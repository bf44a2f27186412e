"""Benchmarks of the project: made-up contacts with known truth, quality, and speed.

Run from a checkout, for example ``python -m benchmarks.quality``; nothing here is installed.
"""

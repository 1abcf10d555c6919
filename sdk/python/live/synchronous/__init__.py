# Made by `generate` from asynchronous/__init__.py; do not edit.
"""The scenario with the asynchronous client; `generate` makes the synchronous one of it."""

# Made by `generate` from live/scenario_async.py; do not edit.
"""The scenario."""

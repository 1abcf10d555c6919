# Made by `generate` from openapi.yaml; do not edit.
__version__ = "0.1.0"

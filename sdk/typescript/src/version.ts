// Made by `generate` from openapi.yaml; do not edit.

/** The version of the contract, and of this package. */
export const VERSION = '0.1.0';

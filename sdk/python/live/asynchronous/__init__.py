"""The scenario with the asynchronous client; `generate` makes the synchronous one of it."""

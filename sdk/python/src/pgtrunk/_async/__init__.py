"""The client. What is done here without a name of its own on each side is made for the other by `generate`."""

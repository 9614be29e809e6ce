"""The hostile submissions: one module a kind, each with a list ``CASES``."""

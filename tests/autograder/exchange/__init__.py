"""The exchange, tried as other people of the same machine."""

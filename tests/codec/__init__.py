"""Promises of the codec: text in, values out, and back again unchanged."""

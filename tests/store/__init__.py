"""Promises of the store: what is on the disk after any call, whatever went wrong in it."""

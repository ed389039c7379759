"""Tests of the facade and of the index as a cache."""

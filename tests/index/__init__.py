"""Tests of the index, through the facade: what is there is found."""

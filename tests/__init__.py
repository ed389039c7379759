"""Tests of promises: real files, a real index; only clock, editor and git may be faked."""

"""The suites, one module each; a module's `SUITE` is found by its name."""

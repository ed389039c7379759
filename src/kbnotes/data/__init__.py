"""Files that `kb init` copies into a new base."""

"""How long kb's commands take as a person waits for them, beside other tools."""

"""Importing a folder of Markdown files: what is in it, what each file becomes, and how it is told."""

"""Torture: each suite tries to break one promise of kb, and can be shown to notice when it is broken."""

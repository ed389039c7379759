"""The facade: a knowledge base, and all that can be done with it. The only room that joins the others."""

from kbnotes.kb.backup import restore_backup, verify_backup
from kbnotes.kb.knowledge_base import KnowledgeBase
from kbnotes.kb.opening import create_base, open_base

__all__ = ["KnowledgeBase", "create_base", "open_base", "restore_backup", "verify_backup"]

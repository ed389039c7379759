"""The facade: a knowledge base, and all that can be done with it. The only room that joins the others."""

from typing import TYPE_CHECKING

from kbnotes.lazy import names_of

if TYPE_CHECKING:
    from kbnotes.kb.asking import Asking
    from kbnotes.kb.backup import restore_backup, verify_backup
    from kbnotes.kb.exporting import Export, form_of
    from kbnotes.kb.knowledge_base import KnowledgeBase
    from kbnotes.kb.opening import create_base, open_base
else:
    __getattr__ = names_of(
        __name__,
        {
            "asking": "Asking",
            "backup": "restore_backup verify_backup",
            "exporting": "Export form_of",
            "knowledge_base": "KnowledgeBase",
            "opening": "create_base open_base",
        },
    )

__all__ = [
    "Asking",
    "Export",
    "KnowledgeBase",
    "create_base",
    "form_of",
    "open_base",
    "restore_backup",
    "verify_backup",
]

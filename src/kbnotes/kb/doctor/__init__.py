"""Looking a base over: named checks that only read, and repairs where a proven source exists."""

from kbnotes.kb.doctor.health import Health
from kbnotes.kb.doctor.where import find_even_damaged

__all__ = ["Health", "find_even_damaged"]

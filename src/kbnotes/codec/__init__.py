"""Entry <-> YAML text. Pure: text in, values out. The only room that knows PyYAML, and imports it late."""

from kbnotes.codec.draft import Draft, read_draft, write_draft
from kbnotes.codec.entry import decode_entry, digest, encode_entry
from kbnotes.codec.reader import MAX_SIZE
from kbnotes.codec.searches import decode_searches, edit_searches, search_name
from kbnotes.codec.tags import clean_tag, clean_tags
from kbnotes.codec.topics import decode_topics

__all__ = [
    "MAX_SIZE",
    "Draft",
    "clean_tag",
    "clean_tags",
    "decode_entry",
    "decode_searches",
    "decode_topics",
    "digest",
    "edit_searches",
    "encode_entry",
    "read_draft",
    "search_name",
    "write_draft",
]

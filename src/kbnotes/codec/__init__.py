"""Entry <-> YAML text. Pure: text in, values out. The only room that knows PyYAML, and imports it late."""

from typing import TYPE_CHECKING

from kbnotes.lazy import names_of

if TYPE_CHECKING:
    from kbnotes.codec.draft import Draft, read_draft, write_draft
    from kbnotes.codec.entry import decode_entry, digest, encode_entry
    from kbnotes.codec.front_matter import FrontMatter, read_front_matter, tag_of
    from kbnotes.codec.linked import decode_linked, encode_linked
    from kbnotes.codec.reader import MAX_SIZE
    from kbnotes.codec.searches import decode_searches, edit_searches, search_name
    from kbnotes.codec.tags import clean_tag, clean_tags
    from kbnotes.codec.topics import decode_topics, topic_lines
else:
    __getattr__ = names_of(
        __name__,
        {
            "draft": "Draft read_draft write_draft",
            "entry": "decode_entry digest encode_entry",
            "front_matter": "FrontMatter read_front_matter tag_of",
            "linked": "decode_linked encode_linked",
            "reader": "MAX_SIZE",
            "searches": "decode_searches edit_searches search_name",
            "tags": "clean_tag clean_tags",
            "topics": "decode_topics topic_lines",
        },
    )

__all__ = [
    "MAX_SIZE",
    "Draft",
    "FrontMatter",
    "clean_tag",
    "clean_tags",
    "decode_entry",
    "decode_linked",
    "decode_searches",
    "decode_topics",
    "digest",
    "edit_searches",
    "encode_entry",
    "encode_linked",
    "read_draft",
    "read_front_matter",
    "search_name",
    "tag_of",
    "topic_lines",
    "write_draft",
]

"""Entry <-> YAML text. Pure: text in, values out. The only room that knows PyYAML, and imports it late."""

from typing import TYPE_CHECKING

from kbnotes.lazy import names_of

if TYPE_CHECKING:
    from kbnotes.codec.as_markdown import markdown_file, obsidian_file
    from kbnotes.codec.draft import Draft, read_draft, write_draft
    from kbnotes.codec.entry import decode_entry, digest, encode_entry
    from kbnotes.codec.exchange import csv_table, json_document, json_lines
    from kbnotes.codec.front_matter import FrontMatter, read_front_matter, tag_of
    from kbnotes.codec.linked import decode_linked, encode_linked
    from kbnotes.codec.reader import MAX_SIZE
    from kbnotes.codec.records import read_records
    from kbnotes.codec.searches import decode_searches, edit_searches, search_name
    from kbnotes.codec.tags import clean_tag, clean_tags
    from kbnotes.codec.topics import decode_topics, topic_lines
else:
    __getattr__ = names_of(
        __name__,
        {
            "draft": "Draft read_draft write_draft",
            "entry": "decode_entry digest encode_entry",
            "exchange": "csv_table json_document json_lines",
            "front_matter": "FrontMatter read_front_matter tag_of",
            "linked": "decode_linked encode_linked",
            "as_markdown": "markdown_file obsidian_file",
            "reader": "MAX_SIZE",
            "records": "read_records",
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
    "csv_table",
    "decode_entry",
    "decode_linked",
    "decode_searches",
    "decode_topics",
    "digest",
    "edit_searches",
    "encode_entry",
    "encode_linked",
    "json_document",
    "json_lines",
    "markdown_file",
    "obsidian_file",
    "read_draft",
    "read_front_matter",
    "read_records",
    "search_name",
    "tag_of",
    "topic_lines",
    "write_draft",
]

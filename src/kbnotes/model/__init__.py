"""Frozen values that the rooms hand to each other. No behaviour beyond reading their own fields."""

from typing import TYPE_CHECKING

from kbnotes.lazy import names_of

if TYPE_CHECKING:
    from kbnotes.model.answer import (
        Asked,
        Hit,
        Listing,
        Mode,
        Nearest,
        Order,
        Part,
        Related,
        Results,
        Shown,
        TagCount,
    )
    from kbnotes.model.backup import Backup, Manifest, SavedFile
    from kbnotes.model.draft import Waiting
    from kbnotes.model.entry import Content, Document, Entry, Link, Source, Stamp, StoredEntry, Summary, Topic
    from kbnotes.model.finding import Check, Diagnosis, Finding, Level, Repair
    from kbnotes.model.operation import Change, Difference, FileState, Log, Operation, Undone, Version
    from kbnotes.model.query import (
        AllOf,
        AnyOf,
        FieldName,
        Filter,
        Fuzzy,
        IdRange,
        InField,
        Is,
        Leaf,
        Node,
        Not,
        Phrase,
        Prefix,
        Query,
        Tagged,
        TimeName,
        TimeRange,
        Trait,
        Word,
    )
    from kbnotes.model.report import Action, Report, Retagging, Step
    from kbnotes.model.section import Kind, Section, Split
    from kbnotes.model.stamp_table import Row, StampTable
else:
    __getattr__ = names_of(
        __name__,
        {
            "answer": "Asked Hit Listing Mode Nearest Order Part Related Results Shown TagCount",
            "backup": "Backup Manifest SavedFile",
            "draft": "Waiting",
            "entry": "Content Document Entry Link Source Stamp StoredEntry Summary Topic",
            "finding": "Check Diagnosis Finding Level Repair",
            "operation": "Change Difference FileState Log Operation Undone Version",
            "query": "AllOf AnyOf FieldName Filter Fuzzy IdRange InField Is Leaf Node Not Phrase Prefix "
            "Query Tagged TimeName TimeRange Trait Word",
            "report": "Action Report Retagging Step",
            "section": "Kind Section Split",
            "stamp_table": "Row StampTable",
        },
    )

__all__ = [
    "Action",
    "AllOf",
    "AnyOf",
    "Asked",
    "Backup",
    "Change",
    "Check",
    "Content",
    "Diagnosis",
    "Difference",
    "Document",
    "Entry",
    "FieldName",
    "FileState",
    "Filter",
    "Finding",
    "Fuzzy",
    "Hit",
    "IdRange",
    "InField",
    "Is",
    "Kind",
    "Leaf",
    "Level",
    "Link",
    "Listing",
    "Log",
    "Manifest",
    "Mode",
    "Nearest",
    "Node",
    "Not",
    "Operation",
    "Order",
    "Part",
    "Phrase",
    "Prefix",
    "Query",
    "Related",
    "Repair",
    "Report",
    "Results",
    "Retagging",
    "Row",
    "SavedFile",
    "Section",
    "Shown",
    "Source",
    "Split",
    "Stamp",
    "StampTable",
    "Step",
    "StoredEntry",
    "Summary",
    "TagCount",
    "Tagged",
    "TimeName",
    "TimeRange",
    "Topic",
    "Trait",
    "Undone",
    "Version",
    "Waiting",
    "Word",
]

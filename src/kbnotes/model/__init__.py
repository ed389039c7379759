"""Frozen values that the rooms hand to each other. No behaviour beyond reading their own fields."""

from kbnotes.model.answer import Hit, Listing, Results, Shown, TagCount
from kbnotes.model.entry import Content, Document, Entry, Link, Source, Stamp, StoredEntry, Summary, Topic
from kbnotes.model.operation import Change, Difference, FileState, Log, Operation, Undone, Version
from kbnotes.model.query import AllOf, AnyOf, InTitle, Node, Not, Phrase, Prefix, Query, Tagged, Word
from kbnotes.model.report import Action, Report, Retagging, Step
from kbnotes.model.section import Kind, Section, Split

__all__ = [
    "Action",
    "AllOf",
    "AnyOf",
    "Change",
    "Content",
    "Difference",
    "Document",
    "Entry",
    "FileState",
    "Hit",
    "InTitle",
    "Kind",
    "Link",
    "Listing",
    "Log",
    "Node",
    "Not",
    "Operation",
    "Phrase",
    "Prefix",
    "Query",
    "Report",
    "Results",
    "Retagging",
    "Section",
    "Shown",
    "Source",
    "Split",
    "Stamp",
    "Step",
    "StoredEntry",
    "Summary",
    "TagCount",
    "Tagged",
    "Topic",
    "Undone",
    "Version",
    "Word",
]

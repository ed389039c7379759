"""Frozen values that the rooms hand to each other. No behaviour beyond reading their own fields."""

from kbnotes.model.answer import Hit, Listing, Results, Shown, TagCount
from kbnotes.model.backup import Backup, Manifest, SavedFile
from kbnotes.model.draft import Waiting
from kbnotes.model.entry import Content, Document, Entry, Link, Source, Stamp, StoredEntry, Summary, Topic
from kbnotes.model.finding import Check, Diagnosis, Finding, Level, Repair
from kbnotes.model.operation import Change, Difference, FileState, Log, Operation, Undone, Version
from kbnotes.model.query import AllOf, AnyOf, InTitle, Node, Not, Phrase, Prefix, Query, Tagged, Word
from kbnotes.model.report import Action, Report, Retagging, Step
from kbnotes.model.section import Kind, Section, Split

__all__ = [
    "Action",
    "AllOf",
    "AnyOf",
    "Backup",
    "Change",
    "Check",
    "Content",
    "Diagnosis",
    "Difference",
    "Document",
    "Entry",
    "FileState",
    "Finding",
    "Hit",
    "InTitle",
    "Kind",
    "Level",
    "Link",
    "Listing",
    "Log",
    "Manifest",
    "Node",
    "Not",
    "Operation",
    "Phrase",
    "Prefix",
    "Query",
    "Repair",
    "Report",
    "Results",
    "Retagging",
    "SavedFile",
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
    "Waiting",
    "Word",
]

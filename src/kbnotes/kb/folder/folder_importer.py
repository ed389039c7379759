"""The notes of a folder against what the base holds: updates follow front matter, tags and names as well."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from kbnotes import codec
from kbnotes.errors import InternalError
from kbnotes.kb.folder.proposal import Proposal, Proposer, front_of
from kbnotes.kb.importing import Importer
from kbnotes.kb.making import Made
from kbnotes.markdown import front_matter_of, newline_of, pieces_of, read_body, split
from kbnotes.model import Entry, Link, Piece, Source, Step, StoredEntry
from kbnotes.record import record, replace
from kbnotes.store import Store
from kbnotes.tagging import Tagger

NUMBERED = 10  # notes from which a file is one of numbered notes
MOST = 0.6  # of its text that they must be


@record
class Note:
    """A Markdown file as it was read."""

    made: Made
    links: tuple[Link, ...]
    aliases: tuple[str, ...]


class FolderImporter(Importer):
    """Plans the import of the files below one folder; `root` is what sources call the folder."""

    proposer: Proposer

    def __init__(self, store: Store, tagger: Tagger, now: datetime, *, root: str) -> None:
        super().__init__(store, tagger, now)
        self.root = root
        self._proposals: dict[int, Proposal] = {}  # of the entries made, by id()
        self._fronts: dict[str, str] = {}  # source -> the front matter that the file has
        self._fronts_then: dict[str, str] = {}  # source -> the front matter that it had

    def start(self, *, folder_tags: bool) -> None:
        """Get ready to read notes."""
        self.proposer = Proposer(self._tagger, folder_tags=folder_tags)

    def source_of(self, path: str) -> str:
        """Return what sources call the file at `path` in the folder."""
        return f"{self.root}/{path}" if self.root else path

    def path_of(self, source: str) -> str:
        """Return the path in the folder of a source."""
        return source.removeprefix(f"{self.root}/") if self.root else source

    def read_note(self, text: str, *, path: str, warnings: Iterable[str], by_heading: bool) -> Note:
        """Return what the file at `path`, which holds `text`, makes."""
        file, notes = self.source_of(path), list(warnings)
        front_text = front_matter_of(text)
        newline = newline_of(text)
        self._fronts[file] = _plain(front_text, newline)
        front, wrong = front_of(front_text)
        if wrong:
            notes.append(f"{wrong.rstrip('.')}; it is kept as text")
            front_text = ""
        notes += front.doubts
        pieces = pieces_of(text, front=front_text, by_heading=by_heading)
        if pieces and "".join(piece.lead + piece.body + piece.tail for piece in pieces) != text:
            raise InternalError(f"{path} was not imported: kb could not account for every line of it.")
        entries: list[Entry] = []
        links: list[Link] = []
        for piece in pieces:
            body = _plain(piece.body, newline)
            content = read_body(body)
            proposal = self.proposer.propose(content, front, path=path)
            title = proposal.titles[piece.is_cut]
            entries.append(self._made(piece, body, proposal, title=title, file=file, newline=newline))
            self._proposals[id(entries[-1])] = proposal
            links += content.links
        return Note(made=Made(file, tuple(entries), tuple(notes)), links=tuple(links), aliases=front.aliases)

    def finished(self, entry: Entry) -> Entry:
        """Return an entry as it is: its front matter and its name had a say in its title and tags."""
        return entry

    def remember(self, stored: Iterable[StoredEntry]) -> None:
        """Note the front matter that files had when their entries were made."""
        for each in stored:
            source = each.entry.source
            if source and (front := front_matter_of(source.lead or each.entry.body)):
                self._fronts_then[source.file] = front

    def _made(
        self, piece: Piece, body: str, proposal: Proposal, *, title: str, file: str, newline: str | None
    ) -> Entry:
        return Entry(
            id=-1,
            title=title,
            tags=proposal.tags,
            created=proposal.created or self._now,
            updated=proposal.updated or self._now,
            body=body,
            source=Source(
                file=file,
                number=None,
                first_line=piece.first_line,
                last_line=piece.last_line,
                digest=codec.digest(body),
                section=piece.path,
                newline=newline or "\n",
                lead=_plain(piece.lead, newline),
                tail=_plain(piece.tail, newline),
            ),
        )

    def renew(self, old: Entry, made: Entry) -> tuple[Step, Entry]:
        """Return what becomes of an entry; what else the file says of it is followed as its text is."""
        step, version = super().renew(old, made)
        then, now = old.source, made.source
        if step.action == "conflict" or not then or not now:
            return step, version
        moved = then.file != now.file
        if step.action == "keep" and not moved and self._front_then(old) == self._fronts[now.file]:
            return step, version
        before, after = self._proposal_of(old), self._proposals[id(made)]
        title, tags = self._new_title(old, made), self._new_tags(old, made)
        created = after.created if after.created and after.created != before.created else old.created
        version = replace(version, title=title, tags=tags, created=created)
        if (title, tags, created) != (old.title, old.tags, old.created) or step.action == "update":
            stated = after.updated if after.updated and after.updated > old.updated else self._now
            version = replace(version, updated=stated)
            step = replace(step, action="update", title=title, tags=tags)
        elif version != old:
            step = replace(step, action="update")
        if moved:
            note = f"was {self.path_of(then.file)}"
            step = replace(step, action="move" if old.body == version.body else "update", note=note)
        return step, version

    def _new_title(self, old: Entry, made: Entry) -> str:
        return made.title if old.title in self._proposal_of(old).titles else old.title

    def _new_tags(self, old: Entry, made: Entry) -> tuple[str, ...]:
        """Take off what the file no longer gives, add what it gives now and did not before."""
        before, after = self._proposal_of(old), self._proposals[id(made)]
        gone = set(before.given) - set(after.tags) - set(before.topics)
        kept = (tag for tag in old.tags if tag not in gone)
        return tuple(dict.fromkeys((*kept, *(tag for tag in after.tags if tag not in before.tags))))

    def _proposal_of(self, old: Entry) -> Proposal:
        """Return what the file of an entry proposed when it was made, or last followed."""
        path = self.path_of(old.source.file) if old.source else ""
        front, _ = front_of(self._front_then(old))
        return self.proposer.propose(read_body(old.body), front, path=path)

    def _front_then(self, old: Entry) -> str:
        return self._fronts_then.get(old.source.file, "") if old.source else ""


def numbered_notes(text: str) -> int:
    """Return how many numbered notes a file is, or 0 where they are few, or the less of it."""
    notes = Counter[str]()
    if sum(line.lstrip(" ")[:1].isdigit() for line in text.split("\n")) < NUMBERED:
        return 0
    for section in split(text).sections:
        notes["size"] += len(section.body) * (section.number is not None)
        notes["count"] += section.number is not None
    return notes["count"] if notes["count"] >= NUMBERED and notes["size"] >= MOST * len(text) else 0


def _plain(text: str, newline: str | None) -> str:
    return text.replace(newline, "\n") if newline else text

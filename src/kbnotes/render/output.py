"""The one door: everything a person or a program sees goes out through an Output."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from kbnotes.errors import InputError
from kbnotes.render.messages import Messages
from kbnotes.render.safe import safe

if TYPE_CHECKING:
    from kbnotes.model import (
        Asked,
        Diagnosis,
        Difference,
        Listing,
        Log,
        Related,
        Report,
        Results,
        Retagging,
        Shown,
        Suggestion,
        Summary,
        TagCount,
        Undone,
        Vocabulary,
        Waiting,
    )


class Output(Messages):
    """Results to `out`, everything else to `err`; as JSON where `json` is set."""

    def results(self, results: Results, *, asked: Asked, whole: Sequence[Shown] = ()) -> None:
        """Write the hits, those of `whole` as whole entries, and say on `err` what was tried to find them."""
        by_path = {each.summary.path: each for each in whole}
        if self.json:
            from kbnotes.render import as_json

            self._json(as_json.results(results, asked=asked, whole=by_path))
            return
        from kbnotes.render.hits import write_results
        from kbnotes.render.said import after_hits, before_hits

        for sentence in before_hits(results):
            self.notice(sentence)
        write_results(self._screen(self._out), results, whole=by_path)
        if sentence := after_hits(results):
            self.notice(sentence)

    def related(self, related: Sequence[Related]) -> None:
        """Write the entries that are like one."""
        if self.json:
            from kbnotes.render import as_json

            self._json(as_json.related(related))
            return
        from kbnotes.render.lists import write_related

        write_related(self._screen(self._out), related)

    def searches(self, searches: Mapping[str, str]) -> None:
        """Write the saved searches, by name."""
        if self.json:
            from kbnotes.render import as_json

            self._json(as_json.searches(searches))
            return
        from kbnotes.render.lists import write_searches

        write_searches(self._screen(self._out), searches)

    def listing(self, listing: Listing, *, offset: int = 0) -> None:
        """Write a list of entries, of which the first stands behind `offset` others."""
        if self.json:
            from kbnotes.render import as_json

            self._json(as_json.listing(listing))
            return
        from kbnotes.render.lists import write_listing
        from kbnotes.render.said import page

        write_listing(self._screen(self._out), listing)
        if sentence := page(listing.total, shown=len(listing.entries), offset=offset, what="entries"):
            self.notice(sentence)

    def entries(self, shown: Sequence[Shown], *, raw: bool = False) -> None:
        """Write whole entries: rendered, or with `raw` the bodies as they are stored."""
        if self.json:
            from kbnotes.render import as_json

            self._json(as_json.entries(shown))
        elif raw:
            for each in shown:
                body = each.entry.body
                self._out.write(safe(body) if self._out.isatty() else body)
        else:
            from kbnotes.render.entry import write_entry

            screen = self._screen(self._out)
            for place, each in enumerate(shown):
                if place:
                    screen.line()
                write_entry(screen, each)

    def content(self, pieces: Iterable[str]) -> None:
        """Write the content of a file: UTF-8, byte for byte; to a terminal, as safe text."""
        buffer = getattr(self._out, "buffer", None)
        if buffer is None or self._out.isatty():
            for piece in pieces:
                self._out.write(safe(piece))
            return
        self._out.flush()
        for piece in pieces:
            buffer.write(piece.encode())
        buffer.flush()

    def tags(self, counts: Sequence[TagCount], *, flat: bool = False) -> None:
        """Write tags with their counts, as a tree unless `flat`."""
        if self.json:
            from kbnotes.render import as_json

            self._json(as_json.tags(counts))
            return
        from kbnotes.render.lists import write_tags

        write_tags(self._screen(self._out), counts, flat=flat)

    def reports(self, done: Sequence[tuple[str, Report | None]], *, dry_run: bool) -> None:
        """Write what imports did, or would do."""
        if self.json:
            from kbnotes.render import json_reports

            self._json(json_reports.reports(done))
            return
        from kbnotes.render.reports import write_report

        for _, report in done:
            if report:
                for warning in report.warnings if dry_run else report.warnings[:MAX_WARNINGS]:
                    self.warning(warning if report.files is not None else f"{report.file}: {warning}")
                if (rest := len(report.warnings) - MAX_WARNINGS) > 0 and not dry_run:
                    self.warning(f"and {rest} more like these; --dry-run names them all")
                write_report(self._screen(self._out), report, dry_run=dry_run)
                self._failed(report, every=dry_run)
                self._refused(report)

    def _failed(self, report: Report, *, every: bool) -> None:
        """Say which files of a folder were passed over."""
        told = report.failed if every else report.failed[:MAX_WARNINGS]
        for path, why in told:
            self.warning(f"{path} was passed over: {why}")
        if rest := len(report.failed) - len(told):
            self.warning(f"and {rest} more were passed over; --dry-run names them all")

    def _refused(self, report: Report) -> None:
        """Say which records of a file were not imported."""
        for said in report.refused[:MAX_REFUSED]:
            self.error(InputError(f"{report.file}, {said}."))
        if len(report.refused) > MAX_REFUSED:
            self.error(InputError(f"{len(report.refused) - MAX_REFUSED} more were not imported."))

    def retagging(self, retagging: Retagging) -> None:
        """Write what changing tags does, or would do."""
        from kbnotes.render.reports import write_retagging

        write_retagging(self._screen(self._out), retagging)

    def suggestions(self, found: Sequence[Suggestion]) -> None:
        """Write the tags that entries might have, and why."""
        if self.json:
            from kbnotes.render import json_reports

            self._json(json_reports.suggestions(found))
            return
        from kbnotes.render.tidying import write_suggestions

        write_suggestions(self._screen(self._out), found)

    def topics(self, vocabulary: Vocabulary, *, check: bool) -> None:
        """Write the topics with what they match, or with `check` what is probably not meant about them."""
        if self.json:
            from kbnotes.render import json_reports

            self._json(json_reports.vocabulary(vocabulary))
            return
        from kbnotes.render.tidying import write_findings, write_topics

        (write_findings if check else write_topics)(self._screen(self._out), vocabulary)

    def undone(self, undone: Undone) -> None:
        """Write what was taken back, and on `err` what was left."""
        from kbnotes.render.past import write_undone

        write_undone(self._screen(self._out), undone)
        for _, reason in undone.left:
            self.warning(f"Left alone: {reason}.")

    def log(self, log: Log) -> None:
        """Write what was done, and the versions of an entry."""
        if self.json:
            from kbnotes.render import json_reports

            self._json(json_reports.log(log))
            return
        from kbnotes.render.past import write_log

        write_log(self._screen(self._out), log)
        if log.total > len(log.operations):
            self.notice(f"{len(log.operations)} of {log.total} operations; -n {log.total} shows all.")

    def difference(self, difference: Difference) -> None:
        """Write a diff."""
        from kbnotes.render.past import write_difference

        write_difference(self._screen(self._out), difference)
        if not difference.lines:
            self.notice(f"Nothing changed since version {difference.version.number}.")

    def diagnosis(self, diagnosis: Diagnosis, *, explain: bool) -> None:
        """Write what was found in a base, and what was mended."""
        if self.json:
            from kbnotes.render import json_reports

            self._json(json_reports.diagnosis(diagnosis, explain=explain))
            return
        from kbnotes.render.doctor import write_diagnosis

        write_diagnosis(self._screen(self._out), diagnosis, explain=explain)

    def drafts(self, waiting: Sequence[Waiting], titles: Mapping[int, str]) -> None:
        """Write the drafts; `titles` are those of the entries, by id."""
        if self.json:
            from kbnotes.render import json_reports

            self._json(json_reports.drafts(waiting, titles))
            return
        from kbnotes.render.drafts import write_drafts

        write_drafts(self._screen(self._out), waiting, titles)
        if not waiting:
            self.notice("No draft is waiting.")

    def draft(self, text: str) -> None:
        """Write a draft: as it is stored, but where a terminal would act on it."""
        self._out.write(safe(text) if self._out.isatty() else text)

    def change(self, verb: str, summary: Summary) -> None:
        """Write one line about one entry that was changed."""
        from kbnotes.render.reports import write_change

        write_change(self._screen(self._out), verb, summary)

    def text(self, line: str) -> None:
        """Write a line of plain text as a result."""
        self._out.write(safe(line) + "\n")


MAX_WARNINGS = 10  # of an import, told one by one
MAX_REFUSED = 20  # records likewise

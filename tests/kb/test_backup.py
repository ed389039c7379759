"""Backups: whole, verified, private; and only a whole one is ever made a base of."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import random
import stat
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from kbnotes.errors import ConflictError, InputError, KbError, StorageError
from kbnotes.kb import KnowledgeBase, archive, restore_backup, unpacking, verify_backup
from kbnotes.lock import locked
from tests.cli.console import kb, one_sentence
from tests.kb.disk import change, entry_file, fingerprint, ids

pytestmark = pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")

Members = list[tuple[tarfile.TarInfo, bytes]]


@pytest.fixture
def lived_in(seeded: KnowledgeBase) -> KnowledgeBase:
    """A base with a past: versions, trash, a draft, and files of the user's own."""
    seeded.edit("18", title="Zebra cache")
    seeded.remove(["3"])
    seeded.new_draft(title="Half a thought", body="Typed.\n")
    (seeded.base / "notes.md").write_text("1. Mine.\n")
    (seeded.base / "pictures" / "of zebras").mkdir(parents=True)
    (seeded.base / "pictures" / "of zebras" / "one.png").write_bytes(os.urandom(200_000))
    return seeded


@pytest.fixture
def saved(lived_in: KnowledgeBase, tmp_path: Path) -> Path:
    """A backup of that base."""
    return Path(lived_in.back_up(tmp_path / "b.tar.gz").archive)


def _tree(directory: Path) -> dict[str, tuple[bytes, int, int]]:
    """Return content, mtime and mode of every file."""
    return {
        path.relative_to(directory).as_posix(): (
            path.read_bytes(),
            path.stat().st_mtime_ns,
            path.stat().st_mode,
        )
        for path in directory.rglob("*")
        if path.is_file()
    }


def _members(path: Path) -> Members:
    with tarfile.open(path) as tar:
        return [(each, tar.extractfile(each).read()) for each in tar.getmembers()]  # type: ignore[union-attr]


def _forged(path: Path, members: Members, *, manifest: object = None) -> Path:
    """Write an archive of `members`, with another manifest where one is given."""
    if manifest is not None:
        raw = json.dumps(manifest).encode()
        info = tarfile.TarInfo(archive.MANIFEST)
        info.size = len(raw)
        members = [(info, raw), *members[1:]]
    with tarfile.open(path, "w:gz", format=tarfile.PAX_FORMAT) as tar:
        for info, content in members:
            tar.addfile(info, io.BytesIO(content))
    return path


def _manifest(path: Path) -> dict[str, list[list[object]]]:
    return dict(json.loads(_members(path)[0][1]))


# There and back


def test_a_base_comes_back_as_it_was_to_the_nanosecond(
    lived_in: KnowledgeBase, saved: Path, tmp_path: Path
) -> None:
    done = restore_backup(saved, tmp_path / "new" / "place")
    assert _tree(tmp_path / "new" / "place") == _tree(lived_in.base)
    assert done.files == len(_tree(lived_in.base))
    assert done.size == sum(len(content) for content, _, _ in _tree(lived_in.base).values())
    assert stat.S_IMODE((tmp_path / "new" / "place").stat().st_mode) == 0o700
    assert {path.name for path in (tmp_path / "new").iterdir()} == {"place"}


def test_all_that_a_base_can_do_it_can_do_once_it_is_back(
    lived_in: KnowledgeBase, saved: Path, tmp_path: Path
) -> None:
    restore_backup(saved, tmp_path / "new")
    back = KnowledgeBase(tmp_path / "new", cache=tmp_path / "other cache")
    assert ids(back, "zebra") == ids(lived_in, "zebra") == [18]
    titles = [(each.id, each.title, each.tags, each.updated) for each in lived_in.list().entries]
    assert [(each.id, each.title, each.tags, each.updated) for each in back.list().entries] == titles
    assert [each.command for each in back.past.log().operations] == ["rm", "edit", "import", "init"]
    back.past.undo()
    back.past.undo()
    assert entry_file(back, 3).exists()
    assert "KV cache" in entry_file(back, 18).read_text()
    assert back.add("New.").id == lived_in.add("New.").id, "no id is given twice"
    assert [each.title for each in back.drafts.waiting()] == ["Half a thought"]


def test_the_same_base_makes_the_same_archive(lived_in: KnowledgeBase, saved: Path, tmp_path: Path) -> None:
    again = lived_in.back_up(tmp_path / "again.tar.gz")
    assert Path(again.archive).read_bytes() == saved.read_bytes()


def test_an_archive_is_private_and_tar_can_read_it(lived_in: KnowledgeBase, saved: Path) -> None:
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600
    members = {info.name: content for info, content in _members(saved)}
    assert members.pop(archive.MANIFEST)
    assert members == {name: content for name, (content, _, _) in _tree(lived_in.base).items()}
    for path, size, _, _, sha256 in _manifest(saved)["files"]:
        assert len(members[str(path)]) == size
        assert hashlib.sha256(members[str(path)]).hexdigest() == sha256


def test_names_that_are_no_utf8_and_very_long_or_odd_ones_come_back(
    base: KnowledgeBase, tmp_path: Path
) -> None:
    names = [b"na\xffme", b"n" * 250, "雪\n\x1b[31m".encode(), b" ", b"-rf", b"\\", b"empty"]
    for name in names:
        Path(os.fsdecode(os.fsencode(base.base) + b"/" + name)).write_bytes(name if name != b"empty" else b"")
    base.back_up(tmp_path / "b.tar.gz")
    restore_backup(tmp_path / "b.tar.gz", tmp_path / "new")
    assert set(names) <= {os.fsencode(path.name) for path in (tmp_path / "new").iterdir()}
    assert _tree(tmp_path / "new") == _tree(base.base)


def test_empty_directories_and_an_empty_base_come_back(base: KnowledgeBase, tmp_path: Path) -> None:
    (base.base / "trash" / "x").mkdir(parents=True)
    base.back_up(tmp_path / "b.tar.gz")
    (tmp_path / "new").mkdir()
    restore_backup(tmp_path / "b.tar.gz", tmp_path / "new")
    assert (tmp_path / "new" / "entries").is_dir()
    assert (tmp_path / "new" / "trash" / "x").is_dir()


def test_what_is_no_file_of_the_base_is_left_out_and_named(base: KnowledgeBase, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    (base.base / "link").symlink_to(tmp_path / "secret")
    (base.base / "linked").symlink_to(tmp_path)
    os.mkfifo(base.base / "pipe")
    (base.base / "entries" / ".0001-a.yaml.0123abcd.tmp").write_text("torn")
    (base.base / archive.MANIFEST).write_text("{}")
    own = base.base / "mine.tar.gz"
    done = base.back_up(own)
    again = base.back_up(own, overwrite=True)
    left = dict(done.left_out)
    assert set(left) >= {"link", "linked", "pipe", "entries/.0001-a.yaml.0123abcd.tmp", archive.MANIFEST}
    assert dict(again.left_out)["mine.tar.gz"] == "the archive itself"
    assert again.files == done.files
    assert not any(b"secret" in content for _, content in _members(own)[1:])


def test_a_file_that_cannot_be_read_is_named_and_the_rest_is_saved(
    lived_in: KnowledgeBase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = archive._opened

    def failing(path: Path) -> object:
        if path.name == "notes.md":
            raise OSError(5, "Input/output error")
        return real(path)

    monkeypatch.setattr(archive, "_opened", failing)
    monkeypatch.setenv("KB_BASE", str(lived_in.base))
    said = kb("backup", str(tmp_path / "b.tar.gz"))
    assert said.code == 4
    assert "Not in the backup: notes.md cannot be read: the disk reports an error" in said.err
    assert verify_backup(tmp_path / "b.tar.gz").files == len(_tree(lived_in.base)) - 1


def test_entries_that_are_gone_are_no_empty_base_to_save(base: KnowledgeBase, tmp_path: Path) -> None:
    (base.base / "entries").rename(base.base / "gone")
    with pytest.raises(KbError):
        base.back_up(tmp_path / "b.tar.gz")
    assert not (tmp_path / "b.tar.gz").exists()


# Writing


def test_a_file_that_is_there_is_replaced_only_when_asked(lived_in: KnowledgeBase, saved: Path) -> None:
    before = saved.read_bytes()
    lived_in.add("Rye.")
    with pytest.raises(InputError, match="is there already"):
        lived_in.back_up(saved)
    assert saved.read_bytes() == before
    lived_in.back_up(saved, overwrite=True)
    assert verify_backup(saved).files > len(_members(saved)) - 3
    assert saved.read_bytes() != before


def test_neither_a_directory_nor_a_link_nor_a_pipe_is_replaced(base: KnowledgeBase, tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_text("mine")
    (tmp_path / "link").symlink_to(target)
    os.mkfifo(tmp_path / "pipe")
    for name in ("link", "pipe", "base"):
        with pytest.raises(InputError):
            base.back_up(tmp_path / name, overwrite=True)
    assert target.read_text() == "mine"
    with pytest.raises(StorageError, match="no such file"):
        base.back_up(tmp_path / "nowhere" / "b.tar.gz")


def test_a_backup_waits_for_the_writer(
    base: KnowledgeBase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kbnotes.lock.locked.__wrapped__.__kwdefaults__", {"wait": 0.1})
    with locked(base.base / "entries"), pytest.raises(StorageError, match="is writing to"):
        base.back_up(tmp_path / "b.tar.gz")
    assert sorted(path.name for path in tmp_path.iterdir() if "tar" in path.name) == []


def test_a_file_that_changes_meanwhile_ends_the_backup(
    base: KnowledgeBase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = base.base / "notes.md"
    own.write_text("one")
    real = archive.write
    for text in ("two", "t", "longer than before"):

        def later(*arguments: object, text: str = text) -> None:
            own.write_text(text)
            real(*arguments)  # type: ignore[arg-type]

        monkeypatch.setattr(archive, "write", later)
        own.write_text("one")
        with pytest.raises(ConflictError, match=r"notes\.md changed"):
            base.back_up(tmp_path / "b.tar.gz")
        assert [path.name for path in tmp_path.iterdir() if "tar" in path.name] == []


def test_what_the_disk_made_of_an_archive_is_read_before_it_gets_its_name(
    lived_in: KnowledgeBase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kbnotes.kb.backup._forget", lambda file: os.pwrite(file.fileno(), b"\0\0", 3000))
    with pytest.raises(InputError):
        lived_in.back_up(tmp_path / "b.tar.gz")
    assert [path.name for path in tmp_path.iterdir() if "tar" in path.name] == []


def test_a_full_disk_leaves_no_archive_and_the_old_one(
    lived_in: KnowledgeBase, saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = saved.read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageError, match="the disk is full"):
        lived_in.back_up(saved, overwrite=True)
    assert saved.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir() if "tar" in path.name] == [saved.name]


# Archives that are not what they should be


def _refused(path: Path, tmp_path: Path) -> None:
    """See that an archive is refused by both, and nothing is written."""
    before = set(tmp_path.rglob("*"))
    with pytest.raises(InputError):
        verify_backup(path)
    with pytest.raises(InputError):
        restore_backup(path, tmp_path / "new")
    assert set(tmp_path.rglob("*")) == before


def test_a_flipped_or_missing_byte_is_noticed_or_changes_nothing(
    lived_in: KnowledgeBase, saved: Path, tmp_path: Path
) -> None:
    content, rng, damaged = saved.read_bytes(), random.Random(1), tmp_path / "damaged.tar.gz"
    refused = 0
    for at in [*range(30), *(rng.randrange(len(content)) for _ in range(60)), len(content) - 5]:
        damaged.write_bytes(content[:at] + bytes([content[at] ^ 1 << rng.randrange(8)]) + content[at + 1 :])
        try:
            verify_backup(damaged)
        except InputError:
            refused += 1
    assert refused >= 60 + 1
    for cut in (0, 1, 10, len(content) // 2, len(content) - 1):
        damaged.write_bytes(content[:cut])
        _refused(damaged, tmp_path)
    damaged.write_bytes(content + b"more")
    _refused(damaged, tmp_path)


def test_what_kb_did_not_make_is_refused_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "text").write_text("hello")
    _forged(tmp_path / "foreign.tar.gz", [(tarfile.TarInfo("a"), b"")])
    with gzip.open(tmp_path / "no.tar.gz", "wb") as file:
        file.write(b"\1" * 2000)
    monkeypatch.setenv("KB_BASE", str(tmp_path / "new"))
    for name in ("text", "foreign.tar.gz", "no.tar.gz", "missing", "."):
        for arguments in (("--verify",), ("--restore",)):
            one_sentence(kb("backup", *arguments, str(tmp_path / name)), code=2)
    assert not (tmp_path / "new").exists()


Forgery = Callable[[Members, dict[str, list[list[object]]]], object]


def _rename(new: str) -> Forgery:
    def forge(members: Members, manifest: dict[str, list[list[object]]]) -> None:
        members[1][0].name = new
        manifest["files"][0][0] = new

    return forge


def _set(what: str, value: object) -> Forgery:
    return lambda members, manifest: setattr(members[1][0], what, value)


def _manifest_field(at: int, value: object) -> Forgery:
    return lambda members, manifest: manifest["files"][0].__setitem__(at, value)


def _twice(members: Members, manifest: dict[str, list[list[object]]]) -> None:
    members.insert(2, members[1])
    manifest["files"].insert(1, manifest["files"][0])


FORGERIES: dict[str, Forgery] = {
    "an absolute path": _rename("/tmp/evil"),
    "a path upwards": _rename("../evil"),
    "a path upwards within": _rename("entries/../../evil"),
    "a dot": _rename("entries/./evil"),
    "an empty part": _rename("entries//evil"),
    "a directory that is not named": _rename("elsewhere/evil"),
    "no name": _rename(""),
    "the name of a directory": _rename("entries"),
    "the name of the manifest": _rename(archive.MANIFEST),
    "a nul": _rename("a\0b"),
    "a symlink": _set("type", tarfile.SYMTYPE),
    "a hard link": _set("type", tarfile.LNKTYPE),
    "a device": _set("type", tarfile.CHRTYPE),
    "a pipe": _set("type", tarfile.FIFOTYPE),
    "a directory": _set("type", tarfile.DIRTYPE),
    "another name": _set("name", "entries/other.yaml"),
    "another size": _manifest_field(1, 3),
    "a negative size": _manifest_field(1, -1),
    "a size that is no number": _manifest_field(1, "3"),
    "an odd mode": _manifest_field(2, 0o4755),
    "a time that is no number": _manifest_field(3, None),
    "another hash": _manifest_field(4, "0" * 64),
    "no hash": _manifest_field(4, ""),
    "a field more": lambda members, manifest: manifest["files"][0].append(1),
    "a member twice": lambda members, manifest: members.insert(2, members[1]),
    "a file twice": _twice,
    "a member more": lambda members, manifest: members.append((tarfile.TarInfo("more"), b"")),
    "a member less": lambda members, manifest: members.pop(),
    "a file less": lambda members, manifest: manifest["files"].pop(),
    "another order": lambda members, manifest: members.insert(1, members.pop()),
    "no files": lambda members, manifest: manifest.pop("files"),
    "a newer format": lambda members, manifest: manifest.update({"kb backup": 2}),  # type: ignore[dict-item]
    "a directory upwards": lambda members, manifest: manifest["directories"].append(".."),  # type: ignore[arg-type]
    "a directory twice": lambda members, manifest: manifest["directories"].append("entries"),  # type: ignore[arg-type]
}


@pytest.mark.parametrize("what", FORGERIES)
def test_an_archive_that_is_not_what_its_manifest_says_is_refused(
    what: str, saved: Path, tmp_path: Path
) -> None:
    members, manifest = _members(saved), _manifest(saved)
    whole = _forged(tmp_path / "whole.tar.gz", members, manifest=manifest)
    assert verify_backup(whole).files == len(members) - 1
    FORGERIES[what](members, manifest)
    _refused(_forged(tmp_path / "forged.tar.gz", members, manifest=manifest), tmp_path)


def test_an_archive_that_grows_when_unpacked_is_refused_without_growing(
    saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import tracemalloc

    members, manifest = _members(saved), _manifest(saved)
    huge = tarfile.TarInfo(members[1][0].name)
    huge.size = 60_000_000
    bombs = [
        _forged(tmp_path / "member.tar.gz", [members[0], (huge, bytes(huge.size))], manifest=manifest),
        _forged(tmp_path / "manifest.tar.gz", members, manifest={**manifest, "more": [0] * 2_000_000}),
    ]
    header = tarfile.TarInfo(archive.MANIFEST)
    header.pax_headers = {"comment": "x" * 20_000_000}
    bombs.append(_forged(tmp_path / "header.tar.gz", [(header, b"")]))
    for path in bombs:
        tracemalloc.start()
        _refused(path, tmp_path)
        assert tracemalloc.get_traced_memory()[1] < 10_000_000, path.name
        tracemalloc.stop()
    used = type("Used", (), {"free": 10})
    monkeypatch.setattr("shutil.disk_usage", lambda _: used)
    with pytest.raises(StorageError, match="no room"):
        restore_backup(saved, tmp_path / "new")


# Restoring


@pytest.mark.parametrize("what", ["a file", "a hidden file", "a base", "it is a file"])
def test_nothing_is_ever_restored_into_what_is_there(what: str, saved: Path, tmp_path: Path) -> None:
    target = tmp_path / "mine"
    if what == "it is a file":
        target.write_text("mine")
    else:
        target.mkdir()
        (target / (".hidden" if "hidden" in what else "file")).write_text("mine")
    before = fingerprint(tmp_path)
    with pytest.raises(InputError) as caught:
        restore_backup(saved, target)
    assert caught.value.hint
    assert fingerprint(tmp_path) == before


def test_a_restore_that_fails_leaves_the_directory_as_it_was(
    saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "new").mkdir()
    count, real = 0, os.fsync

    def full_in_the_middle(handle: int) -> None:
        nonlocal count
        count += 1
        if count > 10:
            raise OSError(28, "No space left on device")
        real(handle)

    monkeypatch.setattr(os, "fsync", full_in_the_middle)
    before = sorted(tmp_path.iterdir())
    with pytest.raises(StorageError, match="the disk is full"):
        restore_backup(saved, tmp_path / "new")
    assert sorted(tmp_path.iterdir()) == before
    assert list((tmp_path / "new").iterdir()) == []


def test_an_archive_that_changes_after_it_was_verified_is_noticed(
    saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = unpacking.read

    def then_changed(*arguments: object, **named: object) -> object:
        done = real(*arguments, **named)  # type: ignore[arg-type]
        with saved.open("r+b") as file:
            file.seek(2000)
            file.write(b"\0\0\0")
        return done

    monkeypatch.setattr(unpacking, "read", then_changed)
    with pytest.raises(InputError):
        restore_backup(saved, tmp_path / "new")
    assert not (tmp_path / "new").exists()


# The command


def test_the_command_saves_checks_and_restores(
    lived_in: KnowledgeBase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive_file, new = tmp_path / "b.tar.gz", tmp_path / "new"
    monkeypatch.setenv("KB_BASE", str(lived_in.base))
    said = kb("backup", str(archive_file))
    files, size = len(_tree(lived_in.base)), sum(len(each[0]) for each in _tree(lived_in.base).values())
    assert (said.code, said.out) == (0, f"done: {files} files, {size} bytes, {archive_file}\n")
    said = kb("backup", "--verify", str(archive_file))
    assert (said.code, said.out) == (0, f"whole: {files} files, {size} bytes, {archive_file}\n")
    said = kb("backup", "--restore", str(archive_file))
    assert "is not empty" in one_sentence(said, code=2)
    monkeypatch.setenv("KB_BASE", str(new))
    said = kb("backup", "--restore", str(archive_file))
    assert (said.code, said.out) == (0, f"done: {files} files, {size} bytes, {new}\n")
    assert kb("search", "zebra").code == 0
    one_sentence(kb("backup", "--restore", "--verify", str(archive_file)), code=2)
    one_sentence(kb("backup", str(archive_file), str(new)), code=2)
    assert one_sentence(kb("backup", str(archive_file)), code=2).endswith("is there already.")
    assert kb("backup", "-f", str(archive_file)).code == 0


def test_on_a_fresh_machine_a_restore_makes_the_users_own_base(
    saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path / "home")
    assert kb("backup", "--restore", str(saved)).code == 0
    own = tmp_path / "home" / ".local" / "share" / "kb"
    assert (own / "topics.yaml").is_file()
    assert kb("list").out.count("\n") == 19


def test_a_backup_holds_what_was_changed_last(lived_in: KnowledgeBase, tmp_path: Path) -> None:
    change(entry_file(lived_in, 18), "every decoding step", "every lion step")
    lived_in.back_up(tmp_path / "b.tar.gz")
    restore_backup(tmp_path / "b.tar.gz", tmp_path / "new")
    assert ids(KnowledgeBase(tmp_path / "new", cache=tmp_path / "c"), "lion") == [18]

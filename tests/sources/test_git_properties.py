"""Whatever the names and the bytes: what is read is what a plain model in Python says."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from govcheck.facts import Missing
from govcheck.facts.change import ChangeType
from govcheck.paths import decode
from govcheck.sources.git.blobs import read_blobs
from govcheck.sources.git.change import added_lines, change_between, staged_change
from govcheck.sources.git.listing import list_state, tree_at, tree_of_index
from govcheck.sources.git.patch import read_patch
from govcheck.sources.git.repository import open_repository
from govcheck.sources.git.states import AtRevision, InIndex
from repositories import Repository, isolate

Entry = tuple[str, bytes]
Model = dict[bytes, Entry]
"""Path to mode and content: what is tracked."""

HOSTILE = [
    b"\n",
    b'"',
    b"'",
    b"\t",
    b"\\",
    b"\xff",
    b"\xc3\xa9",
    b"-",
    b":",
    b" ",
    b"*",
    b"[",
    b"a",
    b"b",
    b".",
    b"\r",
    b"\x1b",
]
segments = st.lists(st.sampled_from(HOSTILE), min_size=1, max_size=6).map(b"".join)
usable = segments.filter(lambda name: name not in {b".", b".."})
names = st.lists(usable, min_size=1, max_size=3).map(b"/".join)
lines = st.sampled_from(
    [b"", b"a", b"b", b"+++ b/a", b"--- a/a", b"@@ -1 +1 @@", b"diff --git a/a b/a", b"\\ No", b"\0\r", b"\xff"]
)
contents = st.builds(
    lambda parts, end: b"\n".join(parts) + end, st.lists(lines, max_size=8), st.sampled_from([b"", b"\n"])
)
modes = st.sampled_from(["100644", "100644", "100755", "120000"])
entries = st.tuples(modes, contents)


def fits(model: Model) -> bool:
    """Whether no file is where another one needs a folder."""
    folders = {path[:place] for path in model for place, byte in enumerate(path) if byte == ord("/")}
    return folders.isdisjoint(model)


models = st.dictionaries(names, entries, max_size=6).filter(fits)


@dataclass(frozen=True)
class Story:
    """A commit, and what is staged on top of it."""

    before: Model
    after: Model


@st.composite
def stories(draw: st.DrawFn) -> Story:
    before = draw(models)
    after = {}
    for path, entry in before.items():
        what = draw(st.sampled_from(["keep", "keep", "edit", "delete", "move"]))
        if what == "keep":
            after[path] = entry
        elif what == "edit":
            after[path] = draw(entries)
        elif what == "move":
            after[draw(names)] = entry
    after |= draw(st.dictionaries(names, entries, max_size=3))
    return Story(before, after if fits(after) else before)


@contextmanager
def made(story: Story, object_format: str) -> Iterator[Repository]:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as context:
        isolate(context)
        repository = Repository(Path(folder) / "made", object_format=object_format)
        stage(repository, story.before)
        repository.commit()
        stage(repository, story.after)
        yield repository


def stage(repository: Repository, model: Model) -> None:
    repository.run("read-tree", "--empty")
    for path, (mode, content) in model.items():
        repository.stage_entry(path, content, mode)


def expected_modes(model: Model) -> dict[str, str]:
    return {decode(path): mode for path, (mode, _) in sorted(model.items())}


def expected_contents(model: Model) -> dict[str, bytes]:
    return {decode(path): content for path, (mode, content) in sorted(model.items()) if mode != "120000"}


several = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
formats = st.sampled_from(["sha1", "sha256"])


@several
@given(stories(), formats)
def test_trees_and_blobs(story: Story, object_format: str):
    with made(story, object_format) as built:
        repository = open_repository(str(built.path))
        head = repository.head
        assert head is not None
        assert list(tree_at(repository, head).modes.items()) == list(expected_modes(story.before).items())
        assert list(tree_of_index(repository).modes.items()) == list(expected_modes(story.after).items())
        for state, model in ((AtRevision(head), story.before), (InIndex(), story.after)):
            listing = list_state(repository, state)
            assert dict(read_blobs(repository, listing, listing.modes)) == expected_contents(model)


@several
@given(stories(), formats)
def test_changes(story: Story, object_format: str):
    """Which additions and deletions are a rename is git's to say; nothing is left out and nothing is made up."""
    with made(story, object_format) as built:
        repository = open_repository(str(built.path))
        change = staged_change(repository)
        before, after = by_path(story.before), by_path(story.after)
        gone, come, edited = set(), set(), set()
        for changed in change.paths:
            if changed.type is ChangeType.RENAME:
                assert changed.previous_path is not None
                gone.add(changed.previous_path)
                come.add(changed.path)
                assert (before[changed.previous_path][0], after[changed.path][0]) == (
                    changed.previous_mode,
                    changed.mode,
                )
            elif changed.type is ChangeType.ADD:
                come.add(changed.path)
                assert (None, after[changed.path][0]) == (changed.previous_mode, changed.mode)
            elif changed.type is ChangeType.DELETE:
                gone.add(changed.path)
                assert (before[changed.path][0], None) == (changed.previous_mode, changed.mode)
            else:
                edited.add(changed.path)
                assert (before[changed.path][0], after[changed.path][0]) == (changed.previous_mode, changed.mode)
        assert gone == before.keys() - after.keys()
        assert come == after.keys() - before.keys()
        assert edited == {path for path in before.keys() & after.keys() if before[path] != after[path]}
        base = repository.head
        built.commit()
        assert base is not None
        assert change_between(open_repository(str(built.path)), base).paths == change.paths


def by_path(model: Model) -> dict[str, Entry]:
    return {decode(path): entry for path, entry in model.items()}


@several
@given(stories(), formats)
def test_added_lines(story: Story, object_format: str):
    """Taking the added lines out of the new file leaves lines that the old one has, in its order."""
    with made(story, object_format) as built:
        repository = open_repository(str(built.path))
        change = staged_change(repository)
        found = added_lines(repository, change).lines
        before, after = by_path(story.before), by_path(story.after)
        regular = {c.path: c for c in change.paths if c.mode is not None and c.mode.startswith("100")}
        assert found.keys() == regular.keys()
        for path, added in found.items():
            assert not isinstance(added, Missing)
            new = split(after[path][1])
            assert all(new[number - 1] == line for number, line in added)
            assert [number for number, _ in added] == sorted({number for number, _ in added})
            taken = {number for number, _ in added}
            kept = [line for number, line in enumerate(new, 1) if number not in taken]
            old_mode, old = before.get(regular[path].previous_path or path, ("000000", b""))
            assert is_subsequence(kept, split(old) if old_mode.startswith("100") else [])


def split(content: bytes) -> list[bytes]:
    return content.removesuffix(b"\n").split(b"\n") if content else []


def is_subsequence(some: list[bytes], lines: list[bytes]) -> bool:
    rest = iter(lines)
    return all(line in rest for line in some)


@given(st.lists(lines, max_size=10))
def test_a_patch_gives_back_its_lines(added: list[bytes]):
    head = b"diff --git a/a b/a\n" + b"@@ -0,0 +1,%d @@\n" % len(added)
    patch = head + b"".join(b"+" + line + b"\n" for line in added) if added else head.split(b"@@")[0]
    (section,) = read_patch(patch)
    assert section.lines == tuple(enumerate(added, 1))

import json
import os
import stat

import pytest

from govcheck.errors import SourceError, UsageError
from govcheck.snapshot.document import as_document, canonical, content_hash
from govcheck.store.files import load, read_file, write_file
from snapshots import snapshot


def test_what_is_written_is_read(tmp_path):
    one = snapshot(settings={"branches/main/approvals": 2})
    write_file(tmp_path / "a.json", one)
    assert read_file(tmp_path / "a.json") == one
    assert [one.name for one in tmp_path.iterdir()] == ["a.json"]
    assert stat.S_IMODE((tmp_path / "a.json").stat().st_mode) == 0o600


def test_a_file_is_replaced_whole(tmp_path):
    path = tmp_path / "a.json"
    path.write_text("old")
    one = snapshot()
    write_file(path, one)
    assert path.read_bytes() == canonical(as_document(one))


def test_a_missing_file_says_what_a_first_sweep_does(tmp_path):
    with pytest.raises(UsageError, match=r"there is no snapshot .*a\.json") as caught:
        read_file(tmp_path / "a.json")
    assert "leave --since out" in caught.value.hint
    assert caught.value.exit_code == 2


def rewritten(path, **changes):
    document = {**json.loads(path.read_bytes()), **changes}
    path.write_bytes(canonical({**document, "hash": content_hash(document)}))


@pytest.mark.parametrize(
    ("damage", "why"),
    [
        (lambda path: path.write_bytes(path.read_bytes()[:-20]), "it is not JSON"),
        (lambda path: path.write_bytes(b""), "it is not JSON"),
        (lambda path: path.write_bytes(b"\xff\xfe"), "it is not JSON"),
        (lambda path: path.write_bytes(b"[" * 100_000), "it is not JSON"),
        (lambda path: path.write_bytes(b"[]"), "it is not JSON of type 'object'"),
        (lambda path: path.write_bytes(b"{}"), "it is no snapshot"),
        (lambda path: rewritten(path, schema="urn:govcheck:snapshot:99"), "written by a newer govcheck"),
        (lambda path: rewritten(path, phase="noon"), "phase: 'noon' is not one of"),
        (lambda path: rewritten(path, extra=1), "Additional properties"),
        (lambda path: rewritten(path, finished_at="2026-99-99T00:00:00.000Z"), "month"),
        (
            lambda path: path.write_bytes(path.read_bytes().replace(b'"o/r"', b'"o/s"')),
            "its content is not what its hash",
        ),
    ],
)
def test_a_damaged_file_is_named_with_the_reason(tmp_path, damage, why):
    path = tmp_path / "a.json"
    write_file(path, snapshot())
    damage(path)
    with pytest.raises(SourceError, match="is damaged or foreign") as caught:
        load(path)
    assert why in caught.value.message
    assert str(path) in caught.value.message
    with pytest.raises(UsageError, match="is damaged or foreign"):
        read_file(path)


def test_a_folder_is_no_snapshot(tmp_path):
    with pytest.raises(UsageError, match="cannot read"):
        read_file(tmp_path)


def test_nothing_but_a_regular_file_is_written_over(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(UsageError, match="not a regular file"):
        write_file(pipe, snapshot())
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_a_folder_that_is_not_there_is_said(tmp_path):
    with pytest.raises(UsageError, match=r"cannot write .*No such file"):
        write_file(tmp_path / "no" / "a.json", snapshot())


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "a.json"
    write_file(path, snapshot())
    before = path.read_bytes()
    broken = snapshot(settings={"s": 1})
    broken.settings["s"] = None
    with pytest.raises(AttributeError):
        write_file(path, broken)
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["a.json"]

"""The log of decisions: only ever longer, and a change of it shows."""

import json
import threading
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcheck.errors import SourceError
from govcheck.facts.decisions import Decision, Overriding
from govcheck.store.decisions import append, parse, read

START = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)


def decision(number=0, **keys):
    given = {
        "time": START + timedelta(minutes=number),
        "judged_at": START,
        "environment": "production",
        "commit": "a" * 40,
        "actor": "octocat",
        "decision": "open",
        "why": (),
        "policies": ("hours",),
        "policies_from": "main",
    }
    return Decision(**(given | keys))


def written(path, count=4):
    for number in range(count):
        append(path, decision(number))
    return path.read_bytes()


def test_what_is_appended_is_read_again(tmp_path):
    path = tmp_path / "new" / "log"
    override = Overriding(
        reason='"fire"\n::set-env', approved_by="boss", created=START, expires=START, source="--override"
    )
    kept = [decision(), decision(1, decision="closed", why=("überlang\ud800",), override=override)]
    for one in kept:
        append(path, one)
    found = read(path)
    assert (list(found.decisions), found.broken) == (kept, "")
    assert path.stat().st_mode & 0o077 == 0
    assert path.read_bytes().count(b"\n") == 2


def test_several_at_once_leave_one_chain(tmp_path):
    path = tmp_path / "log"
    threads = [threading.Thread(target=append, args=(path, decision(number))) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = read(path)
    assert (len(found.decisions), found.broken) == (12, "")


@given(st.integers(0, 2), st.sampled_from(["change", "remove", "swap", "insert"]))
def test_whatever_is_done_to_a_line_before_the_last_shows(tmp_path_factory, number, what):
    lines = written(tmp_path_factory.mktemp("log") / "log").splitlines(keepends=True)
    if what == "change":
        lines[number] = lines[number].replace(b"octocat", b"nobody")
    elif what == "remove":
        del lines[number]
    elif what == "swap":
        lines[number], lines[number + 1] = lines[number + 1], lines[number]
    else:
        lines.insert(number, lines[number + 1])
    found = parse(b"".join(lines), "log")
    assert found.broken.startswith(f"line {number + 1 if what != 'insert' or number else 1}")
    assert len(found.decisions) == number


@given(st.binary(max_size=60))
def test_any_bytes_at_the_end_show(tmp_path_factory, more):
    data = written(tmp_path_factory.mktemp("log") / "log", 1)
    found = parse(data + more, "log")
    assert (len(found.decisions), bool(found.broken)) == (1, bool(more))


def test_nothing_follows_a_line_that_is_not_whole(tmp_path):
    path = tmp_path / "log"
    data = written(path, 2)
    path.write_bytes(data[:-10])
    with pytest.raises(SourceError, match="cut off"):
        append(path, decision())
    document = json.loads(data.splitlines()[-1])
    path.write_text(json.dumps({**document, "decision": "closed"}) + "\n")
    with pytest.raises(SourceError, match="hash"):
        append(path, decision())
    assert read(path).broken


def test_a_link_is_not_followed_and_a_folder_is_no_log(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    for name in ("link", "."):
        with pytest.raises(SourceError):
            append(tmp_path / name, decision())
    assert not (tmp_path / "elsewhere").exists()

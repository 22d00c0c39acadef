"""Commit messages; git itself says which lines are trailers."""

import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govcheck.text.messages import CONVENTIONAL, Trailer, person, subject, trailers

LINES = st.sampled_from(
    [
        "",
        "text",
        "Refs: #1",
        "Signed-off-by: A <a@x>",
        "(cherry picked from commit 1f0c8a7)",
        " goes on",
        "\tgoes on",
        "a b: c",
        "Key : v",
        "Empty:",
        "https://x.y/z",
        "-x: y",
    ]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(LINES, max_size=9).map("\n".join))
def test_trailers_are_those_that_git_finds(rest: str):
    message = f"Subject\n{rest}"
    parse = ["git", "interpret-trailers", "--parse", "--no-divider"]
    done = subprocess.run(parse, input=f"{message}\n", capture_output=True, text=True, check=True)
    lines = [line for line in done.stdout.splitlines() if not line.startswith("(cherry")]
    assert [f"{found.key}: {found.value}".strip() for found in trailers(message)] == [line.strip() for line in lines]


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("feat: x", ("feat", None, None)),
        ("build(ops,seo)!: x", ("build", "ops,seo", "!")),
        ("feat : x", None),
        ("feat:x", None),
        ("feat(): x", None),
        ("Content: Launch", ("Content", None, None)),
        ("WIP", None),
    ],
)
def test_conventional_first_lines(line: str, parts: tuple[str, str | None, str | None] | None):
    found = CONVENTIONAL.fullmatch(line)
    assert (found and (found["type"], found["scope"], found["breaking"])) == parts


def test_subjects_and_people():
    assert subject("\n one\ntwo \n\nbody") == "one two"
    assert person("Ada L. <ada@x.y>") == ("Ada L.", "ada@x.y")
    assert person("ada@x.y") is None
    assert Trailer("refs", "1").names("Refs")

"""Files that must never be committed."""

import pytest

from govcheck.facts import Missing
from govcheck.facts.change import Change, ChangedPath, ChangeType
from govcheck.facts.tree import Blobs, Tree
from govcheck.findings import Reason, Undecided
from govcheck.rules.forbidden_files import ForbiddenFiles, changed_files, ignored_files, tracked_files

POLICY = ForbiddenFiles(id="f", files=("**/.env", "**/.env.*", "vault/**"), except_=("**/.env.example",), ignored=True)


def entry(kind: ChangeType, path: str, previous: str | None = None) -> ChangedPath:
    gone = kind is ChangeType.DELETE
    return ChangedPath(
        type=kind, path=path, previous_path=previous, mode=None if gone else "100644", previous_mode=None
    )


def subjects(check, *facts):
    return [found.subject for found in list(check.judge(POLICY, *facts))[1:]]


def test_what_arrives_is_judged_and_what_leaves_is_not():
    change = Change(
        (
            entry(ChangeType.ADD, "app/.env"),
            entry(ChangeType.DELETE, ".env"),
            entry(ChangeType.RENAME, "env.txt", ".env"),
            entry(ChangeType.RENAME, "vault/a", "a"),
            entry(ChangeType.MODIFY, ".env.example"),
        )
    )
    assert subjects(changed_files, change) == ["app/.env", "vault/a"]


def test_everything_tracked_whatever_it_is():
    modes = {".env.local": "120000", "vault": "160000", "vault/x": "100644", "a.env": "100644"}
    _, *found = tracked_files.judge(POLICY, Tree(modes))
    assert [one.subject for one in found] == [".env.local", "vault/x"]
    assert found[0].message == "`.env.local` is tracked, and `**/.env.*` must not be committed"
    assert found[0].fix is not None
    assert found[0].fix.command == "git rm --cached -- .env.local"


@pytest.mark.parametrize(
    ("ignoring", "missed"),
    [
        ({".gitignore": b".env\n.env.*\nvault/\n"}, []),
        ({".gitignore": b"/.env\n.env.*\nvault/\n"}, ["**/.env"]),
        ({".gitignore": b".env*\n!.env.prod\n"}, ["vault/**"]),
        ({}, ["**/.env", "**/.env.*", "vault/**"]),
        ({".gitignore": b"*\n"}, []),
        ({".gitignore": b".env\r\n.env.*\r\n", "vault/.gitignore": b"*\n"}, []),
    ],
)
def test_git_has_to_ignore_them(ignoring: dict[str, bytes], missed: list[str]):
    assert subjects(ignored_files, Blobs(ignoring)) == missed


def test_an_ignore_file_that_cannot_be_read():
    gone = Missing(reason=Reason.MISSING_OBJECT, message="not here")
    _, doubt = ignored_files.judge(POLICY, Blobs({".gitignore": gone}))
    assert isinstance(doubt, Undecided)


def test_what_the_types_cannot_say():
    assert [place for place, _ in ForbiddenFiles(id="f", files=(), except_=("[",)).problems()] == [
        ("files",),
        ("except", 0),
    ]

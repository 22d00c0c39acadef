"""The message of a commit that is being made, as `git commit` will keep it.

Source: https://git-scm.com/docs/git-commit#Documentation/git-commit.txt---cleanupmode
"""

import os
import re

from govcheck.errors import SourceError, UsageError
from govcheck.facts.commits import CommitMessage
from govcheck.sources.git.repository import Repository

_LARGEST = 4 * 1024 * 1024
"""Bytes."""

_SETTINGS = r"^(commit\.cleanup|core\.comment(char|string))$"
_SCISSORS = "------------------------ >8 ------------------------"
_CANDIDATES = "#;@!$%^&|:"
"""What `core.commentChar=auto` chooses from."""

_IDENTITY = re.compile(r"(?P<name>.*) <(?P<email>[^<>]*)> [0-9]+ [+-][0-9]{4}\s*")


def read_message(repository: Repository, file: str) -> CommitMessage:
    """The message in a file that git's hook `commit-msg` was given, without what git takes out.

    Raises:
        UsageError: the file cannot be read.
        SourceError: it is too large, or git cannot clean it.
    """
    try:
        with open(file, "rb") as opened:
            raw = opened.read(_LARGEST + 1)
    except OSError as error:
        raise UsageError(f"the message {file} cannot be read: {error.strerror}") from error
    if len(raw) > _LARGEST:
        raise SourceError(f"the message {file} has more than {_LARGEST} bytes")
    name, email = _author(repository)
    return CommitMessage(
        _cleaned(repository, raw).decode("utf-8", "replace"),
        author_name=name,
        author_email=email,
        is_merge=os.path.lexists(os.path.join(repository.git_dir, "MERGE_HEAD")),
    )


def _cleaned(repository: Repository, raw: bytes) -> bytes:
    settings = _settings(repository)
    # Git tells its hooks by this variable that no editor is opened.
    edited = repository.git.environment.get("GIT_EDITOR") != ":"
    mode = settings.get("commit.cleanup", "default")
    if mode == "verbatim":
        return raw
    comment = settings.get("core.comment", "#")
    mark = _automatic(raw, edited=edited) if comment == "auto" else comment
    if edited or mode == "scissors":
        raw = _above_scissors(raw, mark)
    strips = mode == "strip" or (mode == "default" and edited)
    own = ("-c", f"core.commentChar={mark}") if comment == "auto" else ()
    return repository.git.run(*own, "stripspace", *(["--strip-comments"] if strips else []), given=raw)


def _settings(repository: Repository) -> dict[str, str]:
    """The last value of each setting; `core.commentChar` and its newer name `core.commentString` are one."""
    output = repository.git.ask("config", "--null", "--get-regexp", _SETTINGS).output
    found: dict[str, str] = {}
    for entry in output.decode("utf-8", "replace").split("\0"):
        name, _, value = entry.partition("\n")
        found["core.comment" if name.startswith("core.comment") else name] = value
    return found


def _automatic(raw: bytes, *, edited: bool) -> str:
    """Which character git chose.

    From an editor comes that of git's own remarks, which stand last. Otherwise it is the first one that no line of the
    message begins with: https://github.com/git/git/blob/v2.43.0/builtin/commit.c#L690
    """
    if edited:
        last = raw.rstrip().rpartition(b"\n")[2][:1].decode("latin-1")
        return last if last and last in _CANDIDATES else "#"
    text = raw.decode("latin-1")
    taken = {line[:1] for line in text.split("\n")} if "#" in text else set[str]()
    return next((candidate for candidate in _CANDIDATES if candidate not in taken), "#")


def _above_scissors(raw: bytes, mark: str) -> bytes:
    line = f"{mark} {_SCISSORS}".encode()
    place = 0 if raw.startswith(line) else raw.find(b"\n" + line) + 1
    return raw[:place] if place or raw.startswith(line) else raw


def _author(repository: Repository) -> tuple[str, str]:
    """Name and address of the author, empty where git knows none."""
    said = repository.git.ask("var", "GIT_AUTHOR_IDENT")
    found = _IDENTITY.fullmatch(said.output.decode("utf-8", "replace")) if not said.code else None
    return (found["name"], found["email"]) if found else ("", "")

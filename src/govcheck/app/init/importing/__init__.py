"""`init --import`: what other tools and GitHub itself have written down, as policies.

What is imported is what is demanded, so that it is written whether or not it holds today. What no policy can say is
listed with its line and the reason, and nothing is dropped silently.
"""

import json
import os
from collections.abc import Callable, Iterator
from functools import partial
from typing import Literal, get_args

from govcheck.app.init import writing
from govcheck.app.init.importing import codeowners, pre_commit, protection, ruleset, settings_file
from govcheck.app.init.importing.told import Left, Source
from govcheck.app.init.proposal import Proposal, Settled
from govcheck.errors import PolicyError, Problem, UsageError
from govcheck.facts.document import Mapping, Node, Sequence
from govcheck.sources.policy_files import PolicySource, load_policies
from govcheck.sources.yaml_document import POLICY, YamlError, load_one

Format = Literal["settings", "branch-protection", "ruleset", "codeowners", "pre-commit"]
FORMATS: tuple[Format, ...] = get_args(Format)

_LARGEST = POLICY.size
_TWO_BYTES = 0xFFFF
_READERS: dict[Format, Callable[[Mapping, Source], Iterator[Proposal | Left]]] = {
    "settings": settings_file.read,
    "branch-protection": protection.read,
    "ruleset": ruleset.read,
    "pre-commit": pre_commit.read,
}
_SETTINGS = frozenset({"repository", "branches", "teams", "collaborators", "environments", "labels", "rulesets"})


def read_import(path: str, shown: str, given: Format | None, owner: str) -> Iterator[Proposal | Left]:
    """Everything that one file says.

    Args:
        path: Where it lies.
        shown: Its name in messages and comments.
        given: Its format, where somebody says so; else it is told by its shape.
        owner: Who owns the repository, whose teams are meant; empty where nobody tells.

    Raises:
        UsageError: there is no such file, or nobody can tell its format.
        PolicyError: it cannot be read, and where.
    """
    data = _bytes(path, shown)
    source = Source(name=shown, owner=owner)
    if given == "codeowners" or (given is None and os.path.basename(path) == "CODEOWNERS"):
        yield from map(partial(_valid, source=source, line=1), codeowners.read(data, source))
        return
    document = _document(data, shown)
    documents = list(document) if isinstance(document, Sequence) and given in {None, "ruleset"} else [document]
    for one in documents:
        form = given or _format(one)
        if form is None or not isinstance(one, Mapping):
            raise UsageError(
                f"{shown} has none of the shapes that are known: {', '.join(FORMATS)}",
                "say what it is with --import-format",
            )
        yield from map(partial(_valid, source=source, line=one.line), _READERS[form](one, source))


def _valid(found: Proposal | Left, source: Source, line: int) -> Proposal | Left:
    """The proposal, or why no policy can say such a thing: a value that GitHub would refuse as well."""
    if isinstance(found, Left):
        return found
    keys = {"kind": found.kind, "id": found.id, "why": found.why, **found.fixed}
    text = writing.document(Settled(proposal=found, keys=keys))
    try:
        load_policies([PolicySource(source.name, text.encode())])
    except PolicyError as error:
        said = "; ".join(problem.message for problem in error.problems)
        return Left(source=source.name, line=line, what=found.id, why=said)
    return found


def _bytes(path: str, shown: str) -> bytes:
    try:
        with open(path, "rb") as file:
            data = file.read(_LARGEST + 1)
    except OSError as error:
        raise UsageError(f"--import {shown}: {os.strerror(error.errno or 0)}") from error
    if len(data) > _LARGEST:
        raise PolicyError((Problem(shown, 1, 1, f"the file is larger than {_LARGEST} bytes"),))
    return data


def _document(data: bytes, shown: str) -> Node:
    try:
        return load_one(data, POLICY)
    except YamlError as error:
        found = _json(data)
        if found is None:
            raise PolicyError((Problem(shown, error.line, error.column, error.message),)) from error
        return found


def _json(data: bytes) -> Node | None:
    """JSON that is no YAML to the letter: indented by tabs, or with characters that are two escapes."""
    try:
        text = json.dumps(json.loads(data), indent=1, ensure_ascii=False)
        return load_one("".join(map(_printable, text)), POLICY)
    except (ValueError, RecursionError, YamlError):
        return None


def _printable(character: str) -> str:
    """JSON may have as they are what YAML wants escaped."""
    is_kept = character.isprintable() or character in "\n\t" or ord(character) > _TWO_BYTES
    return character if is_kept else f"\\u{ord(character):04x}"


def _format(document: Node) -> Format | None:
    if not isinstance(document, Mapping):
        return None
    keys = document.entries.keys()
    if "repos" in keys:
        return "pre-commit"
    if "rules" in keys and not keys.isdisjoint({"target", "enforcement", "conditions"}):
        return "ruleset"
    if not keys.isdisjoint(protection.KEYS):
        return "branch-protection"
    return "settings" if not keys.isdisjoint(_SETTINGS) else None

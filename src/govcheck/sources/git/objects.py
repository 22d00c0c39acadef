"""Blobs by their ids, in bulk: sizes first, then contents. Nothing is fetched; a missing one is said to be missing."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from govcheck.facts import Missing
from govcheck.findings import Reason
from govcheck.sources.git.process import Result
from govcheck.sources.git.repository import Repository

SIZE_LIMIT = 16 * 1024 * 1024
"""In bytes. Files that rules read are text that people write; larger ones are not read."""

ABSENT = Missing(
    reason=Reason.MISSING_OBJECT,
    message="this clone does not have the file's content (a partial or damaged clone), and nothing is fetched",
)
_NO_BLOB = Missing(reason=Reason.MISSING_OBJECT, message="the object of this file is not a file's content")

_Value = TypeVar("_Value")
_Parsed = list[_Value | Missing]
"""What could be read, in order; shorter than what was asked where git died."""


def sizes(repository: Repository, blobs: Iterable[str]) -> dict[str, int | Missing]:
    """The size of each blob in bytes, by object id."""
    return _ask(repository, "--batch-check", tuple(dict.fromkeys(blobs)), _parse_sizes)


def contents(repository: Repository, blobs: Iterable[str], limit: int = SIZE_LIMIT) -> dict[str, bytes | Missing]:
    """The bytes of each blob, by object id. Larger ones than `limit` are not read."""
    answers: dict[str, bytes | Missing] = {}
    wanted = []
    for blob, size in sizes(repository, blobs).items():
        if isinstance(size, Missing):
            answers[blob] = size
        elif size > limit:
            answers[blob] = too_large(size, limit)
        else:
            wanted.append(blob)
    return answers | _ask(repository, "--batch", tuple(wanted), _parse_contents)


def too_large(size: int, limit: int) -> Missing:
    """What stands for a file that is not read because of its size."""
    message = f"the file has {size} bytes; more than {limit} are not read"
    return Missing(reason=Reason.UNPARSEABLE, message=message, size=size)


def _ask(
    repository: Repository, how: str, blobs: Sequence[str], parse: Callable[[bytes], _Parsed[_Value]]
) -> dict[str, _Value | Missing]:
    """Asks `cat-file`; where it dies of an object, goes on behind that.

    In a partial clone it dies of the first missing one, so that missing ones are then sorted out beforehand.
    """
    answers: dict[str, _Value | Missing] = {}
    while blobs:
        result = repository.git.ask("cat-file", how, "--buffer", given="".join(f"{blob}\n" for blob in blobs).encode())
        values = parse(result.output)
        answers.update(zip(blobs, values, strict=False))
        blobs = blobs[len(values) :]
        if not blobs:
            break
        present = _present(repository, blobs)
        if present.issuperset(blobs):
            answers[blobs[0]] = _unreadable(result)
            blobs = blobs[1:]
        answers.update((blob, ABSENT) for blob in blobs if blob not in present)
        blobs = tuple(blob for blob in blobs if blob in present)
    return answers


def _present(repository: Repository, blobs: Sequence[str]) -> frozenset[str]:
    """Which of them this clone has. `--missing` keeps git from fetching, by whatever version."""
    given = "".join(f"{blob}\n" for blob in blobs).encode()
    arguments = ("--objects", "--no-walk", "--ignore-missing", "--missing=allow-any", "--stdin")
    result = repository.git.ask("rev-list", *arguments, given=given)
    if result.code:
        return frozenset(blobs)
    return frozenset(line.split(" ", 1)[0] for line in result.output.decode("utf-8", "replace").splitlines())


def _unreadable(result: Result) -> Missing:
    words = " ".join(result.errors.decode("utf-8", "replace").split())[:200]
    return Missing(reason=Reason.MISSING_OBJECT, message=f"git cannot read the file's content: {words}")


def _parse_sizes(output: bytes) -> _Parsed[int]:
    """Lines of `ID TYPE SIZE` or `ID missing`; https://git-scm.com/docs/git-cat-file#_batch_output."""
    values: list[int | Missing] = []
    for line in output.split(b"\n")[:-1]:
        fields = line.split(b" ")
        values.append(int(fields[2]) if fields[1:2] == [b"blob"] else _no_blob(fields))
    return values


def _parse_contents(output: bytes) -> _Parsed[bytes]:
    values: list[bytes | Missing] = []
    place = 0
    while (end := output.find(b"\n", place)) >= 0:
        fields = output[place:end].split(b" ")
        place = end + 1
        if fields[1:2] == [b"missing"]:
            values.append(ABSENT)
            continue
        size = int(fields[2])
        if len(output) <= place + size:
            break
        values.append(output[place : place + size] if fields[1] == b"blob" else _NO_BLOB)
        place += size + 1
    return values


def _no_blob(fields: list[bytes]) -> Missing:
    return ABSENT if fields[1:] == [b"missing"] else _NO_BLOB

"""Changes stay small enough to be read, and files small enough to be kept.

```yaml
kind: change-size
id: small-changes
files: 50
lines: 1500
bytes: 1048576
ignore: [package-lock.json, "**/*.snap"]
limits: [{paths: ["assets/**"], bytes: 5242880}]
exception: {statement: Wide change, label: wide-change}
```

`files` is how many paths the change may touch; a rename is one. `lines` is how many lines it may add, all files
together. Both leave out what `ignore` matches. `bytes` is how large a file may be that the change adds, modifies or
renames, and `binary: forbidden` asks that none of them has a zero byte near its start, as git tells a binary file. The
first of `limits` that matches a path is in place of both for that path.

A justified wide change is a declared exception: with `exception` the pull request's text states a reason, in a line
`Wide change: the generated client` or below a heading of that name, or has the label. A reason in a comment, in code or
in a quotation states nothing, nor does "n/a". The exception lifts `files` and `lines`, never the size of a file.

At a commit no pull request is known: there a wide change is a warning where an exception may excuse it, and a failure
where none can. With `approved: true` the exception also has to be approved by somebody else than the author who belongs
to the repository; that is read with `--live`, and is unknown without it.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar, Literal

from govcheck import globs
from govcheck.facts import Missing, Request
from govcheck.facts.change import AddedLines, Change
from govcheck.facts.pull_request import StatedChange
from govcheck.facts.reviews import PullRequestReviews
from govcheck.facts.sizes import ChangedSizes, FileSize
from govcheck.findings import Finding, Fix, Held, Judged, Location, Reason, Settled, Undecided
from govcheck.globs import compile_globs
from govcheck.paths import display
from govcheck.policy import MODEL_CONFIGURATION, Policy
from govcheck.records import frozen
from govcheck.registry import Said, check

Binary = Literal["forbidden", "allowed"]

_SUBJECT = "change"
_NOUNS = {"files": "touches {} files", "lines": "adds {} lines"}
_UNITS = ((1024**3, "GiB"), (1024**2, "MiB"), (1024, "KiB"))


@frozen(kw_only=True)
class FileLimit:
    """What holds for some paths in place of the policy's own `bytes` and `binary`."""

    __pydantic_config__: ClassVar[dict[str, Any]] = MODEL_CONFIGURATION

    paths: tuple[str, ...]
    """Globs from the repository's root."""

    bytes: int | None = None
    """How large each of these files may be; any size, where it is left out."""

    binary: Binary = "allowed"
    """Whether these files may be binary."""


@frozen(kw_only=True)
class WideChange:
    """How a change says that it is wide for a reason."""

    __pydantic_config__: ClassVar[dict[str, Any]] = MODEL_CONFIGURATION

    statement: str = "Wide change"
    """What the reason stands behind or below, in the pull request's text: `Wide change: ...`."""

    label: str | None = None
    """A label of the pull request that says as much."""

    approved: bool = False
    """Whether somebody else than the author has to have approved the pull request."""


@frozen(kw_only=True)
class ChangeSize(Policy):
    """How large a change and its files may be."""

    kind: Literal["change-size"] = "change-size"

    files: int | None = None
    """Paths that a change may touch at most."""

    lines: int | None = None
    """Lines that it may add at most, all files together."""

    bytes: int | None = None
    """Bytes that each file may have at most: 1048576 is 1 MiB."""

    binary: Binary = "allowed"
    """Whether it may bring binary files."""

    ignore: tuple[str, ...] = ()
    """Globs of paths that `files` and `lines` do not count."""

    limits: tuple[FileLimit, ...] = ()
    """What holds for some paths in place of `bytes` and `binary`; the first that matches counts."""

    exception: WideChange | None = None
    """How a change may say that it is wide for a reason; it cannot, where this is left out."""

    def problems(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """What the types cannot say: the place in the document, and what is wrong there."""
        if not _per_change(self) and not _per_file(self):
            yield (), "it limits nothing: give `files`, `lines`, `bytes`, `binary: forbidden` or `limits`"
        for key, number in (("files", self.files), ("lines", self.lines), ("bytes", self.bytes)):
            if number is not None and number < 0:
                yield (key,), "write a number that is not below 0"
        if self.exception is not None and not _per_change(self):
            yield ("exception",), "it lifts `files` and `lines`, and neither is given"
        if self.exception is not None and not self.exception.statement.strip():
            yield ("exception", "statement"), "write the words that a reason stands behind"
        lists = [
            (("ignore",), self.ignore),
            *(((("limits", n, "paths")), one.paths) for n, one in enumerate(self.limits)),
        ]
        for place, patterns in lists:
            for number, pattern in enumerate(patterns):
                if problem := globs.problems(pattern):
                    yield (*place, number), f"`{pattern}`: {problem}"


def _per_change(policy: ChangeSize) -> bool:
    return policy.files is not None or policy.lines is not None


def _per_file(policy: ChangeSize) -> bool:
    return policy.bytes is not None or policy.binary == "forbidden" or bool(policy.limits)


def _wants_files(policy: ChangeSize) -> Iterable[tuple[Request, ...]]:
    return [()] if policy.files is not None else []


def _wants_lines(policy: ChangeSize) -> Iterable[tuple[Request, ...]]:
    return [()] if policy.lines is not None else []


def _wants_sizes(policy: ChangeSize) -> Iterable[tuple[Request, ...]]:
    return [()] if _per_file(policy) else []


def _wants_approval(policy: ChangeSize) -> Iterable[tuple[Request, ...]]:
    return [()] if policy.exception is not None and policy.exception.approved else []


@check(wants=_wants_files)
def changed_files(policy: ChangeSize, change: Change, stated: StatedChange) -> Iterator[Said]:
    """How many paths the change touches."""
    yield Judged(len(change.paths))
    yield from _held(policy, "files", _counted(policy, change), policy.files or 0, stated)


@check(wants=_wants_lines)
def added_lines(policy: ChangeSize, added: AddedLines, stated: StatedChange) -> Iterator[Said]:
    """How many lines the change adds."""
    yield Judged(len(added.lines))
    ignored = compile_globs(policy.ignore)
    counts = {path: lines for path, lines in added.lines.items() if not ignored.matches(path)}
    total = sum(len(lines) for lines in counts.values() if not isinstance(lines, Missing))
    most = policy.lines or 0
    if total <= most:
        for path, lines in counts.items():
            if isinstance(lines, Missing):
                message = f"the lines of `{display(path)}` are not counted: {lines.message}"
                yield _undecided("lines", display(path), lines.reason, message)
    yield from _held(policy, "lines", total, most, stated)


@check(wants=_wants_sizes)
def file_sizes(policy: ChangeSize, sizes: ChangedSizes) -> Iterator[Said]:
    """How large each file is that the change leaves behind."""
    yield Judged(len(sizes.sizes))
    compiled = [(compile_globs(limit.paths), limit) for limit in policy.limits]
    own = FileLimit(paths=(), bytes=policy.bytes, binary=policy.binary)
    for path, size in sizes.sizes.items():
        limit = next((limit for matching, limit in compiled if matching.matches(path)), own)
        yield from _of_file(path, size, limit)


@check(wants=_wants_approval)
def approval(
    policy: ChangeSize, change: Change, added: AddedLines, stated: StatedChange, reviews: PullRequestReviews
) -> Iterator[Said]:
    """Whether somebody else approved what is declared a wide change."""
    from govcheck.settings.reviews import approvers  # noqa: PLC0415 - the hook knows no reviews

    yield Judged(0)
    if _reason(policy, stated) is None:
        return
    found = approvers(reviews)
    for control, count in _too_much(policy, change, added).items():
        doubt = _unapproved(control)
        if isinstance(found, tuple):
            yield Settled(doubt)
            if not found:
                yield _alone(control, count, reviews.author)
        else:
            yield Settled(doubt, found.undecided(control, _SUBJECT, found.message, Location()))


def _counted(policy: ChangeSize, change: Change) -> int:
    ignored = compile_globs(policy.ignore)
    return sum(not ignored.matches(entry.path) for entry in change.paths)


def _too_much(policy: ChangeSize, change: Change, added: AddedLines) -> Mapping[str, int]:
    ignored = compile_globs(policy.ignore)
    lines = (one for path, one in added.lines.items() if not ignored.matches(path) and not isinstance(one, Missing))
    counts = (("files", _counted(policy, change), policy.files), ("lines", sum(map(len, lines)), policy.lines))
    return {control: count for control, count, most in counts if most is not None and count > most}


def _held(policy: ChangeSize, control: str, count: int, most: int, stated: StatedChange) -> Iterator[Said]:
    if count <= most:
        return
    reason = _reason(policy, stated)
    if reason is None:
        yield _too_large(policy, control, count, most, stated)
    elif policy.exception is not None and policy.exception.approved:
        yield _unapproved(control)
    else:
        yield Held(
            control=control,
            subject=_SUBJECT,
            message=f"the change {_NOUNS[control].format(count)}, more than {most}, and declares why: {reason}",
        )


def _reason(policy: ChangeSize, stated: StatedChange) -> str | None:
    """What excuses a wide change; None where nothing does."""
    exception, pull_request = policy.exception, stated.pull_request
    if exception is None or pull_request is None:
        return None
    if exception.label in pull_request.labels:
        return f"label `{exception.label}`"
    from govcheck.documents import markdown  # noqa: PLC0415 - the hook knows no pull request
    from govcheck.text.statements import statement  # noqa: PLC0415 - see above

    return statement(markdown.lines(pull_request.body), exception.statement)


def _too_large(policy: ChangeSize, control: str, count: int, most: int, stated: StatedChange) -> Finding:
    exception = policy.exception
    mend = "Split it"
    if exception is not None:
        mend += f", or write into the pull request's text: `{exception.statement}: ` and the reason"
        mend += f", or give it the label `{exception.label}`" if exception.label else ""
    excusable = exception is not None and stated.pull_request is None
    return Finding(
        control=control,
        subject=_SUBJECT,
        message=f"The change {_NOUNS[control].format(count)}, more than the {most} that are allowed",
        plane="repo",
        severity="warning" if excusable and policy.severity == "error" else None,
        expected={"max": most},
        actual=count,
        fix=Fix(text=mend),
    )


def _unapproved(control: str) -> Undecided:
    message = "the change is declared a wide one, and whether somebody else approved it is read with --live only"
    return _undecided(control, _SUBJECT, Reason.MISSING_OBJECT, message)


def _alone(control: str, count: int, author: str) -> Finding:
    return Finding(
        control=control,
        subject=_SUBJECT,
        message=f"The change {_NOUNS[control].format(count)} and is declared a wide one, which nobody but its author "
        f"{author} approved",
        plane="repo",
        actual=count,
        fix=Fix(text="Have it approved by somebody else who belongs to the repository, or split it"),
    )


def _of_file(path: str, size: FileSize | Missing, limit: FileLimit) -> Iterator[Said]:
    shown = display(path)
    if isinstance(size, Missing):
        if limit.bytes is not None or limit.binary == "forbidden":
            yield _undecided("bytes", shown, size.reason, f"how large `{shown}` is cannot be told: {size.message}")
        return
    if limit.bytes is not None and size.bytes > limit.bytes:
        said = f"`{shown}` has {_amount(size.bytes)}, more than the {_amount(limit.bytes)} that are allowed"
        yield _file_finding("bytes", path, said, limit.bytes, size.bytes)
    if limit.binary != "forbidden":
        return
    if size.binary is None:
        message = f"`{shown}` has {_amount(size.bytes)}, and is not read to tell whether it is binary"
        yield _undecided("binary", shown, Reason.UNPARSEABLE, message)
    elif size.binary:
        yield _file_finding("binary", path, f"`{shown}` is binary", "text", "binary")


def _file_finding(control: str, path: str, said: str, expected: int | str, actual: int | str) -> Finding:
    return Finding(
        control=control,
        subject=display(path),
        message=said,
        plane="repo",
        location=Location(path=path),
        expected=expected,
        actual=actual,
        fix=Fix(text="Leave it out, or keep it where large files belong: Git LFS, a release, a bucket"),
    )


def _undecided(control: str, subject: str, reason: Reason, message: str) -> Undecided:
    return Undecided(control=control, subject=subject, reason=reason, message=message)


def _amount(count: int) -> str:
    """Bytes as people write them, exactly where a unit fits."""
    for size, unit in _UNITS:
        if count >= size:
            return f"{count // size} {unit}" if count % size == 0 else f"{count / size:.2f} {unit} ({count} bytes)"
    return f"{count} bytes"

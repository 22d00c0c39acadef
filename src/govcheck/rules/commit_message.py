"""Commits say what they do in the form that this repository agreed on.

```yaml
kind: commit-message
id: commit-style
conventional: true
types: [feat, fix, chore, docs, test]
max_subject: 100
trailers: [Refs]
forbidden: [WIP]
```

In CI every commit that the change adds is judged; at a commit the message that is being written, by the hook
`commit-msg`:

    govcheck check --message .git/COMMIT_EDITMSG

The hook judges what would be committed: git's comments and what lies below its scissors line are taken out as
`git commit` does it by `commit.cleanup` and `core.commentChar`. An option `--cleanup` of that one commit it cannot see.

`conventional` asks for a first line such as `feat(app): add a tile`, with `!` before the colon where it breaks
something; `types` and `scopes` say which words may stand there (several scopes are separated by commas). `pattern` is
matched by RE2 and has to be found in the first line; `^` and `$` make it the whole line. Trailers are those that
`git interpret-trailers` finds. With `signed_off` one `Signed-off-by` has to have the author's own address.

Commits that join branches and those that `git revert` made are exempt, unless `exempt` says otherwise; the merge that
GitHub makes to test a pull request is never judged.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Literal

from govcheck.facts.commits import Commit, CommitMessage, Commits
from govcheck.findings import Finding, Fix, Json, Judged, Reason, Undecided
from govcheck.policy import Policy
from govcheck.records import frozen
from govcheck.registry import Said, check
from govcheck.text import messages

Exempt = Literal["merge", "revert", "fixup"]

_PREVIEW = re.compile(r"Merge [0-9a-f]{40}(?:[0-9a-f]{24})? into [0-9a-f]{40}(?:[0-9a-f]{24})?\s*")
_SHORT = 12
_SHOWN = 60
_SIGNED = "Signed-off-by"


@frozen(kw_only=True)
class CommitMessages(Policy):
    """What a commit's message has to be like."""

    kind: Literal["commit-message"] = "commit-message"

    conventional: bool = False
    """Whether the first line follows https://www.conventionalcommits.org: `fix(app): close the drawer`."""

    types: tuple[str, ...] = ()
    """The types that a conventional message may have; any, where it is left out."""

    scopes: tuple[str, ...] | None = None
    """The scopes that it may have; any or none, where it is left out."""

    scope_required: bool = False
    """Whether a conventional message needs a scope."""

    pattern: str | None = None
    """A regular expression (RE2) that the first line has to match."""

    max_subject: int | None = None
    """Characters that the first line may have at most."""

    trailers: tuple[str, ...] = ()
    """Trailers that have to be there and say something: `Refs`."""

    signed_off: bool = False
    """Whether a `Signed-off-by` with the author's address has to be there."""

    forbidden: tuple[str, ...] = ()
    """Words that no message may have, in any case: `WIP`."""

    exempt: tuple[Exempt, ...] = ("merge", "revert")
    """Which commits are not judged; `fixup` means those that are to be folded into another one."""

    def problems(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """What the types cannot say: the place in the document, and what is wrong there."""
        demands = (self.conventional, self.pattern, self.max_subject, self.trailers, self.signed_off, self.forbidden)
        if not any(demands):
            yield (), "it demands nothing: give `conventional`, `pattern`, `trailers`, `forbidden` or another demand"
        if not self.conventional and (self.types or self.scopes is not None or self.scope_required):
            yield (), "`types`, `scopes` and `scope_required` are about conventional messages: set `conventional: true`"
        if self.max_subject is not None and self.max_subject < 1:
            yield ("max_subject",), "write a number above 0"
        yield from _pattern_problems(self.pattern)
        for key, words in (("trailers", self.trailers), ("forbidden", self.forbidden), ("types", self.types)):
            yield from (((key, number), "write a word") for number, word in enumerate(words) if not word.strip())


def _pattern_problems(pattern: str | None) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if pattern is None:
        return
    from govcheck import patterns  # noqa: PLC0415 - the hook has no time

    try:
        patterns.compile_python(pattern)
    except patterns.PatternError as error:
        yield ("pattern",), f"`{pattern}`: {error}"


@frozen(kw_only=True)
class _Written:
    """One message, and who says it."""

    subject: str
    """How findings name it."""

    shown: str
    """How sentences name it."""

    message: str
    email: str
    is_merge: bool


@check()
def added_commits(policy: CommitMessages, commits: Commits) -> Iterator[Said]:
    """Every commit that the change adds."""
    written = [_of_commit(commit) for commit in commits.commits]
    judged = [one for one in written if not _is_exempt(policy, one)]
    yield Judged(len(judged))
    for one in judged:
        yield from _wrong(policy, one)


@check()
def message(policy: CommitMessages, written: CommitMessage) -> Iterator[Said]:
    """The message of a commit that is being made."""
    one = _Written(
        subject="message",
        shown="The message",
        message=written.text,
        email=written.author_email,
        is_merge=written.is_merge,
    )
    judged = [one] if not _is_exempt(policy, one) else []
    yield Judged(len(judged))
    for found in judged:
        yield from _wrong(policy, found)


def _of_commit(commit: Commit) -> _Written:
    first = messages.subject(commit.message)
    short = f"{first[:_SHOWN]}…" if len(first) > _SHOWN else first
    return _Written(
        subject=commit.id[:_SHORT],
        shown=f"The commit {commit.id[:_SHORT]} ({short})" if short else f"The commit {commit.id[:_SHORT]}",
        message=commit.message,
        email=commit.author_email,
        is_merge=commit.is_merge,
    )


def _is_exempt(policy: CommitMessages, one: _Written) -> bool:
    tests: dict[Exempt, Callable[[], bool]] = {
        "merge": lambda: one.is_merge,
        "revert": lambda: messages.is_revert(one.message),
        "fixup": lambda: messages.is_fixup(one.message),
    }
    preview = one.is_merge and _PREVIEW.fullmatch(one.message) is not None
    return preview or any(tests[name]() for name in policy.exempt)


def _wrong(policy: CommitMessages, one: _Written) -> Iterator[Said]:
    yield from _first_line(policy, one)
    found = messages.trailers(one.message)
    for key in policy.trailers:
        if not any(trailer.names(key) and trailer.value for trailer in found):
            mend = f"End the message with a line `{key}: ...`, after an empty line"
            said = f"{one.shown} has no trailer `{key}`"
            yield _finding("trailer", f"{one.subject} {key}", said, mend, expected=key, actual="absent")
    if policy.signed_off:
        yield from _signed(one, [trailer.value for trailer in found if trailer.names(_SIGNED)])
    for word in _forbidden(policy.forbidden, one.message):
        said = f"{one.shown} has `{word}`, which no message may have"
        yield _finding("forbidden", f"{one.subject} {word}", said, "Say it otherwise")


def _first_line(policy: CommitMessages, one: _Written) -> Iterator[Finding]:
    first = messages.subject(one.message)
    if policy.conventional:
        yield from _conventional(policy, one, first)
    if policy.pattern is not None:
        from govcheck import patterns  # noqa: PLC0415 - loads RE2

        if not patterns.compile_python(policy.pattern).found(first):
            said = f"{one.shown} does not match `{policy.pattern}`"
            yield _finding(
                "pattern", one.subject, said, "Write its first line in that form", expected=policy.pattern, actual=first
            )
    if policy.max_subject is not None and len(first) > policy.max_subject:
        said = f"{one.shown} has a first line of {len(first)} characters, more than {policy.max_subject}"
        yield _finding(
            "length",
            one.subject,
            said,
            "Move what is more into the body",
            expected={"max": policy.max_subject},
            actual=len(first),
        )


def _conventional(policy: CommitMessages, one: _Written, first: str) -> Iterator[Finding]:
    parts = messages.CONVENTIONAL.fullmatch(first)
    word = policy.types[0] if policy.types else "fix"
    if parts is None:
        said = f"{one.shown} is no conventional commit"
        form = f"`{word}({policy.scopes[0] if policy.scopes else 'scope'}): what it does`"
        yield _finding("conventional", one.subject, said, f"Begin it like {form}")
        return
    if policy.types and parts["type"] not in policy.types:
        said = f"{one.shown} has the type `{parts['type']}`"
        yield _finding("type", one.subject, said, f"Write one of {_list(policy.types)}")
    scopes = [scope.strip() for scope in (parts["scope"] or "").split(",") if scope.strip()]
    if policy.scope_required and not scopes:
        yield _finding("scope", one.subject, f"{one.shown} names no scope", f"Write `{word}(scope): ...`")
    strange = [scope for scope in scopes if policy.scopes is not None and scope not in policy.scopes]
    if strange and policy.scopes is not None:
        said = f"{one.shown} has the scope {_list(strange)}"
        mend = f"Write one of {_list(policy.scopes)}" if policy.scopes else "Leave the scope out"
        yield _finding("scope", one.subject, said, mend)


def _signed(one: _Written, values: list[str]) -> Iterator[Said]:
    if not one.email:
        yield Undecided(
            control="signed-off",
            subject=one.subject,
            reason=Reason.MISSING_OBJECT,
            message="git does not tell the author of the commit: set user.name and user.email",
        )
        return
    people = [found for value in values if (found := messages.person(value))]
    if not any(email.lower() == one.email.lower() for _, email in people):
        others = f": it has {_list(values)}" if values else ""
        said = f"{one.shown} has no `{_SIGNED}` of its author <{one.email}>{others}"
        yield _finding("signed-off", one.subject, said, "Commit with `git commit --amend --signoff`")


def _forbidden(words: Iterable[str], text: str) -> Iterator[str]:
    for word in words:
        inner = re.escape(word.strip())
        before = r"(?<!\w)" if word.strip()[0].isalnum() else ""
        after = r"(?!\w)" if word.strip()[-1].isalnum() else ""
        if re.search(f"{before}{inner}{after}", text, re.IGNORECASE):
            yield word


def _list(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def _finding(
    control: str, subject: str, said: str, mend: str, *, expected: Json = None, actual: Json = None
) -> Finding:
    return Finding(
        control=control,
        subject=subject,
        message=said,
        plane="repo",
        expected=expected,
        actual=actual,
        fix=Fix(text=mend),
    )

"""Whose change it is: the role that a branch, an author, a label or an issue stands for."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from govcheck.facts.pull_request import LinkedIssues, PullRequest
from govcheck.records import frozen
from govcheck.text.templates import matches


class Described(Protocol):
    """A role, and what it is known by: everything that is given has to fit."""

    @property
    def name(self) -> str:
        """How it is called."""

    @property
    def branch(self) -> tuple[str, ...]:
        """Names of branches, with placeholders."""

    @property
    def author(self) -> tuple[str, ...]:
        """Logins."""

    @property
    def label(self) -> str | None:
        """A label of the pull request."""

    @property
    def issue(self) -> Mapping[str, str]:
        """Headings of the issue's text to what stands below them."""


@frozen(kw_only=True)
class Who:
    """What is known of a change."""

    branch: str | None
    pull_request: PullRequest | None
    issues: LinkedIssues | None = None
    """None where they were not read."""


@frozen
class Told:
    """The first role that fits."""

    place: int | None
    """Its place in the list; None: none fits, as far as is known."""

    doubt: str | None = None
    """What would have to be known to tell, as a clause."""


def role_of(roles: Sequence[Described], who: Who, words: Mapping[str, Sequence[str]]) -> Told:
    """The first role that fits; a doubt where one before it might."""
    for place, role in enumerate(roles):
        parts = list(_parts(role, who, words))
        if False in parts:
            continue
        doubt = next((part for part in parts if isinstance(part, str)), None)
        return Told(None, f"whether it is the role `{role.name}`'s depends on {doubt}") if doubt else Told(place)
    return Told(None)


def _parts(role: Described, who: Who, words: Mapping[str, Sequence[str]]) -> Iterator[bool | str]:
    """Whether each thing fits that the role is known by; or what would have to be known."""
    request = who.pull_request
    if role.branch:
        name = who.branch
        yield "the branch's name" if name is None else any(matches(name, one, words) for one in role.branch)
    if role.author:
        yield "the pull request's author" if request is None else request.author.lower() in map(str.lower, role.author)
    if role.label is not None:
        labels = [] if request is None else [label.lower() for label in request.labels]
        yield "the pull request's labels" if request is None else role.label.lower() in labels
    for heading, value in role.issue.items():
        yield "its issue, which is read with --live" if who.issues is None else _issue_says(who.issues, heading, value)


def _issue_says(issues: LinkedIssues, heading: str, value: str) -> bool | str:
    from govcheck.documents.markdown import lines  # noqa: PLC0415 - the hook knows no issue
    from govcheck.text.sections import said, section  # noqa: PLC0415 - see above

    for name, answer in issues.issues.items():
        if not answer.good or not isinstance(answer.body, dict):
            return f"the issue {name}, which could not be read: {answer.message or answer.status}"
        below = section(lines(str(answer.body.get("body") or "")), heading) or ()
        if any(said(line) == " ".join(value.casefold().split()) for line in below):
            return True
    return False

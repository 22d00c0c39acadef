"""Whether the text, the title and the labels of a pull request say what is demanded of them."""

from collections.abc import Iterable, Iterator, Sequence

from govcheck import patterns
from govcheck.actions.declared_paths import declarations, faults
from govcheck.documents.markdown import Line
from govcheck.facts import Missing
from govcheck.findings import Evidence, Finding, Fix, Json, Undecided
from govcheck.text.issue_links import CLOSING, issue_links
from govcheck.text.sections import own_words, said, section

_SHOWN = 3
_Lines = Sequence[Line]


def finding(
    control: str, subject: str, message: str, mend: str, *, expected: Json = None, actual: Json = None
) -> Finding:
    """A finding about the text around a change."""
    return Finding(
        control=control,
        subject=subject,
        message=message,
        plane="repo",
        expected=expected,
        actual=actual,
        fix=Fix(text=mend),
    )


def no_template(subject: str, unread: Missing) -> Undecided:
    """What is the author's own cannot be told from what the template had."""
    message = f"the template of pull requests is not read: {unread.message}"
    return Undecided(control="section", subject=subject, reason=unread.reason, message=message)


def issue(subject: str, lines: _Lines, keywords: Sequence[str], repositories: Sequence[str]) -> Iterator[Finding]:
    """Whether an issue is named, in a repository whose issues count."""
    links = issue_links(lines, keywords)
    closing = "a closing keyword such as `Fixes`"
    words = closing if keywords[0] in CLOSING else ", ".join(f"`{word}`" for word in keywords[:_SHOWN])
    mend = f"Write `{'Fixes' if keywords[0] in CLOSING else keywords[0]} #` and its number"
    if not links:
        yield finding("issue", subject, f"The pull request {subject} names no issue behind {words}", mend)
    for link in links:
        if link.repository not in repositories:
            message = f"The pull request {subject} names {link.name('')} of another repository (line {link.line})"
            own = f"{mend} in this repository, or add `{link.repository}` to `repositories` of the policy"
            yield finding("issue-repository", f"{subject} {link.name('')}", message, own)


def allowed_paths(subject: str, body: str) -> Iterator[Finding]:
    """Whether allowed paths are declared, once and in a valid form."""
    wrong = tuple(faults(declarations(body)))
    if wrong:
        told = finding(
            "allowed-paths",
            subject,
            f"The pull request {subject} {wrong[0]}",
            "Write one line into its text, such as `Allowed paths: app/** docs/*.md`",
        )
        yield Finding(
            control=told.control,
            subject=told.subject,
            message=told.message,
            plane=told.plane,
            fix=told.fix,
            evidence=tuple(Evidence(text=f"It {fault}") for fault in wrong[1:]),
        )


def sections(subject: str, lines: _Lines, headings: Iterable[str], templates: Sequence[_Lines]) -> Iterator[Finding]:
    """Whether something is written below each heading."""
    had = {said(line) for template in templates for line in template}
    for heading in headings:
        below = section(lines, heading)
        name = f"{subject} {heading}"
        if below is None:
            message = f"The pull request {subject} has no section `{heading}`"
            yield finding("section", name, message, f"Add a heading `## {heading}` and write below it")
        elif not own_words(below, had):
            message = f"The section `{heading}` of the pull request {subject} says nothing of its own"
            yield finding(
                "section", name, message, "Write it: what the template had there, and open boxes, do not count"
            )


def boxes(
    subject: str, lines: _Lines, wanted: Sequence[str] | None, optional: Sequence[str], templates: Sequence[_Lines]
) -> Iterator[Finding]:
    """Whether boxes are ticked: those that are wanted, or all, with those of the template."""
    own = [line for line in lines if line.ticked is not None and not line.quoted]
    if wanted is not None:
        for words in wanted:
            found = [line for line in own if _has(line, words)]
            if not any(line.ticked for line in found):
                state = "is not ticked" if found else "is not there"
                yield _box(subject, words, f"The box `{words}` of the pull request {subject} {state}")
        return
    for line in own:
        if not line.ticked and not any(_has(line, words) for words in optional):
            yield _box(subject, line.text, f"The box `{_short(line.text)}` of the pull request {subject} is not ticked")
    texts = {said(line) for line in own}
    asked = [line for template in templates for line in template if line.ticked is not None]
    for line in asked:
        if said(line) not in texts and not any(_has(line, words) for words in optional):
            message = f"The template's box `{_short(line.text)}` is gone from the pull request {subject}"
            yield _box(subject, line.text, message)


def labels(
    subject: str, given: Sequence[str], all_of: Sequence[str], any_of: Sequence[str], none_of: Sequence[str]
) -> Iterator[Finding]:
    """Whether the labels are those that are demanded. GitHub tells labels apart without case."""
    has = {label.lower() for label in given}
    for label in all_of:
        if label.lower() not in has:
            message = f"The pull request {subject} has no label `{label}`"
            yield finding("label", f"{subject} {label}", message, f"Give it the label `{label}`")
    if any_of and has.isdisjoint(label.lower() for label in any_of):
        named = ", ".join(f"`{label}`" for label in any_of)
        message = f"The pull request {subject} has none of the labels {named}"
        yield finding("label", f"{subject} any", message, "Give it one of them", expected=[*any_of], actual=[*given])
    for label in none_of:
        if label.lower() in has:
            message = f"The pull request {subject} has the label `{label}`"
            yield finding("label", f"{subject} {label}", message, "Take it away once what it stands for is done")


def title(subject: str, given: str, pattern: str) -> Iterator[Finding]:
    """Whether the title matches a valid pattern."""
    if not patterns.compile_python(pattern).found(given):
        message = f"The title of the pull request {subject} does not match `{pattern}`"
        yield finding("title", subject, message, "Write it in that form", expected=pattern, actual=given)


def _has(line: Line, words: str) -> bool:
    return " ".join(words.casefold().split()) in said(line)


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"  # noqa: PLR2004 - as wide as a line bears


def _box(subject: str, words: str, message: str) -> Finding:
    return finding("box", f"{subject} {words}", message, "Tick it once it is true")

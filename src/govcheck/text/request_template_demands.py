"""Whether the template of pull requests asks for what a policy demands of them."""

from collections.abc import Iterator, Mapping, Sequence

from govcheck.documents.markdown import lines
from govcheck.facts import Missing
from govcheck.findings import Finding, Fix, Location, Undecided
from govcheck.paths import display
from govcheck.text.issue_links import CLOSING
from govcheck.text.request_templates import same_but_for_case, single
from govcheck.text.sections import said, section

_CONTROL = "template"


def judge(
    tracked: Mapping[str, str],
    templates: Mapping[str, bytes | Missing],
    *,
    keywords: Sequence[str],
    allowed_paths: bool,
    sections: Sequence[str],
    boxes: Sequence[str],
) -> Iterator[Finding | Undecided]:
    """What is wrong with the templates; without any, people write what they like, and nothing is wrong with that."""
    found = [path for path in templates if path in tracked]
    for group in same_but_for_case(found):
        named = " and ".join(f"`{display(path)}`" for path in group)
        message = f"{named} differ in case alone, so that one may hide the other"
        yield _finding("names", group[0], message, "Keep one of them")
    for path in single(found):
        content = templates[path]
        if isinstance(content, Missing):
            message = f"`{display(path)}` is not read: {content.message}"
            yield Undecided(control=_CONTROL, subject=display(path), reason=content.reason, message=message)
            continue
        text = content.decode("utf-8", "replace")
        for name, demand, mend in _lacks(text, keywords, sections, boxes, allowed_paths=allowed_paths):
            yield _finding(name, path, f"The template `{display(path)}` has no {demand}", mend)


def _lacks(
    text: str, keywords: Sequence[str], sections: Sequence[str], boxes: Sequence[str], *, allowed_paths: bool
) -> Iterator[tuple[str, str, str]]:
    """What a template does not ask for: its name, how it is called, and what to write."""
    folded = text.casefold()
    shown = lines(text)
    if keywords and not any(f"{keyword.casefold()} #" in folded for keyword in keywords):
        yield "issue", "place for an issue", f"Add a line: `{_usual(keywords)} #`"
    if allowed_paths and "allowed path" not in folded:
        yield "allowed-paths", "`Allowed paths`", "Add a line: `Allowed paths:`"
    for heading in sections:
        if section(shown, heading) is None:
            yield heading, f"section `{heading}`", f"Add a heading: `## {heading}`"
    for words in boxes:
        wanted = " ".join(words.casefold().split())
        if not any(line.ticked is not None and wanted in said(line) for line in shown):
            yield words, f"box `{words}`", f"Add a box: `- [ ] {words}`"


def _usual(keywords: Sequence[str]) -> str:
    """The word that most people write, where GitHub's own count; else the first of the policy's."""
    return "Fixes" if keywords[0] in CLOSING else keywords[0].capitalize()


def _finding(name: str, path: str, message: str, mend: str) -> Finding:
    return Finding(
        control=_CONTROL,
        subject=f"{display(path)} {name}",
        message=message,
        plane="repo",
        location=Location(path=path),
        fix=Fix(text=mend),
    )

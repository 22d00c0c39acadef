"""Which issues a pull request's text says it closes, by the keywords that GitHub knows.

Source: https://docs.github.com/en/issues/tracking-your-work-with-issues/using-issues/linking-a-pull-request-to-an-issue
"""

import re
from collections.abc import Iterable, Iterator

from govcheck.documents.markdown import Line
from govcheck.records import frozen

CLOSING = ("close", "closes", "closed", "fix", "fixes", "fixed", "resolve", "resolves", "resolved")
"""The words after which GitHub closes an issue when the pull request is merged."""

_NAME = r"[A-Za-z0-9_.-]{1,100}"
_REFERENCE = (
    rf"(?:https?://github\.com/(?P<linked>{_NAME}/{_NAME})/issues/|(?P<repository>{_NAME}/{_NAME})#|GH-|#)"
    r"(?P<number>[0-9]{1,12})(?![\w/-])"
)


@frozen
class IssueLink:
    """One issue that a text names after a keyword."""

    keyword: str
    """As it is written: `Fixes`."""

    repository: str
    """`OWNER/NAME` in small letters; empty for the pull request's own."""

    number: int
    line: int
    """Where it stands in the text; the first line is 1."""

    def name(self, own: str) -> str:
        """`owner/name#12`, in small letters, for a pull request of the repository `own`."""
        return f"{self.repository or own.lower()}#{self.number}"


def issue_links(lines: Iterable[Line], keywords: Iterable[str] = CLOSING) -> tuple[IssueLink, ...]:
    """Every issue that the text names after one of the keywords, each once.

    Code, comments and quotations name none. Each issue needs a keyword of its own, as it does on GitHub.
    """
    words = "|".join(sorted(map(re.escape, keywords), key=len, reverse=True))
    pattern = re.compile(rf"(?<![\w-])(?P<keyword>{words}):?[ \t]+{_REFERENCE}", re.IGNORECASE)
    return tuple(dict.fromkeys(_links(lines, pattern)))


def _links(lines: Iterable[Line], pattern: re.Pattern[str]) -> Iterator[IssueLink]:
    for line in lines:
        if not line.quoted and line.kind != "code":
            for found in pattern.finditer(line.words):
                repository = (found["linked"] or found["repository"] or "").lower()
                yield IssueLink(found["keyword"], repository, int(found["number"]), line.number)

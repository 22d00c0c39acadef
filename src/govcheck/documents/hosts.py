"""Where a text names a host, or one below it."""

import re
from collections.abc import Iterator, Sequence

from govcheck.patterns import compile_python
from govcheck.records import frozen

_OF_A_NAME = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")
_READ = frozenset({"blog", "community", "developer", "developers", "docs", "help", "learn", "status", "support", "www"})
"""Names below a host whose pages people read: a link to them sends nothing."""

_HOST = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+")


@frozen
class NamedHost:
    """One place that names a host."""

    host: str
    """In lower case, as a whole: `http-intake.logs.datadoghq.com`."""

    listed: str
    """The host that it is, or lies below."""

    line: int


def problem(host: str) -> str | None:
    """What is wrong with a host to look for; None where nothing is."""
    if _HOST.fullmatch(host):
        return None
    return "no host: write it in lower case without scheme, path and `*`, which it has below it anyway: `sentry.io`"


def named_hosts(text: str, listed: Sequence[str]) -> Iterator[NamedHost]:
    """Every place of a text that names one of these hosts, or one below it, in order.

    A mail address is none, and neither is a page below it that people read (`docs.`, `www.`), unless it is listed.
    """
    if not listed:
        return
    known = frozenset(listed)
    for match in compile_python(rf"(?i)[\w.-]*(?:{'|'.join(map(re.escape, listed))})").matches(text):
        host = match.groups[0].lower().lstrip(".-")
        start = match.end - len(host)
        found = next((above for above in _itself_and_above(host) if above in known), None)
        if found is None or not _ends(text, match.end) or _is_mail(text, start):
            continue
        is_page = host.removesuffix(found).rstrip(".").rpartition(".")[2] in _READ and host not in known
        if not is_page:
            yield NamedHost(host, found, text.count("\n", 0, start) + 1)


def _itself_and_above(host: str) -> Iterator[str]:
    while host:
        yield host
        host = host.partition(".")[2]


def _ends(text: str, end: int) -> bool:
    """Whether a name is over where the match is: a dot goes on only where something follows it."""
    after = text[end : end + 2]
    if after[:1] == ".":
        return after[1:] not in _OF_A_NAME
    return after[:1] not in _OF_A_NAME


def _is_mail(text: str, start: int) -> bool:
    """Whether an address is written before the host, and no URL with a user."""
    if text[start - 1 : start] != "@":
        return False
    before = text[max(0, start - 300) : start - 1]
    return "://" not in re.split(r"[\s\"'<>()]", before)[-1]

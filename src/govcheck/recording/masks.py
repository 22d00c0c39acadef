"""Taking secrets out of what was judged, so that every line and column stays where it was. Pure."""

import re
from collections.abc import Callable, Iterable

from govcheck.snapshot.redact import CREDENTIALS

LEAST_SECRET = 16
"""Known secrets shorter than this are not looked for: no real token is, and `main` would be cut out of everything."""

_NAMED = re.compile(
    r"(?:[A-Za-z0-9_.-]{0,100}:)?\$(?:\{{1,2}[^{}]{0,100}\}{1,2}|[A-Za-z_][A-Za-z0-9_]{0,100})"
    r"(?::\$(?:\{{1,2}[^{}]{0,100}\}{1,2}|[A-Za-z_][A-Za-z0-9_]{0,100}))?"
)
"""What stands in a credential's place and is none: `x-access-token:${TOKEN}`, the name of a variable."""

_LETTERS = re.compile(r"[^\W_]")
_LONGEST_HEAD = 25

Mask = Callable[[str], str]


def mask(secrets: Iterable[str] = ()) -> Mask:
    """What hides secrets in a text, character by character.

    Args:
        secrets: Those that are known by value, beside whatever looks like a credential.
    """
    known = sorted({secret for secret in secrets if len(secret) >= LEAST_SECRET}, key=len, reverse=True)

    def hide(text: str) -> str:
        for secret in known:
            if secret in text:
                text = text.replace(secret, "x" * len(secret))
        return CREDENTIALS.sub(_hidden, text)

    return hide


def _hidden(found: re.Match[str]) -> str:
    text = found.group()
    if _NAMED.fullmatch(text):
        return text
    # Of a webhook's path, the part that says what sort of address it is stays: rules may go by it.
    head, slash, tail = text.partition("/")
    if slash and head.isalnum() and len(head) <= _LONGEST_HEAD:
        return f"{head}/{_LETTERS.sub('x', tail)}"
    return _LETTERS.sub("x", text)

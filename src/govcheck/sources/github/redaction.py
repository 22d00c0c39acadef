"""Tokens are kept out of every text that leaves this package.

Two nets: the tokens that this run was given, by value; and whatever looks like a credential of GitHub's, for what a
server or a library may put into a message.
"""

import re
from collections.abc import Iterable, Iterator

from govcheck.findings import Json

MASK = "***"
"""What stands in a secret's place. No token has a `*` in it, so no secret can be made up of what is left."""

LEAST_SECRET = 16
"""Secrets shorter than this are not looked for in documents: no real token is, and `main` would be cut out of them."""

_LOOKS_LIKE_A_TOKEN = re.compile(
    r"gh[a-z]_[A-Za-z0-9_.\-]{16,}"
    r"|github_pat_[A-Za-z0-9_]{16,}"
    r"|\b(?i:bearer|token|basic)\s+(?=[A-Za-z0-9_.~+/=\-]*[0-9_+/=])[A-Za-z0-9_.~+/=\-]{16,}"
)
# Source of the prefixes: https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/


class Redactor:
    """Knows the secrets of one run."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        # The longest first: one secret may be part of another.
        self._secrets = tuple(sorted({secret for secret in secrets if secret}, key=lambda text: (-len(text), text)))

    def learn(self, secret: str) -> None:
        """One more, which was not known when the run began. Another thread may be reading meanwhile."""
        known = {*self._secrets, secret} if secret else {*self._secrets}
        self._secrets = tuple(sorted(known, key=lambda text: (-len(text), text)))

    @property
    def secrets(self) -> tuple[str, ...]:
        """All that are known."""
        return self._secrets

    def text(self, text: str) -> str:
        """The text without any secret, and without what looks like one."""
        return _LOOKS_LIKE_A_TOKEN.sub(MASK, self._without_known(text, least=1))

    def document(self, document: Json) -> Json:
        """The document without the secrets of this run; everything else stays as it was said.

        A document is evidence: a check whose name only looks like a token keeps its name.
        """
        if not any(self._is_in(text) for text in _texts(document)):
            return document
        return self._cleaned(document)

    def is_in(self, raw: bytes) -> bool:
        """Whether raw bytes hold a secret of this run."""
        return any(secret.encode() in raw for secret in self._secrets)

    def _is_in(self, text: str) -> bool:
        return any(secret in text for secret in self._secrets if len(secret) >= LEAST_SECRET)

    def _without_known(self, text: str, least: int) -> str:
        for secret in self._secrets:
            if len(secret) >= least:
                text = text.replace(secret, MASK)
        return text

    def _cleaned(self, document: Json) -> Json:
        # The JSON parser bounded the depth before.
        if isinstance(document, str):
            return self._without_known(document, LEAST_SECRET)
        if isinstance(document, list):
            return [self._cleaned(item) for item in document]
        if isinstance(document, dict):
            return {self._without_known(key, LEAST_SECRET): self._cleaned(value) for key, value in document.items()}
        return document


def _texts(document: Json) -> Iterator[str]:
    """Every text of a document, keys included."""
    waiting: list[Json] = [document]
    while waiting:
        node = waiting.pop()
        if isinstance(node, str):
            yield node
        elif isinstance(node, list):
            waiting.extend(node)
        elif isinstance(node, dict):
            yield from node
            waiting.extend(node.values())

"""Nothing secret is kept: what looks like a credential, or stands under a key that names one, is taken out."""

import re

from govcheck.findings import Json

REDACTED = "[redacted]"

_SECRET_KEYS = frozenset(
    {
        "client_secret",
        "password",
        "pem",
        "private_key",
        "secret",
        "temp_clone_token",
        "token",
        "webhook_secret",
    }
)
"""Keys of API documents whose text is a credential: `temp_clone_token` stands in `GET /repos/{owner}/{repo}`."""

CREDENTIALS = re.compile(
    r"gh[pousr]_[A-Za-z0-9_.-]{16,4096}"
    r"|github_pat_[A-Za-z0-9_]{16,255}"
    r"|xox[abeoprs]-[A-Za-z0-9-]{10,255}"
    r"|(?<=://)[^/\s@]{1,255}(?=@)"
    r"|(?<=hooks\.slack\.com/)[a-z]{1,20}/[A-Za-z0-9/_-]{8,255}"
    r"|(?<=/api/webhooks/)[0-9]{1,25}/[A-Za-z0-9_-]{8,255}"
    r"|-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[A-Za-z0-9+/=\s]{0,16384}(?:-----(?:END(?: [A-Z ]{0,40}KEY-----)?)?)?"
)
"""Shapes of credentials: https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github#githubs-token-formats"""


def redacted(value: Json) -> Json:
    """The value without credentials. It keeps its shape."""
    if isinstance(value, str):
        return CREDENTIALS.sub(REDACTED, value)
    if isinstance(value, list):
        return [redacted(item) for item in value]
    if isinstance(value, dict):
        return {str(redacted(key)): _under(key, item) for key, item in value.items()}
    return value


def _under(key: str, value: Json) -> Json:
    if key.lower() in _SECRET_KEYS and isinstance(value, str) and value.strip("*"):
        return REDACTED
    return redacted(value)

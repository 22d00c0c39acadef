"""Whether a variable that is written down in the open looks like a secret. A value is never told, only what it is."""

import re

from govcheck.snapshot.redact import CREDENTIALS

_KNOWN = re.compile(
    r"\b(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{10,}"
    r"|\bsk-[A-Za-z0-9_-]{20,}"
    r"|\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"
    r"|\bshp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}"
    r"|\bsb(?:p|_secret)_[A-Za-z0-9_]{16,}"
    r"|\bFlyV1 |\bfm[12][ar]?_[A-Za-z0-9+/=_-]{20,}"
    r"|\bglpat-[A-Za-z0-9_-]{16,}"
    r"|\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}"
    r"|\bAIza[A-Za-z0-9_-]{30,}"
)
"""Prefixes that services give their credentials, each as its own documentation shows it."""

_TOKEN_WITH_CLAIMS = re.compile(r"\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}")
_WITH_PASSWORD = re.compile(r"://[^/\s:@]*:[^/\s@]+@")
_SECRET_NAME = re.compile(
    r"(?:^|_)(?:TOKEN|SECRET|SECRETS|PASSWORD|PASSWD|PASSPHRASE|API_?KEY|PRIVATE_KEY|SECRET_KEY|SECRET_KEY_BASE|"
    r"ACCESS_KEY|SERVICE_KEY|SERVICE_ROLE_KEY|ENCRYPTION_KEY|SIGNING_KEY|CREDENTIALS?)$"
)
_OPEN_NAME = re.compile(r"(?:^|_)(?:PUBLIC|PUBLISHABLE|ANON)(?:_|$)")
_NO_SECRET = re.compile(r"(?i)|true|false|yes|no|on|off|none|null|[0-9.]{1,9}|\$\{?[A-Z0-9_]+\}?|[./~][A-Za-z0-9_./-]*")
"""Values that are settings, whatever the variable is called: switches, numbers, paths, names of other variables."""


def looks_secret(name: str, value: str) -> str:
    """What the variable looks like, in words that do not give it away; empty where it looks like none."""
    if CREDENTIALS.search(value) or _KNOWN.search(value):
        return "its value has the form of a credential"
    if _WITH_PASSWORD.search(value):
        return "its value is an address with a password in it"
    folded = name.upper()
    if _OPEN_NAME.search(folded):
        return ""
    if _TOKEN_WITH_CLAIMS.search(value):
        return "its value is a signed token"
    if _SECRET_NAME.search(folded) and not _NO_SECRET.fullmatch(value.strip()):
        return "its name is that of a secret"
    return ""

"""Paths of a git tree: bytes to git, text to us, and readable wherever a report is text."""

_FIRST_ESCAPE = 0xDC80
_LAST_ESCAPE = 0xDCFF


def decode(raw: bytes) -> str:
    """Git's bytes as text, without loss: bytes that are not UTF-8 become lone surrogates (PEP 383)."""
    return raw.decode("utf-8", "surrogateescape")


def encode(path: str) -> bytes:
    """The bytes that git knows a path by; the reverse of `decode`."""
    return path.encode("utf-8", "surrogateescape")


def display(path: str) -> str:
    r"""A path for people and reports: each byte that is not UTF-8 as `\xNN`, and a backslash doubled."""
    if path.isascii() and "\\" not in path:
        return path
    return "".join(map(_display_character, path))


def _display_character(character: str) -> str:
    if character == "\\":
        return "\\\\"
    code = ord(character)
    if _FIRST_ESCAPE <= code <= _LAST_ESCAPE:
        return f"\\x{code - 0xDC00:02x}"
    return character

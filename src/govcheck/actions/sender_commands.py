"""To whom a command sends: `curl` and `wget` of chats and mail services, and the commands that send mail."""

import re
from collections.abc import Iterator

from govcheck.actions import sender_table as table
from govcheck.actions.programs import Program
from govcheck.actions.recipient_tokens import Wanted
from govcheck.actions.recipients import Recipient, Scopes, from_parts, from_word, resolved
from govcheck.actions.shell import Part, Word
from govcheck.records import replace

_SCHEME = re.compile(r"(?:https?|smtps?)://(?:[^/@\s]*@)?", re.IGNORECASE)
_VALUED_SHORT = frozenset("AbcCdDeEFHKmoPQrtTuUwxXyYz")
_VALUED_LONG = re.compile(
    r"--(?:data[a-z-]*|json|header|form[a-z-]*|request|output|user|user-agent|cookie[a-z-]*|cert|key|cacert|max-time|connect-timeout"
    r"|retry[a-z-]*|write-out|upload-file|referer|resolve|proxy|post-data|post-file|body-data|method|config|mail-from|mail-auth)"
)
_RECIPIENT_FIELD = re.compile(
    r"(?:^|[\s\"'&{,])(?:to|cc|bcc|email)[\"']?\s*[:=][\[\s]*(?:\{\s*[\"']email[\"']\s*:\s*)?[\"']?([^\"'&}\]\n]*)",
    re.IGNORECASE,
)
_SENDER_FIELD = re.compile(r"[\"']from[\"']\s*:\s*(?:\{[^}]{0,2000}\}|[\"'][^\"']{0,500}[\"'])", re.IGNORECASE)
_CHANNEL_FIELD = re.compile(r"(?:chat_id|channel)[\"']?\s*[:=]\s*[\"']?([^\"'\s&,}]*)")
_HEADER_LINE = re.compile(r"^(?:to|cc|bcc):[ \t]*([^\n]*)", re.IGNORECASE | re.MULTILINE)
_ADDRESS = re.compile(r"[^\s,;=:<>\[\]{}\"']{1,64}@[^\s,;=:<>\[\]{}\"']{1,255}")
_HEADERS_NAME_RECIPIENTS = {"sendmail", "msmtp", "ssmtp"}
_ONLY_OPTIONS = {"swaks", "sendemail", "sendEmail"}
_GIT_OPTIONS: dict[str, Wanted] = {"--to": "email", "--cc": "email", "--bcc": "email"}


def sent_by(program: Program, scopes: Scopes) -> tuple[Recipient, ...] | None:
    """The recipients of what a program sends, perhaps none that can be told; None where it does not send."""
    if program.name in {"curl", "wget"}:
        return _fetched(program, scopes)
    if program.name in table.MAIL_COMMANDS:
        return tuple(_mailed(program, scopes))
    texts = program.texts()
    if program.name == "git" and "send-email" in texts[:1]:
        return tuple(_by_options(program, _GIT_OPTIONS, frozenset(), scopes, positional=False))
    if program.name == "aws" and {"ses", "sesv2"}.intersection(texts[:1]) and "send-email" in texts:
        return tuple(_by_amazon(program, scopes))
    return None


def is_chat(url: str) -> bool:
    """Whether a URL posts a message to somebody."""
    return any(_begins(url, known) for known in (table.CHAT_URLS, table.CHANNEL_URLS, table.MAIL_URLS))


def _begins(url: str, known: tuple[re.Pattern[str], ...]) -> bool:
    rest = _SCHEME.sub("", url[:2048], count=1).casefold()
    return any(pattern.match(rest) for pattern in known)


def _fetched(program: Program, scopes: Scopes) -> tuple[Recipient, ...] | None:
    mailed = tuple(_by_options(program, {"--mail-rcpt": "email"}, frozenset(), scopes, positional=False))
    if mailed:
        return mailed
    for word in _addresses(program):
        parts = resolved(word, scopes)
        start = parts[0].text if parts and parts[0].kind == "text" else ""
        if _begins(start, table.CHANNEL_URLS):
            return tuple(_fields(program, _CHANNEL_FIELD, "channel", scopes))
        if _begins(start, table.MAIL_URLS):
            return tuple(_fields(program, _RECIPIENT_FIELD, "email", scopes))
        if _begins(start, table.CHAT_URLS) or _named_like_a_chat((*word.parts, *parts)):
            single = len(word.parts) == 1 and word.parts[0].kind != "text"
            return tuple(from_word(word, "webhook", scopes) if single else from_parts(parts, "webhook", scopes))
    return None


def _named_like_a_chat(parts: tuple[Part, ...]) -> bool:
    """Whether the URL is, or begins with, a variable or secret that is named like a chat's webhook."""
    hidden = [part for part in parts if part.kind in {"variable", "expression"}]
    if any(part.kind == "text" and _SCHEME.match(part.text) for part in parts):
        return False
    return any(table.CHAT_VARIABLE.search(part.text) and not table.OTHER_HOOK.search(part.text) for part in hidden)


def _addresses(program: Program) -> Iterator[Word]:
    """The words of `curl` or `wget` that are URLs: all that are no option and no option's value."""
    value_next = False
    for word in program.arguments:
        start = word.parts[0].text if word.parts and word.parts[0].kind == "text" else ""
        if value_next:
            value_next = False
        elif start.startswith("--"):
            if start.startswith("--url="):
                yield _after(word, len("--url="))
            value_next = _VALUED_LONG.fullmatch(word.literal or "") is not None
        elif start.startswith("-") and len(start) > 1:
            value_next = program.name == "curl" and _wants_value(word.literal or "")
        else:
            yield word


def _wants_value(cluster: str) -> bool:
    """Whether the value of `-sSX` is in the next word: where the first letter that takes one is the last."""
    for index, letter in enumerate(cluster[1:], 1):
        if letter in _VALUED_SHORT:
            return index == len(cluster) - 1
    return False


def _after(word: Word, length: int) -> Word:
    """The rest of a word whose first characters are an option's name."""
    first = word.parts[0]
    rest = replace(first, text=first.text[length:], offset=first.offset + length)
    return Word((rest, *word.parts[1:]) if rest.text else word.parts[1:], word.offset + length)


def _fields(program: Program, field: re.Pattern[str], wanted: Wanted, scopes: Scopes) -> Iterator[Recipient]:
    for word in (*program.arguments, *program.command.input):
        yield from _in_word(word, field, wanted, scopes)


def _in_word(word: Word, field: re.Pattern[str], wanted: Wanted, scopes: Scopes) -> Iterator[Recipient]:
    """The values of fields in a text; one that begins where the text ends goes on in the next piece."""
    for index, part in enumerate(word.parts):
        if part.kind != "text":
            continue
        shown = _SENDER_FIELD.sub(lambda found: " " * len(found[0]), part.text[: 64 * 1024])
        for match in field.finditer(shown):
            value = replace(part, text=match[1], offset=part.offset + match.start(1))
            goes_on = word.parts[index + 1 : index + 2] if match.end() == len(shown) else ()
            pieces = tuple(piece for piece in (value, *goes_on) if piece.text.strip())
            if pieces:
                yield from from_parts(pieces, wanted, scopes)


def _mailed(program: Program, scopes: Scopes) -> Iterator[Recipient]:
    valued = frozenset(table.MAIL_COMMANDS[program.name].split())
    options = table.RECIPIENT_OPTIONS.get(program.name, {})
    yield from _by_options(program, options, valued, scopes, positional=program.name not in _ONLY_OPTIONS)
    if program.name in _HEADERS_NAME_RECIPIENTS and any(
        text.startswith("-t") or text == "--read-recipients" for text in program.texts()
    ):
        for word in program.command.input:
            yield from _in_word(word, _HEADER_LINE, "email", scopes)


def _by_options(
    program: Program, options: dict[str, Wanted], valued: frozenset[str], scopes: Scopes, *, positional: bool
) -> Iterator[Recipient]:
    """Recipients among a command's words: values of options, and what is no option."""
    words = iter(program.arguments)
    for word in words:
        start = word.parts[0].text if word.parts and word.parts[0].kind == "text" else ""
        option = start.partition("=")[0] if start.startswith("--") else start
        if option in options:
            value = _after(word, len(option) + 1) if "=" in start else next(words, None)
            yield from from_word(value, options[option], scopes) if value is not None else ()
        elif start in valued:
            next(words, None)
        elif start[:2] in options and not start.startswith("--"):
            yield from from_word(_after(word, 2), options[start[:2]], scopes)
        elif positional and not start.startswith("-"):
            yield from from_word(word, "email", scopes)


def _by_amazon(program: Program, scopes: Scopes) -> Iterator[Recipient]:
    """`aws ses send-email`: `--to` takes several words, `--destination` a structure."""
    option = ""
    for word in program.arguments:
        literal = word.literal or ""
        if literal.startswith("--"):
            option = literal
        elif option in {"--to", "--cc", "--bcc", "--to-addresses", "--cc-addresses", "--bcc-addresses"}:
            yield from from_word(word, "email", scopes)
        elif option == "--destination" and literal:
            for match in _ADDRESS.finditer(literal[: 64 * 1024]):
                offset = word.parts[0].offset + match.start()
                yield from from_parts((Part("text", match[0], offset),), "email", scopes)

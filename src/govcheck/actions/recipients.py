"""Recipients: addresses, channels, webhooks and secrets, from values in which expressions may hide them."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import Literal

from govcheck.actions.embedded import embedded
from govcheck.actions.expressions import Context, Expression, ExpressionError, Index, Logic, parse
from govcheck.actions.expressions import Literal as Value
from govcheck.actions.recipient_tokens import Wanted, tokens
from govcheck.actions.shell import Part, Word
from govcheck.actions.workflow import text
from govcheck.facts.document import Mapping, Scalar
from govcheck.facts.workflows import WorkflowFile
from govcheck.records import field, frozen, replace

_DEEPEST_REPLACEMENT = 3
_MOST_PARTS = 20
_MOST = 200
_URL = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://([^/?#\s]*)")
_LINES_AHEAD = 200
_ADDRESS = re.compile(r"(?<![\w.+%-])[\w.+%-]{1,64}@((?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24})(?![\w@-]|:\w)")


@frozen(kw_only=True)
class Recipient:
    """One recipient of what a step sends."""

    kind: Literal["email", "channel", "webhook", "secret", "unknown"]
    value: str
    """The address, the channel, the URL, the secret's name; of an unknown what stands in its place."""

    wanted: Wanted
    """What it stands in place of."""

    known: str = ""
    """The domain of an address or the host of a URL, where no expression has a say in it. Lower case."""

    secrets: tuple[str, ...] = ()
    """The secrets that an unknown is made of, beside literal text; empty where anything else has a part in it."""

    line: int
    column: int


@frozen
class Scopes:
    """Where variables get their values: the nearest first."""

    file: WorkflowFile
    environments: tuple[Mapping, ...]
    """`env` of the step, the job and the workflow."""

    assignments: dict[str, tuple[Word, ...]]
    """What the script itself assigns."""

    script: Scalar | None = None
    """The script that words come from."""

    looked_up: dict[str, bool] = field(default_factory=dict)
    """Variables whose values were followed already: True while that goes on, so that circles end."""


def from_scalar(node: Scalar, wanted: Wanted, scopes: Scopes) -> Iterator[Recipient]:
    """The recipients that a value of the workflow file names."""
    yield from _few(_recipients(parts_of(text(node)), wanted, replace(scopes, script=node, looked_up={})))


def from_word(word: Word, wanted: Wanted, scopes: Scopes) -> Iterator[Recipient]:
    """The recipients that a word of a script names."""
    yield from _few(_recipients(word.parts, wanted, replace(scopes, looked_up={})))


def from_parts(parts: tuple[Part, ...], wanted: Wanted, scopes: Scopes) -> Iterator[Recipient]:
    """The recipients that a piece of a word names."""
    yield from _few(_recipients(parts, wanted, replace(scopes, looked_up={})))


def addresses(prose: str) -> Iterator[Recipient]:
    """The mail addresses that a text for people names."""
    for number, line in enumerate(prose.split("\n"), start=1):
        for match in _ADDRESS.finditer(line):
            domain = match[1].casefold()
            yield Recipient(
                kind="email", value=match[0], wanted="email", known=domain, line=number, column=match.start() + 1
            )


def _few(found: Iterator[Recipient]) -> Iterator[Recipient]:
    """The first ones; of what comes after them nothing is said but that there is more."""
    yield from islice(found, _MOST)
    for one in islice(found, 1):
        yield replace(one, kind="unknown", value=f"more than {_MOST} recipients in one value", known="", secrets=())


def parts_of(value: str) -> tuple[Part, ...]:
    """A value of the workflow file in pieces: text, and expressions."""
    parts: list[Part] = []
    position = 0
    for expression in embedded(value):
        parts += [
            Part("text", value[position : expression.start], position),
            Part("expression", expression.source, expression.start),
        ]
        position = expression.end
    return tuple(part for part in (*parts, Part("text", value[position:], position)) if part.text)


def host_of(url: str) -> str:
    """The host of a URL in lower case, without what logs in there; empty where there is none."""
    match = _URL.match(url)
    return match[2].rpartition("@")[2].casefold() if match else ""


def redacted(url: str) -> str:
    """A webhook for people: whoever knows its path can send, so that the path is never shown."""
    match = _URL.match(url)
    return f"{match[1]}://{host_of(url)}/…" if match else "…"


def resolved(word: Word, scopes: Scopes) -> tuple[Part, ...]:
    """A word with variables replaced by what they surely hold; those that nobody can tell stay."""
    return tuple(_replaced(word.parts, scopes, _DEEPEST_REPLACEMENT))


def _replaced(parts: tuple[Part, ...], scopes: Scopes, depth: int) -> Iterator[Part]:
    for part in parts:
        inner = _value_of(part.text, scopes) if part.kind == "variable" and depth else None
        if inner is None or len(inner) > _MOST_PARTS:
            yield part
        else:
            placed = (replace(piece, offset=part.offset, literal=False) for piece in inner)
            yield from _replaced(tuple(placed), scopes, depth - 1)


def _value_of(name: str, scopes: Scopes) -> tuple[Part, ...] | None:
    values = scopes.assignments.get(name, ())
    if values:
        return values[0].parts if len(values) == 1 else None
    node = variable(name, scopes)
    return parts_of(text(node)) if node is not None else None


def variable(name: str, scopes: Scopes) -> Scalar | None:
    """The value that the workflow file gives an environment variable; the nearest `env` wins."""
    for environment in scopes.environments:
        node = environment.get(name)
        if node is not None:
            return node if isinstance(node, Scalar) else None
    return None


def _recipients(parts: tuple[Part, ...], wanted: Wanted, scopes: Scopes) -> Iterator[Recipient]:
    for token in tokens(parts, wanted):
        yield from _recipient(token, wanted, scopes)


def _recipient(token: tuple[Part, ...], wanted: Wanted, scopes: Scopes) -> Iterator[Recipient]:
    line, column = _place(token[0], scopes)
    whole = Word(token, 0)
    unknown = Recipient(
        kind="unknown",
        value=_shown(whole, wanted),
        wanted=wanted,
        known=_known(token, wanted),
        secrets=_secrets(token),
        line=line,
        column=column,
    )
    if whole.literal is not None:
        yield _literal(whole.literal, unknown)
    elif len(token) == 1:
        yield from _hidden(token[0], unknown, scopes)
    else:
        yield unknown


def _literal(value: str, unknown: Recipient) -> Recipient:
    if value.startswith("file://"):
        return replace(unknown, value=value)
    known = host_of(value) if unknown.wanted == "webhook" else value.rpartition("@")[2].casefold()
    return replace(unknown, kind=unknown.wanted, value=value, known=known)


def _shown(word: Word, wanted: Wanted) -> str:
    """What stands there, for people; of a webhook's path only what is hidden anyway."""
    if wanted != "webhook" or len(word.parts) == 1:
        return word.shown
    host = redacted(word.parts[0].text) if word.parts[0].kind == "text" else "…"
    hidden = " ".join(Word((part,), 0).shown for part in word.parts if part.kind != "text")
    return f"{host} with {hidden}" if hidden else host


def _secrets(token: tuple[Part, ...]) -> tuple[str, ...]:
    names: list[str] = []
    for part in token:
        if part.kind == "text":
            continue
        try:
            found = list(_alternatives(parse(part.text))) if part.kind == "expression" else [None]
        except ExpressionError:
            return ()
        for one in found:
            if one is None or one[0] != "secrets":
                return ()
            names.append(one[1])
    return tuple(names)


def _known(token: tuple[Part, ...], wanted: Wanted) -> str:
    """What is sure of a value that expressions have a part in: a URL's host, an address's domain."""
    if wanted == "webhook" and token[0].kind == "text":
        match = _URL.match(token[0].text)
        return host_of(token[0].text) if match and match.end() < len(token[0].text) else ""
    if wanted == "email" and token[-1].kind == "text" and "@" in token[-1].text:
        return token[-1].text.rpartition("@")[2].casefold()
    return ""


def _hidden(part: Part, unknown: Recipient, scopes: Scopes) -> Iterator[Recipient]:
    """The recipients behind one expression or variable."""
    if part.kind == "variable":
        yield from _behind_variable(part.text, unknown, scopes)
    elif part.kind == "expression":
        try:
            alternatives = tuple(_alternatives(parse(part.text)))
        except ExpressionError:
            alternatives = (None,)
        for found in alternatives:
            yield from _behind_expression(found, unknown, scopes)
    else:
        yield unknown


def _alternatives(expression: Expression) -> Iterator[tuple[str, str] | None]:
    """What an expression can be: secrets, variables of `env` and literals, also several by `||`; None for all else."""
    match expression:
        case Value(str() as value):
            yield ("literal", value)
        case Index(Context(context), Value(str() as name)) if context.casefold() in {"secrets", "env"}:
            yield (context.casefold(), name)
        case Logic("||", operands):
            for operand in operands:
                yield from _alternatives(operand)
        case _:
            yield None


def _behind_expression(found: tuple[str, str] | None, unknown: Recipient, scopes: Scopes) -> Iterator[Recipient]:
    match found:
        case ("secrets", name):
            yield replace(unknown, kind="secret", value=name)
        case ("literal", value):
            yield from (_literal(value, unknown),) if value else ()
        case ("env", name):
            yield from _behind_environment(name, unknown, scopes)
        case _:
            yield unknown


def _behind_variable(name: str, unknown: Recipient, scopes: Scopes) -> Iterator[Recipient]:
    """A shell's variable: every value that the script gives it, or else the one that it was started with."""
    values = scopes.assignments.get(name, ())
    if not values or scopes.looked_up.get(name):
        yield from _behind_environment(name, unknown, scopes)
    elif name not in scopes.looked_up:
        scopes.looked_up[name] = True
        for word in values:
            yield from _recipients(word.parts, unknown.wanted, scopes)
        scopes.looked_up[name] = False


def _behind_environment(name: str, unknown: Recipient, scopes: Scopes) -> Iterator[Recipient]:
    key = f"env.{name}"
    node = variable(name, scopes)
    if node is None or scopes.looked_up.get(key):
        yield unknown
    elif key not in scopes.looked_up:
        scopes.looked_up[key] = True
        yield from _recipients(parts_of(text(node)), unknown.wanted, replace(scopes, script=node, assignments={}))
        scopes.looked_up[key] = False


def _place(part: Part, scopes: Scopes) -> tuple[int, int]:
    """Line and column of a piece. Where folding or escapes moved it, it is looked for in the lines that follow."""
    node = scopes.script
    if node is None:
        return 0, 0
    line, column = node.place(part.offset)
    lines = _lines(scopes.file)
    sought = part.text.split("\n", 1)[0].strip() if part.kind == "text" else part.text
    if not sought or line > len(lines) or lines[line - 1].startswith((sought, "${{", "$"), column - 1):
        return line, column
    for number in range(node.line, min(node.line + _LINES_AHEAD, len(lines) + 1)):
        at = lines[number - 1].find(sought, column - 1 if number == node.line and node.style != "folded" else 0)
        if at >= 0:
            return number, at + 1
    return line, column


@lru_cache(maxsize=16)
def _lines(file: WorkflowFile) -> list[str]:
    return file.text.split("\n") if file.text else []

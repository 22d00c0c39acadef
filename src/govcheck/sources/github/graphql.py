"""Telling a GraphQL query from what would change something, by GraphQL's own grammar.

Source: https://spec.graphql.org/October2021/#sec-Language (sections 2.1 to 2.3).
"""

import re
from collections.abc import Iterator

_TOKEN = re.compile(
    r'(?P<text>"""(?:[^"\\]|\\.|"(?!""))*"""|"(?:[^"\\\n\r]|\\.)*")'
    r"|(?P<ignored>#[^\n\r]*|[\s,\ufeff]+)"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<open>[({\[])"
    r"|(?P<close>[)}\]])"
    r"|(?P<other>[!$&:=@|.+\-0-9])",
    re.DOTALL,
)
_HARMLESS = frozenset({"query", "fragment", "{"})
_CLOSING = {"(": ")", "{": "}", "[": "]"}


def is_query(document: str) -> bool:
    """Whether a document consists of queries and fragments only. False for anything that cannot be read as GraphQL."""
    open_brackets: list[str] = []
    between_definitions = True
    definitions = 0
    for kind, text in _tokens(document):
        if between_definitions:
            if text not in _HARMLESS:
                return False
            definitions += 1
            between_definitions = False
        if kind == "open":
            open_brackets.append(_CLOSING[text])
        elif kind == "close":
            if not open_brackets or open_brackets.pop() != text:
                return False
            # Only a selection set ends a definition: variables and arguments come before it.
            between_definitions = text == "}" and not open_brackets
        elif kind == "broken":
            return False
    return definitions > 0 and between_definitions


def _tokens(document: str) -> Iterator[tuple[str, str]]:
    """Kind and text of each token that means something; the last one is `broken` where the text cannot be read."""
    position = 0
    while position < len(document):
        found = _TOKEN.match(document, position)
        if found is None:
            yield "broken", document[position]
            return
        position = found.end()
        if found.lastgroup != "ignored":
            yield found.lastgroup or "broken", found.group()

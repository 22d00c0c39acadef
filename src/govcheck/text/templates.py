"""Names with placeholders: `agent/{agent}/{date}-{slug}`.

Each placeholder matches so few characters that a name is matched in time that grows with its length alone, as far as
`LONGEST` allows one.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

LONGEST = 255
"""Characters of a name. Longer ones match nothing: file systems, on which refs lie, take no more."""

_DAY = r"(?:0[1-9]|[12][0-9]|3[01])"
_MONTH = r"(?:0[1-9]|1[0-2])"
_TIME = r"(?:[01][0-9]|2[0-3])[0-5][0-9][0-5][0-9]"
_WORD = r"[a-z0-9]+(?:[._-][a-z0-9]+)*"

PLACEHOLDERS: Mapping[str, tuple[str, str]] = {
    "date": (rf"[0-9]{{4}}-{_MONTH}-{_DAY}", "2025-10-17"),
    "day": (rf"[0-9]{{4}}{_MONTH}{_DAY}", "20251017"),
    "timestamp": (rf"[0-9]{{4}}{_MONTH}{_DAY}T{_TIME}Z", "20251017T033137Z"),
    "number": (r"[0-9]+", "117"),
    "slug": (_WORD, "chatwoot-health"),
    "id": (r"[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*", "M10401-stub"),
}
"""What each placeholder matches, as an expression, with an example."""

_PART = re.compile(r"\{([^{}]*)\}|(\*\*)|(\*)|([^{}*]+)|([{}])")


class TemplateError(ValueError):
    """A template that means nothing: why, as a clause."""


def problem(template: str, words: Mapping[str, Sequence[str]]) -> str | None:
    """What is wrong with a template; None where it is valid."""
    try:
        _compiled(template, _frozen(words))
    except TemplateError as error:
        return str(error)
    return None


def matches(name: str, template: str, words: Mapping[str, Sequence[str]]) -> bool:
    """Whether a name is as a valid template has it.

    Args:
        name: The whole name.
        template: With the placeholders of `PLACEHOLDERS`, and those of `words`; `*` is anything within one part, `**`
            anything at all.
        words: More placeholders, each with the words that it stands for.
    """
    return len(name) <= LONGEST and _compiled(template, _frozen(words)).fullmatch(name) is not None


def example(template: str, words: Mapping[str, Sequence[str]]) -> str:
    """A name that a template matches."""
    examples = {name: text for name, (_, text) in PLACEHOLDERS.items()}
    examples |= {name: given[0] for name, given in words.items() if given}
    return _PART.sub(
        lambda part: examples.get(part[1] or "", part[0] if not part[2] and not part[3] else "x"), template
    )


def _frozen(words: Mapping[str, Sequence[str]]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((name, tuple(given)) for name, given in words.items())


@lru_cache(maxsize=256)
def _compiled(template: str, words: tuple[tuple[str, tuple[str, ...]], ...]) -> re.Pattern[str]:
    if not template:
        raise TemplateError("an empty name matches nothing")
    if len(template) > LONGEST:
        raise TemplateError(f"it has {len(template)} characters, and no name has more than {LONGEST}")
    known = {name: expression for name, (expression, _) in PLACEHOLDERS.items()}
    known |= {name: f"(?:{'|'.join(map(re.escape, given))})" for name, given in words}
    return re.compile("".join(_expression(part, known) for part in _PART.finditer(template)), re.ASCII)


def _expression(part: re.Match[str], known: Mapping[str, str]) -> str:
    placeholder, everything, within, text, brace = part.groups()
    if brace:
        raise TemplateError(f"`{brace}` stands alone: a placeholder is written like {{slug}}")
    if placeholder is not None:
        if placeholder not in known:
            raise TemplateError(
                f"`{{{placeholder}}}` is no placeholder: there are {', '.join(f'`{{{name}}}`' for name in known)}, "
                "and those that `words` lists"
            )
        return known[placeholder]
    return ".*" if everything else "[^/]*" if within else re.escape(text)

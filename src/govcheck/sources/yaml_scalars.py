"""What a scalar means: YAML 1.2's core schema, https://yaml.org/spec/1.2.2/#103-core-schema."""

import math
import re

from govcheck.facts.document import ScalarValue

MAYBE_SPECIAL = frozenset("0123456789+-.~nNtTfF")
"""How a plain scalar begins that can be anything but text."""

STRING_TAGS = frozenset({"!", "tag:yaml.org,2002:str"})

_LONGEST_NUMBER = 400
"""Every finite double has fewer digits; Python refuses to read integers of more than 4300."""

_WORDS: dict[str, ScalarValue] = {
    "": None,
    "~": None,
    **dict.fromkeys(("null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), math.inf),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -math.inf),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
}

_NUMBER = re.compile(
    r"""(?:
        (?P<decimal>[-+]?[0-9]+)
      | 0o(?P<octal>[0-7]+)
      | 0x(?P<hexadecimal>[0-9a-fA-F]+)
      | (?P<float>[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?)
    )""",
    re.VERBOSE,
)
_BASES = {"decimal": 10, "octal": 8, "hexadecimal": 16}

_TAGGED_TYPES: dict[str, tuple[type, ...]] = {
    "tag:yaml.org,2002:null": (type(None),),
    "tag:yaml.org,2002:bool": (bool,),
    "tag:yaml.org,2002:int": (int,),
    "tag:yaml.org,2002:float": (float, int),
}


def resolve(text: str) -> ScalarValue:
    """The value of a plain scalar.

    Raises:
        ValueError: a number with more digits than any number of use.
    """
    if text in _WORDS:
        return _WORDS[text]
    match = _NUMBER.fullmatch(text)
    if not match:
        return text
    if len(text) > _LONGEST_NUMBER:
        raise ValueError(f"a number of {len(text)} characters is too long: put it in quotes if it is a text")
    form = str(match.lastgroup)
    return float(text) if form == "float" else int(match[form], _BASES[form])


def resolve_tagged(text: str, tag: str, *, plain: bool) -> ScalarValue:
    """The value of a scalar that names its type, by one of the core schema's tags.

    Raises:
        ValueError: another tag, or a text that is not of the type.
    """
    if tag in STRING_TAGS:
        return text
    types = _TAGGED_TYPES.get(tag)
    if types is None:
        raise ValueError(f"the tag `{shown_tag(tag)}` is not supported: a text that begins with `!` needs quotes")
    value = resolve(text) if plain else text
    if type(value) not in types:
        raise ValueError(f"this is not what its tag `{shown_tag(tag)}` says")
    return float(value) if tag.endswith(":float") and isinstance(value, int) else value


def shown_tag(tag: str) -> str:
    """A tag as it is usually written."""
    prefix = "tag:yaml.org,2002:"
    return f"!!{tag.removeprefix(prefix)}" if tag.startswith(prefix) else tag


def check_collection_tag(tag: str, *, mapping: bool) -> None:
    """Refuses every tag but the one that says what the collection is anyway.

    Raises:
        ValueError: another tag.
    """
    if tag not in ("!", "tag:yaml.org,2002:map" if mapping else "tag:yaml.org,2002:seq"):
        raise ValueError(f"the tag `{shown_tag(tag)}` is not supported: a text that begins with `!` needs quotes")

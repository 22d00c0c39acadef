"""What is wrong with a document, in plain English: what must be there, what is, and what was probably meant."""

import difflib
from collections.abc import Iterable

from govcheck.facts.document import Mapping, Node, Scalar, Sequence
from govcheck.policy_docs import descriptions
from govcheck.policy_keys import Annotation, item, keys, literals, members, model, words
from govcheck.sources.yaml_errors import shown

_YES = {"yes": "true", "on": "true", "y": "true", "no": "false", "off": "false", "n": "false"}
"""What YAML 1.1 took for truth values and 1.2 does not."""


def unknown_key(model_type: type | None, key: str, present: Iterable[str]) -> tuple[str, str | None]:
    """The message, and the legal key that was probably meant."""
    legal = [one.name for one in keys(model_type)] if model_type else []
    free = [name for name in legal if name not in set(present)]
    near = nearest(key, free)
    twice = nearest(key, legal)
    meant = f"did you mean `{near}`? " if near else f"`{twice}` stands here already. " if twice else ""
    others = "Further keys here are" if len(free) < len(legal) else "Legal keys here are"
    told = f"{others} {', '.join(free)}" if free else "No further key is legal here"
    return f"unknown key `{shown(key)}`: {meant}{told}", near


def missing_key(model_type: type | None, key: str) -> str:
    """The message, with what the key is for."""
    described = descriptions(model_type).get(key, "").removesuffix(".") if model_type else ""
    return f"the key `{key}` is missing" + (f": {described}" if described else "")


def wrong_type(name: str, annotation: Annotation, node: Node) -> str:
    """What must be there and what is."""
    return f"`{name}` must be {words(annotation)}, not {_what(node)}{_hint(annotation, node)}"


def nearest(word: str, legal: Iterable[str]) -> str | None:
    """The legal word that was probably meant."""
    names = list(legal)
    folded = {name.lower().replace("_", "-"): name for name in names}
    near = difflib.get_close_matches(word[:100].lower().replace("_", "-"), folded, n=1)
    return folded[near[0]] if near else None


def _what(node: Node) -> str:
    if isinstance(node, Mapping):
        return "a mapping"
    if isinstance(node, Sequence):
        return "a list"
    if node.value is None:
        return "nothing"
    if isinstance(node.value, str):
        return f"`{shown(node.value)}`" if node.style == "plain" else f"the text `{shown(node.value)}`"
    kind = "the truth value" if isinstance(node.value, bool) else "the number"
    return f"{kind} `{shown(node.text)}`"


def _hint(annotation: Annotation, node: Node) -> str:
    allowed = members(annotation)
    if not isinstance(node, Scalar):
        return ""
    if isinstance(node.value, str):
        return _text_hint(annotation, node.value)
    if node.value is not None and (str in allowed or node.text in literals(annotation)):
        return f': put it in quotes ("{shown(node.text)}")'
    return ""


def _text_hint(annotation: Annotation, text: str) -> str:
    allowed = members(annotation)
    if near := nearest(text, literals(annotation)):
        return f"; did you mean `{near}`?"
    if bool in allowed and text.lower() in _YES:
        return f"; did you mean `{_YES[text.lower()]}`?"
    if bool in allowed and text.lower() in {"true", "false"}:
        return ": leave out the quotes"
    if int in allowed and text.isdecimal():
        return ": leave out the quotes"
    return f": write it as [{shown(text)}]" if item(annotation) is str and model(annotation) is None else ""

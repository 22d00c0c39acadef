"""The page of each kind of policy in `docs/rules/`, their index, and the table of kinds in README."""

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from govcheck.generate import examples
from govcheck.policy import Policy
from govcheck.policy_docs import descriptions
from govcheck.policy_keys import Annotation, Key, keys, members, models, nested, words
from govcheck.registry import Kind, kind, kinds
from govcheck.waiver import Waiver

_SHOWN = 3
"""How many keys a heading names before it says how many more there are."""

_NOTICE = "<!-- Written by `govcheck generate` from the rule's own module: edit that. -->"


def files(root: Path) -> dict[str, str]:
    """Every page.

    Args:
        root: The repository, which has the examples.
    """
    every = list(_kinds())
    pages = {f"docs/rules/{found.name}.md": page(found, examples.section(root, found.name)) for found in every}
    return {"docs/rules/index.md": _index(every), **pages}


def readme(old: str) -> str:
    """README with its table of kinds as it is now; as it was, where it has no place for one."""
    return _between(old, "kinds", _kinds_table(_kinds(), "docs/rules/"))


def waivers(old: str) -> str:
    """The guide to waivers with their keys as they are now."""
    described = descriptions(Waiver)
    rows = [f"| `{key.name}` | {_cell(_needed(key))} | {_cell(described[key.name])} |" for key in keys(Waiver)]
    return _between(old, "keys", ["| key | | meaning |", "| --- | --- | --- |", *rows])


def _needed(key: Key) -> str:
    return "required" if key.required else ""


def _between(old: str, name: str, table: list[str]) -> str:
    begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    pattern = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    text = "\n".join(table)
    return pattern.sub(lambda _: f"{begin}\n\n{text}\n\n{end}", old, count=1)


def page(found: Kind, shown: Iterable[str] = ()) -> str:
    """What a kind holds, how it judges, its examples, and every key."""
    sections = [f"# {found.name}", _NOTICE, found.text.strip(), *shown, "## Keys", *_own_keys(found)]
    for model in list(models(found.model))[1:]:
        sections += [f"### {_heading(found.model, model)}", "\n".join(_key_table(model, keys(model)))]
    sections += ["## Keys of every policy", "\n".join(_key_table(found.model, _common(found.model)))]
    return "\n\n".join(sections) + "\n"


def _kinds() -> Iterator[Kind]:
    return (found for name in kinds() if (found := kind(name)))


def _index(every: Iterable[Kind]) -> str:
    lines = ["# Kinds of policies", "", _NOTICE, "", *_kinds_table(every, "")]
    return "\n".join(lines) + "\n"


def _kinds_table(every: Iterable[Kind], folder: str) -> list[str]:
    rows = [f"| [`{found.name}`]({folder}{found.name}.md) | {_cell(_first_sentence(found.text))} |" for found in every]
    return ["| kind | what it holds |", "| --- | --- |", *rows]


def _first_sentence(text: str) -> str:
    return text.partition("\n\n")[0]


def _common(model: type) -> list[Key]:
    shared = {key.field for key in keys(Policy)} - {"kind"}
    return [key for key in keys(model) if key.field in shared]


def _own_keys(found: Kind) -> list[str]:
    common = {key.field for key in _common(found.model)} | {"kind"}
    own = [key for key in keys(found.model) if key.field not in common]
    return ["\n".join(_key_table(found.model, own))]


def _key_table(model: type, rows: Iterable[Key]) -> list[str]:
    described = descriptions(model)
    lines = [
        f"| `{key.name}` | {_cell(_type(key.type))} | {_default(key)} | {_cell(described.get(key.name, ''))} |"
        for key in rows
    ]
    return ["| key | value | default | meaning |", "| --- | --- | --- | --- |", *lines]


def _type(annotation: Annotation) -> str:
    """The type in words; what a mapping holds stands in a table of its own."""
    mapping_words = [words(member) for member in members(annotation) if _is_model(member)]
    said = words(annotation)
    for long in mapping_words:
        said = said.replace(long, "a mapping")
    return said


def _is_model(annotation: Annotation) -> bool:
    return [annotation] == list(nested(annotation))


def _heading(root: type, model: type) -> str:
    """Where a model is used: the keys that can hold it."""
    places = dict.fromkeys(
        key.name for parent in models(root) for key in keys(parent) if model in set(nested(key.type))
    )
    named = [f"`{name}`" for name in places]
    more = f" and {len(named) - _SHOWN} more" if len(named) > _SHOWN else ""
    return f"A mapping in {', '.join(named[:_SHOWN])}{more}"


def _default(key: Key) -> str:
    if key.required:
        return "required"
    if key.default is None or key.default == "":
        return ""
    return f"`{json.dumps(key.default, default=str)}`"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")

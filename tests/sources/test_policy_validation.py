"""The loader over models that no kind has yet: keys that Python keeps for itself, free keys, unions in unions."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import pytest

from govcheck.policy import MODEL_CONFIGURATION
from govcheck.policy_docs import descriptions
from govcheck.policy_keys import keys, models, words
from govcheck.sources.document_validation import validate
from govcheck.sources.yaml_document import load_one


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """When."""

    __pydantic_config__: ClassVar[dict[str, Any]] = MODEL_CONFIGURATION

    from_: str
    """Where it
    begins."""

    to: str = ""
    """Where it ends."""

    def problems(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Not asked: only the document's own model is."""
        yield (), "never"


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """All windows."""

    __pydantic_config__: ClassVar[dict[str, Any]] = MODEL_CONFIGURATION

    windows: tuple[Window, ...] = ()
    """The windows."""

    by_name: dict[str, Window | tuple[str, ...]] | None = None
    """Windows with names."""

    first: Window | Literal["none"] | int = "none"
    """One of them."""

    def problems(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Names places in Python's spelling and in YAML's, and one that is not there."""
        for number, window in enumerate(self.windows):
            if window.from_ == "x":
                yield ("windows", number, "from_"), "python"
                yield ("windows", number, "from"), "yaml"
                yield ("windows", number, "to"), "left out"


def told(text: str) -> list[str]:
    value, problems = validate(Calendar, "p.yaml", load_one(text))
    assert (value is None) or problems == [] or "windows" in text
    return [str(problem) for problem in problems]


def test_a_key_that_python_keeps_for_itself():
    value, problems = validate(Calendar, "p.yaml", load_one('windows: [{from: "09:00", to: 17:00}]'))
    assert problems == []
    assert value == Calendar(windows=(Window(from_="09:00", to="17:00"),))


def test_the_field_of_such_a_key_is_no_key():
    assert told("windows: [{from_: a}]") == [
        "p.yaml:1:12: unknown key `from_`: did you mean `from`? Legal keys here are from, to"
    ]


def test_a_models_own_problems_stand_at_the_nearest_place():
    assert told("windows:\n  - to: y\n    from: x\n") == [
        "p.yaml:3:11: `windows[0].from`: python",
        "p.yaml:3:11: `windows[0].from`: yaml",
        "p.yaml:2:9: `windows[0].to`: left out",
    ]
    assert told("windows:\n  - from: x\n")[2] == "p.yaml:2:5: `windows[0].to`: left out"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("by_name: {a: {frm: x}}", "p.yaml:1:15: unknown key `frm`: did you mean `from`? Legal keys here are from, to"),
        (
            "by_name: {a: {from: 1}}",
            'p.yaml:1:21: `by_name.a.from` must be text, not the number `1`: put it in quotes ("1")',
        ),
        ("by_name: {a: [1]}", 'p.yaml:1:15: `by_name.a[0]` must be text, not the number `1`: put it in quotes ("1")'),
        (
            "by_name: {a: 1}",
            "p.yaml:1:14: `by_name.a` must be a mapping with `from` or `to` or a list of texts, not the number `1`",
        ),
        (
            "by_name: []",
            "p.yaml:1:10: `by_name` must be a mapping of mappings with `from` or `to` or a list of texts, not a list",
        ),
        (
            "first: []",
            "p.yaml:1:8: `first` must be a mapping with `from` or `to` or `none` or a whole number, not a list",
        ),
        ("first: {}", "p.yaml:1:8: the key `from` is missing: Where it begins"),
    ],
)
def test_unions_and_free_keys(text, expected):
    assert told(text) == [expected]


def test_what_a_model_says_of_itself():
    assert [(key.name, key.field, key.required, key.default) for key in keys(Window)] == [
        ("from", "from_", True, None),
        ("to", "to", False, ""),
    ]
    assert descriptions(Window) == {"from": "Where it begins.", "to": "Where it ends."}
    assert list(models(Calendar)) == [Calendar, Window]
    assert words(tuple[str, ...] | None) == "a list of texts"
    assert words(tuple[Literal["a", "b"], ...]) == "a list of `a`, `b`"

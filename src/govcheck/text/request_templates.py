"""Where a pull request's template is, whatever the case of its name.

Source: https://docs.github.com/en/communities/using-templates-to-encourage-useful-issues-and-pull-requests/creating-a-pull-request-template-for-your-repository
"""

from collections.abc import Iterable, Mapping

_NAME = "pull_request_template"


def _any_case(text: str) -> str:
    return "".join(f"[{letter.lower()}{letter.upper()}]" if letter.isalpha() else letter for letter in text)


GLOBS = tuple(f"{folder}{_any_case(_NAME)}{rest}" for folder in ("", ".github/", "docs/") for rest in (".*", "/*"))
"""Globs of every place that GitHub takes a template from."""


def single(paths: Iterable[str]) -> tuple[str, ...]:
    """Those that a new pull request begins with, in the order in which GitHub looks; the others are asked for by name.

    In one folder several names that differ in case alone may lie side by side; nothing documents which one is taken.
    """
    own = [path for path in paths if path.lower().rpartition("/")[2].partition(".")[0] == _NAME]
    ordered = (".github", "", "docs")
    return tuple(sorted(own, key=lambda path: (ordered.index(path.rpartition("/")[0].lower()), path)))


def same_but_for_case(paths: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """Paths that differ in case alone, together."""
    alike: dict[str, list[str]] = {}
    for path in paths:
        alike.setdefault(path.lower(), []).append(path)
    return tuple(tuple(sorted(group)) for group in alike.values() if len(group) > 1)


def texts(contents: Mapping[str, object]) -> Mapping[str, str]:
    """The text of every template that could be read."""
    return {path: data.decode("utf-8", "replace") for path, data in contents.items() if isinstance(data, bytes)}

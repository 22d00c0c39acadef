"""What CODEOWNERS says of one path, in words."""

from collections.abc import Iterator, Mapping

from govcheck.codeowners.matching import Owners, State
from govcheck.codeowners.parsing import LOCATIONS, Rule, parse
from govcheck.paths import display


def explain(path: str, contents: Mapping[str, bytes | str]) -> Iterator[str]:
    """Which line governs a path, and what that line and its file hide.

    Args:
        path: From the repository's root; it need not exist.
        contents: The files of `LOCATIONS` that there are: their bytes, or why there are none.
    """
    there = [location for location in LOCATIONS if location in contents]
    if not there:
        yield "there is no CODEOWNERS file: nobody owns it"
        return
    winner, *hidden = there
    content = contents[winner]
    yield from _said(path, winner, content) if isinstance(content, bytes) else [f"{winner}: cannot tell: {content}"]
    for other in hidden:
        yield f"{other} is hidden by {winner}: GitHub does not read it"


def _said(path: str, winner: str, content: bytes) -> Iterator[str]:
    file = parse(content)
    if file.unloaded is not None:
        yield f"{winner}: {'GitHub does not load it' if file.certain else 'cannot tell'}: {file.unloaded}"
        return
    ownership = Owners(file.rules).of(path)
    rule = ownership.rule
    if rule is None:
        yield f"{winner}: no line matches {display(path)}: nobody owns it"
    elif ownership.state is State.UNOWNED:
        yield f"{_line(winner, rule)} has no owners: nobody owns {display(path)}"
    else:
        owners = ", ".join(owner.text for owner in rule.owners)
        yield f"{_line(winner, rule)} decides: {display(path)} is owned by {display(owners)}"
    for earlier in ownership.overridden:
        yield f"it overrides {_line(winner, earlier)}, `{display(earlier.words)}`"
    for line in file.skipped:
        doubt = "skips" if line.certain else "may not read"
        yield f"GitHub {doubt} {winner}:{line.line}, `{display(line.source)}`: {display(line.message)}"


def _line(winner: str, rule: Rule) -> str:
    return f"{winner}:{rule.line} (`{display(rule.pattern)}`)"

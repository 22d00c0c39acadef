"""The pages in `docs/sets/`: of each packaged set that follows a benchmark, every control, and what holds it."""

from collections import Counter
from pathlib import Path

from govcheck.packaged_sets import CONTROLS, PACKAGED
from govcheck.sources.control_files import Control, Controls, load_controls

_SETS = Path(__file__).parents[1] / "sets"
_NOTICE = "<!-- Written by `govcheck generate` from the set's `_controls.yaml`: edit that. -->"
_STATES = ("held", "held in part", "not covered yet", "not checkable by machine")
_MEANINGS = {
    "held": "a policy of the set fails where the control is not met",
    "held in part": "so it does, for what the last column says",
    "not covered yet": "a machine could tell, and no policy of the set does",
    "not checkable by machine": "it takes a person, or what GitHub tells nobody",
}


def files() -> dict[str, str]:
    """Every page."""
    found = {name: _SETS / name / CONTROLS for name in PACKAGED}
    return {f"docs/sets/{name}.md": _page(name, path) for name, path in found.items() if path.is_file()}


def _page(name: str, path: Path) -> str:
    controls = load_controls(f"govcheck:{name}/{CONTROLS}", path.read_bytes())
    about = (
        f"The controls of the [{controls.benchmark} {controls.version}]({controls.source}), by the ids that it has. "
        "The words are govcheck's own: what a control demands stands there. `extends` and `disable` are explained in "
        "[Sharing policies](../guides/sharing.md)."
    )
    sections = [
        f"# govcheck:{name}",
        _NOTICE,
        about,
        f"```yaml\n# .govcheck.yaml\nextends: [govcheck:{name}]\n```",
        _counts(controls),
        "\n".join(_table(controls)),
    ]
    return "\n\n".join(sections) + "\n"


def _counts(controls: Controls) -> str:
    counted = Counter(control.state for control in controls.controls)
    rows = [f"| {state} | {counted[state]} | {_MEANINGS[state]} |" for state in _STATES]
    total = f"| all | {len(controls.controls)} | |"
    return "\n".join(["| | controls | |", "| --- | --- | --- |", *rows, total])


def _table(controls: Controls) -> list[str]:
    head = ["| control | level | what it is about | here | by, or why not |", "| --- | --- | --- | --- | --- |"]
    return head + [
        f"| {control.id} | {control.level} | {_cell(control.title)} | {control.state} | {_cell(_how(control))} |"
        for control in controls.controls
    ]


def _how(control: Control) -> str:
    if not control.policies:
        return control.not_checkable or control.not_covered
    named = ", ".join(f"`{policy}`" for policy in control.policies)
    return f"{named}: {control.partly}" if control.partly else named


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")

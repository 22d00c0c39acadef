"""A ruleset that somebody saves: GitHub then has a date and a version of it."""

from copy import deepcopy

from fake_github import shapes
from fake_github.state import Document, Repository

MONA: Document = {"id": 12, "type": "User", "name": "mona"}


def save(repository: Repository, ruleset: Document, at: str, actor: Document = MONA) -> None:
    """The ruleset is saved as it is now: its date, its history, and what it is by that version."""
    ruleset["updated_at"] = at
    history: list[Document] = ruleset.setdefault("history", [])
    version = {"version_id": 70 + len(history), "actor": actor, "updated_at": at}
    history.insert(0, version)
    state = deepcopy(shapes.ruleset("", repository.name, ruleset, whole=True, may_write=True))
    below = f"rulesets/{ruleset['id']}/history"
    repository.answer(below, history, permission="administration:write")
    number = version["version_id"]
    repository.answer(f"{below}/{number}", {**version, "state": state}, permission="administration:write")

"""The Actions workflow files, and the repository's own actions, as they stand in the state that is judged."""

from collections.abc import Mapping as Names

from govcheck.facts import Fact
from govcheck.facts.document import Mapping
from govcheck.findings import Reason
from govcheck.records import field, frozen, replace


@frozen
class Unreadable:
    """Why a workflow file has no document."""

    message: str
    line: int
    column: int
    reason: Reason | None
    """None: GitHub rejects the file as well (a finding). Otherwise only we cannot read it (an unknown)."""


@frozen(eq=False)
class ActionFile:
    """An action of the repository's own: `action.yml` or `action.yaml` in a folder that a workflow names."""

    path: str
    """From the repository's root."""

    document: Mapping | Unreadable
    text: str
    """The file's text; empty where it could not be read."""


@frozen(eq=False)
class WorkflowFile:
    """One file of `.github/workflows`, dot-files included. Compared by identity, so that it can be a cache key."""

    path: str
    """From the repository's root."""

    document: Mapping | Unreadable
    text: str
    """The file's text, for excerpts; empty where it could not be read."""

    actions: Names[str, ActionFile] = field(default_factory=dict)
    """The repository's own actions that workflows use, all of them, by their folders: `.github/actions/deploy`."""

    @property
    def texts(self) -> tuple[str, ...]:
        """Every text that can be part of what runs: its own, and those of the actions."""
        return (self.text, *(action.text for action in self.actions.values()))


@frozen(eq=False)
class Workflows(Fact):
    """Every workflow file, by path. Offered at every stage."""

    files: tuple[WorkflowFile, ...]
    actions: tuple[ActionFile, ...] = ()
    """The repository's own actions that they use, by path, and those that these use."""


def _path(action: ActionFile) -> str:
    return action.path


def linked(files: tuple[WorkflowFile, ...], actions: tuple[ActionFile, ...]) -> Workflows:
    """Workflow files, each with the actions at hand; in one folder `action.yml` counts, as it does for GitHub."""
    if not actions:
        return Workflows(files)
    by_folder = {one.path.rpartition("/")[0]: one for one in sorted(actions, key=_path)}
    return Workflows(tuple(replace(file, actions=by_folder) for file in files), actions)

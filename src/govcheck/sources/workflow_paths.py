"""Which files GitHub takes for workflows, by their paths alone: a run that knows the files needs no more of them."""

_ACTION_NAMES = ("action.yml", "action.yaml")
"""What the file of an action of the repository's own is called, in the folder that a step names."""

_FOLDER = ".github/workflows/"
_SUFFIXES = (".yml", ".yaml")


def is_workflow_path(path: str) -> bool:
    """Whether GitHub takes the file for a workflow: directly in the folder, dot-files included, in this very case."""
    name = path.removeprefix(_FOLDER)
    return name != path and "/" not in name and name.endswith(_SUFFIXES)


def is_action_path(path: str) -> bool:
    """Whether a file is called as the file of an action is."""
    return path.rpartition("/")[2] in _ACTION_NAMES

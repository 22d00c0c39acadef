"""Readers of rules that say more than a switch or a number: patterns, workflows, thresholds, reviewers, the queue."""

from govcheck.settings.actors import dismissing_actors
from govcheck.settings.bodies import Body, UnexpectedShapeError, flag, number, objects, part, text
from govcheck.settings.readers import Reader, Surroundings
from govcheck.settings.strength import Value

PATTERN_KEYS = ("operator", "pattern", "negate")
_GROUPINGS = {"ALLGREEN": True, "HEADGREEN": False}


def required_workflows(body: Body, _around: Surroundings) -> Value:
    """Required workflows, each as its repository's number and its path: `1296269:.github/workflows/ci.yml`."""
    listed = [(number(entry, "repository_id"), text(entry, "path")) for entry in objects(body, "workflows") or ()]
    if any(repository is None or path is None for repository, path in listed):
        raise UnexpectedShapeError("workflows: expected repository_id and path")
    return frozenset(f"{repository}:{path}" for repository, path in listed)


def workflow_refs(body: Body, _around: Surroundings) -> Value:
    """The refs and commits that required workflows are taken at: `1296269:.github/workflows/ci.yml@main`."""
    listed = objects(body, "workflows") or ()
    return frozenset(
        f"{number(entry, 'repository_id')}:{text(entry, 'path')}@{at}"
        for entry in listed
        for at in (text(entry, "ref"), text(entry, "sha"))
        if at is not None
    )


def required_reviewers(body: Body, around: Surroundings) -> Value:
    """Teams that must approve changes of some files: `2 of team:org/slug on *.js, !vendor/**`.

    The number of approvals counts down to 1, so that a list with more of them has all that one with fewer has.
    """
    found: set[str] = set()
    for entry in objects(body, "required_reviewers") or ():
        least, patterns = number(entry, "minimum_approvals"), part(entry, "file_patterns")
        if least is None or not isinstance(patterns, list) or not all(isinstance(one, str) for one in patterns):
            raise UnexpectedShapeError("required_reviewers: expected file_patterns and minimum_approvals")
        (who,) = dismissing_actors([_object(entry, "reviewer")], around.names)
        found |= {f"{count_} of {who} on {', '.join(map(str, patterns))}" for count_ in range(1, max(least, 0) + 1)}
    return frozenset(found)


def thresholds(path: str, key: str, levels: tuple[str, ...]) -> Reader:
    """Of every tool the alerts that stop a merge, each level with those below it: `CodeQL errors`."""

    def read(body: Body, _around: Surroundings) -> Value:
        found: set[str] = set()
        for entry in objects(body, path) or ():
            tool, level = text(entry, "tool"), text(entry, key)
            if tool is None or level not in levels:
                raise UnexpectedShapeError(f"{path}: {key} is {level!r}, which this govcheck does not know")
            found |= {f"{tool} {below}" for below in levels[1 : levels.index(level) + 1]}
        return frozenset(found)

    return read


def queue_methods(path: str) -> Reader:
    """The one merge method of a merge queue, written as others are."""

    def read(body: Body, _around: Surroundings) -> Value:
        found = text(body, path)
        if found is None:
            raise UnexpectedShapeError(f"{path} is missing")
        return frozenset({found.lower()})

    return read


def all_green(path: str) -> Reader:
    """Whether every pull request of a group must pass, not only the last."""

    def read(body: Body, _around: Surroundings) -> Value:
        found = text(body, path)
        if found not in _GROUPINGS:
            raise UnexpectedShapeError(f"{path} is {found!r}, which this govcheck does not know")
        return _GROUPINGS[found]

    return read


def pattern(body: Body, _around: Surroundings) -> Value:
    """A pattern as one text: `starts_with fix`, `not regex ^wip`."""
    operator, found = text(body, "operator"), text(body, "pattern")
    if operator is None or found is None:
        raise UnexpectedShapeError("expected operator and pattern")
    return frozenset({f"{'not ' if flag(body, 'negate') else ''}{operator} {found}"})


def _object(body: Body, path: str) -> Body:
    found = part(body, path)
    if not isinstance(found, dict):
        raise UnexpectedShapeError(f"{path}: expected an object")
    return found

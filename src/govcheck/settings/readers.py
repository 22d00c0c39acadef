"""Readers: from a part of GitHub's document to the value of one control.

Each is a pure function of the document and of what else is known of the repository. A part that is absent reads as
"not set" only where GitHub leaves it out when it is off; where absence could hide something weaker, the reader raises.
"""

from collections.abc import Callable

from govcheck.facts.live import Answer
from govcheck.findings import Reason
from govcheck.records import frozen
from govcheck.settings.actors import Names, dismissing_actors, listed_actors
from govcheck.settings.bodies import Body, UnexpectedShapeError, flag, number, objects, part, text, texts
from govcheck.settings.strength import Value


@frozen(kw_only=True)
class BeyondRest:
    """What of classic protection GitHub's REST API leaves out."""

    deployments: frozenset[str]
    """The environments that must be deployed to before merging."""

    merge_queue: bool | None
    """Whether merges go through a queue that no ruleset asks for; None where a ruleset asks for one too."""

    force_pushers: frozenset[str]
    """Who may force-push in spite of it."""


@frozen
class Surroundings:
    """What a reader may need beside the document."""

    owner: str
    """The repository's owner, whose teams its lists name."""

    names: Names
    """Names of actors that other documents give by number."""

    beyond_rest: "BeyondRest | NotToldError | None" = None
    """What only GraphQL tells of classic protection, or why it does not; None where it was not asked."""


Reader = Callable[[Body, Surroundings], Value]

_METHODS = {"allow_merge_commit": "merge", "allow_squash_merge": "squash", "allow_rebase_merge": "rebase"}


class NotToldError(Exception):
    """A good answer that keeps something back; the message says what it does not tell."""

    def __init__(self, message: str, permission: str | None = None, reason: Reason = Reason.REDACTED) -> None:
        super().__init__(message)
        self.reason = reason
        self.permission = permission
        """The token permission that would show it; None where no token is ever shown it."""

        self.answer: Answer | None = None
        """The answer that keeps it back, where that is another one than the one being read."""

    def by(self, answer: Answer | None) -> "NotToldError":
        """The same, of the answer that keeps it back."""
        self.answer = answer
        return self


def always(_body: Body, _around: Surroundings) -> Value:
    """A rule that is there, and has nothing more to say."""
    return True


def nobody(_body: Body, _around: Surroundings) -> Value:
    """A rule that lets nobody through but those who may go around it."""
    return frozenset()


def linear_methods(_body: Body, _around: Surroundings) -> Value:
    """The merge methods that leave a linear history."""
    return frozenset({"squash", "rebase"})


def beyond_rest(around: Surroundings, what: str) -> BeyondRest:
    """What of classic protection only GraphQL tells.

    Raises:
        NotToldError: where it was not asked, or what it says proves nothing.
    """
    found = around.beyond_rest
    if found is None:
        raise NotToldError(f"GitHub's REST API does not say {what}")
    if isinstance(found, NotToldError):
        message = f"GitHub's REST API does not say {what}, and {found}"
        raise NotToldError(message, found.permission, found.reason).by(found.answer)
    return found


def classic_deployments(_body: Body, around: Surroundings) -> Value:
    """The environments that classic protection wants deployed to."""
    return beyond_rest(around, "which deployments classic protection requires").deployments


def classic_merge_queue(_body: Body, around: Surroundings) -> Value:
    """Whether classic protection wants a merge queue."""
    found = beyond_rest(around, "whether classic protection requires a merge queue").merge_queue
    if found is None:
        raise NotToldError("GitHub does not say whether classic protection asks for the merge queue as a ruleset does")
    return found


def toggle(path: str) -> Reader:
    """A boolean that GitHub leaves out when it is off."""
    return lambda body, _: flag(body, path) or False


def banned(path: str) -> Reader:
    """A boolean that allows what the control forbids. It must be there: absence would read as the stronger value."""

    def read(body: Body, _around: Surroundings) -> Value:
        allowed = flag(body, path)
        if allowed is None:
            raise UnexpectedShapeError(f"{path} is missing")
        return not allowed

    return read


def present(path: str) -> Reader:
    """An object whose presence switches the control on."""

    def read(body: Body, _around: Surroundings) -> Value:
        found = part(body, path)
        if found is not None and not isinstance(found, dict):
            raise UnexpectedShapeError(f"{path}: expected an object")
        return found is not None

    return read


def within(path: str, read: Reader, weakest: Value) -> Reader:
    """A value that means nothing while its parent is not set."""
    parent = present(path)
    return lambda body, around: read(body, around) if parent(body, around) else weakest


def within_flag(path: str, read: Reader, weakest: Value) -> Reader:
    """A value that means nothing while another switch is off."""
    return lambda body, around: read(body, around) if flag(body, path) else weakest


def count(path: str) -> Reader:
    """A number that must be there."""

    def read(body: Body, _around: Surroundings) -> Value:
        found = number(body, path)
        if found is None:
            raise UnexpectedShapeError(f"{path} is missing")
        return found

    return read


def actors(path: str) -> Reader:
    """A classic list of users, teams and apps: absent means everybody, empty means nobody."""
    return lambda body, around: listed_actors(body, path, around.owner)


def dismissals(body: Body, around: Surroundings) -> Value:
    """Who may dismiss reviews, by a pull request rule."""
    if not flag(body, "dismissal_restriction.enabled"):
        return None
    return dismissing_actors(objects(body, "dismissal_restriction.allowed_actors") or (), around.names)


def names(path: str) -> Reader:
    """A list of what is on offer, of which GitHub wants one at least; absent, everything is."""

    def read(body: Body, _around: Surroundings) -> Value:
        found = texts(body, path)
        if found is not None and not found:
            raise UnexpectedShapeError(f"{path} is empty")
        return found

    return read


def demanded(path: str) -> Reader:
    """A list of names that are demanded; absent, none is."""
    return lambda body, _: texts(body, path) or frozenset()


def demanded_members(path: str, key: str) -> Reader:
    """The names in a list of objects."""
    return lambda body, _: _members(body, path, key)


def without_merge_commits(path: str) -> Reader:
    """The merge methods that a switch for linear history leaves."""
    return lambda body, around: linear_methods(body, around) if flag(body, path) else None


def repository_merge_methods(body: Body, _around: Surroundings) -> Value:
    """The merge methods that the repository's own settings leave."""
    allowed = {method: flag(body, key) for key, method in _METHODS.items()}
    if None in allowed.values():
        raise NotToldError("GitHub leaves the merge settings out for tokens without contents:write", "contents:write")
    return frozenset(method for method, on in allowed.items() if on)


def classic_contexts(body: Body, _around: Surroundings) -> Value:
    """The contexts of classic protection: `checks`, and the older list that says the same."""
    older = texts(body, "required_status_checks.contexts") or frozenset()
    return older | _members(body, "required_status_checks.checks", "context")


def rule_contexts(body: Body, _around: Surroundings) -> Value:
    """The contexts of a required_status_checks rule."""
    return _members(body, "required_status_checks", "context")


def where_any(contexts: Reader, read: Reader) -> Reader:
    """A value that takes no effect while no status check is required (GitHub's own note on `strict`)."""
    return lambda body, around: read(body, around) if contexts(body, around) else False


def _members(body: Body, path: str, key: str) -> frozenset[str]:
    found = [text(entry, key) for entry in objects(body, path) or ()]
    named = frozenset(name for name in found if name is not None)
    if None in found:
        raise UnexpectedShapeError(f"{path}: an entry without {key}")
    return named

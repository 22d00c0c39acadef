"""Whose the repository is: what only an organisation has, a user's repository has not."""

from govcheck.facts.live import Answer
from govcheck.findings import Json

_USER = "User"


def is_owned_by_user(repository: Answer) -> bool:
    """Whether it is known that a user, and no organisation, owns the repository."""
    return _owner(repository).get("type") == _USER


def owner_name(repository: Answer) -> str:
    """The owner's login in lower case, from what was answered or else from what was asked."""
    login = _owner(repository).get("login")
    words = repository.endpoint.split("/")
    asked = words[1] if len(words) > 1 else ""
    return (login if isinstance(login, str) and login else asked).lower()


def _owner(repository: Answer) -> dict[str, Json]:
    owner = repository.body.get("owner") if isinstance(repository.body, dict) else None
    return owner if isinstance(owner, dict) else {}

"""The owners that a line names: `@user`, `@organisation/team`, or the e-mail address of a user.

Whether they exist, and may write, only GitHub knows. What can be told from the text is whether they could.
"""

import re
from typing import Literal

from govcheck.records import frozen

OwnerKind = Literal["user", "team", "email"]

_LONGEST_LOGIN = 39
_LOGIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]*")
_TEAM = re.compile(r"[A-Za-z0-9_.:-]+")
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(?:\.[^@\s.]+)+")
_TEAM_WORDS = frozenset(
    {
        "team",
        "teams",
        "squad",
        "crew",
        "group",
        "guild",
        "owners",
        "maintainers",
        "reviewers",
        "leads",
        "admins",
        "devs",
    }
)


@frozen
class Owner:
    """One owner, as it is written."""

    text: str
    column: int
    kind: OwnerKind

    @property
    def organization(self) -> str | None:
        """A team's organisation, in lower case: GitHub compares names without regard to case."""
        return self.text[1:].partition("/")[0].lower() if self.kind == "team" else None

    @property
    def sounds_like_a_team(self) -> bool:
        """Whether a user's name has a word in it that teams have: `@docs-team`. A guess."""
        return self.kind == "user" and not _TEAM_WORDS.isdisjoint(self.text[1:].lower().split("-"))


def read_owner(text: str, column: int) -> Owner:
    """An owner that `problem` finds nothing wrong with."""
    if not text.startswith("@"):
        return Owner(text, column, "email")
    return Owner(text, column, "team" if "/" in text else "user")


def problem(text: str) -> str | None:
    """Why no such owner can exist, and what to write; None where there may be one."""
    if not text.startswith("@"):
        if _EMAIL.fullmatch(text):
            return None
        return "write `@user`, `@organisation/team` or an e-mail address"
    login, slash, team = text[1:].partition("/")
    if login.startswith("@"):
        return "`@@` names a role on GitLab, and GitHub has none: write `@organisation/team`"
    if not _LOGIN.fullmatch(login) or len(login) > _LONGEST_LOGIN:
        return "an account's name has letters, digits and hyphens, 39 at most"
    if slash and not _TEAM.fullmatch(team):
        return "a team is written `@organisation/team`, by the name in its address"
    return None

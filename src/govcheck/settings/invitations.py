"""Invitations that nobody answered yet: whoever accepts one can reach the repository.

Source: https://docs.github.com/en/rest/collaborators/invitations#list-repository-invitations
"""

from govcheck.findings import Json
from govcheck.records import frozen
from govcheck.settings.bodies import Body, flag, objects_of, part, required_text, text
from govcheck.settings.deploy_keys import name_of
from govcheck.settings.people import actor_of


@frozen(kw_only=True)
class Invitation:
    """One invitation."""

    invitee: str
    """`user:login`, or `id-N` of the invitation where it names nobody."""

    role: str
    expired: bool | None
    """None where GitHub does not say."""

    created_on: str
    """A day; empty where it is not told."""


def read_invitation(entry: Body) -> Invitation:
    """An invitation as GitHub lists it.

    Raises:
        UnexpectedShapeError: it is not as GitHub documents it.
    """
    invitee = part(entry, "invitee")
    return Invitation(
        invitee=actor_of(invitee) if isinstance(invitee, dict) else name_of(entry),
        role=required_text(entry, "permissions"),
        expired=flag(entry, "expired"),
        created_on=(text(entry, "created_at") or "")[:10],
    )


def invitations(document: Json) -> list[str]:
    """`user:login=role` of every invitation, for comparison."""
    listed = [read_invitation(entry) for entry in objects_of(document, "invitations")]
    return [f"{one.invitee}={one.role}" for one in listed]

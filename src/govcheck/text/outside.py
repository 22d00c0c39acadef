"""What is said of a path that lists of globs refuse. Pure."""

from collections.abc import Sequence

from govcheck import globs
from govcheck.findings import Finding, Fix, Json, Location
from govcheck.globs import Dialect
from govcheck.paths import display
from govcheck.records import frozen
from govcheck.text.sides import Side

_SHOWN = 5
"""How many patterns a sentence names before it says how many more there are."""


@frozen(kw_only=True)
class Lists:
    """The lists that refuse."""

    policy: str
    """The id of the policy that has them."""

    allow: tuple[str, ...] | None
    dialect: Dialect


def finding(lists: Lists, side: Side, denied_by: str | None) -> Finding:
    """One refused path.

    Args:
        lists: What refuses it.
        side: The path, and what is done to it.
        denied_by: The glob of `deny` that does; None where no glob of `allow` fits.
    """
    where = "outside the allowed paths" if denied_by is None else f"although `deny` has `{denied_by}`"
    expected: list[Json] = [*(lists.allow or ())] if denied_by is None else [f"not {denied_by}"]
    return Finding(
        control="path",
        subject=display(side.path),
        message=f"`{display(side.path)}` {side.done} {where}",
        plane="repo",
        location=Location(path=side.path),
        expected=expected,
        actual=side.change,
        fix=Fix(text=_mend(lists, side, denied_by)),
    )


def _mend(lists: Lists, side: Side, denied_by: str | None) -> str:
    undo = "Move it or remove it" if side.change in {"add", "tracked"} else "Leave this path as it was"
    if denied_by is not None:
        return f"{undo}, or narrow `{denied_by}` in `deny` of the policy `{lists.policy}`"
    if side.change in {"add", "tracked"} and lists.allow:
        undo = f"Move it to where it may be ({_some(lists.allow)})"
    literal = globs.literal(side.path) if lists.dialect == "govcheck" and side.path.isprintable() else side.path
    widened = "it" if literal == side.path else f"`{literal}`"
    return f"{undo}, or add {widened} to `allow` of the policy `{lists.policy}`"


def _some(patterns: Sequence[str]) -> str:
    named = ", ".join(f"`{pattern}`" for pattern in patterns[:_SHOWN])
    return f"{named} and {len(patterns) - _SHOWN} more" if len(patterns) > _SHOWN else named

"""A change held to the paths of the role that it belongs to."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from govcheck.findings import Finding, Fix, Location, Reason, Settled, Undecided
from govcheck.globs import Globs
from govcheck.paths import display
from govcheck.records import frozen
from govcheck.text.roles import Described, Told, Who, role_of
from govcheck.text.sides import Side


@frozen(kw_only=True)
class RoleRules:
    """The roles of a policy, and what their lists mean."""

    policy: str
    """Its id."""

    roles: Sequence[Described]
    allows: Sequence[tuple[str, ...]]
    """What each role may touch, in the order of `roles`."""

    allow: tuple[str, ...] | None
    """What whoever has no role may touch; None: nothing."""

    words: Mapping[str, Sequence[str]]
    compiled: Callable[[Sequence[str]], Globs]

    def told(self, who: Who) -> Told:
        """Whose the change is."""
        return role_of(self.roles, who, self.words)


def judge(rules: RoleRules, told: Told, sides: Mapping[str, Side], who: Who) -> Iterator[Finding | Undecided]:
    """What a change touches that is not its role's; or that its role cannot be told."""
    if not sides:
        return
    if told.doubt is not None:
        yield untold(told.doubt, who)
        return
    allow = rules.allow if told.place is None else rules.allows[told.place]
    if allow is None:
        yield _roleless(rules, who)
        return
    role = None if told.place is None else rules.roles[told.place].name
    whose = "`allow`, as the change belongs to no role" if role is None else f"the paths of the role `{role}`"
    for path in rules.compiled(allow).rejected(sides):
        side = sides[path]
        yield Finding(
            control="path",
            subject=display(path),
            message=f"`{display(path)}` {side.done} outside {whose}",
            plane="repo",
            location=Location(path=path),
            expected=[*allow],
            actual=side.change,
            fix=Fix(text=f"Leave it to whom it belongs, or widen that list in the policy `{rules.policy}`"),
        )


def settle(
    rules: RoleRules, sides: Mapping[str, Side], before: Who, after: Who
) -> Iterator[Finding | Undecided | Settled]:
    """The same where more is known now: it takes the place of the doubt that there was."""
    doubt = rules.told(before).doubt
    if doubt is None or not sides:
        return
    told = rules.told(after)
    yield Settled(untold(doubt, before), untold(told.doubt, after) if told.doubt else None)
    if told.doubt is None:
        yield from judge(rules, told, sides, after)


def untold(doubt: str, who: Who) -> Undecided:
    """That nobody can tell whose the change is."""
    message = f"whose change it is cannot be told: {doubt}"
    return Undecided(control="role", subject=who.branch or "HEAD", reason=Reason.MISSING_OBJECT, message=message)


def _roleless(rules: RoleRules, who: Who) -> Finding:
    names = ", ".join(f"`{role.name}`" for role in rules.roles)
    return Finding(
        control="role",
        subject=who.branch or "HEAD",
        message=f"The change belongs to none of the roles {names}",
        plane="repo",
        fix=Fix(text="Name the branch, or label the pull request, as its role has it"),
    )

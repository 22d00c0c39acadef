"""What belongs together is changed together, or the pull request says why not.

```yaml
kind: co-change
id: migrations-come-with-rollback
why: What cannot be taken back is not tried.
when: ["supabase/migrations/*.sql"]
except: ["supabase/migrations/*.rollback.sql"]
then: ["supabase/migrations/*.rollback.sql"]
statement: No rollback
```

Where the change touches a path that `when` matches, it also has to touch one that `then` matches. `changes` says which
changes count for `when`; for `then` only what is there afterwards does: what is deleted, or renamed away, is no
partner.

`each: true` asks for a partner of each path: `{stem}`, `{name}` and `{folder}` in `then` stand for the path's name
without its last ending, its whole name, and its folder (`{folder}/{stem}.test.*`).

With `statement` the pull request's text may say why there is no partner: in a line `No rollback: only a comment` or
below a heading of that name. At a commit no pull request is known: there a missing partner is a warning where a
statement may excuse it, and a failure where none can.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from govcheck import globs
from govcheck.facts.change import Change, ChangeType
from govcheck.facts.pull_request import StatedChange
from govcheck.findings import Evidence, Finding, Fix, Held, Judged, Location
from govcheck.globs import compile_globs
from govcheck.paths import display
from govcheck.policy import Policy
from govcheck.records import frozen
from govcheck.registry import Said, check
from govcheck.text.sides import sides

_SUBJECT = "change"
_SHOWN = 5
_PLACES = ("stem", "name", "folder")


@frozen(kw_only=True)
class CoChange(Policy):
    """What has to be changed together."""

    kind: Literal["co-change"] = "co-change"

    when: tuple[str, ...]
    """Globs; a change that touches one of these paths needs a partner."""

    except_: tuple[str, ...] = ()
    """Globs of paths among them that need none."""

    then: tuple[str, ...]
    """Globs of the partners, of which one has to be touched."""

    each: bool = False
    """Whether each path needs a partner of its own."""

    changes: tuple[Literal["add", "modify", "delete", "rename"], ...] = ("add", "modify", "delete", "rename")
    """Which changes of `when` need a partner."""

    statement: str | None = None
    """What a reason stands behind or below, in the pull request's text, where there is no partner."""

    def problems(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """What the types cannot say: the place in the document, and what is wrong there."""
        for key, patterns in (("when", self.when), ("then", self.then)):
            if not patterns:
                yield (key,), "write at least one glob"
        if not self.changes:
            yield ("changes",), "an empty list judges nothing: leave the key out to judge every change"
        if self.statement is not None and not self.statement.strip():
            yield ("statement",), "write the words that a reason stands behind"
        for key, patterns in (("when", self.when), ("except", self.except_), ("then", self.then)):
            for number, pattern in enumerate(patterns):
                plain = _filled(pattern, dict.fromkeys(_PLACES, "x")) if key == "then" and self.each else pattern
                if problem := globs.problems(plain):
                    yield (key, number), f"`{pattern}`: {problem}"


@check()
def partners(policy: CoChange, change: Change, stated: StatedChange) -> Iterator[Said]:
    """The change, at pre-commit and in CI."""
    excepted = compile_globs(policy.except_)
    touched = compile_globs(policy.when).accepted(sides(change, policy.changes))
    needing = [path for path in touched if not excepted.matches(path)]
    yield Judged(len(needing))
    arrived = [entry.path for entry in change.paths if entry.type is not ChangeType.DELETE]
    if policy.each:
        alone = {path: then for path in needing if not _any(then := _partners(policy, path), arrived, path)}
        for path, then in alone.items():
            yield _told(policy, stated, display(path), (path,), then)
    elif needing and not _any(policy.then, arrived, None):
        yield _told(policy, stated, _SUBJECT, tuple(needing), policy.then)


def _any(patterns: tuple[str, ...], arrived: Iterable[str], own: str | None) -> bool:
    """Whether a partner is there; nothing is its own."""
    return any(path != own for path in compile_globs(patterns).accepted(arrived))


def _partners(policy: CoChange, path: str) -> tuple[str, ...]:
    folder, _, name = path.rpartition("/")
    stem = name.rpartition(".")[0] or name
    values = {"stem": globs.literal(stem), "name": globs.literal(name), "folder": globs.literal(folder)}
    return tuple(_filled(pattern, values) for pattern in policy.then)


def _filled(pattern: str, values: Mapping[str, str]) -> str:
    if not values["folder"]:
        pattern = pattern.replace("{folder}/", "")
    for place, value in values.items():
        pattern = pattern.replace(f"{{{place}}}", value)
    return pattern


def _told(
    policy: CoChange, stated: StatedChange, subject: str, alone: tuple[str, ...], then: tuple[str, ...]
) -> Finding | Held:
    reason = _reason(policy, stated)
    if reason is not None:
        return Held(control="partner", subject=subject, message=f"there is no partner, and the reason is: {reason}")
    shown = ", ".join(f"`{display(path)}`" for path in alone[:_SHOWN])
    more = f" and {len(alone) - _SHOWN} more" if len(alone) > _SHOWN else ""
    wanted = ", ".join(f"`{pattern}`" for pattern in then)
    excuse = f", or say why not: a line `{policy.statement}: ` and the reason" if policy.statement else ""
    excusable = policy.statement is not None and stated.pull_request is None and policy.severity == "error"
    return Finding(
        control="partner",
        subject=subject,
        message=f"The change touches {shown}{more}, and nothing of {wanted}",
        plane="repo",
        location=Location(path=alone[0]) if len(alone) == 1 else Location(),
        severity="warning" if excusable else None,
        fix=Fix(text=f"Change what belongs to it as well{excuse}"),
        evidence=tuple(Evidence(text=f"`{display(path)}` is touched") for path in alone[_SHOWN : 4 * _SHOWN]),
    )


def _reason(policy: CoChange, stated: StatedChange) -> str | None:
    if policy.statement is None or stated.pull_request is None:
        return None
    from govcheck.documents import markdown  # noqa: PLC0415 - the hook knows no pull request
    from govcheck.text.statements import statement  # noqa: PLC0415 - see above

    return statement(markdown.lines(stated.pull_request.body), policy.statement)

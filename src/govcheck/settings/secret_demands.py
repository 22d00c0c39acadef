"""Holding the stores of secrets to what a policy demands: what is missing, misplaced, exposed or old. Names only."""

import difflib
import shlex
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from govcheck.facts.live_answers import LiveAnswers
from govcheck.findings import Evidence, Finding, Fix, Location, Reason, Severity, Undecided
from govcheck.globs import compile_globs
from govcheck.records import field, frozen, mutable
from govcheck.settings.secret_stores import (
    DEPENDABOT,
    IN_ENVIRONMENT,
    ORGANISATION,
    REPOSITORY,
    Store,
    last_written,
)

ANY = "any"
_MOST_NAMED = 8


@frozen
class Demand:
    """One secret that a policy demands, or a glob of which at least one has to be there."""

    name: str
    """In upper case."""

    @property
    def is_glob(self) -> bool:
        """Whether several secrets meet it."""
        return "*" in self.name or "?" in self.name

    def matches(self, name: str) -> bool:
        """Whether a secret, in upper case, meets it."""
        return compile_globs((self.name,)).matches(name) if self.is_glob else name == self.name

    def met_by(self, names: Iterable[str]) -> tuple[str, ...]:
        """The secrets among these that meet it."""
        return tuple(name for name in names if self.matches(name))


@mutable
class Stores:
    """The stores at hand, and what each of those that cannot be read would have decided."""

    all: tuple[Store, ...]
    live: LiveAnswers
    undecided: dict[str, list[str]] = field(default_factory=dict)

    def wanted(self, name: str) -> list[Store]:
        """The stores that a policy means by a name."""
        return [store for store in self.all if name == ANY or store.may_be(name)]

    def holders(self, demand: Demand, stores: Iterable[Store] | None = None) -> list[Store]:
        """Those that have a secret which meets the demand."""
        return [store for store in (self.all if stores is None else stores) if demand.met_by(store.written)]

    def cannot_tell(self, stores: Iterable[Store], name: str) -> bool:
        """Notes what the unreadable ones of these stores leave open; whether there is any."""
        blind = [store for store in stores if store.trouble is not None]
        for store in blind:
            names = self.undecided.setdefault(store.name, [])
            if name not in names:
                names.append(name)
        return bool(blind)

    def unknowns(self) -> Iterator[Undecided]:
        """One for each store that left something open."""
        for store in self.all:
            names = self.undecided.get(store.name, [])
            if names and store.trouble is not None:
                shown = ", ".join(names[:_MOST_NAMED])
                more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
                message = f"{store.title} could not be read, which leaves open {shown}{more}"
                yield store.trouble.undecided("readable", store.name, message, self.place(store))

    def place(self, store: Store | None) -> Location:
        """Where a person sees a store; without one, those of the repository."""
        body = self.live.repository.body
        page = body.get("html_url") if isinstance(body, dict) else None
        below = "settings/secrets/actions"
        if store is not None and store.environment is not None:
            below = "settings/environments"
        elif store is not None and store.name == DEPENDABOT:
            below = "settings/secrets/dependabot"
        known = isinstance(page, str) and page.startswith(("https://", "http://"))
        return Location(
            setting=f"secrets/{store.name if store is not None else ANY}", url=f"{page}/{below}" if known else None
        )


def missing(
    stores: Stores, demand: Demand, wanted: str, evidence: tuple[Evidence, ...], severity: Severity | None = None
) -> Iterator[Finding]:
    """A secret that is not there, or not where it belongs."""
    accepted = stores.wanted(wanted)
    if stores.holders(demand, accepted) or stores.cannot_tell(accepted, demand.name):
        return
    elsewhere = stores.holders(demand)
    what = f"no secret matches {demand.name}" if demand.is_glob else f"there is no secret {demand.name}"
    yield Finding(
        control="store" if elsewhere else "exists",
        subject=demand.name,
        message=_misplaced(demand, elsewhere, wanted)
        if elsewhere
        else f"{what}{_among(stores, accepted, wanted)}{_nearest(stores, demand)}",
        plane="live",
        location=stores.place(accepted[0] if wanted != ANY and accepted else None),
        severity=severity,
        expected=wanted if elsewhere else True,
        actual=[store.name for store in elsewhere] if elsewhere else False,
        direction="changed" if elsewhere else "weakened",
        fix=Fix(text="Write it where it belongs, or correct the name", command=_set(demand, wanted)),
        evidence=evidence,
    )


def exposed(stores: Stores, demand: Demand) -> Iterator[Finding]:
    """A secret that environments should have alone, and that every workflow can use."""
    open_ = [store for store in stores.all if store.name in {REPOSITORY, ORGANISATION}]
    stores.cannot_tell(open_, demand.name)
    for store in open_:
        for name in demand.met_by(store.written):
            yield Finding(
                control="only_in",
                subject=f"{store.name}:{name}",
                message=f"{name} is among {store.title}, so that a workflow on any branch can use it unapproved,"
                " where the policy wants it in environments only",
                plane="live",
                location=stores.place(store),
                expected="environment",
                actual=store.name,
                direction="weakened",
                fix=Fix(
                    text="Write it to the environments that need it, name these in the jobs, and delete this one",
                    command=f"gh secret delete {name}" if store.name == REPOSITORY else None,
                ),
            )


def old(
    stores: Stores, demand: Demand, wanted: str, longest: timedelta, now: datetime
) -> Iterator[Finding | Undecided]:
    """A secret that was last written too long ago."""
    accepted = stores.wanted(wanted)
    stores.cannot_tell(accepted, demand.name)
    for store in accepted:
        for name in demand.met_by(store.written):
            stamp = store.written[name]
            written = last_written(stamp)
            if written is None:
                yield _undated(stores, store, name, stamp)
            elif now - written > longest:
                yield _aged(stores, store, name, now - written, longest)


def unused(stores: Stores, read: Iterable[str], demands: Sequence[Demand]) -> Iterator[Finding]:
    """Secrets of the repository and of its environments that nothing reads and nobody demands."""
    known = frozenset(read)
    for store in stores.all:
        if store.name != REPOSITORY and store.environment is None:
            continue
        for name in sorted(store.written.keys() - known):
            if not any(demand.matches(name) for demand in demands):
                where = f" --env {shlex.quote(store.environment)}" if store.environment is not None else ""
                yield Finding(
                    control="unused",
                    subject=f"{store.name}:{name}",
                    message=f"{name} is among {store.title}, and no workflow reads it",
                    plane="live",
                    location=stores.place(store),
                    direction="changed",
                    fix=Fix(
                        text="Delete it, revoke what it stands for, or add it to the policy",
                        command=f"gh secret delete {name}{where}",
                    ),
                )


def _aged(stores: Stores, store: Store, name: str, age: timedelta, longest: timedelta) -> Finding:
    return Finding(
        control="max_age",
        subject=f"{store.name}:{name}",
        message=f"{name}, among {store.title}, was last written {age.days} days ago, where the policy wants at most"
        f" {longest.days}: that is the age of the last write, not of the credential",
        plane="live",
        location=stores.place(store),
        expected=longest.days,
        actual=store.written[name],
        direction="weakened",
        fix=Fix(text="Rotate it at its issuer, and write the new one", command=_set(Demand(name), store.name)),
    )


def _undated(stores: Stores, store: Store, name: str, stamp: str | None) -> Undecided:
    return Undecided(
        control="max_age",
        subject=f"{store.name}:{name}",
        reason=Reason.UNPARSEABLE,
        message=f"when {name} was last written could not be told: GitHub says {stamp!r}",
        location=stores.place(store),
    )


def _misplaced(demand: Demand, elsewhere: list[Store], wanted: str) -> str:
    have = " and ".join(store.title for store in elsewhere)
    return f"{demand.name} is among {have} only, where the policy wants it in {wanted}"


def _among(stores: Stores, accepted: list[Store], wanted: str) -> str:
    if wanted == ANY:
        return " in any store that jobs see"
    if accepted:
        return f" among {accepted[0].title}"
    if wanted.startswith(IN_ENVIRONMENT):
        return f" in {wanted}: there is no such environment"
    return f" in {wanted}: a repository of a person has no such store" if stores.all else ""


def _nearest(stores: Stores, demand: Demand) -> str:
    known = sorted({name for store in stores.all for name in store.written})
    near = difflib.get_close_matches(demand.name, known, n=1, cutoff=0.8) if not demand.is_glob else []
    return f"; the nearest is {near[0]}" if near else ""


def _set(demand: Demand, wanted: str) -> str | None:
    if demand.is_glob:
        return None
    if wanted.startswith(IN_ENVIRONMENT):
        return f"gh secret set {demand.name} --env {shlex.quote(wanted.removeprefix(IN_ENVIRONMENT))}"
    if wanted == ORGANISATION:
        return None
    return f"gh secret set {demand.name}{' --app dependabot' if wanted == DEPENDABOT else ''}"

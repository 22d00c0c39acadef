"""`why`: everything about one finding, by its fingerprint."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from govcheck import registry
from govcheck.app.check import run_check
from govcheck.app.options import CheckOptions
from govcheck.errors import UsageError
from govcheck.facts.in_words import read
from govcheck.records import replace
from govcheck.report import PolicyResult, Report, ReportedFinding, ReportedUnknown
from govcheck.reporters.text import render
from govcheck.reporters.wording import said, when, written
from govcheck.snapshot import Snapshot
from govcheck.sources.git.repository import open_repository
from govcheck.store.opening import open_store

_FINGERPRINT = re.compile(r"[0-9a-f]{4,16}")
_THERE, _UNTOLD, _GONE = 1, 3, 0
_MEANINGS = {_THERE: "it is there", _UNTOLD: "it could not be told"}


def run_why(options: CheckOptions, wanted: str) -> tuple[int, str]:
    """The exit code, and all that there is to say.

    Raises:
        UsageError: where nothing, or more than one thing, has a fingerprint that begins like that.
    """
    wanted = _digits(wanted)
    report = run_check(options)
    every = [one.fingerprint for one in report.findings] + [one.fingerprint for one in report.unknowns]
    history = _history(options, report)
    if not any(name.startswith(wanted) for name in every):
        return _GONE, _gone(wanted, history)
    name = only_fingerprint(every, wanted)
    kept = tuple(_only(result, name) for result in report.results if _has(result, name))
    (result,) = kept
    lines = [*_head(result, name), *_since(history, name)]
    code = _THERE if result.findings else _UNTOLD
    whole = render(replace(report, results=kept, notes=(), drift=None), verbose=True)
    about = whole.rstrip().rpartition("\n\n")[0]  # without the totals, which are of a run and not of one finding
    return code, "\n".join(lines) + f"\n\n{about}\n\nexit {code}: {_MEANINGS[code]}\n"


def only_fingerprint(every: Iterable[str], wanted: str) -> str:
    """The one of these fingerprints that begins as wanted.

    Raises:
        UsageError: where none does, or several do.
    """
    wanted = _digits(wanted)
    found = {name for name in every if name.startswith(wanted)}
    if len(found) > 1:
        raise UsageError(f"{len(found)} things have such a fingerprint: {', '.join(sorted(found))}", "give more digits")
    if not found:
        raise _nothing(wanted)
    return next(iter(found))


def _digits(wanted: str) -> str:
    if not _FINGERPRINT.fullmatch(wanted.lower()):
        raise UsageError(f"{wanted!r} is no fingerprint", "it is made of 16 hexadecimal digits; the first four can do")
    return wanted.lower()


def _has(result: PolicyResult, name: str) -> bool:
    return any(one.fingerprint == name for one in result.findings) or any(
        one.fingerprint == name for one in result.unknowns
    )


def _only(result: PolicyResult, name: str) -> PolicyResult:
    findings: tuple[ReportedFinding, ...] = tuple(one for one in result.findings if one.fingerprint == name)
    unknowns: tuple[ReportedUnknown, ...] = tuple(one for one in result.unknowns if one.fingerprint == name)
    return replace(result, findings=findings, unknowns=unknowns, held=(), not_offered=())


def _head(result: PolicyResult, name: str) -> Iterator[str]:
    policy = result.policy.policy
    said_of = result.findings[0].finding if result.findings else result.unknowns[0].undecided
    yield f"{name}: {said(said_of.control)} of {said(said_of.subject)}"
    yield f"policy: {said(policy.id)} ({policy.kind}), {written(result.policy)}"
    kind = registry.kind(policy.kind)
    if kind is not None:
        yield f"holds: {kind.text.partition(chr(10))[0]}"
        yield f"reads: {read(fact.__name__ for check in kind.checks for fact in check.facts)}"
    yield f"more: `govcheck explain policy {said(policy.id)}`; of its kind: `govcheck explain policy {policy.kind}`"


def _history(options: CheckOptions, report: Report) -> list[Snapshot]:
    repository = open_repository(options.setting.directory)
    folder = Path(repository.git_dir) / "govcheck"
    store = open_store(options.setting.environment.get("GOVCHECK_STORE"), folder)
    known = report.repository
    return [
        one for one in store.all_newest_first() if known is None or (one.repository or known).lower() == known.lower()
    ]


def _since(history: list[Snapshot], name: str) -> Iterator[str]:
    """Since when sweeps saw it, without a sweep in between that did not."""
    seen = [snapshot for snapshot in history if _names(snapshot, name)]
    if not seen:
        yield "since: no sweep has seen it yet"
        return
    since = next((snapshot.open_since[name] for snapshot in seen if name in snapshot.open_since), seen[-1].finished_at)
    yield f"since: {when(since)}; seen by {len(seen)} of {len(history)} sweeps, last {when(seen[0].finished_at)}"


def _names(snapshot: Snapshot, name: str) -> bool:
    return any(entry.get("fingerprint") == name for entry in (*snapshot.findings, *snapshot.unknowns))


def _gone(wanted: str, history: list[Snapshot]) -> str:
    for snapshot in history:
        for entry in (*snapshot.findings, *snapshot.unknowns):
            name = str(entry.get("fingerprint"))
            if name.startswith(wanted):
                return (
                    f"{name}: {said(str(entry.get('control')))} of {said(str(entry.get('subject')))}\n"
                    f"not there now; the sweep of {when(snapshot.finished_at)} was the last to see it:\n"
                    f"  {said(str(entry.get('message')))}\n"
                )
    raise _nothing(wanted)


def _nothing(wanted: str) -> UsageError:
    return UsageError(
        f"nothing here has a fingerprint that begins with {wanted}",
        "`govcheck check --verbose` shows the fingerprints; --live looks at the live settings too",
    )

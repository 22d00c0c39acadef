"""What `init` tells: what was written, what holds, what it found on the way, and what to do next."""

import textwrap
from collections.abc import Iterator, Mapping

from govcheck.app.init.told import Told
from govcheck.app.init.writing import shown
from govcheck.app.options import InitOptions
from govcheck.findings import Outcome
from govcheck.report import ReportedFinding
from govcheck.reporters.wording import counted, place, said

_FOUND = 3
_MOST_TIGHTENED = 6
_FIRST = ("bypass", "secret-scan", "judge", "promise", "unheeded", "danger", "aggregate", "trigger", "codeowners")
"""Which dead gates a stranger wants to hear of first."""


def text(told: Told, width: int) -> str:
    """The whole output."""
    parts = (_written, _holds, _unimported, _found, _tightened, _next)
    sections = ["\n".join(part(told)) for part in parts]
    return "\n\n".join("\n".join(_wrapped(one, width)) for one in sections if one)


def beside(own: Mapping[str, str], by_hand: tuple[str, ...], options: InitOptions, width: int) -> str:
    """The output where there are policies already, and files beside them were asked for."""
    lines = [f"{'Would write' if options.dry_run else 'Wrote'} {path}" for path in own]
    lines += [f"==> {path} <==\n{content}" for path, content in own.items()] if options.dry_run else []
    lines += by_hand
    return "\n".join(_wrapped("\n".join(lines or ["Both are there already: nothing was written"]), width))


def _wrapped(section: str, width: int) -> Iterator[str]:
    """Long sentences over several lines; files stay as they are."""
    is_file = section.startswith(("==>", "Would write"))
    for line in section.split("\n"):
        if is_file or len(line) <= width:
            yield line
        else:
            indent = " " * (len(line) - len(line.lstrip()) + 2)
            yield from textwrap.wrap(
                line, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
            )


def _written(told: Told) -> Iterator[str]:
    policies = counted(len(told.results), "policy", "policies")
    if told.is_dry:
        for path, content in told.files.items():
            yield f"==> {path} <=="
            yield content
        yield f"Would write {policies} to {told.folder}/ (--dry-run: nothing was)"
        return
    yield f"Wrote {policies} to {told.folder}/"
    for path in told.files:
        if path in told.asked:
            continue
        own = [result for result in told.results if result.policy.path == path]
        names = ", ".join(result.policy.policy.id for result in own) or "comments only: nothing of it holds today"
        yield f"  {path.removeprefix(f'{told.folder}/')}: {names}"


def _holds(told: Told) -> Iterator[str]:
    good = sum(result.outcome is Outcome.PASS for result in told.results)
    later = [result for result in told.results if result.outcome is Outcome.NOT_APPLICABLE]
    warned = [result for result in told.results if result.outcome is Outcome.FAIL and not _fails(result.findings)]
    failed = [result for result in told.results if _fails(result.findings)]
    unknown = [result for result in told.results if result.outcome is Outcome.UNKNOWN]
    yield from (f"Wrote {path}" for path in told.asked if not told.is_dry)
    yield from (said(note) for note in told.notes)
    judged = len(told.results) - len(later)
    yield f"Checked against the repository as it is: {good} of {counted(judged, 'policy', 'policies')} hold"
    for result in warned:
        grave = [found.finding.message for found in result.findings if found.severity != "note"]
        more = f" (and {len(grave) - 1} more)" if len(grave) > 1 else ""
        yield f"  warns, and fails nothing: {result.policy.policy.id}: {said(grave[0])}{more}"
    if later:
        yield f"  not judged without --live: {', '.join(result.policy.policy.id for result in later)}"
    for result in failed:
        first = next(found for found in result.findings if found.severity == "error")
        yield f"  does not hold: {result.policy.policy.id}: {said(first.finding.message)}"
    for result in unknown:
        yield f"  could not be told: {result.policy.policy.id}: {said(result.unknowns[0].undecided.message)}"


def _unimported(told: Told) -> Iterator[str]:
    if told.unimported:
        yield f"Not imported ({len(told.unimported)})"
        yield from (f"  {said(line)}" for line in told.unimported)


def _found(told: Told) -> Iterator[str]:
    # That no workflow runs policies which did not exist a moment ago is no news.
    gates = [found for found in told.gates if found.severity != "note" and found.finding.control != "governance"]
    dead = sorted(gates, key=_weight)
    if not dead:
        return
    yield f"Found on the way: {counted(len(dead), 'gate that does not guard', 'gates that do not guard')}"
    for found in _varied(dead):
        where = place(found.finding.location)
        yield f"  {found.finding.control}" + (f" ({where})" if where else "")
        yield f"    {said(found.finding.message)}"
    if len(dead) > _FOUND:
        yield f"  and {len(dead) - _FOUND} more: govcheck explain gates"


def _varied(dead: list[ReportedFinding]) -> list[ReportedFinding]:
    """One of each family first."""
    families = {found.finding.control: found for found in reversed(dead)}
    first = sorted(families.values(), key=_weight)
    return [*first, *(found for found in dead if found not in first)][:_FOUND]


def _tightened(told: Told) -> Iterator[str]:
    stricter = [
        (one.proposal.id, miss) for one in told.settled for miss in shown(one.stricter) if not one.proposal.declared
    ]
    if not stricter:
        return
    yield f"Could be tighter ({len(stricter)}; each is a comment at its policy)"
    keys = {(name, miss.key): miss for name, miss in reversed(stricter)}
    for (name, key), miss in [*reversed(keys.items())][:_MOST_TIGHTENED]:
        yield f"  {name}, {key}: {miss.told}"


def _next(told: Told) -> Iterator[str]:
    yield "Next"
    yield f"  govcheck check                 holds every tracked file to {told.folder}/"
    yield "  govcheck explain gates         every gate, dead or alive"
    if not told.live:
        yield "  govcheck init --live --force   proposes from the settings on GitHub too, with a token"
    for text in told.instead:
        yield f"  {text}"
    if not told.asked and not told.instead:
        yield "  govcheck init --hook --ci      writes a pre-commit hook and a workflow that run it"


def _fails(findings: tuple[ReportedFinding, ...]) -> bool:
    return any(found.severity == "error" for found in findings)


def _weight(found: ReportedFinding) -> tuple[int, int]:
    control = found.finding.control
    return found.severity != "error", _FIRST.index(control) if control in _FIRST else len(_FIRST)

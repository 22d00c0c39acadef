"""`check --base`: what a branch changes since it left its base, by the policies of the base."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from govcheck import engine
from govcheck.app.configured import configuration_file, configured
from govcheck.app.offers import CHANGE, FILES, LIVE_OF_A_CHANGE, LIVE_OF_A_PULL_REQUEST
from govcheck.app.options import STARTER, CheckOptions, Setting
from govcheck.app.policies import PolicySet, load, read_files, read_waivers
from govcheck.app.policy_folders import Written, is_waivers
from govcheck.app.policy_moves import by_id, moves, policy_moves
from govcheck.app.reporting import Run, build, stop_watch
from govcheck.app.state import Reading
from govcheck.app.world import Gatherer, Supplier, changes, clock, files, instant, stated
from govcheck.errors import PolicyError, UsageError
from govcheck.facts import Fact, Facts, Missing
from govcheck.facts.commits import BranchName
from govcheck.facts.now import Now
from govcheck.facts.policy_changes import PolicyChanges
from govcheck.facts.pull_request import PullRequest
from govcheck.findings import Finding, Fix, Location, Outcome
from govcheck.plan import plan, requests
from govcheck.policy import LoadedPolicy, Policy
from govcheck.records import frozen, replace
from govcheck.report import Coverage, PolicyResult, Report, ReportedFinding, Stage
from govcheck.sources.git.change import added_lines, change_after
from govcheck.sources.git.commits import read_commits
from govcheck.sources.git.repository import Repository
from govcheck.sources.git.revisions import parted, resolve
from govcheck.sources.git.states import AtRevision
from govcheck.sources.pull_request import read_event

if TYPE_CHECKING:
    from govcheck.app.live import Live

Files = tuple[Written, ...]


def judge(options: CheckOptions, repository: Repository) -> Report:
    """Judges the change from the merge base of `--base` and `--head` to `--head`."""
    started = instant(None)
    tip = resolve(repository, options.base or "")
    setting = configured(options.setting, Reading(repository, AtRevision(tip)))
    head = resolve(repository, options.head or "HEAD")
    start = parted(repository, tip, head, names=(options.base or "", options.head or "HEAD"))
    reading = Reading(repository, AtRevision(head))
    base = Reading(repository, AtRevision(tip))
    if options.live:
        from govcheck.app.fetch import fetch_sets  # noqa: PLC0415 - offline runs need no network code

        fetch_sets(setting, base)
    policies, source, judging = _policies(options.setting, setting, base, reading)
    pull_request = _pull_request(setting)
    live = None
    if options.live:
        from govcheck.app.live import connect  # noqa: PLC0415 - offline runs need no network code

        live = connect(setting, repository, options.max_wait)
    offered = _offer(pull_request, live=live is not None)
    planned = plan(policies.policies)
    change = change_after(repository, start, head)
    suppliers = clock(instant(setting.at)) | files(reading)
    suppliers |= changes(change, lambda: added_lines(repository, change), reading)
    suppliers["Commits"] = lambda _: read_commits(repository, tip, head)
    suppliers |= _of_pull_request(pull_request, live)
    suppliers["PolicyChanges"] = lambda _: _moved(setting, source, reading, policies.policies)
    gatherer = Gatherer(suppliers=suppliers, live=live.gather if live else None)
    answers = gatherer.gather(requests(planned, offered))
    facts = Facts(offered=offered, answers=answers)
    before = None if options.show_all else _before(facts, Reading(repository, AtRevision(start)))
    results = engine.judge(planned, facts, Stage.CI, stop_watch, before=before)
    run = Run(
        stage=Stage.CI,
        started=started,
        commit=head,
        policies=policies,
        written=lambda: read_files(judging, source),
        facts=facts,
        moment=setting.at or started,
        waivers=read_waivers(judging, source),
        git_dir=repository.git_dir,
        repository=live.repository if live else None,
        notes=live.notes if live else (),
        coverage=live.coverage(facts, results) if live else Coverage(),
    )
    compared = _compared(setting, source, reading)
    if compared is not None:
        about = About(results=results, waivers=run.waivers, moment=run.moment, git_dir=run.git_dir)
        results = (*results, *_about_policies(compared, about, setting, source, reading))
    report = build(run, results, fail_on=options.fail_on, unknown=options.unknown)
    if setting.record is not None:
        from govcheck.app.record import Judged, record  # noqa: PLC0415 - few runs are recorded

        record(
            Judged(
                setting=setting,
                reading=Reading(repository, AtRevision(tip)),
                run=run,
                report=report,
                options=options,
                live=live,
                before=before,
                head_policies=compared[1] if compared else None,
            )
        )
    return report


def _offer(pull_request: PullRequest | Missing | None, *, live: bool) -> frozenset[type[Fact]]:
    offered = CHANGE | {PolicyChanges} | (LIVE_OF_A_CHANGE if live else frozenset())
    if pull_request is None:
        return offered
    return offered | {PullRequest} | (LIVE_OF_A_PULL_REQUEST if live else frozenset())


def _moved(setting: Setting, source: Reading, head: Reading, then: tuple[LoadedPolicy, ...]) -> PolicyChanges | Missing:
    if setting.moving is not None:
        setting = replace(setting, policies=(setting.moving,), only=None, moving=None)
        then = load(setting, source).policies if read_files(setting, source) else ()
    if source is head or setting.policies == (STARTER,):
        return PolicyChanges(())
    return policy_moves(then, lambda: load(setting, head).policies if read_files(setting, head) else ())


def _of_pull_request(pull_request: PullRequest | Missing | None, live: "Live | None") -> dict[str, Supplier]:
    """What is gathered from the event, and what GitHub adds to it."""
    if pull_request is None:
        return {}
    if isinstance(pull_request, Missing):
        names = ("PullRequest", "StatedChange", *(fact.__name__ for fact in LIVE_OF_A_PULL_REQUEST))
        return dict.fromkeys(names, lambda _: pull_request)
    known: dict[str, Supplier] = {
        "PullRequest": lambda _: pull_request,
        "StatedChange": lambda _: stated(pull_request),
        "BranchName": lambda _: BranchName(pull_request.head_branch, pull_request.default_branch or None),
    }
    if live is None:
        return known
    from govcheck.app.pull_request import of_pull_request  # noqa: PLC0415 - offline runs need no network code

    return {**known, **of_pull_request(live, pull_request)}


def _pull_request(setting: Setting) -> PullRequest | Missing | None:
    path = setting.environment.get("GITHUB_EVENT_PATH")
    return read_event(Path(path)) if path else None


def _before(facts: Facts, start: Reading) -> Facts:
    """The same facts where the change starts: files as they were there, everything else as it is."""
    wanted = [request for request in facts.answers if request.fact in FILES]
    kept = {request: answer for request, answer in facts.answers.items() if request.fact in LIVE_OF_A_CHANGE | {Now}}
    return Facts(
        offered=FILES | LIVE_OF_A_CHANGE | {Now}, answers={**kept, **Gatherer(suppliers=files(start)).gather(wanted)}
    )


def _policies(typed: Setting, setting: Setting, base: Reading, head: Reading) -> tuple[PolicySet, Reading, Setting]:
    """The base's policies, so that no change loosens what judges it; the head's where the base has none.

    Args:
        typed: The setting without any configuration.
        setting: The same with the base's.
        base: The base's tip.
        head: What is judged.
    """
    bootstrapping = setting if configuration_file(typed, base)[1] is not None else configured(typed, head)
    if read_files(setting, base) or not read_files(bootstrapping, head):
        policies = load(setting, base)
        if _configuration(typed, base) != _configuration(typed, head):
            note = "this change alters the configuration: the base's, with the sets that it extends, judged it"
            policies = policies._replace(notes=(*policies.notes, note))
        in_words = f"the base ({base.in_words})"
        return policies._replace(origin=policies.origin.replace(base.in_words, in_words)), base, setting
    policies = load(bootstrapping, head)
    note = "bootstrap: the base has no policies, so those of this change judge it"
    return (
        policies._replace(notes=(*policies.notes, note), origin=f"{policies.origin} (bootstrap)"),
        head,
        bootstrapping,
    )


def _configuration(typed: Setting, reading: Reading) -> bytes | None:
    """The configuration's bytes; None where the state has none."""
    try:
        return configuration_file(typed, reading)[1]
    except UsageError:
        return None


def _compared(setting: Setting, source: Reading, head: Reading) -> tuple[Files, Files] | None:
    """The policy files that judge, and those of the head; None where there is nothing to compare."""
    if source is head or setting.policies == (STARTER,):
        return None
    every = (read_files, read_waivers)
    before, after = (tuple(file for files in every for file in files(setting, state)) for state in (source, head))
    return before, after


def _about_policies(
    compared: tuple[Files, Files], about: "About", setting: Setting, source: Reading, head: Reading
) -> Iterator[PolicyResult]:
    before, after = compared
    then = load(setting, source).policies if before != after else ()
    yield from about_policies(before, after, then, lambda: load(setting, head).policies, about)


@frozen(kw_only=True)
class About:
    """What a run came to, and the waivers that count in it."""

    results: tuple[PolicyResult, ...]
    """Before any waiver."""

    waivers: Files
    moment: datetime
    git_dir: str | None = None


def about_policies(
    before: Files,
    after: Files,
    then: tuple[LoadedPolicy, ...],
    now: Callable[[], tuple[LoadedPolicy, ...]],
    about: About,
) -> Iterator[PolicyResult]:
    """What a change does to the policies themselves, and to the waivers.

    Args:
        before: The files of policies and waivers that judge it.
        after: Those of its head.
        then: The policies that judge it.
        now: Validates those of its head; only asked where there are any.
        about: What the change was found to do.
    """
    if before == after:
        return
    findings = [*_of_policies(_policies_of(before), _policies_of(after), then, now), *_of_waivers(after, about)]
    if findings:
        outcome = Outcome.FAIL if any(found.severity == "error" for found in findings) else Outcome.PASS
        yield PolicyResult(policy=_OURS, outcome=outcome, subjects=len(after), findings=tuple(findings))


def _policies_of(files: Files) -> Files:
    return tuple(file for file in files if not is_waivers(file.path))


def _of_policies(
    before: Files, after: Files, then: tuple[LoadedPolicy, ...], now: Callable[[], tuple[LoadedPolicy, ...]]
) -> Iterator[ReportedFinding]:
    if before == after:
        return
    try:
        loaded = by_id(now() if after else ())
    except PolicyError as error:
        yield from _broken(error)
    else:
        yield from _changes(by_id(then), loaded)


def _of_waivers(after: Files, about: About) -> Iterator[ReportedFinding]:
    files = tuple(file for file in after if is_waivers(file.path))
    if files == about.waivers:
        return
    from govcheck.app.waiving import changed_waivers  # noqa: PLC0415 - few changes touch waivers

    for finding in changed_waivers(about.results, about.waivers, files, about.moment, about.git_dir):
        yield ReportedFinding(policy=_OURS, finding=finding)


_OURS = LoadedPolicy(Policy(kind="govcheck", id="govcheck", severity="note"), "policies", 0)
"""What govcheck itself has to say, under an id that no policy can have."""


def _broken(error: PolicyError) -> Iterator[ReportedFinding]:
    for problem in error.problems:
        place = Location(path=problem.path, line=problem.line or None, column=problem.column or None)
        yield ReportedFinding(
            policy=_OURS,
            finding=Finding(
                control="policies",
                subject=f"{problem.path}:{problem.line}",
                message=f"this change makes the policies invalid: {problem.message}",
                plane="repo",
                location=place,
                severity="error",
                fix=Fix(text="Mend it here: after the merge nothing at all would be evaluated."),
            ),
        )


def _changes(then: Mapping[str, LoadedPolicy], now: Mapping[str, LoadedPolicy]) -> Iterator[ReportedFinding]:
    for move in moves(then, now):
        keys = [key.rpartition(" ") for key in move.keys]
        said = ", ".join(f"`{key}` {direction}" for key, _, direction in keys)
        yield ReportedFinding(
            policy=_OURS,
            finding=Finding(
                control="policies",
                subject=move.policy,
                message=f"this change {move.effect} the policy {move.policy}{said and f' ({said})'}; "
                "it was judged by the base's policies",
                plane="repo",
                location=Location(path=move.path, line=move.line),
                severity="note",
            ),
        )

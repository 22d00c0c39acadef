"""Replaying a recording: the same rules on the same facts, offline; an error where that gives another report."""

from collections.abc import Mapping
from pathlib import Path

from govcheck import engine
from govcheck.app.change import About, about_policies
from govcheck.app.live import Connection, uncovered
from govcheck.app.options import DEFAULT_FILE, ReplayOptions
from govcheck.app.policies import PolicySet, validated
from govcheck.app.policy_folders import Written, is_waivers
from govcheck.app.reporting import Run, build, stop_watch
from govcheck.app.sweep import compared
from govcheck.errors import GovcheckError, SourceError, UsageError
from govcheck.plan import plan
from govcheck.policy import LoadedPolicy
from govcheck.recording import RecordedFile, Recording
from govcheck.recording.codec import Reread
from govcheck.recording.document import NotARecordingError, difference, parse, report_of
from govcheck.records import replace
from govcheck.report import Coverage, PolicyResult, Report, Stage, exit_code
from govcheck.settings import registered
from govcheck.sources import data_files, hook_configuration, workflow_files
from govcheck.store.earlier import Earlier
from govcheck.store.files import read_document

REREAD: Mapping[str, Reread] = {
    "WorkflowFile": workflow_files.read_file,
    "ActionFile": workflow_files.read_action,
    "HookFile": hook_configuration.read_file,
    "DataFile": data_files.read_file,
}
"""What reads the text of a parsed file again, by the record's name."""


def run_replay(options: ReplayOptions) -> Report:
    """The report that was recorded, concluded anew.

    Raises:
        UsageError: where there is no such file, or it is no whole recording of this govcheck's, or of another command.
        SourceError: where this govcheck comes to another report.
    """
    path = Path(options.file)
    try:
        recording = parse(read_document(path, "recording"), REREAD)
    except NotARecordingError as error:
        raise UsageError(f"{path} cannot be replayed: {error.message}", error.hint) from error
    _ensure_meant(options, recording)
    try:
        report = conclude(recording)
    except GovcheckError as error:
        raise UsageError(f"{path} cannot be replayed: {error.message}", "record it anew") from error
    where = difference(dict(recording.report), report_of(report, lambda text: text))
    if where is not None:
        raise SourceError(
            f"{path} was recorded with another report than it leads to now: they differ at {where}",
            "either it was tampered with, or this govcheck is not the one that recorded it",
        )
    if options.fail_on is None and options.unknown is None:
        return report
    fail_on, unknown = options.fail_on or recording.fail_on, options.unknown or recording.unknown
    code = exit_code(report.results, report.stage, fail_on=fail_on, unknown=unknown)
    return replace(report, exit_code=code, fail_on=fail_on, on_unknown=unknown)


def conclude(recording: Recording) -> Report:
    """What the rules of this govcheck say to what was recorded.

    Raises:
        PolicyError: where a recorded policy is not valid.
    """
    waivers = tuple(file for file in recording.policies if is_waivers(file.path))
    files = tuple(file for file in recording.policies if not is_waivers(file.path))
    policies = _loaded(recording, files)
    planned = plan(policies)
    results = engine.judge(planned, recording.facts, recording.stage, stop_watch, before=recording.before)
    run = Run(
        stage=recording.stage,
        phase=recording.phase,
        started=recording.started_at,
        commit=recording.commit,
        policies=PolicySet(policies, recording.policies_from, recording.policy_notes),
        written=lambda: _written(files),
        facts=recording.facts,
        moment=recording.moment,
        waivers=_written(waivers),
        repository=recording.repository,
        notes=recording.notes,
        coverage=_coverage(recording, results),
    )
    about = About(results=results, waivers=_written(waivers), moment=recording.moment)
    results = (*results, *_about_policies(recording, policies, about))
    report = build(run, results, fail_on=recording.fail_on, unknown=recording.unknown)
    report = replace(report, finished_at=recording.finished_at)
    if recording.stage is not Stage.SWEEP or recording.earlier is None:
        return report
    connection = Connection(recording.tokens, recording.api_versions)
    kept = recording.earlier
    earlier = Earlier(base=kept.base, told=kept.told, last=kept.last, older=kept.older)
    return compared(report, recording.facts, connection, earlier)[0]


def _ensure_meant(options: ReplayOptions, recording: Recording) -> None:
    is_sweep = recording.stage is Stage.SWEEP
    if is_sweep is not options.sweep:
        command = "sweep" if is_sweep else "check"
        raise UsageError(
            f"{options.file} is the recording of a {command}", f"replay it with `govcheck {command} --replay`"
        )
    wanted, found = options.repository, recording.repository
    if wanted and found and wanted.lower() != found.lower():
        raise UsageError(f"{options.file} is a recording of {found}, not of {wanted}", "leave --repository out")


def _about_policies(recording: Recording, policies: tuple[LoadedPolicy, ...], about: About) -> tuple[PolicyResult, ...]:
    head = recording.head_policies
    if head is None:
        return ()
    files = tuple(file for file in head if not is_waivers(file.path))
    before, after = _written(recording.policies), _written(head)
    return tuple(about_policies(before, after, policies, lambda: _loaded(recording, files), about))


def _coverage(recording: Recording, results: tuple[PolicyResult, ...]) -> Coverage:
    cost = recording.cost
    if cost is None:
        return Coverage()
    names = uncovered(recording.facts, results)
    return Coverage(
        requests=cost.requests,
        not_modified=cost.not_modified,
        graphql_points=cost.graphql_points,
        uncovered=names,
        uncovered_security=tuple(filter(registered.bears_on_security, names)),
    )


def _loaded(recording: Recording, files: tuple[RecordedFile, ...]) -> tuple[LoadedPolicy, ...]:
    disabled_in = recording.configuration.path if recording.configuration else DEFAULT_FILE
    return validated(_written(files), recording.disabled, disabled_in)


def _written(files: tuple[RecordedFile, ...]) -> tuple[Written, ...]:
    return tuple(Written(file.path, file.data, file.set) for file in files)

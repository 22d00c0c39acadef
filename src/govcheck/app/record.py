"""Recording a run: everything that its verdict used, in one file. Nothing is kept that would not replay the same."""

from pathlib import Path

from govcheck import __version__
from govcheck.app import services
from govcheck.app.configured import configuration_file
from govcheck.app.live import Live
from govcheck.app.options import CheckOptions, Setting, SweepOptions
from govcheck.app.policy_folders import Written
from govcheck.app.replay import REREAD, conclude
from govcheck.app.reporting import Run
from govcheck.app.state import Reading
from govcheck.errors import SourceError
from govcheck.facts import Facts
from govcheck.recording import Cost, EarlierSweeps, RecordedFile, Recording
from govcheck.recording.codec import NotRecordableError
from govcheck.recording.document import NotARecordingError, as_document, difference, parse, report_of
from govcheck.recording.masks import Mask, mask
from govcheck.records import frozen
from govcheck.report import Report
from govcheck.sources.github.configuration import SECRET_VARIABLES
from govcheck.store.earlier import Earlier
from govcheck.store.files import write_document


@frozen(kw_only=True)
class Judged:
    """A run that is over, and what it came to."""

    setting: Setting
    reading: Reading
    """The state that the configuration is of."""

    run: Run
    report: Report
    options: CheckOptions | SweepOptions
    live: Live | None = None
    before: Facts | None = None
    head_policies: tuple[Written, ...] | None = None
    earlier: Earlier | None = None


def record(judged: Judged) -> None:
    """Writes the recording of a run, if it can be replayed.

    Raises:
        UsageError: where the file cannot be written.
        SourceError: where a replay would say something else: then nothing is written.
    """
    file = judged.setting.record or ""
    hide = _mask(judged)
    try:
        document = as_document(_recording(judged, hide), hide)
        recording = parse(document, REREAD)
    except (NotRecordableError, NotARecordingError) as error:
        raise SourceError(f"this run cannot be recorded: {error}", "please report it to the project") from error
    replayed = report_of(conclude(recording), hide)
    where = difference(dict(recording.report), replayed)
    if where is not None:
        raise SourceError(
            f"this run cannot be recorded: without the secrets in it, a replay would say something else at {where}",
            "take the secret out of the files that are judged; until then, rely on the report itself",
        )
    write_document(Path(file), document)


def _mask(judged: Judged) -> Mask:
    environment = judged.setting.environment
    known = [environment.get(name, "").strip() for name in SECRET_VARIABLES]
    return mask((*known, *services.secrets(environment), *(judged.live.client.secrets if judged.live else ())))


def _recording(judged: Judged, hide: Mask) -> Recording:
    run, report, live, earlier = judged.run, judged.report, judged.live, judged.earlier
    path, data = configuration_file(judged.setting, judged.reading)
    coverage = report.coverage
    cost = Cost(requests=coverage.requests, not_modified=coverage.not_modified, graphql_points=coverage.graphql_points)
    return Recording(
        govcheck=__version__,
        stage=run.stage,
        phase=run.phase,
        repository=run.repository,
        commit=run.commit,
        started_at=report.started_at,
        finished_at=report.finished_at,
        configuration=None if data is None else RecordedFile(path, data),
        policies=_files((*run.written(), *run.waivers)),
        moment=run.moment,
        head_policies=None if judged.head_policies is None else _files(judged.head_policies),
        disabled=run.policies.disabled,
        policies_from=run.policies.origin,
        policy_notes=run.policies.notes,
        notes=run.notes,
        facts=run.facts,
        before=judged.before,
        fail_on=judged.options.fail_on,
        unknown=judged.options.unknown,
        cost=cost if live else None,
        tokens=live.tokens if live else (),
        api_versions=live.client.api_versions if live else (),
        earlier=EarlierSweeps(base=earlier.base, told=earlier.told, last=earlier.last, older=earlier.older)
        if earlier
        else None,
        report=report_of(report, hide),
    )


def _files(written: tuple[Written, ...]) -> tuple[RecordedFile, ...]:
    return tuple(RecordedFile(file.path, file.data, file.set) for file in written)

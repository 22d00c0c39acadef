"""What a test of policies gives, made real: a repository, an event file, GitHub's answers; and judged as `check` does.

Nothing here judges: the options are those of the command line, and `check`, `sweep` and `replay` do the rest.
"""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

from govcheck.app.check import run_check
from govcheck.app.given_live import ENVIRONMENT, HEAD_COMMIT, GivenAnswers
from govcheck.app.given_services import ServiceAnswers, variables
from govcheck.app.given_sweeps import keep_sweeps
from govcheck.app.options import DEFAULT_FOLDER, CheckOptions, Setting, SweepOptions
from govcheck.app.policy_folders import Written
from govcheck.app.replay import REREAD, conclude
from govcheck.app.sweep import run_sweep
from govcheck.errors import SourceError
from govcheck.facts import Facts, Missing, Request
from govcheck.facts.now import Now
from govcheck.findings import Json, Reason
from govcheck.plan import plan, requests
from govcheck.policy import LoadedPolicy
from govcheck.policy_tests.given import Given
from govcheck.policy_tests.given_parts import GivenPullRequest
from govcheck.policy_tests.model import PolicyTest
from govcheck.recording import RecordedFile, Recording
from govcheck.recording.document import NotARecordingError, parse
from govcheck.records import frozen, replace
from govcheck.report import Phase, PolicyResult
from govcheck.sources.git.made import BASE, CHANGED, make_repository
from govcheck.store.files import read_document


@frozen(kw_only=True)
class Tested:
    """The policies that tests are of."""

    folders: tuple[str, ...]
    """Where they lie: absolute folders, or the packaged set."""

    written: tuple[Written, ...]
    """Their files."""

    loaded: tuple[LoadedPolicy, ...]

    @property
    def ids(self) -> frozenset[str]:
        """The ids of all of them."""
        return frozenset(one.policy.id for one in self.loaded)


def judge(test: PolicyTest, file: Path, tested: Tested) -> tuple[PolicyResult, ...]:
    """The results of the policies that a test is of, in their order.

    Args:
        test: What is given.
        file: Where the test is written: a recording is looked for from its folder.
        tested: All policies.

    Raises:
        GovcheckError: where that cannot be judged.
    """
    ids = frozenset(test.ids) or tested.ids
    if test.given.recording:
        results = _replayed(test.given, file.parent / test.given.recording, tested)
    else:
        with TemporaryDirectory(prefix="govcheck-test-") as folder:
            results = judge_in(Path(folder), test.given, tested, ids)
    return tuple(result for result in results if result.policy.policy.id in ids)


def judge_in(folder: Path, given: Given, tested: Tested, ids: frozenset[str]) -> tuple[PolicyResult, ...]:
    """The results of some policies for what is given.

    Args:
        folder: Where it is made real, or was by an earlier call with the same.
        given: What is given; no recording.
        tested: All policies.
        ids: Those that judge.
    """
    repository = folder / "repository"
    if not repository.exists():
        repository.mkdir()
        make_repository(repository, given)
    environment = {**ENVIRONMENT, **variables(given.services)}
    if given.pull_request is not None:
        event = folder / "event.json"
        event.write_text(json.dumps(_event(given.pull_request)))
        environment["GITHUB_EVENT_PATH"] = str(event)
    setting = Setting(
        directory=str(repository),
        policies=tested.folders,
        repository=given.repository,
        environment=environment,
        at=given.instant,
        only=ids,
        transport=GivenAnswers(given) if given.is_live else None,
        carrier=ServiceAnswers(given.services) if given.services is not None else None,
        moving=str(repository / DEFAULT_FOLDER),
    )
    if given.message:
        (folder / "message").write_text(given.message, "utf-8")
        return run_check(CheckOptions(setting=setting, message=str(folder / "message"))).results
    stage = given.stage_meant
    if stage == "sweep":
        return _swept(given, setting)
    options = CheckOptions(
        setting=setting,
        staged=stage == "pre-commit",
        base=BASE if stage == "ci" else None,
        head=CHANGED if stage == "ci" else None,
        revision=CHANGED if stage == "tree" else None,
        live=given.is_live or given.services is not None,
        max_wait=0,
    )
    return run_check(options).results


def _swept(given: Given, setting: Setting) -> tuple[PolicyResult, ...]:
    """A sweep with a store of its own, as it keeps what it saw."""
    with TemporaryDirectory(prefix="govcheck-test-") as store:
        setting = replace(setting, environment={**setting.environment, "GOVCHECK_STORE": store})
        if given.sweeps is not None:
            keep_sweeps(store, given.repository, given.sweeps)
        return run_sweep(SweepOptions(setting=setting, phase=Phase(given.phase or "adhoc"), max_wait=0)).results


def _event(pull: GivenPullRequest) -> Json:
    """The payload of the webhook, as far as it is read.

    Source: https://docs.github.com/en/webhooks/webhook-events-and-payloads#pull_request
    """
    base, fork = 1, 2
    described: dict[str, Json] = {
        "number": pull.number,
        "title": pull.title,
        "body": pull.body or None,
        "user": {"login": pull.author},
        "draft": pull.draft,
        "labels": [{"name": label} for label in pull.labels],
        "base": {"ref": pull.base_branch, "sha": HEAD_COMMIT, "repo": {"id": base}},
        "head": {"ref": pull.head_branch, "sha": HEAD_COMMIT, "repo": {"id": fork if pull.from_fork else base}},
    }
    return {"pull_request": described}


def _replayed(given: Given, path: Path, tested: Tested) -> tuple[PolicyResult, ...]:
    """What the policies as they are now say to what was recorded, whichever govcheck recorded it."""
    try:
        recording = parse(read_document(path, "recording"), REREAD, any_version=True)
    except NotARecordingError as error:
        raise SourceError(f"{path} cannot be judged: {error.message}", error.hint) from error
    facts = _complete(recording, given, tested)
    files = tuple(RecordedFile(file.path, file.data) for file in tested.written)
    mine = replace(recording, policies=files, head_policies=None, facts=facts, earlier=None)
    return conclude(mine).results


def _complete(recording: Recording, given: Given, tested: Tested) -> Facts:
    """The recorded facts; what the policies of today want beside them is said to be missing."""
    facts = recording.facts
    wanted = requests(plan(tested.loaded), facts.offered)
    absent = Missing(
        reason=Reason.MISSING_OBJECT, message="the recording does not have what this check reads: record it anew"
    )
    answers = {**dict.fromkeys(wanted - facts.unchanged, absent), **facts.answers}
    if given.instant is not None:
        answers[Request(Now)] = Now(given.instant)
    return replace(facts, answers=answers)

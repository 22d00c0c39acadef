"""`init`: gathers, proposes, settles, writes, and tells what came of it."""

import json
import os
from collections.abc import Iterable, Iterator, Sequence

from govcheck.app.configured import configured
from govcheck.app.init import checks, deploys, gates, paths, recipients, telling, workflows, writing
from govcheck.app.init.proposal import Proposal, Settled
from govcheck.app.init.settling import settle
from govcheck.app.init.state import trial_of
from govcheck.app.init.told import Told
from govcheck.app.init.trying import Trial
from govcheck.app.init.written import refuse_taken, write
from govcheck.app.options import DEFAULT_FOLDER, InitOptions, Setting
from govcheck.app.policies import read_files
from govcheck.app.state import Reading
from govcheck.errors import UsageError
from govcheck.facts import Request
from govcheck.facts.tree import TrackedFiles
from govcheck.facts.workflows import Workflows
from govcheck.generate.schemas import policy_schema
from govcheck.policy import LoadedPolicy
from govcheck.report import ReportedFinding, Stage, exit_code
from govcheck.rules.gate_liveness import GateLiveness
from govcheck.sources.git.default_branch import default_branch
from govcheck.sources.git.repository import open_repository
from govcheck.sources.git.states import OnDisk
from govcheck.sources.policy_files import PolicySource, load_policies

SCHEMA = "policy.schema.json"
_STAND_IN = "gates.yaml"
"""A file that is written whatever the repository has."""


def run_init(options: InitOptions) -> tuple[int, str]:
    """The exit code of the set that was written, and what to tell.

    Raises:
        GovcheckError: nothing was written.
    """
    reading = Reading(open_repository(options.setting.directory), OnDisk())
    setting = configured(options.setting, reading)
    folder = _folder(setting, reading)
    there = () if options.force else _there(folder, reading)
    if there and not options.dry_run:
        raise UsageError(
            f"{folder}/ has policies already: {', '.join(there[:3])}" + (" and others" if there[3:] else ""),
            "`--dry-run` prints what would be written; `--force` writes over files of the same name",
        )
    trial = trial_of(reading, None, (f"{folder}/{_STAND_IN}",))
    settled = [*_settled(_proposals(trial, reading, folder), trial)]
    files = _files(settled, folder)
    loaded = _valid(files, setting, reading, folder)
    results = trial.judge(loaded)
    code = exit_code(results, Stage.TREE, fail_on="error", unknown="fail")
    if not options.dry_run:
        if not options.force:
            refuse_taken(reading.repository.root, files)
        write(reading.repository.root, {**files, f"{folder}/{SCHEMA}": _schema()})
    told = Told(
        folder=folder,
        files=files,
        results=results,
        settled=tuple(settled),
        gates=_gates(trial),
        is_dry=options.dry_run,
        exit_code=code,
    )
    return code, telling.text(told)


def _proposals(trial: Trial, reading: Reading, folder: str) -> Iterator[Proposal]:
    found, tracked = trial.fact(Request(Workflows)), trial.fact(Request(TrackedFiles))
    if isinstance(tracked, TrackedFiles):
        yield from paths.propose(tracked, (f"{folder}/{_STAND_IN}",))
    if isinstance(found, Workflows):
        yield from checks.propose(found, default_branch(reading.repository))
        yield from workflows.propose(found)
        yield from recipients.propose(found)
        yield from deploys.propose(found)
        yield from gates.propose(found)


def _settled(proposals: Iterable[Proposal], trial: Trial) -> Iterator[Settled]:
    for proposal in proposals:
        found = settle(proposal, trial)
        mend = gates.to_mend(found)
        if mend is not None:
            found = gates.without_dead(found)
        if found.keys or found.stricter:
            yield found
        if mend is not None:
            yield mend


def _files(settled: Sequence[Settled], folder: str) -> dict[str, str]:
    names = dict.fromkeys(one.proposal.file for one in settled)
    return {
        f"{folder}/{name}": writing.file(
            SCHEMA, (writing.document(one) for one in settled if one.proposal.file == name)
        )
        for name in names
    }


def _valid(files: dict[str, str], setting: Setting, reading: Reading, folder: str) -> tuple[LoadedPolicy, ...]:
    """The policies that are about to be written; a PolicyError where they cannot be beside those that stay."""
    new = [PolicySource(path, text.encode()) for path, text in files.items()]
    staying = [] if not os.path.isdir(os.path.join(reading.repository.root, folder)) else read_files(setting, reading)
    load_policies([*new, *(PolicySource(one.path, one.data) for one in staying if one.path not in files)])
    return load_policies(new)


def _gates(trial: Trial) -> tuple[ReportedFinding, ...]:
    (result,) = trial.judge([LoadedPolicy(GateLiveness(id="gates"), "gate-liveness", 1)])
    return result.findings


def _folder(setting: Setting, reading: Reading) -> str:
    """Where policies are written, from the repository's root."""
    if not setting.policies:
        return DEFAULT_FOLDER
    root = reading.repository.root
    path = os.path.realpath(os.path.join(os.getcwd(), setting.directory or "", setting.policies[0]))
    if not path.startswith(f"{root}/"):
        raise UsageError(
            f"--policies {setting.policies[0]}: policies are written into the repository, and this is outside"
        )
    return os.path.relpath(path, root)


def _there(folder: str, reading: Reading) -> tuple[str, ...]:
    path = os.path.join(reading.repository.root, folder)
    try:
        names = os.listdir(path)
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise UsageError(f"{folder} cannot be read as a folder: {os.strerror(error.errno or 0)}") from error
    return tuple(sorted(name for name in names if name.endswith((".yaml", ".yml"))))


def _schema() -> str:
    return json.dumps(policy_schema(), separators=(",", ":")) + "\n"

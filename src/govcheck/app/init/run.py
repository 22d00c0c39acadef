"""`init`: gathers, proposes, settles, writes, and tells what came of it."""

import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

from govcheck.app.configured import configured
from govcheck.app.init import checks, deploys, gates, paths, recipients, secrets, snippets, telling, workflows, writing
from govcheck.app.init import live as live_settings
from govcheck.app.init.importing import FORMATS, read_import
from govcheck.app.init.importing.told import Left
from govcheck.app.init.proposal import Proposal, Settled
from govcheck.app.init.settling import settle
from govcheck.app.init.state import trial_of
from govcheck.app.init.told import Told
from govcheck.app.init.trying import Trial
from govcheck.app.init.written import refuse_taken, write
from govcheck.app.live import Live, connect
from govcheck.app.options import DEFAULT_FOLDER, InitOptions, Setting
from govcheck.app.policies import read_files
from govcheck.app.state import Reading
from govcheck.errors import UsageError
from govcheck.facts import Request
from govcheck.facts.tree import TrackedFiles
from govcheck.facts.workflows import Workflows
from govcheck.generate.schemas import policy_schema
from govcheck.policy import LoadedPolicy
from govcheck.records import replace
from govcheck.report import PolicyResult, Stage, exit_code
from govcheck.rules.gate_liveness import GateLiveness
from govcheck.sources.git.default_branch import default_branch
from govcheck.sources.git.origin import origin
from govcheck.sources.git.repository import open_repository
from govcheck.sources.git.states import OnDisk
from govcheck.sources.policy_files import PolicySource, load_policies

SCHEMA = "policy.schema.json"
_STAND_IN = "gates.yaml"
"""A file that is written whatever the repository has."""


def run_init(options: InitOptions) -> tuple[int, Callable[[int], str]]:
    """The exit code of the set that was written, and what to tell, by the width of the terminal.

    Raises:
        GovcheckError: nothing was written.
    """
    reading = Reading(open_repository(options.setting.directory), OnDisk())
    setting = configured(options.setting, reading)
    folder = _folder(setting, reading)
    wanted = snippets.asked(options)
    own = {path: text for path, text in wanted.items() if not snippets.is_there(reading, path)}
    by_hand = tuple(
        filter(None, (snippets.missing(path) if path in own else snippets.instead(path) for path in wanted))
    )
    if wanted and not options.imports and not options.force and _there(folder, reading):
        if not options.dry_run:
            write(reading.repository.root, own)
        return 0, partial(telling.beside, own, by_hand, options)
    _refuse_policies(options, folder, reading)
    live = connect(setting, reading.repository, options.max_wait) if options.live else None
    coming = (f"{folder}/{_STAND_IN}", *own)
    trial = trial_of(reading, live, coming)
    imported, unimported = _imported(options, setting, reading, live)
    every_gate = _gates(trial)
    proposals = (*imported, *_proposals(trial, reading, coming, live, every_gate))
    settled = _named([*_settled(proposals, trial), *gates.settled(every_gate)])
    texts = _files(settled, folder)
    results = trial.judge(_valid(texts, setting, reading, folder))
    code = exit_code(results, Stage.TREE, fail_on="error", unknown="fail")
    files = {**texts, **own}
    if not options.dry_run:
        if not options.force:
            refuse_taken(reading.repository.root, files)
        write(reading.repository.root, {**files, f"{folder}/{SCHEMA}": _schema()})
    told = Told(
        folder=folder,
        files=files,
        results=results,
        settled=tuple(settled),
        gates=every_gate.findings,
        is_dry=options.dry_run,
        exit_code=code,
        live=options.live,
        unimported=tuple(one.text for one in unimported),
        asked=tuple(own),
        instead=by_hand,
        notes=live.notes if live else (),
    )
    return code, partial(telling.text, told)


def _refuse_policies(options: InitOptions, folder: str, reading: Reading) -> None:
    there = () if options.force or options.dry_run else _there(folder, reading)
    if there:
        raise UsageError(
            f"{folder}/ has policies already: {', '.join(there[:3])}" + (" and others" if there[3:] else ""),
            "`--dry-run` prints what would be written; `--force` writes over files of the same name",
        )


def _imported(
    options: InitOptions, setting: Setting, reading: Reading, live: Live | None
) -> tuple[list[Proposal], list[Left]]:
    if not options.imports:
        return [], []
    remote = origin(reading.repository) if live is None and not setting.repository else None
    name = live.repository if live else setting.repository or (f"{remote.owner}/{remote.name}" if remote else "")
    found: list[Proposal | Left] = []
    for typed in options.imports:
        path = os.path.join(os.getcwd(), setting.directory or "", typed)
        form = next((one for one in FORMATS if one == options.import_format), None)
        found += read_import(path, typed, form, name.partition("/")[0])
    return [one for one in found if isinstance(one, Proposal)], [one for one in found if isinstance(one, Left)]


def _proposals(
    trial: Trial, reading: Reading, coming: tuple[str, ...], live: Live | None, every_gate: PolicyResult
) -> Iterator[Proposal]:
    found, tracked = trial.fact(Request(Workflows)), trial.fact(Request(TrackedFiles))
    if live is not None:
        yield from live_settings.propose(trial)
    if isinstance(tracked, TrackedFiles):
        yield from paths.propose(tracked, coming)
    if isinstance(found, Workflows):
        yield from checks.propose(found, default_branch(reading.repository), every_gate)
        yield from workflows.propose(found)
        yield from recipients.propose(found)
        yield from deploys.propose(found)
        yield from secrets.propose(found)
        yield from gates.propose(found)


def _settled(proposals: Iterable[Proposal], trial: Trial) -> Iterator[Settled]:
    for proposal in proposals:
        found = settle(proposal, trial)
        if found.keys or found.stricter:
            yield found


def _named(settled: list[Settled]) -> list[Settled]:
    """The same with ids that are unique: two imports may say the same of one branch."""
    counts: dict[str, int] = {}
    found: list[Settled] = []
    for one in settled:
        name = one.proposal.id
        counts[name] = counts.get(name, 0) + 1
        if counts[name] > 1:
            name = f"{name}-{counts[name]}"
            keys = {**one.keys, "id": name} if one.keys else one.keys
            found.append(replace(one, proposal=replace(one.proposal, id=name), keys=keys))
        else:
            found.append(one)
    return found


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


def _gates(trial: Trial) -> PolicyResult:
    (result,) = trial.judge([LoadedPolicy(GateLiveness(id="gates"), "gate-liveness", 1)])
    return result


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

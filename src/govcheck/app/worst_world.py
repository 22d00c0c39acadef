"""The worst repository there can be, made for one policy: what `audit` holds the policy to.

Names that the policy itself gives (branches, environments, workflow files, globs) are what it is made of, so that it is
the policy's business. Live facts come from the same code as ever, over a transport that answers as GitHub does for a
repository where nothing is set.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice

from govcheck.app import contrary_settings, made_issues, made_logs, made_runs, service_worlds
from govcheck.app.contrary_settings import CANARY
from govcheck.app.nothing_set import CANARY_REPOSITORY, SUNDAY_NIGHT, NothingIsSet
from govcheck.app.pattern_examples import example
from govcheck.app.world import Gatherer, LiveGatherer, Supplier
from govcheck.facts import Fact, Missing, Request
from govcheck.facts.change import AddedLines, Change, ChangedPath, ChangeType, RemovedLines
from govcheck.facts.commits import BranchName, Commit, Commits
from govcheck.facts.decisions import AuditLog
from govcheck.facts.head_runs import PullRequestRuns
from govcheck.facts.last_commits import LastCommits
from govcheck.facts.live import DEFAULT_BRANCH, Answer
from govcheck.facts.now import Now
from govcheck.facts.pull_request import PullRequest, StatedChange
from govcheck.facts.reviews import PullRequestReviews
from govcheck.facts.scanners import ScannerCanaries, ScannerFiles
from govcheck.facts.sizes import ChangedSizes, FileSize
from govcheck.facts.sweeps import KeptSweeps
from govcheck.facts.tree import Blobs, BlobsRequest, ChangedFiles, OwnPrograms, TrackedFiles, Tree
from govcheck.facts.work_tree import (
    AdhocSweep,
    DirtyFile,
    LocalBranch,
    ShutdownSweep,
    StartupSweep,
    Stash,
    WorkTree,
)
from govcheck.facts.zizmor import Zizmor, ZizmorFinding
from govcheck.globs import compile_globs
from govcheck.policy import Policy
from govcheck.sources.data_files import read_data_files
from govcheck.sources.github.client import Client
from govcheck.sources.github.configuration import from_environment
from govcheck.sources.github.gather import gather
from govcheck.sources.hook_configuration import read_hook_configuration
from govcheck.sources.workflow_files import read_workflows

_FILE = "100644"
_PLAIN = re.compile(r"[\w.-]+")
_NOTHING = "0" * 40
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
_SCANNER = ".gitleaks.toml"
_STRANGER = "stranger"
_MOST_PATHS = 5000
_MOST_LINES = 20_000
_FEWEST_FILES = 20
_MANIFEST = "package.json"
_LOCK = "package-lock.json"
_LONGEST_WORD = 24
_LONGEST = 200
"""Characters of a glob that is made a path of."""

_WORKFLOW = """
on:
  push:
  pull_request_target: {types: [labeled]}
  workflow_dispatch:
permissions: write-all
jobs:
  canary:
    runs-on: [self-hosted, canary]
    environment: ENVIRONMENT
    steps:
      - uses: actions/checkout@main
        with: {ref: "${{ github.event.pull_request.head.sha }}"}
      - uses: STRANGER/unknown-action@master
      - name: Verify everything
        run: echo "all is well"
      - run: echo "${{ github.event.pull_request.title }}"
      - uses: actions/setup-node@v4
      - run: npm ci && npm test || true
      - run: gitleaks detect || true
      - uses: actions/upload-artifact@v4
        with: {name: canary, path: ., retention-days: 1}
      - run: flyctl deploy --app canary
      - run: curl -d text https://hooks.slack.com/services/T00000000/B00000000/canary
      - uses: dawidd6/action-send-mail@v3
        with: {to: stranger@stranger.invalid, from: canary, subject: canary, body: canary}
""".replace("STRANGER", _STRANGER)

_SILENT = "on: push\njobs: {canary: {runs-on: ubuntu-latest, steps: [{run: make}]}}\n"
"""Says nothing of permissions, timeouts or anything else."""


def of(policy: Policy, *, gone: bool = False) -> Gatherer:
    """The worst world for a policy; with `gone` its change deletes every path."""
    return Gatherer(suppliers=suppliers(policy, gone=gone), live=live(policy))


def tracked(policy: Policy) -> dict[str, str]:
    """Paths that the policy may mean, and some that it does not know, each with its mode."""
    words = tuple(dict.fromkeys(_words(policy)))
    paths = (f"{CANARY}.txt", f"{CANARY}/{CANARY}.md", _MANIFEST, _LOCK, *islice(_paths(words), _MOST_PATHS))
    return dict.fromkeys(paths, _FILE)


def adding(paths: Iterable[str]) -> Change:
    """A change that adds these paths."""
    return Change(tuple(_additions(paths)), _NOTHING, _NOTHING)


def suppliers(policy: Policy, *, gone: bool = False) -> Mapping[str, Supplier]:
    """What gathers each fact of the worst world, by the fact's name; live facts come from `live`.

    Args:
        policy: What it is made of.
        gone: Whether the change deletes every path, in place of adding it: so nothing has a partner.
    """
    words = tuple(dict.fromkeys(_words(policy)))
    modes = tracked(policy)
    paths = tuple(modes)
    changed = tuple(map(_deleted, paths)) if gone else (*_additions(paths), *_modified(paths))
    change = Change((*changed, *(() if gone else _other_changes())), _NOTHING, _NOTHING)
    workflows = read_workflows({path: text.encode() for path, text in _workflows(words).items()})
    return {
        "Now": lambda _: Now(SUNDAY_NIGHT),
        "Tree": lambda _: Tree(modes),
        "TrackedFiles": lambda _: TrackedFiles(modes),
        "AuditLog": lambda _: AuditLog(source=CANARY, decisions=()),
        "Blobs": lambda request: _blobs(request, modes, words),
        "DataFiles": lambda request: read_data_files(_blobs(request, modes, words).contents),
        "LastCommits": lambda request: LastCommits(dict.fromkeys(_blobs(request, modes, words).contents, LONG_AGO)),
        "OwnPrograms": lambda _: OwnPrograms({}),
        "HookConfiguration": lambda _: read_hook_configuration({}, lambda _: {}),
        "ScannerFiles": lambda _: ScannerFiles({_SCANNER: b"title = 'no rules'"}),
        "ScannerCanaries": lambda _: ScannerCanaries(canaries={}, trouble="no scanner is run"),
        "Zizmor": lambda _: Zizmor(
            version="", findings=(_zizmor(next(iter(workflows.files)).path),), unaudited=(), odd=0
        ),
        "Change": lambda _: change,
        "ChangedFiles": lambda _: ChangedFiles({path: CANARY.encode() for path in paths}),
        "AddedLines": lambda _: _added(paths, _lines(words)),
        "ChangedSizes": lambda _: ChangedSizes(dict.fromkeys(paths, FileSize(bytes=2**40, binary=True))),
        "RemovedLines": lambda _: RemovedLines(dict.fromkeys((entry.path for entry in change.paths), 1)),
        "BranchName": lambda _: BranchName(f"{CANARY} {CANARY}"),
        "Commits": lambda _: Commits((_COMMIT,)),
        **_sweeping(),
        "PullRequest": lambda _: PULL_REQUEST,
        "PullRequestReviews": lambda _: PullRequestReviews(
            _STRANGER, Answer(endpoint=CANARY, status=200, message="", body=[])
        ),
        "RunLogs": made_logs.bad,
        "PullRequestRuns": lambda _: PullRequestRuns(
            commit=_NOTHING, runs=Answer(endpoint=CANARY, status=200, message="", body={"workflow_runs": []})
        ),
        "StatedChange": lambda _: StatedChange(PULL_REQUEST),
        "Workflows": lambda _: workflows,
        **service_worlds.worst(policy),
    }


def _sweeping() -> Mapping[str, Supplier]:
    """A clone in which everything is left behind, and a store whose sweeps are long past."""
    long_ago = SUNDAY_NIGHT - timedelta(days=3650)
    tree = WorkTree(
        dirty=(DirtyFile(path=f"{CANARY}.txt", state="changed"), DirtyFile(path=f"{CANARY}.new", state="untracked")),
        ahead=(LocalBranch(name=f"{CANARY}-{CANARY}", upstream=None, commits=1),),
        stashes=(Stash(commit=_NOTHING, message=CANARY, at=long_ago),),
        operation="merge",
        has_remote=True,
    )
    sweeps = KeptSweeps(phase="adhoc", startup=long_ago, shutdown=long_ago, adhoc=long_ago)
    return {
        "AdhocSweep": lambda _: AdhocSweep(),
        "KeptSweeps": lambda _: sweeps,
        "ShutdownSweep": lambda _: ShutdownSweep(),
        "StartupSweep": lambda _: StartupSweep(),
        "WorkTree": lambda _: tree,
    }


def live(policy: Policy) -> LiveGatherer:
    """Gathers live facts of a repository where nothing is set."""
    branch = getattr(policy, "branch", "main")
    made = {**made_runs.bad(policy, workflow_paths(policy)), **made_issues.bad(policy)}
    contrary = {**contrary_settings.contrary(policy), **made}
    return asking(NothingIsSet("main" if branch == DEFAULT_BRANCH else str(branch), contrary))


def asking(transport: NothingIsSet) -> LiveGatherer:
    """Gathers live facts by the same code as ever, from these answers."""
    environment = {"GITHUB_API_URL": "https://api.github.com", "GH_TOKEN": f"ghp_{CANARY}"}

    def ask(requests: Iterable[Request]) -> Mapping[Request, Fact | Missing]:
        with Client(from_environment(environment), transport=transport) as client:
            return gather(client, CANARY_REPOSITORY, tuple(requests))

    return ask


_COMMIT = Commit(
    id=_NOTHING,
    parents=(_NOTHING,),
    author_name=_STRANGER,
    author_email=f"{_STRANGER}@{_STRANGER}.invalid",
    committer_name=_STRANGER,
    committer_email=f"{_STRANGER}@{_STRANGER}.invalid",
    authored_at=SUNDAY_NIGHT,
    message=f"  {CANARY} " * 200,
)

PULL_REQUEST = PullRequest(
    number=1,
    title=CANARY,
    body="",
    author=_STRANGER,
    draft=False,
    base_branch="main",
    base_commit=_NOTHING,
    head_branch=CANARY,
    head_commit=_NOTHING,
    from_fork=True,
    labels=(),
)


def _zizmor(path: str) -> ZizmorFinding:
    return ZizmorFinding(
        audit=CANARY,
        description=CANARY,
        url="",
        weight="high",
        confidence="High",
        path=path,
        line=1,
        column=1,
        end_line=1,
        annotation="",
        job="",
        ignored=False,
    )


def _words(value: object) -> Iterator[str]:
    """Every text in a policy."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple | list):
        for item in value:
            yield from _words(item)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _words(key)
            yield from _words(item)
    elif is_dataclass(value):
        common = {field.name for field in fields(Policy)} if isinstance(value, Policy) else set[str]()
        for field in fields(value):
            if field.name not in common:
                yield from _words(getattr(value, field.name))


def _paths(words: tuple[str, ...]) -> Iterator[str]:
    """Paths that the policy's globs may mean, each by itself, and below every folder that another one names."""
    globs = [word for word in words if "\n" not in word and len(word) <= _LONGEST and word != DEFAULT_BRANCH]
    folders = [_instance(glob.removesuffix("/**")) for glob in globs if glob.endswith("/**") and len(glob) > len("/**")]
    for glob in globs:
        path = _instance(glob)
        if path:
            yield path
            yield f"{CANARY}/{path}"
        if glob.startswith("**/"):
            yield from (f"{folder}/{_instance(glob.removeprefix('**/'))}" for folder in folders)


def _instance(glob: str) -> str:
    """One path that a glob matches."""
    path = glob.replace("**", CANARY).replace("*", CANARY).replace("?", "x").strip("/")
    path = re.sub(r"\[!?(.)[^\]]*\]", r"\1", path)
    return f"{path}/{CANARY}" if glob.endswith("/") else path


def _lines(words: tuple[str, ...]) -> tuple[tuple[int, bytes], ...]:
    """Every word of the policy by itself, with a value, and as a pattern may have it."""
    short = [word for word in words if len(word) <= _LONGEST and "\n" not in word]
    texts = [CANARY, *short, *(f"{word}={CANARY}-1" for word in short), *map(example, short)]
    return tuple((number, text.encode("utf-8", "replace")) for number, text in enumerate(texts, start=1))


def _added(paths: Sequence[str], lines: tuple[tuple[int, bytes], ...]) -> AddedLines:
    """The lines in each of these files; where both are very many, in the first files only."""
    most = max(_FEWEST_FILES, _MOST_LINES // len(lines))
    return AddedLines(dict.fromkeys(paths[:most], lines))


def _deleted(path: str) -> ChangedPath:
    return ChangedPath(type=ChangeType.DELETE, path=path, mode=None, previous_mode=_FILE)


def _modified(paths: Iterable[str]) -> Iterator[ChangedPath]:
    return (ChangedPath(type=ChangeType.MODIFY, path=path, mode=_FILE, previous_mode=_FILE) for path in paths)


def _additions(paths: Iterable[str]) -> Iterator[ChangedPath]:
    return (ChangedPath(type=ChangeType.ADD, path=path, mode=_FILE, previous_mode=None) for path in paths)


def _other_changes() -> Iterator[ChangedPath]:
    for kind in (ChangeType.MODIFY, ChangeType.RENAME):
        path = f"{CANARY}-{kind.value}.txt"
        previous = f"{CANARY}-old.txt" if kind is ChangeType.RENAME else None
        yield ChangedPath(type=kind, path=path, previous_path=previous, mode=_FILE, previous_mode=_FILE)
    yield ChangedPath(type=ChangeType.DELETE, path=f"{CANARY}-gone.txt", mode=None, previous_mode=_FILE)


def workflow_paths(policy: Policy) -> tuple[str, ...]:
    """Workflow files that the policy may mean."""
    return tuple(_workflows(tuple(dict.fromkeys(_words(policy)))))


def _workflows(words: tuple[str, ...]) -> dict[str, str]:
    names = [word for word in words if _PLAIN.fullmatch(word.replace("*", "x"))]
    environments = names or [CANARY]
    texts = {}
    for name in names:
        if name.endswith((".yml", ".yaml")):
            texts[f".github/workflows/{_instance(name)}"] = _WORKFLOW.replace("ENVIRONMENT", CANARY)
    for number, environment in enumerate(environments[:20]):
        texts[f".github/workflows/{CANARY}-{number}.yml"] = _WORKFLOW.replace("ENVIRONMENT", _instance(environment))
    return {**texts, f".github/workflows/{CANARY}-silent.yml": _SILENT}


def blobs(policy: Policy, request: Request, modes: Mapping[str, str]) -> Blobs:
    """The files of these that a request is of, with what the policy may have something against in them."""
    return _blobs(request, modes, tuple(dict.fromkeys(_words(policy))))


def _blobs(request: Request, modes: Mapping[str, str], words: tuple[str, ...]) -> Blobs:
    if not isinstance(request, BlobsRequest):
        raise TypeError("blobs are asked for by globs")
    matching = compile_globs(request.globs).accepted(modes)
    return Blobs({path: _content(path, words) for path in matching})


def _content(path: str, words: tuple[str, ...]) -> bytes:
    if path == _MANIFEST:
        names = [_instance(word) for word in words if len(word) <= _LONGEST_WORD]
        return json.dumps({"dependencies": dict.fromkeys((CANARY, *names), "1.0.0")}).encode()
    if path.endswith(".json"):
        return json.dumps(CANARY).encode()
    return _document(words) if path.endswith(".md") else CANARY.encode()


def _document(words: tuple[str, ...]) -> bytes:
    """A text in which everything was due long ago, and that names what is not there."""
    due = [f"- {word}: 2001-01-01" for word in words if len(word) <= _LONGEST_WORD and "\n" not in word]
    return "\n".join(
        [f"# {CANARY}", "", f"See `{CANARY}/missing.md` and [it]({CANARY}/missing.md).", "", *due]
    ).encode()

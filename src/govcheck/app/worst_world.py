"""The worst repository there can be, made for one policy: what `audit` holds the policy to.

Names that the policy itself gives (branches, environments, workflow files, globs) are what it is made of, so that it is
the policy's business. Live facts come from the same code as ever, over a transport that answers as GitHub does for a
repository where nothing is set.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from itertools import islice

from govcheck.app import contrary_settings
from govcheck.app.contrary_settings import CANARY
from govcheck.app.nothing_set import CANARY_REPOSITORY, SUNDAY_NIGHT, NothingIsSet
from govcheck.app.world import Gatherer, LiveGatherer, Supplier
from govcheck.facts import Fact, Missing, Request
from govcheck.facts.change import AddedLines, Change, ChangedPath, ChangeType
from govcheck.facts.commits import BranchName, Commit, Commits
from govcheck.facts.last_commits import LastCommits
from govcheck.facts.live import DEFAULT_BRANCH
from govcheck.facts.now import Now
from govcheck.facts.pull_request import PullRequest
from govcheck.facts.scanners import ScannerCanaries, ScannerFiles
from govcheck.facts.sizes import ChangedSizes, FileSize
from govcheck.facts.tree import Blobs, BlobsRequest, ChangedFiles, OwnPrograms, TrackedFiles, Tree
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


def of(policy: Policy) -> Gatherer:
    """The worst world for a policy."""
    return Gatherer(suppliers=suppliers(policy), live=live(policy))


def tracked(policy: Policy) -> dict[str, str]:
    """Paths that the policy may mean, and some that it does not know, each with its mode."""
    words = tuple(dict.fromkeys(_words(policy)))
    paths = (f"{CANARY}.txt", f"{CANARY}/{CANARY}.md", *islice(_paths(words), _MOST_PATHS))
    return dict.fromkeys(paths, _FILE)


def adding(paths: Iterable[str]) -> Change:
    """A change that adds these paths."""
    return Change(tuple(_additions(paths)), _NOTHING, _NOTHING)


def suppliers(policy: Policy) -> Mapping[str, Supplier]:
    """What gathers each fact of the worst world, by the fact's name; live facts come from `live`."""
    words = tuple(dict.fromkeys(_words(policy)))
    modes = tracked(policy)
    paths = tuple(modes)
    change = Change((*_additions(paths), *_other_changes()), _NOTHING, _NOTHING)
    workflows = read_workflows({path: text.encode() for path, text in _workflows(words).items()})
    return {
        "Now": lambda _: Now(SUNDAY_NIGHT),
        "Tree": lambda _: Tree(modes),
        "TrackedFiles": lambda _: TrackedFiles(modes),
        "Blobs": lambda request: _blobs(request, modes),
        "DataFiles": lambda request: read_data_files(_blobs(request, modes).contents),
        "LastCommits": lambda request: LastCommits(dict.fromkeys(_blobs(request, modes).contents, LONG_AGO)),
        "OwnPrograms": lambda _: OwnPrograms({}),
        "HookConfiguration": lambda _: read_hook_configuration({}, lambda _: {}),
        "ScannerFiles": lambda _: ScannerFiles({_SCANNER: b"title = 'no rules'"}),
        "ScannerCanaries": lambda _: ScannerCanaries(canaries={}, trouble="no scanner is run"),
        "Zizmor": lambda _: Zizmor(
            version="", findings=(_zizmor(next(iter(workflows.files)).path),), unaudited=(), odd=0
        ),
        "Change": lambda _: change,
        "ChangedFiles": lambda _: ChangedFiles({path: CANARY.encode() for path in paths}),
        "AddedLines": lambda _: AddedLines({path: ((1, CANARY.encode()),) for path in paths}),
        "ChangedSizes": lambda _: ChangedSizes(dict.fromkeys(paths, FileSize(bytes=2**40, binary=True))),
        "BranchName": lambda _: BranchName(f"{CANARY} {CANARY}"),
        "Commits": lambda _: Commits((_COMMIT,)),
        "PullRequest": lambda _: PULL_REQUEST,
        "Workflows": lambda _: workflows,
    }


def live(policy: Policy) -> LiveGatherer:
    """Gathers live facts of a repository where nothing is set."""
    branch = getattr(policy, "branch", "main")
    return asking(NothingIsSet("main" if branch == DEFAULT_BRANCH else str(branch), contrary_settings.contrary(policy)))


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


def _blobs(request: Request, modes: Mapping[str, str]) -> Blobs:
    if not isinstance(request, BlobsRequest):
        raise TypeError("blobs are asked for by globs")
    matching = compile_globs(request.globs).accepted(modes)
    return Blobs({path: CANARY.encode() for path in matching})

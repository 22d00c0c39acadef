"""A repository that a policy has nothing against, made for that policy: what `audit` shows that it can pass by.

It has the paths that the policy names, one workflow that does nothing but build, a pull request that declares its
paths, and on GitHub every setting as the policy wants it. What a policy wants beyond that is not made up here: then
`audit` says so, and a test of the policy shows what it passes by.
"""

import json
from collections.abc import Mapping

from govcheck.app import (
    contrary_settings,
    good_protection,
    good_settings,
    made_logs,
    made_runs,
    service_worlds,
    worst_world,
)
from govcheck.app.contrary_settings import CANARY
from govcheck.app.nothing_set import SUNDAY_NIGHT, NothingIsSet
from govcheck.app.world import Gatherer, Supplier
from govcheck.facts.last_commits import LastCommits
from govcheck.facts.live import DEFAULT_BRANCH
from govcheck.facts.scanners import ScannerFiles
from govcheck.facts.sweeps import KeptSweeps
from govcheck.facts.tree import TrackedFiles, Tree
from govcheck.facts.work_tree import WorkTree
from govcheck.facts.zizmor import Zizmor
from govcheck.policy import Policy
from govcheck.records import replace
from govcheck.sources.data_files import read_data_files
from govcheck.sources.workflow_files import read_workflows

_HEAD = """
on:
  push: {branches: [main]}
  pull_request:
permissions:
  contents: read
concurrency: ${{ github.workflow }}-${{ github.ref }}
jobs:
"""
_JOB = """
  job-NUMBER:
    name: NAME
    runs-on: ubuntu-latest
    timeout-minutes: 2
    steps:
      - run: make
"""
_MAIL = """
      - uses: dawidd6/action-send-mail@v3
        with: {to: INBOX, from: ci, subject: done, body: done}
"""

_SWEPT = KeptSweeps(phase="adhoc", startup=SUNDAY_NIGHT, shutdown=SUNDAY_NIGHT, adhoc=SUNDAY_NIGHT)


def of(policy: Policy, without: frozenset[str] = frozenset()) -> Gatherer:
    """The good world for a policy.

    Args:
        policy: For which.
        without: Paths that it has something against, so that the world does not have them.
    """
    branch = str(getattr(policy, "branch", "main"))
    wanted = {
        **contrary_settings.as_wanted(policy),
        **good_protection.documents(policy),
        **good_settings.documents(policy),
        **made_runs.good(policy, tuple(_workflows(policy))),
    }
    transport = NothingIsSet("main" if branch == DEFAULT_BRANCH else branch, wanted, strangers=False)
    return Gatherer(suppliers=_suppliers(policy, without), live=worst_world.asking(transport))


def _suppliers(policy: Policy, without: frozenset[str]) -> Mapping[str, Supplier]:
    modes = {path: mode for path, mode in worst_world.tracked(policy).items() if path not in without}
    change = worst_world.adding(modes)
    workflows = read_workflows(_workflows(policy))
    declared = "\n".join(f"- `{path}`" for path in modes)
    pull_request = replace(worst_world.PULL_REQUEST, body=f"Fixes #1\n\nAllowed paths:\n\n{declared}\n")
    return {
        **worst_world.suppliers(policy),
        **service_worlds.good(policy),
        "Tree": lambda _: Tree(modes),
        "TrackedFiles": lambda _: TrackedFiles(modes),
        "Blobs": lambda request: worst_world.blobs(policy, request, modes),
        "DataFiles": lambda request: read_data_files(worst_world.blobs(policy, request, modes).contents),
        "Change": lambda _: change,
        "LastCommits": lambda _: LastCommits(dict.fromkeys(modes, SUNDAY_NIGHT)),
        "PullRequest": lambda _: pull_request,
        "RunLogs": made_logs.good,
        "Workflows": lambda _: workflows,
        "ScannerFiles": lambda _: ScannerFiles({}),
        "KeptSweeps": lambda _: KeptSweeps(
            phase="adhoc", startup=SUNDAY_NIGHT, shutdown=SUNDAY_NIGHT, adhoc=SUNDAY_NIGHT
        ),
        "WorkTree": lambda _: WorkTree(dirty=(), ahead=(), stashes=(), operation=None, has_remote=True),
        "Zizmor": lambda _: Zizmor(version="", findings=(), unaudited=(), odd=0),
    }


def _workflows(policy: Policy) -> dict[str, bytes]:
    """A file that reports every check which the policy names; and one of each name that the policy has for one."""
    checks = getattr(policy, "checks", ())
    contexts = [str(getattr(one, "context", one)) for one in (checks if isinstance(checks, tuple) else ())]
    named = [*dict.fromkeys(path for path in worst_world.workflow_paths(policy) if CANARY not in path)]
    build = _workflow(contexts or ["build"]) + _mail(policy)
    return {".github/workflows/build.yml": build, **dict.fromkeys(named, _workflow(["build"]))}


def _mail(policy: Policy) -> bytes:
    """A step that tells whoever a policy of recipients allows to be told, at the end of a job."""
    inboxes = getattr(getattr(policy, "allow", None), "email", ())
    return "".join(_MAIL.replace("INBOX", json.dumps(inbox)) for inbox in inboxes[:1] if "*" not in inbox).encode()


def _workflow(names: list[str]) -> bytes:
    jobs = (_JOB.replace("NUMBER", str(number)).replace("NAME", json.dumps(name)) for number, name in enumerate(names))
    return (_HEAD + "".join(jobs)).encode()

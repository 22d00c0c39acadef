"""Every gate that can be recognised is able to go red.

```yaml
kind: gate-liveness
id: gates-bite
why: A gate that cannot go red guards nothing, and everybody believes that it does.
```

Looked at are all gates of the repository, by themselves: nothing has to be listed. Each is *alive* (something was found
by which it can go red), *dead* (shown to be unable to: a finding) or nobody can tell (`unknown`, with the reason).
`govcheck explain gates` lists them all, the living ones with how it was shown; `govcheck why FINGERPRINT` tells one
finding's whole story. The family of a gate is the `control` of its finding, and `families` may name it:

| family | gates | dead is |
| --- | --- | --- |
| `promise` | steps that say verify, check, validate, ensure, ... | a script that ends with 0 on every path |
| `judge` | tests, linters, scanners, also as an action | one whose status `|| true`, a pipe, `make` or an option eats |
| `unheeded` | results that a script computes | one that nothing reads |
| `output` | outputs that another step or job reads | one that no step sets |
| `comparison` | comparisons with the index or a base | nothing staged in CI, no base fetched |
| `rewrite` | formatters that change files in a run | one after which nobody looks at what changed |
| `aggregate` | jobs that stand for others | one that is skipped, or green, when one of them fails |
| `trigger` | what starts a check | never, on no day, not for every change, switched off, not again after an edit |
| `pre-commit` | its hooks, and those of other managers | a file that is not read, a hook that never starts |
| `danger` | Dangerfiles and path gates made by hand | one that only speaks, or stays green on `fail` |
| `secret-scan`, `codeowners`, `bypass` | below | below |
| `governance` | these policies | policies that no workflow runs, that nobody has to review, that no branch requires |
| `cannot-go-green` | jobs | not there is what it needs: a script, an action, a tool, a lock file that git ignores |

Gates that no run comes to are dead: by the `if` of their job or step, by an empty matrix, by the inputs of every call.
So are those whose `continue-on-error` is true wherever they run; where that of their job is, the run stays green, and
nobody can tell what the job's own check stops. `explain gates` also counts the steps whose commands are not recognised
as gates, and says of a step that runs what an expression gives that nobody can tell.

**Scripts** are read with a grammar of bash, followed path by path: `set -e`, `pipefail`, `||`, traps, functions,
conditions, the script files of the repository and those of `package.json`. A step is alive where one path can end with
another code than 0; what depends on something that only the run knows can fail. What another language does is not
read: a Python or JavaScript program counts as able to fail, but for the scripts of `actions/github-script`. Bash that
does not parse is unknown.

**CODEOWNERS** (family `codeowners`) is read as GitHub reads it: the first of `.github/CODEOWNERS`, `CODEOWNERS` and
`docs/CODEOWNERS` hides the others, the last line that matches a path decides, and a line with wrong syntax is skipped.
Dead are hidden files, lines that match no tracked file or that later lines override altogether, and owners that cannot
exist; so is a file that leaves itself, the workflows or the policies to nobody. `owned: ["docs/**"]` promises that
every tracked file of these globs has an owner. Where GitHub can be asked (a sweep, `--live`), owners that it does not
know or that may not write are told as well, and, as a note, a default branch that does not require their review.
`govcheck explain path PATH` names the line that decides. Subjects are the file,
`FILE:PATTERN` for a line, `FILE:OWNER`, and `owned:GLOB` for what has to have an owner.

**Secret scanners** (`secret-scan`): gitleaks, betterleaks, trufflehog, detect-secrets, ggshield and git-secrets, as an
action, in a step, or in a script that a step runs. Dead is a scan whose exit code nobody heeds, one that looks at what
is staged, and a configuration that is not valid, has no rules, or allows everything; weak is one that scans history in
a shallow clone, whose scanner is downloaded unchecked, or whose baseline this change adds to. Where gitleaks or
betterleaks is installed, each configuration is tried on secrets that are made up for it (a *canary*), in a temporary
folder and without a network; otherwise the verdict rests on reading alone, and says so. `canary: required` makes what
was not tried unknown.

**`bypass`**, ways around a gate: every job that can deploy counts, by its command and its target (`--app`, a project, a
namespace, ...), not by its name.

- A job that deploys although the deploy that it follows was refused. `failure()` is true where *any* job before it
  failed, so that a rollback with `if: failure()` also runs where the window was closed or the build broke; and where an
  environment refused the deploy, which is a failure to GitHub. Also a deploy whose `if: always()` does not heed what it
  needs.
- A deploy token that jobs read which name no environment, while others that deploy with it do: it has to be a secret of
  the repository then, and a workflow on any branch can use it. What only reads (`flyctl status`) is told apart.
- A job that calls itself a rollback and deploys nothing.
- Deploys of one target from several workflows that share no concurrency group.
- A deploy that `workflow_dispatch` starts from any branch: a `warning`, or a `note` where an environment may refuse.

**`workflow`**: a workflow file that GitHub rejects. Nothing in it runs, and nothing that it should report is ever
reported; that looks like a repository without gates. One that only govcheck cannot read is unknown.

**`cannot-go-green`** is the opposite: what must always fail. Where GitHub can be asked, so is a default branch that
demands more approvals than there are people who may give one: whose role may write, without the author. Approvals of
apps are not counted.
"""

from collections.abc import Iterable, Iterator
from typing import Literal

from govcheck import globs
from govcheck.codeowners.parsing import LOCATIONS
from govcheck.facts import Request
from govcheck.facts.change import AddedLines
from govcheck.facts.hooks import HookConfiguration
from govcheck.facts.live import (
    DEFAULT_BRANCH,
    CodeownersErrors,
    HeadChecks,
    HeadChecksRequest,
    LiveBranch,
    LiveBranchRequest,
    LiveWorkflows,
)
from govcheck.facts.live_answers import LiveAnswers, LiveAnswersRequest
from govcheck.facts.scanners import ScannerCanaries, ScannerFiles
from govcheck.facts.tree import Blobs, BlobsRequest, OwnPrograms, TrackedFiles, Tree
from govcheck.facts.workflows import Workflows
from govcheck.findings import Judged
from govcheck.liveness import (
    bypasses,
    danger,
    governance,
    ownership,
    ownership_live,
    rejected_files,
    requirements,
    reviewers,
    scanner_baselines,
    switched_off,
)
from govcheck.liveness.gate import Family, Gate
from govcheck.liveness.hooks import gates as hook_gates
from govcheck.liveness.steps import step_gates
from govcheck.policy import Policy
from govcheck.records import frozen
from govcheck.registry import Said, check


@frozen(kw_only=True)
class GateLiveness(Policy):
    """Which gates are looked at."""

    kind: Literal["gate-liveness"] = "gate-liveness"

    families: tuple[Family, ...] = ()
    """Only gates of these sorts; left out: all."""

    owned: tuple[str, ...] = ()
    """Globs, from the repository's root, of paths that must have an owner in CODEOWNERS."""

    canary: Literal["if-installed", "required"] = "if-installed"
    """Whether a scanner's configuration has to be proved alive by a canary, or only where a scanner is installed."""

    def problems(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """What the types cannot say: the place in the document, and what is wrong there."""
        for number, pattern in enumerate(self.owned):
            if problem := globs.problems(pattern):
                yield ("owned", number), f"`{pattern}`: {problem}"
        if self.owned and self.families and "codeowners" not in self.families:
            yield ("owned",), "needs `codeowners` among the `families`: no other gate is of owners"


def _ignore_files(_: GateLiveness) -> Iterable[tuple[Request, ...]]:
    return [(BlobsRequest(Blobs, ("**/.gitignore",)),)]


@check(wants=_ignore_files)
def steps(
    policy: GateLiveness, workflows: Workflows, programs: OwnPrograms, tracked: TrackedFiles, ignoring: Blobs
) -> Iterator[Said]:
    """What jobs and steps promise, they do: they can fail, and they can succeed."""
    yield from _said(policy, step_gates(workflows, programs.contents, tracked.modes, ignoring.contents))


@check()
def readable(policy: GateLiveness, workflows: Workflows) -> Iterator[Said]:
    """GitHub takes the workflow files, and the actions that they use."""
    yield from _said(policy, rejected_files.gates(workflows))


@check()
def contexts(policy: GateLiveness, workflows: Workflows) -> Iterator[Said]:
    """Each check has a name of its own."""
    yield from _said(policy, requirements.twice(workflows))


def _policies(_: GateLiveness) -> Iterable[tuple[Request, ...]]:
    return [(BlobsRequest(Blobs, (governance.POLICIES,)),)]


@check(wants=_policies)
def govcheck_itself(
    policy: GateLiveness, workflows: Workflows, programs: OwnPrograms, tracked: TrackedFiles, policies: Blobs
) -> Iterator[Said]:
    """The repository's own policies are run, and heeded."""
    yield from _said(policy, governance.gates(workflows, programs.contents, tracked.modes, policies.contents))


def _default_branch(_: GateLiveness) -> Iterable[tuple[Request, ...]]:
    return [(LiveBranchRequest(LiveBranch, DEFAULT_BRANCH), HeadChecksRequest(HeadChecks, DEFAULT_BRANCH))]


@check(wants=_default_branch)
def required(
    policy: GateLiveness, workflows: Workflows, programs: OwnPrograms, branch: LiveBranch, head: HeadChecks
) -> Iterator[Said]:
    """Live: what the default branch requires is always reported, and govcheck is among it."""
    yield from _said(policy, requirements.gates(workflows, branch, head))
    yield from _said(policy, governance.required(workflows, programs.contents, branch))


@check()
def switched_on(policy: GateLiveness, workflows: Workflows, _tree: Tree, live: LiveWorkflows) -> Iterator[Said]:
    """Live, over a whole tree: GitHub starts the workflows. A change may add a file that GitHub cannot know yet."""
    yield from _said(policy, switched_off.gates(workflows, live))


def _owned(policy: GateLiveness) -> Iterable[tuple[Request, ...]]:
    return [(BlobsRequest(Blobs, ownership.BLOBS),)] if _looks_at(policy, "codeowners") else []


@check(wants=_owned)
def code_owners(policy: GateLiveness, tracked: TrackedFiles, blobs: Blobs) -> Iterator[Said]:
    """CODEOWNERS guards what it names, and what `owned` promises."""
    yield from _said(policy, ownership.gates(policy.owned, tracked, blobs))


def _owned_live(policy: GateLiveness) -> Iterable[tuple[Request, ...]]:
    both = (BlobsRequest(Blobs, LOCATIONS), LiveBranchRequest(LiveBranch, DEFAULT_BRANCH))
    return [both] if _looks_at(policy, "codeowners") else []


@check(wants=_owned_live)
def code_owners_live(
    policy: GateLiveness, tracked: TrackedFiles, blobs: Blobs, errors: CodeownersErrors, branch: LiveBranch
) -> Iterator[Said]:
    """The owners exist and may write, and have to be asked."""
    yield from _said(policy, ownership_live.gates(tracked, blobs, errors, branch))


def _looks_at(policy: GateLiveness, family: Family) -> bool:
    return not policy.families or family in policy.families


@check()
def hooks_run(
    policy: GateLiveness,
    hooks: HookConfiguration,
    tracked: TrackedFiles,
    workflows: Workflows,
    programs: OwnPrograms,
) -> Iterator[Said]:
    """pre-commit's configuration is read, its hooks run and are heard, and so are hook files of other kinds."""
    yield from _said(policy, hook_gates(hooks, tracked, workflows, programs))


@check()
def dangerfiles(
    policy: GateLiveness, workflows: Workflows, programs: OwnPrograms, tracked: TrackedFiles
) -> Iterator[Said]:
    """Dangerfiles and path gates judge what they say, and what judges a pull request's text sees its edits."""
    yield from _said(policy, danger.gates(workflows, programs, tracked))


@check()
def secret_scan(
    policy: GateLiveness, workflows: Workflows, programs: OwnPrograms, files: ScannerFiles, canaries: ScannerCanaries
) -> Iterator[Said]:
    """Secret scanners find what they are there to find, and somebody heeds it."""
    from govcheck.liveness import secret_scanners  # noqa: PLC0415 - the hook judges baselines only, and has no time

    proof = policy.canary == "required"
    yield from _said(policy, secret_scanners.gates(workflows, programs, files, canaries, proof=proof))


@check()
def secret_baseline(policy: GateLiveness, lines: AddedLines) -> Iterator[Said]:
    """No change adds to what secret scanners pass over."""
    yield from _said(policy, scanner_baselines.grown(lines))


@check()
def bypass(policy: GateLiveness, workflows: Workflows) -> Iterator[Said]:
    """Nothing deploys around what should have stopped it."""
    yield from _said(policy, bypasses.gates(workflows))


def _reviewed(policy: GateLiveness) -> Iterable[tuple[Request, ...]]:
    both = (LiveBranchRequest(LiveBranch, DEFAULT_BRANCH), LiveAnswersRequest(LiveAnswers, (reviewers.COLLABORATORS,)))
    return [both] if _looks_at(policy, "cannot-go-green") else []


@check(wants=_reviewed)
def enough_reviewers(policy: GateLiveness, branch: LiveBranch, live: LiveAnswers) -> Iterator[Said]:
    """Live: as many people can approve as the default branch demands approvals."""
    yield from _said(policy, reviewers.gates(branch, live))


def _said(policy: GateLiveness, gates: Iterable[Gate]) -> Iterator[Said]:
    wanted = [gate for gate in gates if not policy.families or gate.family in policy.families]
    yield Judged(len(wanted))
    for gate in wanted:
        yield from gate.said()

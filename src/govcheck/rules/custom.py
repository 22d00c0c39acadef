"""What nobody else has a kind for: every node of one sort is held to a condition that you write.

```yaml
kind: custom
id: jobs-end-soon
why: A job that hangs costs six hours of minutes.
each: job
where: {properties: {uses: {const: ""}}}
assert: {properties: {timeout_minutes: {type: integer, maximum: 30}}}
message: "job {id} may run for {timeout_minutes} minutes"
examples:
  pass: [{id: build, timeout_minutes: 5}, {id: calls, uses: ./.github/workflows/a.yml}]
  fail: [{id: hangs}, {id: slow, timeout_minutes: 31}]
```

`each` says what is judged, one at a time. [Nodes](../guides/custom-nodes.md) has what each of them is made of.

| `each` | what is judged | where |
| --- | --- | --- |
| `file` | tracked files; of a change those that it leaves behind | pre-commit, CI, whole tree, sweep |
| `change` | paths that a change touches | pre-commit, CI |
| `commit` | commits that the branch adds | CI |
| `pull-request` | the pull request | CI |
| `workflow`, `job`, `step` | what the workflow files have | pre-commit, CI, whole tree, sweep |
| `environment`, `ruleset`, `setting` | what GitHub has | with `--live`, and in a sweep |

**A condition** is a JSON Schema (`assert`) or a CEL expression (`expr`); `where` takes either, and leaves out what
does not fit. Both see the values of one node under their names: `size <= 1000 && path.startsWith("src/")`.

- Schemas are 2020-12. `$ref` leads within the schema only, nothing is fetched; patterns are RE2's, and unanchored.
- [CEL](https://cel.dev) needs the extra `cel`: `pip install 'govcheck[cel]'`. Without it such a policy is an error.
  Names and types are checked when the policy is read. What is written with a hyphen is under `raw`:
  `raw["timeout-minutes"]`. An expression that fails on a node, or comes to something else than true or false, is
  unknown. Beside `all`, `exists`, `exists_one`, `filter` or `map` no `+` can stand, and lists and mappings have
  constants only.

**Examples** are needed: at least one node that holds and one that does not. They may be partial: what is left out has
its empty value. They are run whenever the policy is read, and one that does not do what it says is an error.
`govcheck audit` shows the first that fails.

**Messages** name values of the node in braces. Nothing is evaluated; what looks like a credential is masked, and long
values are cut.

Over a whole tree, in a sweep and wherever GitHub is asked, a policy that selects nothing at all is a warning: its
names may have changed. `may_be_empty: true` says that this is as it should be.

`applies_to` has globs. Files and changed paths go by their path, workflows, jobs and steps by that of their file,
environments, rulesets and settings by their name, a pull request by the branch that it goes to, a commit by its
author's address.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar, Literal

from govcheck import globs
from govcheck.facts import Request
from govcheck.facts.change import AddedLines, Change
from govcheck.facts.commits import Commits
from govcheck.facts.live import LiveRulesets, LiveRulesetsRequest
from govcheck.facts.live_answers import LiveAnswers, LiveAnswersRequest
from govcheck.facts.pull_request import PullRequest
from govcheck.facts.tree import Blobs, BlobsRequest, ChangedFiles, ChangedFilesRequest, Tree
from govcheck.facts.workflows import Workflows
from govcheck.findings import Finding, Fix, Judged, Undecided
from govcheck.judged_examples import JudgedExample
from govcheck.nodes import files, judging
from govcheck.nodes.judging import EVERYTHING, Node
from govcheck.policy import MODEL_CONFIGURATION, Policy
from govcheck.records import frozen
from govcheck.registry import Said, check

Each = Literal[
    "file",
    "change",
    "commit",
    "pull-request",
    "workflow",
    "job",
    "step",
    "environment",
    "ruleset",
    "setting",
]

_WORKFLOW_NODES = ("workflow", "job", "step")


@frozen(kw_only=True)
class Examples:
    """Nodes of which it is known what comes of them."""

    __pydantic_config__: ClassVar[dict[str, Any]] = MODEL_CONFIGURATION

    pass_: tuple[Mapping[str, Any], ...]
    """Nodes that hold, or that `where` leaves out; at least one holds."""

    fail: tuple[Mapping[str, Any], ...]
    """Nodes that do not hold; at least one."""


@frozen(kw_only=True)
class Custom(Policy):
    """A condition that every node of one sort is held to."""

    kind: Literal["custom"] = "custom"

    each: Each
    """What is judged, one at a time."""

    applies_to: tuple[str, ...] = EVERYTHING
    """Globs of what is judged; everything, where it is left out."""

    where: str | Mapping[str, Any] | None = None
    """Which of these are judged: a schema, or an expression. All, where it is left out."""

    assert_: Mapping[str, Any] | None = None
    """The JSON Schema that each of them is held to. This, or `expr`."""

    expr: str | None = None
    """The CEL expression that has to be true of each of them. This, or `assert`."""

    message: str = ""
    """What is said of one that does not hold: text with names of its values in braces, `{path}`."""

    examples: Examples
    """Nodes that hold and nodes that do not."""

    may_be_empty: bool = False
    """Whether it is fine that nothing is selected in the whole tree."""

    facts: Literal[1] = 1
    """The version of the nodes that the conditions are written for."""

    def problems(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """What the types cannot say: the place in the document, and what is wrong there."""
        from govcheck.nodes.validating import problems  # noqa: PLC0415 - brings the conditions' engines along

        for number, pattern in enumerate(self.applies_to):
            if problem := globs.problems(pattern):
                yield ("applies_to", number), f"`{pattern}`: {problem}"
        yield from problems(self)

    def judged_examples(self) -> Iterator[JudgedExample]:
        """Each example, judged: for `govcheck test`."""
        from govcheck.nodes.examples import run  # noqa: PLC0415 - brings the conditions' engines along

        for result in run(self):
            blind = result.came_to == "error"
            yield JudgedExample(
                name=f"example {result.number + 1} of those that {result.expected}",
                expected=(result.expected,),
                found=(result.expected,) if result.as_said else (result.came_to, result.why),
                blind=(result.why,) if blind else (),
            )


def _of(*each: str) -> Callable[[Custom], Iterable[tuple[Request, ...]]]:
    return lambda policy: [()] if policy.each in each else []


def _names(policy: Custom) -> Iterable[tuple[Request, ...]]:
    return [()] if policy.each == "file" and not judging.reads(policy, *files.CONTENT) else []


def _contents(policy: Custom) -> Iterable[tuple[Request, ...]]:
    wanted = policy.each == "file" and judging.reads(policy, *files.CONTENT)
    return [(BlobsRequest(Blobs, policy.applies_to),)] if wanted else []


def _changed_contents(policy: Custom) -> Iterable[tuple[Request, ...]]:
    wanted = policy.each == "file" and judging.reads(policy, *files.CONTENT)
    return [(ChangedFilesRequest(ChangedFiles, policy.applies_to),)] if wanted else []


def _changes(policy: Custom) -> Iterable[tuple[Request, ...]]:
    return [()] if policy.each == "change" and not judging.reads(policy, "added_lines", "added") else []


def _lines(policy: Custom) -> Iterable[tuple[Request, ...]]:
    return [()] if policy.each == "change" and judging.reads(policy, "added_lines", "added") else []


def _environment_reads(policy: Custom) -> tuple[str, ...]:
    from govcheck.nodes.shapes import Environment, types_of  # noqa: PLC0415 - as above

    return tuple(key for key in types_of(Environment) if judging.reads(policy, key))


def _environment_requests(policy: Custom) -> Iterable[tuple[Request, ...]]:
    if policy.each != "environment":
        return []
    from govcheck.nodes import live as reading  # noqa: PLC0415 - as above

    return [(LiveAnswersRequest(LiveAnswers, reading.environment_endpoints(_environment_reads(policy))),)]


def _ruleset_requests(policy: Custom) -> Iterable[tuple[Request, ...]]:
    return [(LiveRulesetsRequest(LiveRulesets, ("branch", "tag", "push")),)] if policy.each == "ruleset" else []


def _setting_requests(policy: Custom) -> Iterable[tuple[Request, ...]]:
    if policy.each != "setting":
        return []
    from govcheck.nodes import live as reading  # noqa: PLC0415 - as above

    return [(LiveAnswersRequest(LiveAnswers, reading.setting_endpoints(policy.applies_to)),)]


@check(wants=_names)
def tracked(policy: Custom, tree: Tree) -> Iterator[Said]:
    """Every tracked file, by its name."""
    yield from _whole(policy, files.tracked(tree))


@check(wants=_contents)
def tracked_contents(policy: Custom, tree: Tree, blobs: Blobs) -> Iterator[Said]:
    """Every tracked file, by its content as well."""
    yield from _whole(policy, files.tracked(tree, blobs.contents))


@check(wants=_names)
def changed_files(policy: Custom, change: Change) -> Iterator[Said]:
    """Every file that the change leaves behind, by its name."""
    yield from judging.judge(policy, files.left_by(change))


@check(wants=_changed_contents)
def changed_contents(policy: Custom, change: Change, contents: ChangedFiles) -> Iterator[Said]:
    """Every file that the change leaves behind, by its content as well."""
    yield from judging.judge(policy, files.left_by(change, contents.contents))


@check(wants=_changes)
def changes(policy: Custom, change: Change) -> Iterator[Said]:
    """Every path that the change touches."""
    yield from judging.judge(policy, files.changed(change))


@check(wants=_lines)
def changed_lines(policy: Custom, change: Change, added: AddedLines) -> Iterator[Said]:
    """Every path that the change touches, with the lines that it adds."""
    yield from judging.judge(policy, files.changed(change, added))


@check(wants=_of("commit"))
def commits(policy: Custom, found: Commits) -> Iterator[Said]:
    """Every commit that the branch adds."""
    from govcheck.nodes import requests  # noqa: PLC0415 - the hook has none

    yield from judging.judge(policy, requests.commits(found))


@check(wants=_of("pull-request"))
def pull_request(policy: Custom, found: PullRequest) -> Iterator[Said]:
    """The pull request."""
    from govcheck.nodes import requests  # noqa: PLC0415 - the hook has none

    yield from judging.judge(policy, [requests.pull_request(found)])


@check(wants=_of(*_WORKFLOW_NODES))
def workflows(policy: Custom, found: Workflows) -> Iterator[Said]:
    """Every workflow, job or step."""
    yield from judging.judge(policy, _workflow_nodes(policy, found))
    yield from _unreadable(policy, found)


@check(wants=_of(*_WORKFLOW_NODES))
def selected(policy: Custom, found: Workflows, tree: Tree) -> Iterator[Said]:
    """Whether anything at all is selected, over a whole tree; nobody can tell where a workflow is not read."""
    yield Judged(0)
    if tree.modes and not any(_unreadable(policy, found)):
        yield from _empty(policy, judging.judge(policy, _workflow_nodes(policy, found)))


@check(wants=_environment_requests)
def environments(policy: Custom, live: LiveAnswers) -> Iterator[Said]:
    """Every environment."""
    from govcheck.nodes import live as reading  # noqa: PLC0415 - only where GitHub was asked

    yield from _whole(policy, *reading.environments(live, _environment_reads(policy)))


@check(wants=_ruleset_requests)
def rulesets(policy: Custom, live: LiveRulesets) -> Iterator[Said]:
    """Every active ruleset."""
    from govcheck.nodes import live as reading  # noqa: PLC0415 - as above

    yield from _whole(policy, *reading.rulesets(live))


@check(wants=_setting_requests)
def settings(policy: Custom, live: LiveAnswers) -> Iterator[Said]:
    """Every setting."""
    from govcheck.nodes import live as reading  # noqa: PLC0415 - as above

    yield from _whole(policy, reading.setting_nodes(live, policy.applies_to))


def _workflow_nodes(policy: Custom, found: Workflows) -> list[Node]:
    from govcheck.nodes import workflows as reading  # noqa: PLC0415 - few commits touch one

    makers = {"workflow": reading.workflows, "job": reading.jobs, "step": reading.steps}
    return list(makers[policy.each](found))


def _unreadable(policy: Custom, found: Workflows) -> Iterator[Undecided]:
    from govcheck.nodes import workflows as reading  # noqa: PLC0415 - few commits touch one

    wanted = globs.compile_globs(policy.applies_to)
    return (told for path, told in reading.unreadable(found, policy.each) if wanted.matches(path))


def _whole(policy: Custom, nodes: Iterable[Node], blind: Sequence[Said] = ()) -> Iterator[Said]:
    """Nodes of something whole, and whether any is selected, unless something stood in the way of others."""
    said = judging.judge(policy, nodes)
    yield from said
    yield from blind
    if not blind:
        yield from _empty(policy, said)


def _empty(policy: Custom, said: Iterable[Finding | Undecided | Judged]) -> Iterator[Finding]:
    if not policy.may_be_empty and judging.is_empty(said):
        yield _nothing(policy)


def _nothing(policy: Custom) -> Finding:
    return Finding(
        control="selected",
        subject=policy.each,
        message=f"the policy selects no {policy.each} at all, so that nothing is held to it",
        plane="repo",
        severity="note" if policy.severity == "note" else "warning",
        fix=Fix(text="Correct `applies_to` or `where`, or say `may_be_empty: true`"),
    )

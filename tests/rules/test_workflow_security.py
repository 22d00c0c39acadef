"""`workflow-security`: what workflows may do and use."""

from itertools import chain

import pytest

from govcheck.engine import judge
from govcheck.errors import PolicyError
from govcheck.facts import Facts
from govcheck.facts.live_answers import LiveAnswers
from govcheck.facts.workflows import Unreadable, WorkflowFile, Workflows
from govcheck.facts.zizmor import Zizmor, ZizmorFinding
from govcheck.findings import Finding, Judged, Outcome, Reason, Undecided
from govcheck.plan import plan, requests
from govcheck.policy import LoadedPolicy
from govcheck.report import Stage
from govcheck.rules import workflow_security as kind
from govcheck.rules.workflow_security import Actions, SelfHosted, WorkflowSecurity, ZizmorWanted
from govcheck.settings import assertions, default_token
from govcheck.sources.policy_files import PolicySource, load_policies
from govcheck.sources.workflow_files import read_workflows
from live_answers import live
from live_answers import refused as refusal
from written_workflows import workflows

CHECKS = (kind.workflow, kind.permissions, kind.actions, kind.untrusted_text, kind.secrets_to_forks, kind.runner)
PATH = ".github/workflows/w.yml"
STEPS = "    runs-on: ubuntu-latest\n    steps:\n"


def judged(text: str, **keys):
    return of({"w.yml": text}, **keys)


def of(files: dict[str, str], **keys):
    policy = WorkflowSecurity(id="workflows-are-safe", **keys)
    facts = workflows(files)
    said = list(chain.from_iterable(check.judge(policy, facts) for check in CHECKS))
    assert sum(isinstance(one, Judged) for one in said) == len(CHECKS)
    return [one for one in said if not isinstance(one, Judged)]


def job(*steps: str, on: str = "push", top: str = "", own: str = "") -> str:
    lines = "".join(f"      {line}\n" for step in steps for line in step.split("\n"))
    return f"on: {on}\n{top}jobs:\n  a:\n{own}{STEPS}{lines}"


def at(one):
    return one.location.path, one.location.line, one.location.column


def test_a_workflow_beyond_its_ceiling():
    text = job("- run: x", top="permissions:\n  contents: read\n  packages: write\n  issues: read\n")
    (found,) = judged(text, permissions={"*": {"contents": "read", "issues": "read"}})
    assert (found.control, found.subject, at(found)) == ("permissions", PATH, (PATH, 4, 3))
    assert found.message == (
        "the workflow's `permissions` gives `packages: write`, "
        "beyond the `{contents: read, issues: read}` that the policy allows"
    )
    assert (found.expected, found.actual) == ({"contents": "read", "issues": "read"}, {"packages": "write"})
    assert found.fix.text == (
        "lower it to `permissions: {contents: read, issues: read}`, or raise the policy's ceiling"
    )
    assert [one.text for one in found.evidence] == ["job a has it"]


def test_a_job_beyond_its_ceiling():
    text = job("- run: x", own="    permissions: write-all\n", top="permissions: {}\n")
    (found,) = judged(text, permissions={"*": "read-all"})
    assert (found.subject, found.actual) == (f"{PATH}:a", {"*": "write"})
    assert found.message == (
        "`permissions` of job a gives write to every scope, beyond the `read-all` that the policy allows"
    )


def test_what_a_caller_gives_beyond_the_ceiling():
    called = job("- run: x", on="workflow_call")
    caller = "on: push\njobs:\n  c:\n    permissions: {packages: write}\n    uses: ./.github/workflows/w.yml\n"
    (found,) = of({"w.yml": called, "c.yml": caller}, permissions={"w.yml": {}})
    assert (found.subject, found.location.path) == (f"{PATH}:a", ".github/workflows/c.yml")
    assert found.message.startswith("the job that calls a gives `packages: write`")
    assert found.evidence[0].text == "job a has it, called by c of .github/workflows/c.yml"


@pytest.mark.parametrize(
    "ceilings",
    [
        {},
        {"x.yml": {}},
        {"w.yml:b": {}},
        {"*": "write-all"},
        {"*": {}, "w.yml": {"packages": "write"}},
        {"*": {}, "w.yml": {}, "w*:a": {"packages": "write"}},
        {".github/workflows/w.yml": {"packages": "write"}},
    ],
)
def test_the_most_specific_ceiling_counts(ceilings):
    assert judged(job("- run: x", top="permissions: {packages: write}\n"), permissions=ceilings) == []


def test_the_repositorys_default_is_unknown():
    (unknown,) = judged(job("- run: x"), permissions={"*": {"contents": "read"}})
    assert isinstance(unknown, Undecided)
    assert (unknown.control, unknown.subject, unknown.reason) == ("permissions", PATH, Reason.DYNAMIC)
    assert unknown.message == (
        "no `permissions` is written, so that job a has the repository's default, which only its settings tell; "
        "write `permissions: {contents: read}`"
    )


def test_the_repositorys_default_is_within_write_all():
    assert judged(job("- run: x"), permissions={"*": "write-all"}) == []


def test_many_jobs_with_the_default_are_one_unknown():
    text = "on: push\njobs:\n" + "".join(f"  j{number}:\n{STEPS}" for number in range(8))
    (unknown,) = judged(text, permissions={"*": {}})
    assert "so that 8 jobs have the repository's default" in unknown.message


TOKEN, THEIRS = "repos/{owner}/{repo}/actions/permissions/workflow", "orgs/{org}/actions/permissions/workflow"
BOTH_WAYS = """
on: {push: {}, workflow_call: {}}
jobs: {a: {runs-on: x, steps: [{run: x}]}}
"""


def outcome(text, answers, **ceilings):
    """The policy as the engine judges it, with what GitHub answered; None where nobody was asked."""
    loaded = LoadedPolicy(WorkflowSecurity(id="safe", permissions={"*": ceilings}), path="p.yaml", line=1)
    planned = plan([loaded])
    offered = frozenset({Workflows}) if answers is None else frozenset({Workflows, LiveAnswers})
    asked = requests(planned, offered)
    given = live(answers or {}, {"owner": {"login": "o", "type": "Organization"}})
    facts = {one: given if one.fact is LiveAnswers else workflows({"w.yml": text}) for one in asked}
    (result,) = judge(planned, Facts(offered=offered, answers=facts), Stage.SWEEP, lambda: 0.0)
    return result


def default(word, **theirs):
    return {TOKEN: {"default_workflow_permissions": word}, **theirs}


@pytest.mark.parametrize(
    ("answers", "ceiling", "expected"),
    [
        (None, {"contents": "read"}, Outcome.UNKNOWN),
        (default("read"), {"contents": "read", "packages": "read"}, Outcome.PASS),
        (default("read"), {"contents": "read"}, Outcome.FAIL),
        (default("write"), {"contents": "write", "packages": "write"}, Outcome.FAIL),
        (
            default("write", **{THEIRS: {"default_workflow_permissions": "read"}}),
            {"contents": "read", "packages": "read"},
            Outcome.PASS,
        ),
        (default("admin"), {"contents": "read"}, Outcome.UNKNOWN),
        ({TOKEN: refusal(TOKEN, "administration:read")}, {"contents": "read"}, Outcome.UNKNOWN),
    ],
    ids=["offline", "within", "packages", "permissive", "capped", "odd", "refused"],
)
def test_the_repositorys_default_decides_where_it_is_read(answers, ceiling, expected):
    assert outcome(job("- run: x"), answers, **ceiling).outcome is expected


def test_a_default_beyond_the_ceiling_says_where_it_is_told():
    (one,) = outcome(job("- run: x"), default("write"), contents="read").findings
    assert one.finding.message == (
        "no `permissions` is written, so that the repository's default gives `contents: write`, "
        "write to every other scope, beyond the `{contents: read}` that the policy allows"
    )
    assert one.finding.fix.text == "write `permissions: {contents: read}`, or raise the policy's ceiling"
    assert 'default_workflow_permissions` is "write"' in one.finding.evidence[0].text


def test_a_default_that_is_refused_stays_one_unknown_that_says_who_may_read_it():
    result = outcome(job("- run: x"), {TOKEN: refusal(TOKEN, "administration:read")}, contents="read")
    (one,) = result.unknowns
    assert (one.undecided.reason, one.undecided.permission) == (Reason.PERMISSION, "administration:read")
    assert one.undecided.grantable
    assert "Resource not accessible by integration" in one.undecided.message


def test_a_default_that_is_known_says_nothing_of_callers_elsewhere():
    result = outcome(BOTH_WAYS, default("read"), contents="read", packages="read")
    assert result.outcome is Outcome.UNKNOWN
    (one,) = result.unknowns
    assert "what a caller in another repository has" in one.undecided.message


def test_what_is_asked_for_the_default_is_what_its_setting_needs():
    (call,) = kind.default_permissions.calls(WorkflowSecurity(id="safe", permissions={"*": {}}))
    (request,) = [one for one in call if one.fact is LiveAnswers]
    assert request.endpoints == assertions.endpoints([default_token.SETTING])
    assert set(request.beside) == set(assertions.beside([default_token.SETTING])) - {"repos/{owner}/{repo}"}


def test_what_callers_elsewhere_give_is_unknown():
    (unknown,) = judged(job("- run: x", on="workflow_call"), permissions={"*": {}})
    assert "what a caller in another repository has" in unknown.message


def test_permissions_that_github_does_not_know_are_unknown():
    (unknown,) = judged(job("- run: x", top="permissions: everything\n"), permissions={"*": {}})
    assert unknown.reason is Reason.UNPARSEABLE
    assert unknown.message == (
        "what job a may do cannot be told: `permissions: everything` is nothing that GitHub knows"
    )


def test_an_action_that_is_not_allowed():
    text = job("- uses: o/r/sub@v1", "- uses: actions/checkout@v4", "- uses: ./x")
    (found,) = judged(text, actions=Actions(allowed=("actions/*",)))
    assert (found.control, found.subject, at(found)) == ("allowed-action", "o/r/sub", (PATH, 6, 15))
    assert found.message == "`o/r/sub` is not on the list of allowed actions"
    assert found.fix.text == "take it out, or add `o/r` to `actions.allowed`"


def test_an_action_that_an_expression_names_is_unknown():
    (unknown,) = judged(job("- uses: ${{ vars.A }}"), actions=Actions(allowed=("*",), pinned="sha"))
    assert (unknown.control, unknown.reason) == ("allowed-action", Reason.DYNAMIC)
    assert unknown.message == "an expression decides what `uses: ${{ vars.A }}` is"


def test_a_version_where_a_commit_is_demanded():
    (found,) = judged(job("- uses: o/r/sub@v1"), actions=Actions(pinned="sha"))
    assert (found.control, found.subject, found.expected, found.actual) == ("pinning", "o/r/sub@v1", "sha", "tag")
    assert found.message == ("`o/r/sub@v1` is pinned to the version `v1`, which its owner can move, not to a commit")
    assert found.fix.text == "write `o/r/sub@<commit>` with `# v1` behind it"
    assert found.fix.command == "git ls-remote https://github.com/o/r v1"


def test_a_branch_where_a_version_is_demanded():
    (found,) = judged(job("- uses: o/r@main"), actions=Actions(pinned={"*": "tag"}))
    assert found.message == (
        "`o/r@main` is pinned to `main`, which is no version and moves as a branch does, not to a version"
    )
    assert found.fix.text == "name a version of `o/r`"


def test_an_image_is_pinned_by_its_digest():
    (found,) = judged(job("- uses: docker://alpine"), actions=Actions(pinned="sha"))
    assert found.message == "`docker://alpine` is pinned to nothing, not to a digest"
    assert (found.fix.text, found.fix.command) == ("write `docker://alpine@<digest>`", None)


def test_no_command_is_made_of_odd_characters():
    (found,) = judged(job("- uses: 'o/r@v1;rm'"), actions=Actions(pinned="sha"))
    assert found.fix.command is None


def test_pins_go_by_the_most_specific_owner():
    text = job("- uses: actions/checkout@v4", "- uses: o/r@main", "- uses: o/x@main")
    pinned = {"*": "sha", "actions/*": "tag", "o/r": "any"}
    assert [one.subject for one in judged(text, actions=Actions(pinned=pinned))] == ["o/x@main"]


def test_every_place_is_a_finding():
    text = job("- uses: o/r@main", "- uses: o/r@main")
    assert [one.location.line for one in judged(text, actions=Actions(pinned="tag"))] == [6, 7]


def test_a_strangers_text_in_a_script():
    text = job("- name: Greet\n  run: echo ${{ github.event.pull_request.title }}", on="pull_request")
    (found,) = judged(text, untrusted_text="forbidden")
    subject = f"{PATH}:a github.event.pull_request.title"
    assert (found.control, found.subject, at(found)) == ("untrusted-text", subject, (PATH, 7, 19))
    assert found.message == (
        "`github.event.pull_request.title`, the pull request's title, which anybody can write, "
        "becomes part of the shell script of step 'Greet'"
    )
    assert found.severity is None
    assert found.fix.text == (
        "set `PULL_REQUEST_TITLE: ${{ github.event.pull_request.title }}` in the `env` of the step, "
        'and write "$PULL_REQUEST_TITLE" in its place'
    )


def test_a_strangers_text_by_way_of_an_output():
    text = job(
        "- id: s\n  env: {T: '${{ github.head_ref }}'}\n  run: echo \"x=$T\" >> $GITHUB_OUTPUT",
        "- uses: actions/github-script@v7\n  with: {script: 'f(`${{ steps.s.outputs.x }}`)'}",
        on="pull_request",
    )
    (found,) = judged(text, untrusted_text="forbidden")
    assert found.message == (
        "`steps.s.outputs.x` carries the name of the pull request's branch, which anybody can write, "
        "and becomes part of the code in `script` of step 2 of job a"
    )
    assert "process.env.X" in found.fix.text
    assert [(one.text, one.location.line) for one in found.evidence] == [
        ("`T` has it from here", 7),
        ("the output x has it from here", 8),
    ]


@pytest.mark.parametrize(
    ("expression", "on", "policy", "severity"),
    [
        ("github.base_ref", "pull_request", "error", "warning"),
        ("github.base_ref", "pull_request", "note", "note"),
        ("inputs.x || 'y'", "{workflow_dispatch: {inputs: {x: {}}}}", "error", "note"),
        ("github.head_ref", "pull_request", "warning", None),
    ],
)
def test_who_writes_it_decides_the_severity(expression, on, policy, severity):
    text = job(f"- run: echo ${{{{ {expression} }}}}", on=on)
    (found,) = judged(text, untrusted_text="forbidden", severity=policy)
    assert found.severity == severity


HEAD = "- uses: actions/checkout@v4\n  with: {ref: '${{ github.event.pull_request.head.sha }}'}"


def test_a_forks_code_with_secrets_at_hand():
    text = job(
        HEAD, "- run: npm ci\n  env: {K: '${{ secrets.KEY }}'}", on="pull_request_target", top="permissions: {}\n"
    )
    (found,) = judged(text, secrets_to_forks="forbidden")
    assert (found.control, found.subject, found.actual) == ("secrets-to-forks", f"{PATH}:a", ["KEY"])
    assert found.message == ("job a fetches a fork's code on `pull_request_target` and `npm` runs it, with KEY at hand")
    assert found.location.line == 8
    assert [(one.text, one.location.line) for one in found.evidence] == [("`npm` runs here", 9)]


@pytest.mark.parametrize(
    ("top", "own", "step", "doubt"),
    [
        ("", "", "- run: make", "what the repository's default lets the token do cannot be told; write `permissions"),
        ("permissions: write-all\n", "    environment: prod\n", "- run: make", "whether the environment prod waits"),
        ("permissions: write-all\n", "", "- run: unheard-of", "whether `unheard-of` runs what is fetched"),
    ],
)
def test_a_forks_code_that_may_have_secrets(top, own, step, doubt):
    (unknown,) = judged(job(HEAD, step, on="pull_request_target", top=top, own=own), secrets_to_forks="forbidden")
    assert isinstance(unknown, Undecided)
    assert (unknown.control, unknown.reason) == ("secrets-to-forks", Reason.DYNAMIC)
    assert doubt in unknown.message
    assert "a token that writes at hand" in unknown.message


def test_a_forks_code_without_secrets():
    text = job(HEAD, "- run: make", on="pull_request_target", top="permissions: read-all\n")
    assert judged(text, secrets_to_forks="forbidden") == []


def test_all_secrets_passed_on():
    text = "on: {}\njobs:\n  a:\n    uses: o/r/.github/workflows/x.yml@v1\n    secrets: inherit\n"
    (found,) = judged(text.format("workflow_run"), secrets_to_forks="forbidden")
    assert (found.control, found.location.line) == ("secrets-to-forks", 5)
    assert found.message == (
        "job a passes every secret on to o/r/.github/workflows/x.yml@v1 on `workflow_run`, which a stranger can cause"
    )
    assert judged(text.format("pull_request"), secrets_to_forks="forbidden") == []


RUNS_ON = "on: push\njobs:\n  a:\n    runs-on: {}\n    steps: []\n"


def test_a_runner_that_is_not_githubs():
    (found,) = judged(RUNS_ON.format("[self-hosted, linux]"), self_hosted="forbidden")
    assert (found.control, found.subject, found.actual) == ("runner", f"{PATH}:a", ["self-hosted", "linux"])
    assert found.message == "job a runs on `self-hosted, linux`, which is not one of GitHub's own runners"
    assert found.fix.text == "run it on `ubuntu-latest`, or add w.yml to `self_hosted.allowed`"


@pytest.mark.parametrize(
    ("label", "wanted"),
    [
        ("self-hosted", SelfHosted(allowed=("w*.yml",))),
        ("big-one", SelfHosted(labels=("Big-One",))),
        ("ubuntu-latest", "forbidden"),
    ],
)
def test_a_runner_that_is_allowed(label, wanted):
    assert judged(RUNS_ON.format(label), self_hosted=wanted) == []


def test_a_runner_that_an_expression_chooses_is_unknown():
    (unknown,) = judged(RUNS_ON.format("'${{ vars.R }}'"), self_hosted=SelfHosted())
    assert (unknown.control, unknown.reason) == ("runner", Reason.DYNAMIC)
    assert "what `${{ vars.R }}` comes to" in unknown.message


def test_a_runner_group_is_unknown():
    (unknown,) = judged(RUNS_ON.format("{group: big}"), self_hosted=SelfHosted())
    assert "the runner group big, whose machines only the settings tell" in unknown.message


def evidence(*findings, unaudited=(), odd=0):
    return Zizmor(version="1.32.0", findings=findings, unaudited=unaudited, odd=odd)


def finding(**changes):
    values = {
        "audit": "artipacked",
        "description": "credential persistence",
        "url": "https://docs.zizmor.sh/audits/#artipacked",
        "weight": "high",
        "confidence": "High",
        "path": PATH,
        "line": 6,
        "column": 9,
        "end_line": 6,
        "annotation": "does not set persist-credentials: false",
        "job": "a",
        "ignored": False,
    }
    return ZizmorFinding(**(values | changes))


BRANCH = job("- uses: o/r@main")


def told(fact, text=BRANCH, severity="error", **keys):
    policy = WorkflowSecurity(id="z", severity=severity, **({"zizmor": ZizmorWanted()} | keys))
    return [one for one in kind.zizmor.judge(policy, workflows({"w.yml": text}), fact) if not isinstance(one, Judged)]


def test_what_zizmor_says():
    (found,) = told(evidence(finding()))
    assert (found.control, found.subject, at(found)) == ("zizmor", f"artipacked {PATH}:a", (PATH, 6, 9))
    assert found.message == ("zizmor finds artipacked: credential persistence: does not set persist-credentials: false")
    assert found.fix.text == "see https://docs.zizmor.sh/audits/#artipacked"


@pytest.mark.parametrize(
    ("weight", "policy", "severity"),
    [
        ("high", "error", "error"),
        ("medium", "error", "warning"),
        ("low", "error", "note"),
        ("informational", "error", "note"),
        ("high", "warning", "warning"),
    ],
)
def test_its_severities_are_mapped(weight, policy, severity):
    (found,) = told(
        evidence(finding(weight=weight)), severity=policy, zizmor=ZizmorWanted(min_severity="informational")
    )
    assert found.severity == severity


def test_what_is_too_light_or_ignored_by_the_policy_is_not_told():
    assert told(evidence(finding(weight="low"))) == []
    assert told(evidence(finding()), zizmor=ZizmorWanted(ignore=("artipacked",))) == []


def test_what_a_comment_ignores_is_shown_as_a_note():
    (found,) = told(evidence(finding(ignored=True)))
    assert found.severity == "note"
    assert found.message.endswith(", which a comment there tells zizmor to ignore")


@pytest.mark.parametrize(
    ("audit", "line", "keys", "count"),
    [
        ("unpinned-uses", 6, {"actions": Actions(pinned="sha")}, 0),
        ("unpinned-uses", 7, {"actions": Actions(pinned="sha")}, 1),
        ("unpinned-uses", 6, {"actions": Actions(pinned="any")}, 1),
        ("unpinned-uses", 6, {}, 1),
        ("forbidden-uses", 6, {"actions": Actions(allowed=("a/b",))}, 0),
        ("excessive-permissions", 1, {"permissions": {"*": {}}}, 0),
        ("excessive-permissions", 1, {"permissions": {"*": "write-all"}}, 1),
        ("artipacked", 6, {"actions": Actions(pinned="sha")}, 1),
    ],
)
def test_what_an_own_check_says_is_told_once(audit, line, keys, count):
    assert len(told(evidence(finding(audit=audit, line=line, end_line=line)), **keys)) == count


def test_an_injection_is_told_once():
    text = job("- run: echo ${{ github.head_ref }}", on="pull_request")
    both = evidence(finding(audit="template-injection"), finding(audit="template-injection", line=9, end_line=9))
    assert [one.location.line for one in told(both, text, untrusted_text="forbidden")] == [9]


def test_what_zizmor_leaves_open_is_unknown():
    (file, odd) = told(evidence(unaudited=(PATH,), odd=2))
    assert (file.control, file.subject, file.reason) == ("zizmor", PATH, Reason.UNPARSEABLE)
    assert file.message == "zizmor does not say that it has read this file to the end"
    assert odd.message == "2 findings of zizmor 1.32.0 have a shape that this govcheck does not know"


def test_zizmor_is_run_only_where_it_is_asked_for():
    assert kind.zizmor.calls(WorkflowSecurity(id="a", untrusted_text="forbidden")) == []
    assert len(kind.zizmor.calls(WorkflowSecurity(id="a", zizmor=ZizmorWanted()))) == 1


def test_a_file_that_only_we_cannot_read_is_unknown():
    files = Workflows((WorkflowFile(PATH, Unreadable("too large", 3, 1, Reason.UNPARSEABLE), ""),))
    policy = WorkflowSecurity(id="a", untrusted_text="forbidden")
    (unknown,) = (one for one in kind.workflow.judge(policy, files) if isinstance(one, Undecided))
    assert (unknown.control, unknown.subject, unknown.location.line) == ("workflow", PATH, 3)
    assert unknown.message == "the workflow file cannot be read: too large"


BAD = [
    "a: [",
    "",
    "- a",
    "on: push\njobs: {a: {runs-on: x, steps: [1, {uses: [a]}, {run: {a: b}}, {env: 3, run: '${{'}]}}",
    "on: pull_request\njobs: {a: {runs-on: {labels: {a: b}}, permissions: 7, env: [a], steps: {a: b}}}",
    "on: pull_request_target\njobs: {a: {uses: ./, secrets: [inherit], with: 3}, b: {runs-on: [[x]], steps: []}}",
    "on: [workflow_call]\njobs: {a: {uses: ./.github/workflows/w.yml, secrets: inherit}}",
    "on: pull_request\njobs: {a: {runs-on: x, outputs: [a], steps: [{id: 3, run: 'echo ${{ }} ${{ github. }}'}]}}",
    f"on: pull_request\njobs: {{a: {{runs-on: x, steps: [{{run: '{'(' * 3000}'}}, {{uses: '{'a' * 70000}@b'}}]}}}}",
]


@pytest.mark.parametrize("text", BAD)
def test_bad_files_are_no_crash(text):
    everything = {
        "permissions": {"*": {}},
        "actions": Actions(allowed=(), pinned="sha"),
        "untrusted_text": "forbidden",
        "secrets_to_forks": "forbidden",
        "self_hosted": "forbidden",
    }
    assert all(isinstance(one, Finding | Undecided) for one in judged(text, **everything))
    assert told(evidence(), text, **everything) == []


def refused(keys: str) -> str:
    with pytest.raises(PolicyError) as caught:
        load_policies([PolicySource("p.yaml", f"kind: workflow-security\nid: a\n{keys}\n".encode())])
    return str(caught.value)


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ("why: x", "none of the keys that assert something"),
        ("permissions: {'a/**b': {}}", "`**`"),
        ("permissions: {'*': {contents: admin}}", "contents"),
        ("permissions: {'*': all}", "read-all"),
        ("actions: {}", "neither `allowed` nor `pinned`"),
        ("actions: {allowed: [actions]}", "'actions' is an owner: write 'actions/*' for all of its actions"),
        ("actions: {pinned: {actions/checkout@v4: tag}}", "has a version: write 'actions/checkout'"),
        ("actions: {pinned: {'*': hash}}", "sha"),
        ("self_hosted: {allowed: ['a/**b']}", "`**`"),
        ("untrusted_text: allowed", "forbidden"),
        ("zizmor: {min_severity: dire}", "medium"),
    ],
)
def test_a_policy_that_is_not_valid(keys, message):
    assert message in refused(keys)


def test_what_an_own_action_uses_is_held_to_the_same_and_told_where_it_is_written():
    action = b"runs:\n  using: composite\n  steps:\n    - uses: a/b@main\n"
    caller = f"on: push\njobs:\n  one:\n{STEPS}      - uses: ./act\n".encode()
    facts = read_workflows({PATH: caller, f"{PATH[:-5]}x.yml": caller, "act/action.yml": action})
    policy = WorkflowSecurity(id="safe", actions=Actions(pinned="sha", allowed=("c/*",)))
    found = [one for one in kind.actions.judge(policy, facts) if not isinstance(one, Judged)]
    assert [(one.control, one.location.path, one.location.line) for one in found] == [
        ("allowed-action", "act/action.yml", 4),
        ("pinning", "act/action.yml", 4),
    ]

"""Required checks: reported, required, from the right app, green."""

import pytest

from govcheck.facts import Missing
from govcheck.facts.branches import RemoteBranch, RemoteBranches
from govcheck.facts.live import Answer, HeadChecks, HeadChecksRequest, LiveBranch, LiveBranchRequest
from govcheck.findings import Finding, Judged, Reason, Undecided
from govcheck.registry import kind
from govcheck.rules.required_checks import (
    RequiredChecksPolicy,
    RequiredContext,
    branch_exists,
    green,
    reported,
    required,
    source,
)
from govcheck.sources.workflow_files import read_workflows
from workflow_texts import jobs, workflows


def policy(*checks, branch="main", **more):
    return RequiredChecksPolicy(id="main-checks", branch=branch, checks=checks, **more)


def said(judged):
    (*rest,) = judged
    assert sum(isinstance(one, Judged) for one in rest) == 1
    return [one for one in rest if not isinstance(one, Judged)]


def about(given, **texts):
    return said(reported.judge(given, workflows(**texts)))


def verdicts(given, **texts):
    return {one.subject: one.actual if isinstance(one, Finding) else one.reason.value for one in about(given, **texts)}


DOCS = "name: Docs Policy\non: pull_request\njobs: {check-docs: {runs-on: x}}"


@pytest.mark.parametrize(
    ("context", "text", "word"),
    [
        ("b", jobs("b: {runs-on: x}"), None),
        ("a", jobs("b: {runs-on: x}"), "missing"),
        ("B", jobs("b: {runs-on: x}"), "missing"),
        ("b (1)", jobs("b: {runs-on: x, strategy: {matrix: {v: [1, 2]}}}"), None),
        ("b", jobs("b: {runs-on: x, strategy: {matrix: {v: [1, 2]}}}"), "missing"),
        ("b (1)", jobs("b: {runs-on: x, strategy: {matrix: {v: [1]}}, if: github.actor == 1}"), "conditional"),
        ("b (1)", jobs("b: {runs-on: x, strategy: {matrix: '${{ fromJSON(vars.x) }}'}}"), "dynamic"),
        ("c / t", jobs("c: {uses: o/r/.github/workflows/x.yml@v1}"), "dynamic"),
        ("d / t", jobs("c: {uses: o/r/.github/workflows/x.yml@v1}"), "missing"),
        ("b", jobs("b: {runs-on: x}", on="{pull_request: {paths: [x]}}"), "conditional"),
        ("b", jobs("b: {runs-on: x}", on="{pull_request: {types: [opened]}}"), "conditional"),
        ("b", jobs("b: {runs-on: x}", on="{push: {branches: [main]}}"), "wrong-trigger"),
        ("b", jobs("b: {runs-on: x}", on="{pull_request: {branches: [dev]}}"), "wrong-trigger"),
        ("b", jobs("a: {runs-on: x, name: b}\nb: {runs-on: x}"), "ambiguous"),
        ("l", jobs("b: {runs-on: x, name: '${{ matrix.o }}', strategy: {matrix: {o: [l], v: [1, 2]}}}"), "ambiguous"),
        ("b 1", jobs("b: {runs-on: x, name: 'b ${{ vars.v }}'}", on="{pull_request: {paths: [x]}}"), "conditional"),
        ("b (1)", jobs("b: {runs-on: x, strategy: {matrix: {v: [1]}}, if: \"github.repository == 'o/r'\"}"), "dynamic"),
    ],
)  # fmt: skip
def test_the_verdict_word(context, text, word):
    assert verdicts(policy(context), ci=text) == ({context: word} if word else {})


def test_two_workflows_with_one_name_are_ambiguous_only_where_both_report():
    one, two = jobs("b: {runs-on: x}"), jobs("b: {runs-on: x}", on="{pull_request: {paths: [x]}}")
    assert verdicts(policy("b"), a=one, b=two) == {"b": "ambiguous"}
    assert verdicts(policy("b"), a=one, b=jobs("b: {runs-on: x}", on="schedule")) == {}


def test_a_workflows_name_is_no_context():
    (found,) = about(policy("Docs Policy"), docs=DOCS)
    assert found.message == (
        "no workflow reports `Docs Policy`, so it would stay pending on all pull requests to main: "
        "`Docs Policy` is a workflow's name; its context is `check-docs`"
    )
    assert found.fix.text == "Write `check-docs` instead."


@pytest.mark.parametrize(
    ("context", "text", "hint", "fix"),
    [
        (
            "Docs Policy / check-docs (pull_request)",
            DOCS,
            "how a pull request's page shows it; the context is `check-docs`",
            True,
        ),
        ("check-doc", DOCS, "the nearest context is `check-docs`", True),
        ("b", jobs("b: {runs-on: x, name: Build}"), "the job of that name reports as `Build`", True),
        ("c", jobs("c: {uses: o/r/.github/workflows/x.yml@v1}"), "the job of that name reports as `c / *`", False),
        ("B", jobs("b: {runs-on: x, name: B, strategy: {matrix: {v: [1, 2]}}}"), "reports as `B (1)`, `B (2)`", True),
        (
            "Nightly",
            "name: Nightly\non: schedule\njobs: {zzz: {runs-on: x}}",
            "`zzz`, which is reported at other times",
            False,
        ),
    ],
)
def test_what_was_meant(context, text, hint, fix):
    (found,) = about(policy(context), ci=text)
    assert (found.actual, found.fix is not None) == ("missing", fix)
    assert hint in found.message


def test_a_name_that_is_only_spelled_alike_is_offered_as_a_guess():
    (found,) = about(policy("check-doc"), docs=DOCS)
    assert found.fix.text == "If `check-docs` is meant, write that; otherwise add a job that reports `check-doc`."


def test_what_is_reported_is_shown_where_nothing_comes_near():
    (found,) = about(policy("quite-another-thing"), docs=DOCS)
    assert [one.text for one in found.evidence] == ["reported on pull requests to main: `check-docs`"]
    assert found.location.path is None


def test_a_condition_is_named_with_its_line():
    text = "on:\n  pull_request:\n    paths: [docs/**, x, y, z]\njobs:\n  docs: {runs-on: x}\n"
    (found,) = about(policy("docs"), ci=text)
    assert found.message == (
        "`docs` is reported only on some pull requests to main: `paths: [docs/**, x, y, ...]` starts it only for "
        "changes to those paths"
    )
    assert (found.location.path, found.location.line, found.location.column) == (".github/workflows/ci.yml", 3, 5)
    (job,) = found.evidence
    assert (job.text, job.location.line) == ("job `docs` reports `docs`", 5)


def test_an_expression_is_named():
    made = "b: {runs-on: x, needs: a, strategy: {matrix: '${{ fromJSON(needs.a.outputs.m) }}'}}"
    (found,) = about(policy("b (1)"), ci=jobs(f"a: {{runs-on: x}}\n{made}"))
    assert found.message == "`b (1)` may be one of `b (*)`, a name that `needs.a.outputs.m` decides at run time"


def test_another_app_is_external():
    given = policy(
        RequiredContext(context="cla/google", app="google-cla"), RequiredContext(context="b", app="github-actions")
    )
    assert verdicts(given, ci=jobs("b: {runs-on: x}")) == {}
    assert verdicts(given, ci=jobs("c: {runs-on: x}")) == {"b": "missing"}


def test_a_merge_queue_needs_its_own_trigger():
    text = jobs("b: {runs-on: x}")
    (found,) = about(policy("b", merge_queue=True), ci=text)
    assert (found.actual, found.fix.text) == ("wrong-trigger", "Add `merge_group` to `on`.")
    assert "is not reported on entries of the merge queue" in found.message
    assert verdicts(policy("b", merge_queue=True), ci=jobs("b: {runs-on: x}", on="[pull_request, merge_group]")) == {}
    assert verdicts(policy("b", merge_queue=True), ci=jobs("b: {runs-on: x}", on="merge_group")) == {
        "b": "wrong-trigger"
    }
    assert verdicts(policy("b"), ci=jobs("b: {runs-on: x}", on="merge_group")) == {"b": "wrong-trigger"}


def test_the_default_branch_is_not_known_offline():
    text = jobs("b: {runs-on: x}", on="{pull_request: {branches: [main]}}")
    (found,) = about(policy("b", branch="~DEFAULT_BRANCH"), ci=text)
    assert (type(found), found.reason) == (Undecided, Reason.DYNAMIC)
    assert "whose name the files do not tell" in found.message


def test_a_file_that_github_rejects_is_a_finding():
    found = about(policy("b"), bad="on: push\njobs: {b: {steps: []}}", ci=jobs("b: {runs-on: x}"))
    (only,) = found
    assert (only.subject, only.location.line) == (".github/workflows/bad.yml", 2)
    assert only.message == "GitHub rejects this workflow file: job b has neither `runs-on` nor `uses`"


def test_a_call_that_github_rejects_takes_all_contexts_along():
    text = jobs("b: {runs-on: x}\nc: {uses: ./.github/workflows/none.yml}")
    assert verdicts(policy("b"), ci=text) == {".github/workflows/ci.yml": "missing", "b": "missing"}


def test_a_file_that_only_we_cannot_read_hides_what_is_missing():
    lost = Missing(reason=Reason.MISSING_OBJECT, message="the clone lacks it")
    files = {".github/workflows/a.yml": lost, ".github/workflows/ci.yml": DOCS.encode()}
    files[".github/workflows/n.yml"] = jobs("n: {runs-on: x}", on="schedule").encode()
    files[".github/workflows/p.yml"] = jobs("p: {runs-on: x}", on="{pull_request: {paths: [x]}}").encode()
    found = said(reported.judge(policy("gone", "check-docs", "n", "p"), read_workflows(files)))
    assert [(one.subject, getattr(one, "reason", None)) for one in found] == [
        ("gone", Reason.MISSING_OBJECT),
        ("n", Reason.MISSING_OBJECT),
        ("p", None),
    ]


def test_a_called_file_that_cannot_be_read_hides_its_contexts():
    files = {
        ".github/workflows/called.yml": Missing(reason=Reason.MISSING_OBJECT, message="gone"),
        ".github/workflows/ci.yml": jobs("c: {uses: ./.github/workflows/called.yml}").encode(),
    }
    (found,) = said(reported.judge(policy("c / t"), read_workflows(files)))
    assert (type(found), found.reason) == (Undecided, Reason.MISSING_OBJECT)


@pytest.mark.parametrize(
    ("text", "checks", "clause"),
    [
        ("b: {runs-on: x, if: github.actor == 'me'}", ("b",), "its job can be skipped by `if: github.actor == 'me'`"),
        ("b: {runs-on: x, if: false}", ("b",), "its job is always skipped by `if: false`"),
        ("a: {runs-on: x}\nb: {runs-on: x, needs: a}", ("b",), "its job is skipped when job `a` fails"),
        ("a: {runs-on: x}\nb: {runs-on: x, needs: a}", ("a", "b"), None),
        ("a: {runs-on: x}\nb: {runs-on: x, needs: a, if: always()}", ("b",), None),
        ("a: {runs-on: x}\nb: {runs-on: x, needs: a, if: success()}", ("b",), "its job is skipped when job `a` fails"),
        ("b: {runs-on: x, if: github.event_name == 'pull_request'}", ("b",), None),
    ],
)
def test_a_check_that_is_green_without_having_run_is_noted(text, checks, clause):
    found = about(policy(*checks), ci=jobs(text))
    if clause is None:
        assert found == []
        return
    (note,) = found
    assert (note.severity, note.actual) == ("note", "exact")
    assert clause in note.message


def test_names_with_anything_in_them():
    odd = "a\nb\x1b[31m ] % ☃"
    assert verdicts(policy(odd), ci=jobs("b: {runs-on: x}")) == {odd: "missing"}
    assert verdicts(policy("x" * 100_000), ci=jobs("b: {runs-on: x}")) == {"x" * 100_000: "missing"}


def test_problems_of_the_policy():
    found = dict(
        policy("", "a", "a", RequiredContext(context="b", app="GitHub Actions"), max_duration="5 min").problems()
    )
    assert found == {
        ("checks", 0): "an empty context: write the name that the check reports under",
        ("checks", 2): "`a` stands in this list twice",
        (
            "checks",
            3,
            "app",
        ): "`GitHub Actions` is not an app's slug, as its address has it; did you mean github-actions?",
        ("max_duration",): "`5 min` is not a duration: write hours, minutes, seconds, such as 1h30m",
    }
    assert {place for place, _ in policy(branch="").problems()} == {("branch",), ("checks",)}
    assert list(policy("a", max_duration="1h30m").problems()) == []


def test_the_kind_reads_what_its_checks_need():
    checks = {one.name: one for one in kind("required-checks").checks}
    plain, odd = policy("a"), policy(RequiredContext(context="a", app="some-app"))
    assert checks["required"].calls(plain) == [(LiveBranchRequest(LiveBranch, "main"),)]
    assert checks["source"].calls(plain) == []
    ((branch, head),) = checks["source"].calls(odd)
    assert (branch, head) == (LiveBranchRequest(LiveBranch, "main"), HeadChecksRequest(HeadChecks, "main"))


# ---- live

REPOSITORY = {"full_name": "o/r", "default_branch": "main", "owner": {"login": "o"}}
NOT_PROTECTED = ("404", "Branch not protected")


def answer(endpoint, body=None, *, status=200, message="", **more):
    return Answer(endpoint=f"repos/o/r/{endpoint}", status=status, message=message, body=body, **more)


def branch(*rules, protection=None):
    classic = answer("branches/main/protection", protection) if protection else None
    return LiveBranch(
        branch="main",
        repository=answer("", REPOSITORY),
        summary=answer("branches/main", {"name": "main", "protected": True, "commit": {"sha": "c0"}}),
        protection=classic or answer("branches/main/protection", status=404, message="Branch not protected"),
        rules=answer("rules/branches/main", list(rules)),
        rulesets=(),
    )


def rule(*contexts):
    listed = [
        {"context": one} if isinstance(one, str) else {"context": one[0], "integration_id": one[1]} for one in contexts
    ]
    parameters = {"required_status_checks": listed, "strict_required_status_checks_policy": False}
    return {
        "type": "required_status_checks",
        "ruleset_source_type": "Repository",
        "ruleset_source": "o/r",
        "ruleset_id": 42,
        "parameters": parameters,
    }


def app(context, slug="github-actions"):
    return RequiredContext(context=context, app=slug)


def controls(found):
    return [(one.control, one.subject, one.actual if isinstance(one, Finding) else one.reason.value) for one in found]


def test_required_by_either_mechanism():
    classic = {
        "required_status_checks": {"strict": True, "contexts": ["b"], "checks": [{"context": "b", "app_id": None}]}
    }
    assert said(required.judge(policy("a", "b"), branch(rule("a"), protection=classic))) == []


def test_not_required():
    (found,) = said(required.judge(policy("check-docs"), branch(rule("check-doc"))))
    assert (found.control, found.expected, found.actual) == ("required", True, False)
    assert found.message == "`check-docs` is not required on main; `check-doc` is"
    assert found.location.setting == "branches/main/status_checks"


def unreadable():
    live = branch(rule("a"))
    refused = answer(
        "branches/main/protection",
        status=403,
        message="Resource not accessible by integration",
        permission="administration:read",
    )
    summary = answer("branches/main", status=403, message="Resource not accessible by integration")
    return LiveBranch(
        branch="main", repository=live.repository, summary=summary, protection=refused, rules=live.rules, rulesets=()
    )


def test_what_a_readable_layer_requires_is_required_whatever_the_other_hides():
    found = said(required.judge(policy("a", "b"), unreadable()))
    (only,) = found
    assert (only.control, only.subject, only.reason) == ("required", "b", Reason.PERMISSION)
    assert (only.permission, only.endpoint, only.status) == (
        "administration:read",
        "repos/o/r/branches/main/protection",
        403,
    )


@pytest.mark.parametrize(
    ("rules", "check", "expected"),
    [
        ((rule(("a", 15368)),), app("a"), []),
        ((rule("a"),), app("a"), [("source", "a", None)]),
        ((rule(("a", 254)),), app("a"), [("source", "a", "codecov")]),
        ((rule(("a", 99)),), app("a"), [("source", "a", "app 99")]),
        ((rule("a"), rule(("a", 15368))), app("a"), []),
        ((rule("a"),), "a", []),
        ((rule("b"),), app("a"), [("required", "a", False)]),
        ((rule(("a", 254)),), app("a", "codecov"), []),
    ],
)
def test_the_source(rules, check, expected):
    assert controls(said(required.judge(policy(check), branch(*rules)))) == expected


def test_the_source_may_be_hidden():
    found = said(required.judge(policy(app("a")), unreadable()))
    assert controls(found) == [("source", "a", "permission")]


def run(name, conclusion="success", *, slug="github-actions", started="2026-11-01T10:00:00Z", took=60, **more):
    minutes, seconds = divmod(took, 60)
    return {
        "id": more.pop("id", 1),
        "name": name,
        "status": "completed" if conclusion else "in_progress",
        "conclusion": conclusion,
        "html_url": f"https://github.com/o/r/runs/{name}",
        "started_at": started,
        "completed_at": f"2026-11-01T10:{minutes:02d}:{seconds:02d}Z" if conclusion else None,
        "app": {"id": {"github-actions": 15368}.get(slug, 99), "slug": slug},
        **more,
    }


def head(*runs, statuses=(), **more):
    facts = {
        "branch": "main",
        "commit": "c0ffee",
        "summary": answer("branches/main", {"commit": {"sha": "c0ffee"}}),
        "check_runs": answer("commits/c0ffee/check-runs", {"total_count": len(runs), "check_runs": list(runs)}),
        "statuses": answer("commits/c0ffee/status", {"state": "pending", "statuses": list(statuses)}),
    }
    return HeadChecks(**{**facts, **more})


def at_head(given, head_checks, **texts):
    return said(green.judge(given, workflows(**texts), head_checks))


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        ([run("a")], []),
        ([run("a", "skipped")], []),
        ([run("a", "neutral")], []),
        ([run("a", "failure")], [("green", "a", "failure")]),
        ([run("a", "cancelled")], [("green", "a", "cancelled")]),
        ([run("a", None)], [("green", "a", None)]),
        ([run("a", "failure"), run("a", started="2026-11-01T11:00:00Z", id=2)], []),
        ([run("a", started="2026-11-01T09:00:00Z"), run("a", "failure")], [("green", "a", "failure")]),
        ([run("other", "failure")], []),
        ([run("a", "failure", app=None)], [("green", "a", "failure")]),
    ],
)
def test_green(runs, expected):
    assert controls(at_head(policy("a"), head(*runs))) == expected


def test_a_failing_run_is_shown_by_its_address():
    (found,) = at_head(policy("a"), head(run("a", "failure")))
    assert found.message == "the newest run of `a` on main (c0ffee) ended as failure"
    assert found.location.url == "https://github.com/o/r/runs/a"


def test_a_run_that_goes_on_is_a_note():
    (found,) = at_head(policy("a"), head(run("a", None)))
    assert found.severity == "note"


def test_a_commit_status_counts_too():
    failing = {
        "id": 1,
        "context": "cla/google",
        "state": "failure",
        "target_url": "https://x",
        "updated_at": "2026-11-01T10:00:00Z",
    }
    assert controls(at_head(policy("cla/google"), head(statuses=[failing]))) == [("green", "cla/google", "failure")]
    assert controls(at_head(policy(app("cla/google", "google-cla")), head(statuses=[failing]))) == [
        ("green", "cla/google", "failure")
    ]
    assert at_head(policy(app("cla/google")), head(statuses=[failing])) == []
    assert controls(at_head(policy("p"), head(statuses=[failing | {"context": "p", "state": "pending"}]))) == [
        ("green", "p", None)
    ]


def test_only_the_named_app_counts():
    assert at_head(policy(app("a")), head(run("a", "failure", slug="other"), run("a", id=0))) == []


def test_what_runs_on_pull_requests_only_is_not_due_on_the_branch():
    assert at_head(policy("b"), head(), ci=jobs("b: {runs-on: x}")) == []
    (found,) = at_head(policy("b"), head(), ci=jobs("b: {runs-on: x}", on="[push, pull_request]"))
    assert (type(found), found.reason) == (Undecided, Reason.MISSING_OBJECT)


def test_reports_that_cannot_be_read():
    refused = answer(
        "commits/c0ffee/check-runs",
        status=403,
        message="Resource not accessible by integration",
        permission="checks:read",
    )
    (found,) = at_head(policy("a"), head(check_runs=refused))
    assert (found.control, found.reason, found.permission) == ("green", Reason.PERMISSION, "checks:read")
    nonsense = answer("commits/c0ffee/check-runs", {"check_runs": [{"name": 1}]})
    assert controls(at_head(policy("a"), head(check_runs=nonsense))) == [("green", "a", "unparseable")]
    partial = answer("commits/c0ffee/check-runs", {"check_runs": []}, complete=False)
    assert controls(at_head(policy("a"), head(check_runs=partial))) == [("green", "a", "api-error")]
    nowhere = head(commit=None, summary=answer("branches/main", status=404, message="Not Found"))
    assert controls(at_head(policy("a"), nowhere)) == [("green", "a", "permission")]


def test_duration():
    found = at_head(policy("a", "b", max_duration="5m"), head(run("a", took=301), run("b", took=300)))
    (only,) = found
    assert (only.control, only.subject, only.expected, only.actual) == ("duration", "a", "5m", "5m1s")
    odd = at_head(policy("a", max_duration="5m"), head(run("a", started="yesterday")))
    assert controls(odd) == [("green", "a", "unparseable")]


@pytest.mark.parametrize(
    ("rules", "runs", "expected"),
    [
        ((rule(("a", 99)),), [run("a", slug="some-app")], []),
        ((rule(("a", 98)),), [run("a", slug="some-app")], [("source", "a", "app 98")]),
        ((rule(("a", 99)),), [], [("source", "a", "unparseable")]),
        ((rule("a"),), [], [("source", "a", None)]),
        ((), [], []),
    ],
)
def test_an_app_that_only_its_reports_know(rules, runs, expected):
    found = said(source.judge(policy(app("a", "some-app"), app("b")), branch(*rules), head(*runs)))
    assert controls(found) == expected


def remote(*names):
    found = tuple(RemoteBranch(name=name, commit="a" * 40, committed_at=None, owner="") for name in names)
    return RemoteBranches(branches=found, default=None, fetched_at=None)


@pytest.mark.parametrize(
    ("branch", "known", "told"),
    [
        ("mian", ("main",), "the remote has no branch `mian`, as far as this clone knows; did you mean `main`?"),
        ("release", ("main", "next"), "the remote has no branch `release`, as far as this clone knows"),
        ("release", ("main",), None),
        ("main", ("main", "next"), None),
        ("~DEFAULT_BRANCH", ("main", "next"), None),
        ("main", (), None),
    ],
)
def test_a_branch_that_is_not_there(branch, known, told):
    found = [
        one.message
        for one in branch_exists.judge(policy("b", branch=branch), remote(*known))
        if isinstance(one, Finding)
    ]
    assert found == ([told] if told else [])


def test_nobody_is_told_to_deploy_every_pull_request():
    text = jobs("b: {runs-on: x, steps: [{run: flyctl deploy --app a}]}", on="{push: {branches: [main]}}")
    (finding,) = about(policy("b"), ci=text)
    assert finding.fix.text == "The job b deploys: do not require it, or split the check from the deploy."

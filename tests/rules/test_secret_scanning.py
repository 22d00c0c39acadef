"""Every push and pull request is scanned for secrets, by something alive."""

import pytest

from govcheck import paths
from govcheck.facts.change import AddedLines
from govcheck.facts.scanners import ScannerCanaries, ScannerFiles
from govcheck.facts.tree import OwnPrograms, TrackedFiles
from govcheck.findings import Finding, Judged, Reason, Undecided
from govcheck.registry import kind
from govcheck.rules.secret_scanning import SecretScanning, baseline, baseline_growth, required, scanned
from govcheck.sources.workflow_files import read_workflows
from live_branches import hidden, live, ruleset, status_checks
from written_workflows import workflows

ACTION = f"gitleaks/gitleaks-action@{'0123456789' * 4}"
CHECKOUT = "{uses: actions/checkout@v4, with: {fetch-depth: 0}}"


def policy(**keys):
    return SecretScanning(id="secrets", **keys)


def workflow(on="[push, pull_request]", steps=f"[{CHECKOUT}, {{run: gitleaks git .}}]", job=""):
    return f"on: {on}\njobs:\n  leaks:\n    runs-on: ubuntu-latest\n    {job}\n    steps: {steps}\n"


def about(given, *texts, files=None, programs=None):
    own = OwnPrograms(programs or {})
    named = {f".github/workflows/w{number}.yml": paths.encode(text) for number, text in enumerate(texts)}
    said = scanned.judge(given, read_workflows(named), own, ScannerFiles(files or {}), ScannerCanaries(canaries={}))
    found = list(said)
    assert sum(isinstance(one, Judged) for one in found) == 1
    return [one for one in found if not isinstance(one, Judged)]


def told(given, *texts, **more):
    return {(one.control, one.subject): one for one in about(given, *texts, **more)}


def test_a_scan_of_everything_passes():
    assert about(policy(), workflow()) == []
    assert about(policy(pinned=True), workflow(steps=f"[{CHECKOUT}, {{uses: {ACTION}}}]")) == []


def test_nothing_scans():
    (found,) = about(policy(), workflow(steps="[{run: make}]"))
    assert (found.control, found.subject, found.message) == ("alive", "secrets", "no workflow scans for secrets")
    (found,) = about(policy(scanner="trufflehog"), workflow())
    assert (found.subject, found.message) == ("trufflehog", "no workflow scans with trufflehog")
    assert found.evidence[0].text == "gitleaks scans here"


@pytest.mark.parametrize(
    ("text", "programs"),
    [
        ("on: push\njobs: {a: {uses: o/r/.github/workflows/secrets.yml@v1}}", {}),
        (workflow(steps="[{uses: ./.github/actions/leaks}]"), {}),
        (workflow(steps="[{run: node scan.mjs}]"), {"scan.mjs": b"execSync('gitleaks detect')"}),
        ("on: push\njobs: {b: {runs-on: \udcff}}\n", {}),
    ],
)
def test_what_was_not_read_may_scan(text, programs):
    (found,) = about(policy(), text, programs=programs)
    assert isinstance(found, Undecided)
    assert (found.control, found.reason) == ("alive", Reason.DYNAMIC)


def test_none_is_alive():
    files = {".gitleaks.toml": b"[allowlist]\npaths = ['^docs/']\n"}
    found = told(policy(), workflow(), files=files)["alive", "gitleaks"]
    assert found.message.startswith("the only scan for secrets cannot go red: .gitleaks.toml has an allow-list but no")
    assert (found.location.path, found.location.line) == (".gitleaks.toml", 1)
    swallowed = workflow(steps=f"[{CHECKOUT}, {{run: gitleaks git . || true}}]")
    found = told(policy(), swallowed, swallowed)["alive", "gitleaks"]
    assert found.message.startswith("none of the 2 scans for secrets can go red: gitleaks cannot fail this step")


def test_one_living_scan_is_enough():
    swallowed = workflow(steps=f"[{CHECKOUT}, {{run: gitleaks git . || true}}]")
    assert about(policy(), swallowed, workflow()) == []


def test_one_that_cannot_be_told_is_unknown():
    doubtful = workflow(steps=f"[{CHECKOUT}, {{run: gitleaks git ., continue-on-error: '${{{{ vars.x }}}}'}}]")
    (found,) = about(policy(), doubtful)
    assert (type(found), found.control, found.reason) == (Undecided, "alive", Reason.DYNAMIC)


@pytest.mark.parametrize(
    ("on", "job", "subject", "why"),
    [
        ("[pull_request]", "", "push", "`w0.yml` does not start on `push`"),
        ("[push]", "", "pull_request", "`w0.yml` does not start on `pull_request`"),
        (
            "{push: {branches: [main]}, pull_request: }",
            "",
            "push",
            "`branches: [main]` of `push` leaves other branches",
        ),
        ("{push: , pull_request: {branches-ignore: [x]}}", "", "pull_request", "`branches-ignore: [x]` of"),
        (
            "{push: , pull_request: {paths: ['src/**']}}",
            "",
            "pull_request",
            "starts it only for changes to those paths",
        ),
        ("{push: {tags: [v1]}, pull_request: }", "", "push", "does not start on `push`"),
        ("{push: , pull_request: {types: [opened]}}", "", "pull_request", "lacks `synchronize`"),
        ("[push, pull_request]", "if: github.event_name == 'push'", "pull_request", "its job has `if: github.event"),
    ],
)
def test_what_an_event_leaves_out(on, job, subject, why):
    (found,) = about(policy(), workflow(on, job=job))
    assert (type(found), found.control, found.subject) == (Finding, "on", subject)
    assert why in found.message
    assert found.location.path == ".github/workflows/w0.yml"
    assert found.fix is not None


def test_a_step_that_is_skipped_leaves_out():
    steps = f"[{CHECKOUT}, {{run: gitleaks git ., if: github.actor != 'bot'}}]"
    found = told(policy(), workflow(steps=steps))
    assert "its step has `if: github.actor != 'bot'`" in found["on", "push"].message


def test_a_condition_that_is_the_same_for_every_run_cannot_be_told():
    found = about(policy(on=("push",)), workflow(job="if: vars.SCAN == 'yes'"))
    assert [(type(one), one.control) for one in found] == [(Undecided, "on")]


def test_events_may_be_covered_by_different_workflows():
    assert about(policy(), workflow("push"), workflow("pull_request")) == []
    assert about(policy(on=("push",)), workflow("push")) == []
    assert about(policy(), workflow("{push: {branches: ['**']}, pull_request: {branches: ['**']}}")) == []


@pytest.mark.parametrize(
    ("cron", "often", "right"),
    [
        ("0 4 * * 5", "weekly", True),
        ("0 4 * * *", "weekly", True),
        ("0 4 * * *", "daily", True),
        ("0 4 */7 * *", "weekly", True),
        ("0 4 1 * *", "monthly", True),
        ("0 4 * * 5", "daily", False),
        ("0 4 1 * *", "weekly", False),
        ("0 4 1 1 *", "monthly", False),
        ("0 4", "monthly", False),
    ],
)
def test_how_often_the_history_is_scanned(cron, often, right):
    text = workflow(f"{{push: , pull_request: , schedule: [{{cron: '{cron}'}}]}}")
    found = told(policy(schedule=often), text)
    assert (("schedule", often) in found) is not right
    assert right or f"`schedule` ({cron}) is not {often}" in found["schedule", often].message


@pytest.mark.parametrize(
    ("steps", "why"),
    [
        (f"[{CHECKOUT}, {{run: gitleaks dir .}}]", "it does not scan the history"),
        ("[{uses: actions/checkout@v4}, {run: gitleaks git .}]", "its job checks out a part of the history only"),
    ],
)
def test_a_schedule_without_history(steps, why):
    text = workflow("{push: , pull_request: , schedule: [{cron: '0 4 * * *'}]}", steps)
    assert why in told(policy(schedule="weekly"), text)["schedule", "weekly"].message


def test_no_schedule_at_all():
    found = told(policy(schedule="weekly"), workflow())["schedule", "weekly"]
    assert found.message.endswith("would, but no `schedule` starts it")
    assert found.fix.text.endswith('`schedule: [{cron: "17 4 * * 5"}]`.')


@pytest.mark.parametrize(
    ("step", "why"),
    [
        ("uses: gitleaks/gitleaks-action@v2", "gitleaks/gitleaks-action@v2 is not a commit"),
        ("run: curl -O https://x.org/gitleaks && ./gitleaks git .", "is not one version that is compared"),
        ("run: docker run zricethezav/gitleaks:v8 git .", "zricethezav/gitleaks:v8 is not a digest"),
        ("run: go run github.com/gitleaks/gitleaks/v8@latest git .", "is not one version"),
    ],
)
def test_what_is_not_pinned(step, why):
    found = about(policy(pinned=True), workflow(steps=f"[{CHECKOUT}, {{{step}}}]"))
    assert [one.control for one in found] == ["pinned"]
    assert why in found[0].message


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ("", "nothing uploads what a scan finds to code scanning"),
        (", {uses: github/codeql-action/upload-sarif@v3}", "does not surely run when the scan has found something"),
        (", {uses: github/codeql-action/upload-sarif@v3, if: always()}", None),
    ],
)
def test_what_is_found_is_uploaded(more, why):
    found = about(policy(sarif=True), workflow(steps=f"[{CHECKOUT}, {{run: gitleaks git .}}{more}]"))
    assert [one.control for one in found] == (["sarif"] if why else [])
    assert why is None or why in found[0].message


def test_the_baseline_is_tracked_and_does_not_grow():
    asked = policy(baseline="b.json")
    (_, missing) = baseline.judge(asked, TrackedFiles({}))
    assert (missing.control, missing.subject) == ("baseline", "b.json")
    tracked = TrackedFiles({"b.json": "100644"})
    assert len(list(baseline.judge(asked, tracked))) == 1
    lines = AddedLines({"b.json": ((3, b'"Fingerprint": "a:b:c:1"'),), "other.json": ((1, b'"Fingerprint": "x"'),)})
    (_, grown) = baseline_growth.judge(asked, tracked, lines)
    assert (grown.control, grown.subject, grown.location.line) == ("baseline", "b.json", 3)
    assert baseline.calls(policy()) == []


def test_the_branch_requires_the_scan():
    asked, files, own = policy(required_on="main"), workflows({"w.yml": workflow()}), OwnPrograms({})
    assert len(list(required.judge(asked, files, own, live(ruleset(1, status_checks("leaks")))))) == 1
    (_, found) = required.judge(asked, files, own, live(ruleset(1, status_checks("lint"))))
    assert (found.control, found.subject) == ("required", "main")
    assert found.message == "`leaks`, which scans for secrets, is not required on main"
    (_, found) = required.judge(asked, workflows({}), own, live())
    assert found.message == "no required check scans for secrets on main"
    (_, unread) = required.judge(asked, files, own, live(protection=hidden()))
    assert isinstance(unread, Undecided)
    named = workflows({"w.yml": workflow(job="name: ${{ vars.NAME }}")})
    (_, unread) = required.judge(asked, named, own, live())
    assert unread.reason is Reason.DYNAMIC


def test_what_it_reads():
    checks = {check.name: check for check in kind("secret-scanning").checks}
    assert checks["required"].calls(policy()) == []
    assert len(checks["required"].calls(policy(required_on="main"))) == 1

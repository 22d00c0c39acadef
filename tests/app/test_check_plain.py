"""`check` without options: the short way in, and the plan, make it quicker and change nothing of what it says."""

import subprocess
import sys
from typing import Any

from program import WORKFLOW, Govcheck
from repositories import ENVIRONMENT, Repository

POLICIES = {
    "required-checks": "branch: main\nchecks: [build, lint]",
    "branch-protection": "branch: main\napprovals: {min: 1}",
    "notification-recipients": "allow: {}",
    "deploy-window": 'timezone: Europe/Vienna\nallow: [{days: mon, from: "09:00", to: "17:00"}]',
}
NEEDLESS = {"pydantic", "git", "jsonschema", "click", "rich", "urllib3", "asyncio", "logging", "dataclasses", "inspect"}
NEEDLESS |= {"yaml", "tree_sitter"}  # what was judged before is known


def with_every_kind(repository: Repository) -> None:
    for kind, keys in POLICIES.items():
        repository.commit_file(f"policies/{kind}.yaml", f"kind: {kind}\nid: {kind}\n{keys}\n")
    repository.commit_file(".github/workflows/ci.yml", WORKFLOW)


def without_times(report: dict[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in report.items() if key not in {"started_at", "finished_at"}}
    return kept | {"policies": [{**policy, "duration_ms": 0} for policy in report["policies"]]}


def test_a_warm_plan_changes_nothing(repository: Repository, govcheck: Govcheck):
    with_every_kind(repository)
    cold = govcheck("check", "--format", "json")
    warm = govcheck("check", "--format", "json")
    assert len(list((repository.path / ".git" / "govcheck").glob("plan-*.json"))) == 1
    assert without_times(warm.report) == without_times(cold.report)
    assert (warm.code, warm.err) == (cold.code, cold.err)
    assert "judges what only GitHub knows, too (branch-protection, required-checks)" in "".join(warm.report["notes"])


def test_an_action_of_the_repositorys_own_is_followed_into(repository: Repository, govcheck: Govcheck):
    repository.commit_file("policies/n.yaml", "kind: notification-recipients\nid: n\nallow: {}\n")
    calling = "on: push\njobs: {a: {runs-on: ubuntu-latest, steps: [{uses: ./%s}]}}\n"
    composite = "runs:\n  using: composite\n  steps:\n  - "
    repository.commit_file(".github/workflows/ci.yml", calling % "docs/one")
    assert govcheck("check").code == 0
    repository.commit_file("docs/one/action.yml", f"{composite}uses: ./docs/two/\n")
    assert govcheck("check").code == 0
    repository.commit_file("docs/two/action.yaml", f"{composite}run: echo x | mail ops@example.com\n    shell: bash\n")
    ran = govcheck("check", "--format", "json")
    (finding,) = [one for one in ran.report["findings"] if one["policy"] == "n"]
    assert (ran.code, finding["actual"], finding["location"]["line"]) == (1, "ops@example.com", 2)


def test_the_short_way_in_says_what_click_would(repository: Repository, govcheck: Govcheck):
    with_every_kind(repository)
    assert govcheck("check") == govcheck("-C", ".", "check")
    assert govcheck("check").code == 1
    for folder in ("policies", "govcheck:starter", "nowhere", "--help"):
        given = ("--policies", folder, "check")
        assert govcheck(*given) == govcheck("-C", ".", *given)
    assert govcheck("--policies") == govcheck("-C", ".", "--policies")


def test_an_edited_policy_on_the_disk_counts_at_once(repository: Repository, govcheck: Govcheck):
    repository.write("policies/docs.yaml", 'kind: allowed-paths\nid: docs-only\nallow: ["**"]\n')
    assert govcheck("check").code == 0
    repository.write("policies/docs.yaml", 'kind: allowed-paths\nid: docs-only\nallow: ["*/"]\n')
    assert govcheck("check").code == 0
    repository.write("policies/docs.yaml", 'kind: allowed-paths\nid: docs-only\nallow: ["x/"]\n')
    assert govcheck("check").code == 1


def test_warm_it_imports_nothing_that_it_does_not_need(repository: Repository, govcheck: Govcheck):
    with_every_kind(repository)
    assert govcheck("check").code == 1
    code = "import sys; from govcheck.__main__ import _run; code = _run(['check']); "
    code += "print(code, *sorted({name.partition('.')[0] for name in sys.modules}), file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=repository.path,
        capture_output=True,
        text=True,
        check=True,
        env=ENVIRONMENT | {"PATH": "/usr/bin:/bin"},
    )
    exit_code, *modules = done.stderr.split()
    assert exit_code == "1"
    assert NEEDLESS.isdisjoint(modules), NEEDLESS & set(modules)

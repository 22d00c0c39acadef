"""`init --import`: every format, what is left out of it, and what is broken."""

import json
from pathlib import Path

import pytest

from govcheck.app.init import writing
from govcheck.app.init.importing import read_import
from govcheck.app.init.proposal import Proposal, Settled
from govcheck.sources.policy_files import PolicySource, load_policies
from live_branches import classic, reviews, ruleset, status_checks
from program import Govcheck, Ran
from repositories import Repository

SETTINGS = """\
repository:
  name: app
  description: "a: b # c"
  topics: github, probot
  private: true
  has_wiki: false
  allow_squash_merge: true
  delete_branch_on_merge: true
  security: {enableVulnerabilityAlerts: true}
  has_spells: true
labels:
  - {name: bug, color: CC0000}
collaborators:
  - {username: Mona, permission: admin}
  - {username: hubot, permission: pull}
  - {username: thor, permission: push, include: [other]}
teams:
  - {name: core, permission: push}
environments:
  - name: production
    wait_timer: 5
    reviewers: [{id: 1, type: Team}]
    deployment_branch_policy: {custom_branches: [main, "release/*"]}
branches:
  - name: default
    protection:
      required_pull_request_reviews:
        required_approving_review_count: 2
        dismiss_stale_reviews: true
        dismissal_restrictions: {}
      required_status_checks: {strict: true, contexts: [build]}
      enforce_admins: true
      required_linear_history: true
      restrictions: {apps: [], users: [], teams: [core]}
  - name: old
    protection: null
rulesets:
  - name: Releases
    target: tag
    enforcement: active
    bypass_actors: []
    conditions: {ref_name: {include: ["refs/tags/v*"], exclude: []}}
    rules: [{type: deletion}]
"""


@pytest.fixture
def bring(repository: Repository, govcheck: Govcheck):
    def run(name: str, text: str | bytes, *arguments: str) -> Ran:
        repository.delete("policies/docs.yaml")
        repository.write(name, text)
        return govcheck("init", "--repository", "octo/app", "--import", name, *arguments)

    return run


def policies(repository: Repository):
    files = (repository.path / "policies").glob("*.yaml")
    found = load_policies([PolicySource(path.name, path.read_bytes()) for path in sorted(files)])
    return {loaded.policy.id: loaded.policy for loaded in found}


def test_a_settings_file(repository: Repository, bring):
    ran = bring("settings.yml", SETTINGS)
    assert ran.code == 0, ran
    found = policies(repository)
    own = found["repository-is-set-up"]
    assert (own.description, own.topics, own.visibility) == ("a: b # c", ("github", "probot"), "private")
    assert (own.wiki, own.squash_merge, own.delete_branch_on_merge) == (False, True, True)
    assert found["dependencies-are-watched"].dependabot_alerts is True
    assert found["people-have-access"].admins.superset_of == ("user:mona",)
    assert found["teams-have-access"].teams.superset_of == ("team:octo/core=write",)
    production = found["environment-production"]
    assert (production.wait.min, production.min_reviewers) == ("5m", 1)
    assert production.branches.subset_of == ("main", "release/*")
    branch = found["default-branch-protected"]
    assert (branch.branch, branch.approvals.min, branch.dismiss_stale_reviews) == ("~DEFAULT_BRANCH", 2, True)
    assert branch.status_checks.superset_of == ("build",)
    assert branch.push_restrictions.subset_of == ("team:octo/core",)
    assert branch.review_dismissals is None
    assert found["default-branch-without-exceptions"].bypass.subset_of == ()
    assert found["releases-v-tag"].deletions == "forbidden"


LEFT = [
    "settings.yml:2: name:",
    "settings.yml:10: has_spells:",
    "settings.yml:11: labels: no policy holds labels",
    "settings.yml:15: collaborators hubot:",
    "settings.yml:16: collaborators thor: it is for some repositories only",
    "settings.yml:22: reviewers:",
    "settings.yml:35: branches old:",
]


def test_what_no_policy_says_is_listed_with_its_line(bring):
    out = " ".join(bring("settings.yml", SETTINGS).out.split())
    assert [line for line in LEFT if line not in out] == []


def test_an_export_of_branch_protection(repository: Repository, bring):
    assert bring("p.json", json.dumps(classic(required_pull_request_reviews=reviews(3)), indent="\t")).code == 0
    assert policies(repository)["main-protected"].approvals.min == 3


def test_exports_of_rulesets(repository: Repository, bring):
    bodies = [
        ruleset(1, status_checks("build"))[1].body,
        ruleset(2, {"type": "deletion"}, enforcement="evaluate")[1].body,
    ]
    ran = bring("r.json", json.dumps(bodies))
    assert ran.code == 0
    assert policies(repository)["main-branch"].status_checks.superset_of == ("build",)
    assert "enforcement evaluate: it is not in force" in ran.out


def test_parts_that_are_new_to_this_govcheck_are_listed(bring):
    body = ruleset(1, {"type": "pull_request", "parameters": {"required_approving_review_count": 1, "brand_new": 2}})[
        1
    ].body
    protection = classic(required_pull_request_reviews=reviews(1, brand_new_too=True))
    out = " ".join(bring("r.json", json.dumps([body, protection])).out.split())
    assert "rule pull_request: no policy says `brand_new`" in out
    assert "brand_new_too: no such part of required_pull_request_reviews is known" in out


def test_codeowners_that_promises_more_than_there_is_does_not_hold(repository: Repository, bring):
    repository.commit_file("CODEOWNERS", "* @octo/core\n/docs/ @mona\n/gone/ @mona\n")
    ran = bring("CODEOWNERS", "* @octo/core\n/docs/ @mona\n/gone/ @mona\n")
    assert ran.code == 1
    assert policies(repository)["code-has-owners"].owned == ("**", "docs/**", "gone/**")
    assert "does not hold: code-has-owners" in ran.out


def test_hooks(repository: Repository, bring):
    text = """\
repos:
  - repo: https://github.com/pre-commit/pre-commit-hooks
    rev: v5.0.0
    hooks:
      - {id: check-added-large-files, args: [--maxkb=2048]}
      - {id: no-commit-to-branch, args: [--branch, release, -p, "^x"]}
      - {id: end-of-file-fixer}
"""
    repository.commit_file(".pre-commit-config.yaml", text)
    ran = bring(".pre-commit-config.yaml", text)
    assert ran.code == 0, ran
    found = policies(repository)
    assert found["no-large-files"].max_file_size.max == 2
    assert found["no-commits-to-release"].pull_requests is True
    assert ".pre-commit-config.yaml:7: end-of-file-fixer" in ran.out
    assert "regular expressions" in ran.out
    assert "not judged without --live: no-large-files, no-commits-to-release" in ran.out


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("repository:\n  - [", "settings.yml:"),
        ("repository: {a: 1}\nrepository: {b: 2}", "settings.yml:2:1"),
        (b"\xff\xfe", "settings.yml:1:1"),
        ("x" * (1024 * 1024 + 1), "larger than 1048576 bytes"),
        ("- 1\n- 2\n", "none of the shapes"),
        ("something: else\n", "none of the shapes"),
        ("", "none of the shapes"),
    ],
)
def test_a_file_that_cannot_be_imported_stops_it(repository: Repository, bring, text: str | bytes, said: str):
    ran = bring("settings.yml", text)
    assert ran.code == 2
    assert said in ran.err
    assert not list((repository.path / "policies").glob("*"))


@pytest.mark.parametrize("section", ["repository", "branches", "rulesets", "teams", "environments", "collaborators"])
@pytest.mark.parametrize("value", ["1", "text", "[1, null, [x]]", "{a: {b: [c]}}", "[{name: x, protection: 3}]"])
def test_odd_sections_are_left_or_valid(tmp_path: Path, section: str, value: str):
    (tmp_path / "settings.yml").write_text(f"{section}: {value}\n")
    found = list(read_import(str(tmp_path / "settings.yml"), "settings.yml", None, "octo"))
    for one in found:
        if isinstance(one, Proposal):
            keys = {"kind": one.kind, "id": one.id, "why": one.why, **one.fixed}
            text = writing.document(Settled(proposal=one, keys=keys))
            assert load_policies([PolicySource("p.yaml", text.encode())])
        else:
            assert one.text.startswith("settings.yml:1: ")


def test_a_file_that_is_not_there(govcheck: Govcheck, tmp_path: Path):
    ran = govcheck("init", "--force", "--import", str(tmp_path / "none.yml"))
    assert ran.code == 2
    assert "No such file" in ran.err

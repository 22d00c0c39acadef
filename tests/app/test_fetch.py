"""Sets of policies in other repositories: fetched over HTTP by commit, and read without any network afterwards."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from git_server import GitServer
from program import Govcheck, Ran
from repositories import Repository

POLICY = "kind: allowed-paths\nid: no-text\nallow: ['**']\ndeny: ['**/*.txt']\n"
TOKEN = "ghp_" + "ReaderOfPolicies01"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[GitServer]:
    with GitServer(tmp_path / "served") as running:
        yield running


@pytest.fixture
def shared(server: GitServer) -> Repository:
    made = Repository(server.folder / "acme" / "policies")
    made.write("base/policy.yaml", POLICY)
    made.stage()
    made.commit()
    return made


@pytest.fixture
def run(govcheck: Govcheck, server: GitServer) -> Govcheck:
    def with_server(*arguments: str, **variables: str) -> Ran:
        return govcheck(*arguments, GITHUB_SERVER_URL=server.url, **variables)

    return with_server


def extend(repository: Repository, *entries: str) -> None:
    repository.write(".govcheck.yaml", f"extends: [{', '.join(entries)}]\n")
    repository.write("notes.txt", "a")
    repository.stage()


def found(ran: Ran) -> set[str]:
    return {finding["policy"] for finding in ran.report["findings"]}


def test_a_pinned_set_is_fetched_once_and_holds_offline_afterwards(
    repository: Repository, shared: Repository, server: GitServer, run: Govcheck
):
    pin = f"github:acme/policies@{shared.head()}:base"
    extend(repository, pin)
    before = run("check")
    assert (before.code, "run `govcheck fetch`" in before.err, server.seen) == (2, True, [])
    fetched = run("fetch")
    assert (fetched.code, fetched.out) == (0, f"{pin}: fetched, at {shared.head()}\n")
    seen = list(server.seen)
    for _ in range(2):
        ran = run("check", "--format", "json")
        (found,) = [one for one in ran.report["findings"] if one["policy"] == "no-text"]
        assert (ran.code, found["location"]["path"]) == (1, "notes.txt")
        assert pin in ran.report["policies_from"]
    assert run("check", "--staged").code == 1
    assert run("fetch").out == "every set of policies that is extended is here\n"
    assert server.seen == seen
    assert f"{pin}/policy.yaml:4" in run("explain", "no-text", "--effective").out


def test_a_pin_that_is_on_no_branch_is_refused(repository: Repository, shared: Repository, run: Govcheck):
    shared.checkout("fork", new=True)
    shared.write("base/policy.yaml", POLICY.replace("deny", "applies_to"))
    shared.stage()
    impostor = shared.commit()
    shared.checkout("main")
    shared.run("branch", "-D", "fork")
    shared.run("config", "uploadpack.allowAnySHA1InWant", "true")  # GitHub gives any commit, a fork's too
    for gone in (impostor, "0" * 40):
        extend(repository, f"github:acme/policies@{gone}:base")
        ran = run("fetch")
        assert (ran.code, "no branch and no tag of acme/policies has that commit" in ran.err) == (2, True)
        assert run("check").code == 2


def test_a_commit_of_a_tag_counts(repository: Repository, shared: Repository, run: Govcheck):
    first = shared.head()
    shared.run("tag", "--annotate", "--message=one", "v1")
    shared.run("checkout", "--quiet", "--orphan", "new")
    shared.commit()
    shared.run("branch", "-D", "main")
    extend(repository, f"github:acme/policies@{first}:base")
    assert run("fetch").code == 0


def test_a_branch_is_followed_only_where_that_is_said(repository: Repository, shared: Repository, run: Govcheck):
    extend(repository, "'github:acme/policies@main:base'")
    assert "is a branch or a tag, which can move" in run("fetch").err
    extend(repository, "{set: 'github:acme/policies@main:base', moving: true}")
    first = shared.head()
    assert run("fetch").code == 0
    assert f"moves: it was taken at {first}" in " ".join(run("check").out.split())
    shared.write("base/policy.yaml", POLICY.replace("txt", "rst"))
    shared.stage()
    second = shared.commit()
    assert "no-text" in found(run("check", "--format", "json"))
    assert second in run("fetch").out
    assert f"moves: it was taken at {second}" in " ".join(run("check").out.split())
    assert "no-text" not in found(run("check", "--format", "json"))
    extend(repository, "{set: 'github:acme/policies@gone:base', moving: true}")
    assert "has no branch and no tag `gone`" in run("fetch").err


def test_a_private_set_needs_a_token_that_stays_out_of_sight(
    repository: Repository, shared: Repository, server: GitServer, run: Govcheck
):
    server.tokens["acme/policies"] = TOKEN
    extend(repository, f"github:acme/policies@{shared.head()}:base")
    without = run("fetch")
    assert (without.code, "needs a token" in without.err) == (3, True)
    # The API is this machine too, so that the token is the server's own.
    ran = run("fetch", GOVCHECK_TOKEN=TOKEN, GITHUB_API_URL="http://127.0.0.1:9")
    assert (ran.code, TOKEN in ran.out + ran.err) == (0, False)
    assert ("/acme/policies/info/refs", TOKEN) in server.seen
    for file in (Path(repository.path) / ".git").rglob("*"):
        assert not file.is_file() or TOKEN.encode() not in file.read_bytes()


def test_a_token_of_another_server_is_not_sent(
    repository: Repository, shared: Repository, server: GitServer, run: Govcheck
):
    extend(repository, f"github:acme/policies@{shared.head()}:base")
    assert run("fetch", GH_TOKEN=TOKEN).code == 0  # that is a token of github.com
    assert {token for _, token in server.seen} == {None}


def test_a_redirect_is_not_followed(repository: Repository, shared: Repository, server: GitServer, run: Govcheck):
    with GitServer(server.folder) as other:
        server.redirects["acme/policies"] = other.url
        extend(repository, f"github:acme/policies@{shared.head()}:base")
        assert run("fetch").code == 3
        assert other.seen == []


def test_sets_of_other_repositories_extend_each_other(
    repository: Repository, shared: Repository, server: GitServer, run: Govcheck
):
    teams = Repository(server.folder / "acme" / "teams")
    base = f"github:acme/policies@{shared.head()}:base"
    teams.write("web/_set.yaml", f"extends: ['{base}', ../common]\nfinal: {{no-text: [deny]}}\n")
    teams.write("common/policy.yaml", "kind: allowed-paths\nid: common\nallow: ['**']\n")
    teams.stage()
    pin = f"github:acme/teams@{teams.commit()}:web"
    extend(repository, pin, base)
    assert run("fetch").code == 0
    ran = run("check", "--format", "json")
    assert [policy["id"] for policy in ran.report["policies"]][:2] == ["no-text", "common"]
    repository.write("policies/own.yaml", "kind: allowed-paths\nid: no-text\ndeny: []\n")
    ran = run("check")
    assert (ran.code, f"`deny` of `no-text` ({base}/policy.yaml:4) cannot be changed" in ran.err) == (2, True)
    assert f"{pin}/_set.yaml:2" in ran.err


def test_one_repository_at_two_commits_is_an_error(repository: Repository, shared: Repository, run: Govcheck):
    first = shared.head()
    second = shared.commit()
    extend(repository, f"github:acme/policies@{first}:base", f"github:acme/policies@{second}:base")
    ran = run("fetch")
    assert run("check").code == 2
    assert "acme/policies:base is extended at two commits" in run("check").err, ran


def test_live_runs_fetch_what_is_missing(repository: Repository, shared: Repository, server: GitServer, run: Govcheck):
    extend(repository, f"github:acme/policies@{shared.head()}:base")
    repository.commit()
    ran = run("check", "--live", "--max-wait", "0", GITHUB_API_URL="http://127.0.0.1:9", GITHUB_REPOSITORY="acme/app")
    assert "not here yet" not in ran.err
    assert server.seen
    assert "no-text" in found(run("check", "--format", "json"))


def test_what_judges_a_change_is_fetched_by_its_base(repository: Repository, shared: Repository, run: Govcheck):
    extend(repository, f"github:acme/policies@{shared.head()}:base")
    repository.commit()
    repository.checkout("feature", new=True)
    repository.write(".govcheck.yaml", "{}\n")
    repository.write("more.txt", "b")
    repository.stage()
    repository.commit()
    assert run("fetch").out == "every set of policies that is extended is here\n"
    assert "govcheck fetch" in run("check", "--base", "main").err
    assert run("fetch", "--base", "main").code == 0
    assert "no-text" in found(run("check", "--base", "main", "--format", "json"))


def test_a_folder_without_policies_is_told(repository: Repository, shared: Repository, run: Govcheck):
    extend(repository, f"github:acme/policies@{shared.head()}:elsewhere")
    ran = run("fetch")
    assert (ran.code, "that commit has no policies in elsewhere" in ran.err) == (2, True)

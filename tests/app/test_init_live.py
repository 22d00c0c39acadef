"""`init --live`, against a server that speaks as GitHub does."""

from collections.abc import Iterator

import pytest

from fake_github import FakeGitHub, State
from govcheck.sources.policy_files import PolicySource, load_policies
from program import Govcheck, Ran
from repositories import Repository

ADMIN, READER = "ghp_AdminOfTheRepository0001", "ghs_ReaderOfTheRepository001"
WORKFLOW = """
on: pull_request
permissions: {contents: read}
jobs: {build: {runs-on: ubuntu-latest, timeout-minutes: 5, steps: [{run: make}]}}
"""


@pytest.fixture
def state() -> State:
    made = State()
    made.token(ADMIN, "classic", role="admin")
    made.token(READER, "app", permissions={"contents": "read"})
    repository = made.repository("octo/app")
    repository.protect("main", approvals=2, dismiss_stale_reviews=True, checks=[{"context": "build"}])
    repository.ruleset("tags", [{"type": "deletion"}], include=("refs/tags/v*",), target="tag")
    return made


@pytest.fixture
def github(state: State) -> Iterator[FakeGitHub]:
    with FakeGitHub(state) as server:
        yield server


@pytest.fixture
def live(repository: Repository, govcheck: Govcheck, github: FakeGitHub) -> Govcheck:
    repository.delete("policies/docs.yaml")
    repository.write(".github/workflows/build.yml", WORKFLOW)
    repository.stage()
    repository.commit()

    def run(*arguments: str, token: str = ADMIN) -> Ran:
        return govcheck(*arguments, "--live", "--repository", "octo/app", GITHUB_API_URL=github.url, GH_TOKEN=token)

    return run


def policies(repository: Repository):
    files = (repository.path / "policies").glob("*.yaml")
    found = load_policies([PolicySource(path.name, path.read_bytes()) for path in sorted(files)])
    return {loaded.policy.id: loaded.policy for loaded in found}


def test_every_control_as_it_is_and_it_holds(live: Govcheck, repository: Repository):
    assert (ran := live("init")).code == 0, ran
    branch = policies(repository)["default-branch-protected"]
    assert (branch.approvals.min, branch.dismiss_stale_reviews, branch.force_pushes) == (2, True, "forbidden")
    assert branch.status_checks.superset_of == ("build",)
    assert branch.conversation_resolution is None
    assert policies(repository)["tags-v-tag"].deletions == "forbidden"
    assert policies(repository)["repository-is-set-up"].visibility == "public"
    repository.stage()
    repository.commit()
    assert live("check").code == 0


@pytest.mark.parametrize("weaker", [{"approvals": 1}, {"dismiss_stale_reviews": False}, {"force_pushes": True}])
def test_what_is_weakened_afterwards_fails(
    live: Govcheck, repository: Repository, state: State, weaker: dict[str, int]
):
    live("init")
    repository.stage()
    repository.commit()
    state.repository("octo/app").protect("main", **weaker)
    assert live("check").code == 1


def test_what_the_branch_lacks_is_a_comment(live: Govcheck, repository: Repository):
    live("init")
    text = (repository.path / "policies" / "default-branch.yaml").read_text()
    assert "# tighten: conversations are resolved before merging on main: off" in text
    assert "\n# conversation_resolution: true\n" in text


def test_what_a_token_may_not_see_is_never_written_as_true(live: Govcheck, repository: Repository):
    ran = live("init", token=READER)
    assert ran.code == 0, ran
    assert "could not be told" in ran.out
    text = (repository.path / "policies" / "default-branch.yaml").read_text()
    assert "# not told today:" in text
    repository.stage()
    repository.commit()
    assert live("check", token=READER).code == 0

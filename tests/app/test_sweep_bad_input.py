"""Days on which something is not as it ought to be: clocks, order, names, tokens, and what became of the repository."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from fake_github import FakeGitHub, State
from govcheck.app.options import Setting, SweepOptions
from govcheck.app.sweep import run_sweep
from govcheck.errors import GovcheckError
from govcheck.records import replace
from govcheck.report import Phase, Report
from govcheck.reporters import text
from govcheck.snapshot import to_millisecond
from govcheck.store.files import read_file
from govcheck.store.opening import open_store
from repositories import Repository, isolate

TOKEN, READER = "ghp_" + "AdminOfTheRepository01", "ghs_" + "ReaderOfTheRepository1"
POLICY = """
kind: branch-protection
id: main-protected
branch: "~DEFAULT_BRANCH"
approvals: {min: 2}
"""


@pytest.fixture
def state() -> State:
    made = State()
    made.token(TOKEN, "classic", role="admin")
    made.token(READER, "app", permissions={"contents": "read"})
    made.repository("octo/app").ruleset(
        "main", [{"type": "pull_request", "parameters": {"required_approving_review_count": 2}}]
    )
    return made


class Day:
    """Sweeps in this process, against the fake."""

    def __init__(self, path: Path, url: str) -> None:
        self.path, self.url = path, url
        self.store = path / ".git" / "govcheck" / "snapshots"

    def __call__(self, phase: str = "adhoc", *, token: str = TOKEN, name: str = "octo/app", **keys: str) -> Report:
        environment = {"GITHUB_API_URL": self.url, "GH_TOKEN": token}
        setting = Setting(directory=str(self.path), repository=name, environment=environment)
        return run_sweep(SweepOptions(setting=setting, phase=Phase(phase), max_wait=0, **keys))


@pytest.fixture
def github(state: State) -> Iterator[FakeGitHub]:
    with FakeGitHub(state) as server:
        yield server


@pytest.fixture
def day(tmp_path: Path, github: FakeGitHub, monkeypatch: pytest.MonkeyPatch) -> Day:
    isolate(monkeypatch)
    repository = Repository(tmp_path / "app")
    repository.commit_file("policies/main.yaml", POLICY)
    return Day(repository.path, github.url)


def rename_branch(state: State) -> None:
    live = state.document["repositories"]["octo/app"]
    live["branches"]["trunk"] = live["branches"].pop("main")
    live["default_branch"] = "trunk"


def approvals(state: State, number: int) -> None:
    rule = state.document["repositories"]["octo/app"]["rulesets"][0]["rules"][0]
    rule["parameters"]["required_approving_review_count"] = number


def news(report: Report) -> set[tuple[str, str]]:
    assert report.drift is not None
    return {(entry.name, entry.change) for entry in report.drift.entries if not entry.told}


WEAKER = ("branches/main/approvals", "changed")


def test_a_shutdown_without_a_startup_is_compared_with_the_last_shutdown(day: Day, state: State):
    assert day("shutdown").drift is None
    approvals(state, 1)
    report = day("shutdown")
    assert report.drift is not None
    assert (report.drift.since_phase, WEAKER in news(report)) == (Phase.SHUTDOWN, True)


def test_two_shutdowns_tell_a_change_once_and_its_end_as_well(day: Day, state: State):
    day("startup")
    approvals(state, 1)
    assert WEAKER in news(day("shutdown"))
    assert news(day("shutdown")) == set()
    approvals(state, 2)
    assert WEAKER in news(day("shutdown"))
    assert news(day("startup")) == set()


def test_a_clock_that_went_backwards_loses_nothing(day: Day, state: State):
    """A sweep of the year 2099 is there: today's is still compared with it, and says so."""
    carried = day.path / "carried.json"
    day("startup", write=str(carried))
    shutil.rmtree(day.store)
    early = read_file(carried)
    store = open_store(None, day.store.parent)
    store.add(replace(early, finished_at=early.finished_at.replace(year=2099)))
    approvals(state, 1)
    report = day("shutdown")
    assert WEAKER in news(report)
    assert report.drift is not None
    assert any("clock went backwards" in note for note in report.drift.notes)


def test_a_snapshot_of_another_repository_is_refused(day: Day, state: State):
    carried = day.path / "other.json"
    state.repository("octo/other")
    day("startup", name="octo/other", write=str(carried))
    with pytest.raises(GovcheckError, match="is of octo/other, this sweep of octo/app"):
        day("shutdown", since=str(carried))
    assert day("shutdown").drift is None


def test_a_default_branch_with_another_name_is_told_and_nothing_is_gone(day: Day, state: State):
    day("startup")
    rename_branch(state)
    report = day("shutdown")
    assert report.drift is not None
    told = news(report)
    assert told == {("repository-settings/default_branch", "renamed")}
    assert report.exit_code == 0
    assert news(day("startup")) == set()


def test_what_was_open_of_a_branch_that_is_renamed_stays_open_since_then(day: Day, state: State):
    approvals(state, 1)
    first = day("startup")
    rename_branch(state)
    report = day("shutdown")
    assert report.drift is not None
    assert news(report) == {("repository-settings/default_branch", "renamed")}
    (finding,) = report.findings
    assert finding.finding.subject == "trunk"
    assert report.drift.open_since[finding.fingerprint] == to_millisecond(first.finished_at)
    approvals(state, 2)
    assert ({change for _, change in news(day("startup"))}) == {"changed", "fixed"}
    approvals(state, 1)
    assert "returned" in {change for _, change in news(day("shutdown"))}


def test_another_default_branch_is_no_rename_where_the_old_one_is_there(day: Day, state: State):
    (day.path / "policies/main.yaml").write_text(POLICY.replace('"~DEFAULT_BRANCH"', "main"))
    Repository(day.path).stage()
    Repository(day.path).commit()
    day("startup")
    state.repository("octo/app").branch("trunk")
    state.document["repositories"]["octo/app"]["default_branch"] = "trunk"
    told = news(day("shutdown"))
    assert ("repository-settings/default_branch", "changed") in told
    assert ("branches/trunk", "became-known") in told


def test_a_branch_that_is_gone_under_its_old_name_is_renamed_though_it_got_weaker(day: Day, state: State):
    (day.path / "policies/main.yaml").write_text(POLICY.replace('"~DEFAULT_BRANCH"', "main"))
    Repository(day.path).stage()
    Repository(day.path).commit()
    day("startup")
    rename_branch(state)
    approvals(state, 1)
    told = news(day("shutdown"))
    assert {("repository-settings/default_branch", "renamed"), ("branches/trunk/approvals", "changed")} <= told


def test_a_repository_with_another_name_is_the_same_and_that_is_said_once(day: Day, state: State):
    """GitHub leads from the old name to the new one."""
    day("startup")
    state.document["repositories"]["octo/renamed"] = state.document["repositories"].pop("octo/app")
    state.document["renamed"]["octo/app"] = "octo/renamed"
    report = day("shutdown")
    assert report.drift is not None
    assert (news(report), report.exit_code) == (set(), 0)
    assert any("was octo/app and is octo/renamed now" in note for note in report.drift.notes)
    again = day("startup")
    assert again.drift is not None
    assert not any("octo/renamed" in note for note in again.drift.notes)


def test_a_repository_that_is_asked_for_by_its_new_name_is_compared_with_its_old_sweeps(day: Day, state: State):
    """Transferred, weakened, and every answer is of the new name."""
    approvals(state, 1)
    state.repository("octo/app").set(id=7)
    carried = day.path / "carried.json"
    first = day("startup", write=str(carried))
    live = state.document["repositories"].pop("octo/app")
    state.document["repositories"]["acme/shop"] = live
    live["rulesets"][0]["rules"][0]["parameters"]["required_approving_review_count"] = 0
    report = day("shutdown", name="acme/shop")
    assert report.drift is not None
    assert any("was called octo/app before" in note for note in report.notes)
    assert WEAKER in news(report)
    assert {change for _, change in news(report)} == {"changed", "gone"}
    (finding,) = report.findings
    assert report.drift.open_since[finding.fingerprint] == to_millisecond(first.finished_at)
    assert news(day("startup", name="acme/shop", since=str(carried))) == news(report)
    store = open_store(None, day.store.parent)
    assert (store.verify().broken, store.verify().remarks) == ((), ())
    rows = store.rows("acme/shop")
    assert store.before(store.load(rows[-1]), None).summary.repository == "octo/app"
    assert not any("was called" in note for note in day("shutdown", name="acme/shop").notes)


def test_a_repository_that_is_gone_or_hidden_has_nothing_fixed_in_it(day: Day, state: State):
    approvals(state, 1)
    day("startup")
    del state.document["repositories"]["octo/app"]
    report = day("shutdown")
    assert report.drift is not None
    assert report.drift.suspect is not None
    assert {change for _, change in news(report)} <= {"became-unknown"}
    assert report.exit_code == 3


def test_a_repository_that_was_hidden_for_a_while_is_compared_with_what_it_was(day: Day, state: State):
    seen = to_millisecond(day("startup").finished_at)
    hidden = state.document["repositories"].pop("octo/app")
    day("shutdown")
    state.document["repositories"]["octo/app"] = hidden
    approvals(state, 1)
    assert told(day("startup"))["required approvals on main"] == ("changed", seen)


def test_a_repository_that_was_made_anew_under_its_name_is_told(day: Day, state: State):
    state.repository("octo/app").set(id=7)
    day("startup")
    state.repository("octo/app").set(id=8)
    report = day("shutdown")
    assert report.drift is not None
    assert "another repository has this name now: its number was 7 and is 8" in report.drift.notes


def test_a_repository_that_is_archived_is_told(day: Day, state: State):
    day("startup")
    state.repository("octo/app").set(archived=True)
    report = day("shutdown")
    assert [change for name, change in news(report) if name.endswith("/archived")] == ["changed"]


def test_a_repository_that_went_private_on_a_free_plan_is_not_protected(day: Day, state: State):
    day("startup")
    state.repository("octo/app", private=True, plan="free")
    report = day("shutdown")
    assert report.exit_code in {1, 3}
    assert not any(change == "fixed" for _, change in news(report))


def test_a_weaker_token_gives_no_news_but_that_it_sees_less(day: Day):
    day("startup")
    report = day("shutdown", token=READER)
    assert {change for _, change in news(report)} <= {"became-unknown"}
    assert report.drift is not None
    assert any("different tokens" in note for note in report.drift.notes)


def outage(state: State, *, on: bool) -> None:
    state.document["faults"][:] = [{"path": "repos/", "kind": "status", "status": 502}] * on


def told(report: Report) -> dict[str, tuple[str, object]]:
    assert report.drift is not None
    return {entry.title: (entry.change, entry.since) for entry in report.drift.entries if not entry.told}


FINDING = "main-protected approvals (main)"


@pytest.mark.parametrize("blind", [["shutdown"], ["shutdown", "startup", "shutdown"], ["shutdown", "adhoc"]])
def test_what_changed_during_an_outage_is_told_as_a_change_since_before_it(day: Day, state: State, blind: list[str]):
    seen = to_millisecond(day("startup").finished_at)
    outage(state, on=True)
    for number, phase in enumerate(blind):
        if number == 0:
            day(phase)
            approvals(state, 1)
        else:
            assert not {change for _, change in news(day(phase))} & {"changed", "introduced", "fixed", "gone"}
    outage(state, on=False)
    found = told(day("startup"))
    assert found["required approvals on main"] == ("changed", seen)
    assert found[FINDING] == ("introduced", seen)
    assert {change for change, _ in told(day("shutdown")).values()} == set()


def test_what_was_mended_during_an_outage_is_told_as_mended_and_counted(day: Day, state: State):
    approvals(state, 1)
    seen = to_millisecond(day("startup").finished_at)
    outage(state, on=True)
    day("shutdown")
    approvals(state, 2)
    outage(state, on=False)
    found = told(day("startup"))
    assert (found["required approvals on main"], found[FINDING]) == (("changed", seen), ("fixed", seen))
    approvals(state, 1)
    assert told(day("shutdown"))[FINDING] == ("returned", None)


def test_what_is_after_an_outage_what_it_was_before_is_no_change(day: Day, state: State):
    approvals(state, 1)
    day("startup")
    outage(state, on=True)
    day("shutdown")
    outage(state, on=False)
    assert {change for change, _ in told(day("startup")).values()} == {"became-known"}


def test_a_change_during_an_outage_says_so_in_words(day: Day, state: State, tmp_path: Path):
    day("startup")
    outage(state, on=True)
    day("shutdown")
    approvals(state, 1)
    outage(state, on=False)
    file = tmp_path / "run.json"
    environment = {"GITHUB_API_URL": day.url, "GH_TOKEN": TOKEN}
    setting = Setting(directory=str(day.path), repository="octo/app", environment=environment, record=str(file))
    report = run_sweep(SweepOptions(setting=setting, phase=Phase.STARTUP, max_wait=0))
    shown = " ".join(text.render(report).split())
    assert "2 → 1; since " in shown
    assert "and no sweep in between could see it" in shown
    assert "older" in file.read_text()


def test_a_token_that_was_revoked_is_suspected_before_the_repository(day: Day, state: State):
    day("startup")
    del state.document["tokens"][TOKEN]
    report = day("shutdown")
    assert report.drift is not None
    assert report.drift.suspect is not None
    assert report.exit_code == 3

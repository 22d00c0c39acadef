"""What has to be changed together."""

import pytest

from govcheck.facts.change import Change, ChangedPath, ChangeType
from govcheck.facts.pull_request import PullRequest, StatedChange
from govcheck.findings import Held
from govcheck.rules.co_change import CoChange, partners

NOBODY = StatedChange(None)


def change(*entries: tuple[str, str]) -> Change:
    kinds = {"A": ChangeType.ADD, "M": ChangeType.MODIFY, "D": ChangeType.DELETE}
    return Change(
        tuple(
            ChangedPath(type=kinds[kind], path=path, mode=None if kind == "D" else "100644", previous_mode=None)
            for kind, path in entries
        )
    )


def stated(body: str) -> StatedChange:
    return StatedChange(
        PullRequest(
            number=1, title="", body=body, author="a", draft=False, base_branch="main", base_commit="a" * 40,
            head_branch="x", head_commit="b" * 40, from_fork=False, labels=(),
        )
    )  # fmt: skip


def said(policy: CoChange, changed: Change, who: StatedChange = NOBODY):
    return list(partners.judge(policy, changed, who))[1:]


TESTS = CoChange(id="t", when=("app/**",), except_=("**/*.md",), then=("tests/**",))


@pytest.mark.parametrize(
    ("entries", "fails"),
    [
        ([("M", "app/a.ts"), ("M", "tests/a.ts")], False),
        ([("M", "app/a.ts")], True),
        ([("M", "app/a.ts"), ("D", "tests/a.ts")], True),
        ([("D", "app/a.ts")], True),
        ([("M", "app/a.md")], False),
        ([("M", "docs/a")], False),
        ([], False),
    ],
)
def test_a_partner_is_there_or_not(entries: list[tuple[str, str]], fails: bool):  # noqa: FBT001
    assert [one.subject for one in said(TESTS, change(*entries))] == ["change"] * fails


def test_what_a_finding_says():
    (finding,) = said(TESTS, change(*(("M", f"app/{number}") for number in range(7))))
    assert finding.message.startswith("The change touches `app/0`, `app/1`")
    assert finding.message.endswith("and 2 more, and nothing of `tests/**`")


EACH = CoChange(
    id="m", when=("db/*.sql",), except_=("**/*.rollback.sql",), then=("{folder}/{stem}.rollback.sql",), each=True
)


def test_each_has_a_partner_of_its_own():
    found = said(EACH, change(("A", "db/1.sql"), ("A", "db/1.rollback.sql"), ("A", "db/[2].sql")))
    assert [(one.subject, one.location.path) for one in found] == [("db/[2].sql", "db/[2].sql")]
    assert said(EACH, change(("A", "db/[2].sql"), ("A", "db/[2].rollback.sql"))) == []
    root = CoChange(id="m", when=("*.ts",), then=("{folder}/{stem}.*", "{folder}/{name}.test"), each=True)
    assert [one.subject for one in said(root, change(("A", "a.ts")))] == ["a.ts"]
    assert said(root, change(("A", "a.ts"), ("A", "a.ts.test"))) == []


def test_a_reason_in_the_pull_requests_text():
    policy = CoChange(id="t", when=("app/**",), then=("tests/**",), statement="No tests")
    touched = change(("M", "app/a"))
    (finding,) = said(policy, touched)
    assert finding.severity == "warning"
    (finding,) = said(policy, touched, stated("No tests: n/a"))
    assert finding.severity is None
    (held,) = said(policy, touched, stated("No tests: a comment only"))
    assert isinstance(held, Held)


def test_what_the_types_cannot_say():
    wrong = CoChange(id="t", when=(), then=("[",), changes=(), statement=" ")
    assert [place for place, _ in wrong.problems()] == [("when",), ("changes",), ("statement",), ("then", 0)]
    assert list(EACH.problems()) == []

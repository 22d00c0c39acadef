import pytest

from govcheck.findings import Location, Outcome
from govcheck.report import Stage, exit_code
from reports import found, policy, report, result, unknown


def test_findings_come_most_severe_first_then_by_place_and_the_old_ones_last():
    findings = [
        found(policy("b"), subject="1", pre_existing=True),
        found(policy("a"), subject="2", severity="note"),
        found(policy("b"), subject="3", location=Location(path="y", line=2)),
        found(policy("b"), subject="4", location=Location(path="y", line=1)),
        found(policy("a"), subject="5", severity="warning"),
    ]
    given = report(*(result(one) for one in findings))
    assert [one.finding.subject for one in given.findings] == ["4", "3", "5", "2", "1"]


def test_the_summary_counts_what_counts():
    given = report(
        result(found(), found(subject="b", severity="note"), found(subject="c", pre_existing=True)),
        result(unknown(), unknown(subject="x", pre_existing=True), of=policy("other")),
        result(outcome=Outcome.NOT_APPLICABLE, subjects=0),
    )
    summary = given.summary
    assert dict(summary.findings) == {"error": 1, "warning": 0, "note": 1}
    assert dict(summary.outcomes) == {
        Outcome.FAIL: 1,
        Outcome.UNKNOWN: 1,
        Outcome.WAIVED: 0,
        Outcome.PASS: 0,
        Outcome.NOT_APPLICABLE: 1,
    }
    assert (summary.pre_existing, summary.unknowns, summary.pre_existing_unknowns, summary.subjects) == (1, 1, 1, 2)


@pytest.mark.parametrize(
    ("results", "stage", "options", "code"),
    [
        ((), Stage.CI, {}, 0),
        ((), Stage.SWEEP, {}, 3),
        ((result(),), Stage.TREE, {}, 0),
        ((result(outcome=Outcome.NOT_APPLICABLE),), Stage.TREE, {}, 3),
        ((result(outcome=Outcome.NOT_APPLICABLE),), Stage.PRE_COMMIT, {}, 0),
        ((result(found()),), Stage.TREE, {}, 1),
        ((result(found()), result(unknown())), Stage.TREE, {}, 1),
        ((result(found()),), Stage.TREE, {"fail_on": "never"}, 0),
        ((result(found(severity="warning")),), Stage.TREE, {}, 0),
        ((result(found(severity="warning")),), Stage.TREE, {"fail_on": "warning"}, 1),
        ((result(found(severity="note")),), Stage.TREE, {"fail_on": "warning"}, 0),
        ((result(found(severity="note")),), Stage.TREE, {"fail_on": "note"}, 1),
        ((result(found(pre_existing=True)),), Stage.CI, {}, 0),
        ((result(unknown()),), Stage.CI, {}, 3),
        ((result(unknown(pre_existing=True)),), Stage.CI, {}, 0),
        ((result(unknown()),), Stage.CI, {"unknown": "warn"}, 0),
        ((result(found(), unknown()),), Stage.CI, {"fail_on": "never"}, 3),
    ],
)
def test_exit_codes(results, stage, options, code):
    assert exit_code(results, stage, **options) == code

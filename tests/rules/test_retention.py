"""How long artifacts and logs are kept, by files and by the setting."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcheck.findings import Finding, Judged, Settled, Undecided
from govcheck.rules.retention import KeptFor, Retention, declared, left
from govcheck.settings.kept_for import SETTING
from govcheck.sources.workflow_files import read_workflows
from live_answers import live, refused

POLICY = Retention(id="r", artifacts=KeptFor(min="90d"), logs=KeptFor(min="90d"))


def workflows(days=None):
    said = f", retention-days: {days}" if days is not None else ""
    step = f"{{uses: actions/upload-artifact@v4, with: {{name: out, path: x{said}}}}}"
    text = f"on: push\njobs: {{a: {{runs-on: x, steps: [{step}]}}}}"
    return read_workflows({".github/workflows/ci.yml": text.encode()})


def offline(days, policy=POLICY):
    return [one for one in declared.judge(policy, workflows(days)) if not isinstance(one, Judged)]


def online(days, kept, policy=POLICY):
    answer = refused(SETTING.endpoint, "administration:read") if kept is None else {"days": kept}
    found = left.judge(policy, workflows(days), live({SETTING.endpoint: answer}))
    return [one for one in found if not isinstance(one, Judged)]


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (90, []),
        (400, []),
        (30, [Finding]),
        ("soon", [Finding]),
        (None, [Undecided]),
        (0, [Undecided]),
        ("'${{ vars.DAYS }}'", [Undecided]),
    ],
)
def test_what_workflows_say(days, expected):
    assert [type(one) for one in offline(days)] == expected


@pytest.mark.parametrize(
    ("days", "kept", "expected"),
    [
        (90, 90, []),
        (90, 30, [(Finding, "logs"), (Finding, "cap")]),
        (30, 30, [(Finding, "logs")]),
        (None, 90, [(Settled, "")]),
        (None, 30, [(Finding, "logs"), (Settled, ""), (Finding, "artifacts")]),
        (90, None, [(Undecided, "logs"), (Undecided, "cap")]),
        (None, None, [(Undecided, "logs")]),
        (90, "many", [(Undecided, "logs"), (Undecided, "cap")]),
    ],
)
def test_what_the_setting_leaves_of_it(days, kept, expected):
    found = online(days, kept)
    assert [(type(one), getattr(one, "control", "")) for one in found] == expected


def test_the_doubt_of_the_files_is_settled_to_the_letter():
    (doubt,) = offline(None)
    (settled,) = online(None, 90)
    assert settled.doubt == doubt
    assert settled.instead is None


def test_exactly_and_at_most():
    assert [type(one) for one in offline(91, Retention(id="r", artifacts="90d"))] == [Finding]
    assert [type(one) for one in offline(7, Retention(id="r", artifacts=KeptFor(max="30d")))] == []
    assert [one.control for one in online(7, 400, Retention(id="r", logs=KeptFor(max="90d")))] == ["logs"]


@pytest.mark.parametrize("written", ["90", "1h", "soon"])
def test_what_is_no_number_of_days(written):
    assert [place for place, _ in Retention(id="r", artifacts=KeptFor(min=written), logs=written).problems()] == [
        ("artifacts", "min"),
        ("logs",),
    ]


@given(st.integers(1, 500), st.integers(1, 500))
def test_what_is_kept_is_the_smaller_of_both(days, kept):
    policy = Retention(id="r", artifacts=KeptFor(min="90d"))
    found = [*offline(days, policy), *online(days, kept, policy)]
    assert bool(found) is (min(days, kept) < 90)
    assert len(found) < 2

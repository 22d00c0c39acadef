"""`service-level`: numbers of Prometheus against a threshold. No data is no pass."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcheck.facts.live import Answer
from govcheck.facts.services import PrometheusSeries
from govcheck.findings import Finding, Judged, Reason, Undecided
from govcheck.rules.service_level import ServiceLevel, level


def answer(body=None, status=200, **keys):
    return Answer(endpoint="api/v1/query", status=status, message=keys.pop("message", ""), body=body, **keys)


def good(kind, result, **more):
    return answer({"status": "success", "data": {"resultType": kind, "result": result}, **more})


def vector(*values, **more):
    result = [{"metric": {"app": f"a{index}"}, "value": [1.5, value]} for index, value in enumerate(values)]
    return good("vector", result, **more)


def matrix(*values):
    points = [[60 * index, value] for index, value in enumerate(values)]
    return good("matrix", [{"metric": {}, "values": points}])


def judged(answered, **policy):
    said = list(
        level.judge(ServiceLevel(id="p", query="up", **policy), PrometheusSeries(answer=answered, start=0, end=1))
    )
    assert sum(isinstance(one, Judged) for one in said) == 1
    return [one for one in said if not isinstance(one, Judged)]


@pytest.mark.parametrize(
    ("value", "policy"),
    [("1", {"min": 1.0}), ("0.9991", {"min": 0.999}), ("0.2", {"max": 0.3}), ("5", {"min": 1.0, "max": 5.0}),
     ("+Inf", {"min": 1.0})],
)  # fmt: skip
def test_what_holds(value, policy):
    assert judged(vector(value), **policy) == []


@pytest.mark.parametrize(
    ("value", "policy"),
    [("0.998", {"min": 0.999}), ("0.31", {"max": 0.3}), ("+Inf", {"max": 1.0}), ("-Inf", {"min": 1.0})],
)
def test_what_does_not(value, policy):
    (finding,) = judged(vector(value), **policy)
    assert isinstance(finding, Finding)
    assert finding.subject == '{app="a0"}'


def test_every_series_is_held():
    assert [one.subject for one in judged(vector("1", "0", "1", "0"), min=1.0)] == ['{app="a1"}', '{app="a3"}']


def test_a_scalar():
    (finding,) = judged(good("scalar", [1.5, "0"]), min=1.0)
    assert (finding.subject, finding.message) == ("up", "up is 0, and the policy wants at least 1")


@pytest.mark.parametrize(
    ("answered", "reason"),
    [
        (answer(status=None, message="no connection", failure="network"), Reason.API_ERROR),
        (answer(status=None, message="no answer in time", failure="timeout"), Reason.API_ERROR),
        (answer(status=400, message="parse error"), Reason.UNPARSEABLE),
        (answer(status=401), Reason.PERMISSION),
        (answer(status=503, message="query timed out"), Reason.API_ERROR),
        (answer({"status": "error", "error": "odd"}), Reason.UNPARSEABLE),
        (answer({}), Reason.UNPARSEABLE),
        (vector("1", warnings=["one store did not answer"]), Reason.API_ERROR),
        (vector(), Reason.MISSING_OBJECT),
        (vector("NaN"), Reason.MISSING_OBJECT),
        (good("vector", [{"metric": {}, "value": [1, 2]}]), Reason.UNPARSEABLE),
        (good("vector", [{"metric": {}, "value": [1, "many"]}]), Reason.UNPARSEABLE),
        (good("matrix", [{"metric": {}, "values": []}]), Reason.UNPARSEABLE),
        (good("string", [1, "up"]), Reason.UNPARSEABLE),
        (good("vector", "odd"), Reason.UNPARSEABLE),
    ],
)
def test_what_prometheus_does_not_tell_is_unknown(answered, reason):
    (undecided,) = judged(answered, min=0.0)
    assert isinstance(undecided, Undecided)
    assert undecided.reason is reason


WINDOW = {"window": "9m", "step": "1m", "min": 1.0}


@pytest.mark.parametrize(
    ("values", "policy", "said"),
    [
        ("1111111111", {}, []),
        ("1111111110", {}, [Finding]),
        ("1111111110", {"share": 0.9}, []),
        ("1111111100", {"share": 0.9}, [Finding]),
        ("111111111", {}, []),
        ("11111", {}, [Undecided]),
        ("11110", {"share": 0.9}, [Undecided]),
        ("00111", {"share": 0.9}, [Finding]),
        ("11111", {"covered": 0.5}, []),
    ],
)
def test_a_window(values, policy, said):
    assert [type(one) for one in judged(matrix(*values), **{**WINDOW, **policy})] == said


@given(st.lists(st.sampled_from(["0", "1", "NaN"]), min_size=1, max_size=10), st.integers(0, 9))
def test_points_that_come_later_never_mend_a_broken_promise_nor_break_a_kept_one(values, kept):
    """What a part of the points tells is what the whole tells, or unknown."""
    part, policy = values[: kept + 1], {**WINDOW, "share": 0.7}
    whole = {type(one) for one in judged(matrix(*values), **policy)}
    early = {type(one) for one in judged(matrix(*part), **policy)}
    assert Finding not in early or Finding in whole
    assert early or len(part) >= 9


@pytest.mark.parametrize(
    "policy",
    [
        {"query": " ", "min": 1.0},
        {"query": "up"},
        {"query": "up", "min": 2.0, "max": 1.0},
        {"query": "up", "min": float("nan")},
        {"query": "up", "min": 1.0, "share": 0.0},
        {"query": "up", "min": 1.0, "window": "month"},
        {"query": "up", "min": 1.0, "window": "30d", "step": "1s"},
    ],
)
def test_policies_that_are_none(policy):
    assert len(list(ServiceLevel(id="p", **policy).problems())) == 1

"""Logs of runs: what was found in, findings without values out."""

import pytest

from govcheck.app import made_logs
from govcheck.errors import PolicyError
from govcheck.facts import Missing
from govcheck.findings import Finding, Judged, Reason, Undecided
from govcheck.records import replace
from govcheck.rules.run_logs import ForbiddenInLogs, RunLogsPolicy, looked_through
from govcheck.sources.policy_files import PolicySource, load_policies

POLICY = RunLogsPolicy(
    id="p", workflows=("deploy.yml",), runs=1, patterns=(ForbiddenInLogs(name="mail", regex="[a-z]+@[a-z]+"),)
)


def facts(made=made_logs.bad, **changed):
    ((request,),) = looked_through.calls(POLICY)
    fact = made(request)
    return replace(fact, logs=tuple(replace(log, **changed) for log in fact.logs))


def judged(fact):
    said = list(looked_through.judge(POLICY, fact))
    (count,) = (one.subjects for one in said if isinstance(one, Judged))
    return count, [one for one in said if not isinstance(one, Judged)]


def test_what_was_found_is_told_with_its_place():
    count, (mail, secret) = judged(facts())
    assert (count, mail.control, secret.control) == (1, "mail", "secret")
    assert mail.subject.startswith(".github/workflows/deploy.yml: run 0: ")
    assert "rotate" in secret.fix.text
    assert [mail.quotable, secret.quotable] == [False, False]
    assert all(isinstance(one, Finding) for one in (mail, secret))


def test_nothing_was_found():
    assert judged(facts(made_logs.good)) == (1, [])


def test_a_log_that_is_deleted_is_not_judged():
    gone = replace(facts(made_logs.good).logs[0].answer, status=410, message="Gone")
    assert judged(facts(made_logs.good, answer=gone)) == (0, [])


def test_a_run_without_a_log_is_told_from_one_that_is_kept_from_us():
    fact = facts(made_logs.good)
    (log,) = fact.logs
    never = replace(log, run=7, answer=replace(log.answer, status=404, message="Not Found"))
    assert judged(replace(fact, logs=(log, never))) == (1, [])
    count, (unknown,) = judged(replace(fact, logs=(never,)))
    assert (count, unknown.reason) == (1, Reason.PERMISSION)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"trouble": Missing(reason=Reason.UNPARSEABLE, message="a bomb")}, Reason.UNPARSEABLE),
        ({"status": 403, "message": "Resource not accessible by integration"}, Reason.PERMISSION),
        ({"status": None, "failure": "timeout"}, Reason.API_ERROR),
        ({"status": 200, "body": {}}, Reason.UNPARSEABLE),
    ],
)
def test_a_log_that_cannot_be_had_is_unknown(changed, reason):
    answer = facts(made_logs.good).logs[0].answer
    changed = changed if "trouble" in changed else {"answer": replace(answer, **changed)}
    _, (unknown,) = judged(facts(made_logs.good, **changed))
    assert isinstance(unknown, Undecided)
    assert (unknown.control, unknown.reason) == ("log", reason)


def test_without_a_scanner_secrets_are_unknown_and_patterns_are_judged():
    fact = replace(facts(), scanner=Missing(reason=Reason.TOOL_MISSING, message="none is installed"))
    _, said = judged(fact)
    assert [one.reason for one in said if isinstance(one, Undecided)] == [Reason.TOOL_MISSING]
    assert "mail" in [one.control for one in said]


@pytest.mark.parametrize(
    ("keys", "why"),
    [
        ("workflows: []", "an empty list"),
        ("workflows: [a.yml]\nruns: 0", "from 1 to 50"),
        ("workflows: [a.yml]\nsecrets: false", "looks for nothing"),
        ("workflows: [a.yml]\npatterns: [{name: a, regex: 'x*'}]", "found in every text"),
        ("workflows: [a.yml]\npatterns: [{name: a, regex: '('}]", "missing )"),
        ("workflows: [a.yml]\npatterns: [{name: a, regex: b, allow: ['(?=c)']}]", "invalid"),
    ],
)
def test_what_looks_for_nothing_is_refused(keys, why):
    with pytest.raises(PolicyError) as caught:
        load_policies([PolicySource("p.yaml", f"kind: run-logs\nid: p\n{keys}\n".encode())])
    assert why in str(caught.value)

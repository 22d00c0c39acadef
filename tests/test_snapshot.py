import json
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from referencing import Registry

from govcheck.facts.live import Answer
from govcheck.report import Phase, Stage
from govcheck.report_json import plain
from govcheck.snapshot import Setting, build
from govcheck.snapshot.document import as_document, canonical, compact, content_hash, hash_of, parse
from govcheck.snapshot.redact import REDACTED, redacted
from govcheck.snapshot.schema import schema
from reports import EVENING, MORNING, found, hostile, json_values, report, reports, result
from snapshots import answers, snapshot, snapshots

VALIDATOR = Draft202012Validator(schema(), registry=Registry())
ANY_SETTING = st.builds(Setting, value=json_values)
SLOW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def shuffled(value, order):
    if isinstance(value, dict):
        keys = order.sample(list(value), len(value))
        return {key: shuffled(value[key], order) for key in keys}
    return [shuffled(item, order) for item in value] if isinstance(value, list) else value


def test_the_schema_is_a_schema():
    Draft202012Validator.check_schema(schema())


@SLOW
@given(snapshots)
def test_a_document_is_of_its_schema_and_reads_back_as_the_same(one):
    written = canonical(as_document(one))
    document = json.loads(written)
    VALIDATOR.validate(document)
    assert parse(document) == one
    assert canonical(document) == written
    assert written.endswith(b"}\n")


@given(st.dictionaries(hostile, json_values, max_size=4), hostile, st.lists(json_values, max_size=100))
def test_the_bytes_of_one_line_are_those_of_the_standard_library(document, key, entries):
    document = {**plain(document), str(plain(key)): plain(entries)}
    usual = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert compact(document) == usual.encode()


@SLOW
@given(
    reports, st.lists(answers, max_size=2), st.dictionaries(hostile, st.builds(Setting, value=json_values), max_size=2)
)
def test_whatever_a_sweep_said_can_be_kept(any_report, given_answers, given_settings):
    if any_report.phase is None:
        return
    one = build(any_report, answers=given_answers, settings=given_settings, tokens=["a"])
    document = json.loads(canonical(as_document(one)))
    VALIDATOR.validate(document)
    assert parse(document) == one


@SLOW
@given(snapshots, st.randoms(use_true_random=False))
def test_the_bytes_do_not_depend_on_the_order_of_keys(one, order):
    document = as_document(one)
    other = shuffled(document, order)
    assert canonical(other) == canonical(document)
    assert content_hash(other) == document["hash"]


@SLOW
@given(snapshots, st.data())
def test_the_hash_sees_any_change(one, data):
    document = as_document(one)
    key = data.draw(st.sampled_from(sorted(set(document) - {"hash"})))
    value = data.draw(json_values.map(plain))
    changed = {**document, key: value}
    same = json.dumps(value, sort_keys=True) == json.dumps(document[key], sort_keys=True)
    assert (content_hash(changed) == document["hash"]) is same


def test_the_hash_does_not_count_itself():
    document = as_document(snapshot())
    assert content_hash({**document, "hash": "0"}) == document["hash"]


def test_only_a_sweep_has_a_snapshot():
    with pytest.raises(ValueError, match="only a sweep"):
        build(report(result(), stage=Stage.TREE))


def test_what_differs_from_run_to_run_for_no_reason_is_not_kept():
    one = build(report(result(duration_ms=1.0), phase=Phase.ADHOC, stage=Stage.SWEEP))
    other = build(report(result(duration_ms=2.0), phase=Phase.ADHOC, stage=Stage.SWEEP))
    assert hash_of(one) == hash_of(other)


def test_one_answer_for_each_endpoint_in_order_and_the_good_one_wins():
    def answer(endpoint, status):
        return Answer(endpoint=endpoint, status=status, message="", body=None)

    one = snapshot(answers=[answer("b", 500), answer("a", 200), answer("b", 200), answer("b", 403)])
    assert [(kept.endpoint, kept.status) for kept in one.answers] == [("a", 200), ("b", 200)]


def test_open_since_is_carried_on_without_a_gap():
    old, new = found(subject="old"), found(subject="new")
    first = snapshot(result(old), finished=MORNING)
    second = snapshot(result(old, new), finished=EVENING, previous=first)
    assert second.open_since == {old.fingerprint: MORNING, new.fingerprint: EVENING}
    assert second.previous == hash_of(first)
    third = snapshot(result(new), finished=EVENING + timedelta(hours=1), previous=second)
    assert third.open_since == {new.fingerprint: EVENING}


TOKEN = "ghp_" + "a1B2" * 9


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (f"token {TOKEN}!", f"token {REDACTED}!"),
        ("github_pat_" + "a" * 40, REDACTED),
        ("https://user:pass@example.com/x", f"https://{REDACTED}@example.com/x"),
        ("https://hooks.slack.com/services/T000/B000/abcdefgh", f"https://hooks.slack.com/{REDACTED}"),
        ("https://discord.com/api/webhooks/123/abcdefghij", f"https://discord.com/api/webhooks/{REDACTED}"),
        ({"temp_clone_token": "AABB", "token": ""}, {"temp_clone_token": REDACTED, "token": ""}),
        ({"config": {"secret": "********", "url": "u"}}, {"config": {"secret": "********", "url": "u"}}),
        ({"config": {"secret": "hunter2"}}, {"config": {"secret": REDACTED}}),
        (["ops@example.com", 1, None, True], ["ops@example.com", 1, None, True]),
        ("-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END", REDACTED),
    ],
)
def test_credentials_are_taken_out(value, kept):
    assert redacted(value) == kept


@given(json_values.map(plain))
def test_redacting_twice_is_redacting_once(value):
    assert redacted(redacted(value)) == redacted(value)


def test_no_token_reaches_a_snapshot():
    body = {"name": f"x {TOKEN}", TOKEN: [{"note": TOKEN}]}
    one = snapshot(
        result(found(message=f"found {TOKEN}", actual=TOKEN)),
        answers=[Answer(endpoint=f"e?{TOKEN}", status=200, message=TOKEN, body=body)],
        settings={"s": Setting(value=[TOKEN], unknown=TOKEN, sources=(TOKEN,))},
        tokens=[TOKEN],
    )
    assert TOKEN.encode() not in canonical(as_document(one))

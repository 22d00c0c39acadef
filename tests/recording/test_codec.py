"""Facts as JSON and back."""

import json
from datetime import UTC, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from govcheck.app.offers import CHANGE, LIVE, STAGED, WHOLE_TREE
from govcheck.facts import Missing, Request
from govcheck.facts.change import AddedLines, Change, ChangedPath, ChangeType
from govcheck.facts.hooks import HookConfiguration
from govcheck.facts.live import Answer, LiveRepository
from govcheck.facts.now import Now
from govcheck.facts.pull_request import PullRequest
from govcheck.facts.tree import Blobs, BlobsRequest, Tree
from govcheck.facts.workflows import Workflows
from govcheck.findings import Reason
from govcheck.recording.codec import Decoder, Encoder, NotRecordableError, enumerations, fact_types, records
from govcheck.recording.masks import mask
from govcheck.sources import hook_configuration, workflow_files
from govcheck.sources.hook_configuration import read_hook_configuration
from govcheck.sources.workflow_files import read_workflows
from reports import json_values

REREAD = {
    "WorkflowFile": workflow_files.read_file,
    "ActionFile": workflow_files.read_action,
    "HookFile": hook_configuration.read_file,
}
SLOW = settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow])
PLAIN = mask()

paths = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=8) | st.just("a\udcff.md")
data = st.binary(max_size=40) | st.text(max_size=20).map(str.encode)
MISSING = Missing(reason=Reason.MISSING_OBJECT, message="the clone does not have it")


def through(value):
    encoder = Encoder(PLAIN)
    document = json.loads(json.dumps(encoder.value(value)))
    return Decoder(json.loads(json.dumps(encoder.answers)), REREAD).value(document)


@SLOW
@given(
    st.one_of(
        st.dictionaries(paths, data | st.just(MISSING), max_size=4).map(Blobs),
        st.dictionaries(paths, st.sampled_from(["100644", "160000"]), max_size=4).map(Tree),
        st.dictionaries(
            paths, st.lists(st.tuples(st.integers(1, 9), data), max_size=3).map(tuple) | st.just(MISSING), max_size=3
        ).map(AddedLines),
        st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=-8))])).map(Now),
        st.builds(
            ChangedPath,
            type=st.sampled_from(ChangeType),
            path=paths,
            previous_path=st.none() | paths,
            mode=st.none() | st.just("100644"),
            previous_mode=st.none(),
        ).map(lambda one: Change((one,), "0" * 40)),
        st.builds(
            PullRequest,
            number=st.integers(1),
            title=st.text(max_size=5),
            body=st.text(max_size=5),
            author=st.just("octocat"),
            draft=st.booleans(),
            base_branch=paths,
            base_commit=st.just("0" * 40),
            head_branch=paths,
            head_commit=st.just("1" * 40),
            from_fork=st.booleans(),
            labels=st.lists(st.text(max_size=5), max_size=2).map(tuple),
        ),
    )
)
def test_a_fact_is_the_same_afterwards(fact):
    assert through(fact) == fact


@SLOW
@given(json_values, st.sampled_from([200, 403, None]))
def test_an_answer_keeps_its_document(body, status):
    answer = Answer(endpoint="repos/o/r", status=status, message="", body=body, at="2026-01-05T10:00:00Z")
    back = through(LiveRepository(answer)).answer
    assert (back.endpoint, back.status, back.at) == ("repos/o/r", status, "2026-01-05T10:00:00Z")
    assert through(LiveRepository(back)).answer == back


def test_one_answer_of_several_facts_is_kept_once():
    answer = Answer(endpoint="repos/o/r", status=200, message="", body={"a": [1]})
    encoder = Encoder(PLAIN)
    assert encoder.value((LiveRepository(answer), LiveRepository(answer)))["$tuple"][1] == {
        "$": "LiveRepository",
        "answer": {"$answer": 0},
    }
    assert len(encoder.answers) == 1


def test_workflow_files_are_read_again_with_their_places():
    contents = {
        ".github/workflows/a.yml": b"on: push\njobs: {a: {runs-on: x, steps: [{uses: ./.github/actions/it}, "
        b"{uses: ./}]}}\n",
        ".github/workflows/broken.yml": b"on: [push\n",
        ".github/workflows/odd.yml": b"on: push\n\xff: 1\n",
        ".github/workflows/gone.yml": MISSING,
        ".github/actions/it/action.yml": b"runs: {using: composite, steps: [{run: make, shell: bash}]}\n",
        "action.yaml": b"runs: [\n",
    }
    workflows = read_workflows(contents)
    back = through(workflows)
    assert [one.path for one in back.files] == [one.path for one in workflows.files]
    for old, new in zip(workflows.files, back.files, strict=True):
        assert (new.text, type(new.document), new.document.line) == (old.text, type(old.document), old.document.line)
    assert isinstance(back, Workflows)
    assert [(one.path, one.text) for one in back.actions] == [(one.path, one.text) for one in workflows.actions]
    assert back.files[0].actions == {"": back.actions[1], ".github/actions/it": back.actions[0]}


def test_hook_configurations_are_read_again():
    files = {".pre-commit-config.yaml": b"repos: []\n", "lefthook.yml": b"- a\n"}
    fact = read_hook_configuration(dict.fromkeys(files, "100644"), lambda paths: {path: files[path] for path in paths})
    back = through(fact)
    assert isinstance(back, HookConfiguration)
    assert [(one.path, type(one.document), one.text) for one in back.files] == [
        (one.path, type(one.document), one.text) for one in fact.files
    ]


def test_requests_come_back_as_what_they_were():
    assert through(BlobsRequest(Blobs, ("*.md",))) == BlobsRequest(Blobs, ("*.md",))
    assert through(Request(Tree)) == Request(Tree)


def test_every_fact_on_offer_has_a_name_of_its_own():
    offered = WHOLE_TREE | LIVE | CHANGE | STAGED | {PullRequest}
    assert set(fact_types().values()) >= offered
    assert len({one.__name__ for one in offered}) == len(offered)
    assert not records().keys() & enumerations().keys()


@pytest.mark.parametrize(
    "document",
    [
        {"$": "Popen", "args": "x"},
        {"$": "Now"},
        {"$": "Now", "instant": 1, "more": 2},
        {"$answer": 7},
        {"$answer": "0"},
        {"$enum": ["Reason", "nonsense"]},
        {"$enum": ["Popen", "x"]},
        {"$fact": "Popen"},
        {"$instant": "yesterday"},
        {"$base64": "***"},
        {"$utf8": 5},
        {"$map": [1]},
        {"$tuple": 5},
        {"$lambda": 1},
        {"a": 1, "b": 2},
        {"$": "WorkflowFile", "path": "a"},
        {"$": ["Now"]},
    ],
    ids=str,
)
def test_what_is_not_of_this_form_is_refused(document):
    with pytest.raises(NotRecordableError):
        Decoder([], REREAD).value(document)


@pytest.mark.parametrize("answers", [[1], [{}], [{"endpoint": "a"}]], ids=str)
def test_answers_that_are_none_are_refused(answers):
    with pytest.raises(NotRecordableError):
        Decoder(answers, REREAD)


def test_what_facts_are_not_made_of_is_refused():
    with pytest.raises(NotRecordableError, match="a object cannot be recorded"):
        Encoder(PLAIN).value(object())
    nested = ()
    for _ in range(100):
        nested = (nested,)
    with pytest.raises(NotRecordableError, match="too deep"):
        Encoder(PLAIN).value(nested)

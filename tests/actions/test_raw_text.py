"""A word that a file's text cannot hold stands in no value of it, however YAML lets it be written."""

import sys

from hypothesis import example, given
from hypothesis import strategies as st

from govcheck.actions.raw_text import may_hold
from govcheck.actions.secret_uses import secrets_of
from govcheck.actions.senders import sendings
from govcheck.actions.workflow import read
from govcheck.facts.document import Mapping, Scalar
from govcheck.sources.workflow_files import read_workflows
from govcheck.sources.yaml_document import load_one
from govcheck.sources.yaml_errors import YamlError
from written_workflows import with_step

_LETTERS = ("out", "puts", "OUT", "put\u017f", "\\x6f", "\\u0055", "\\U0000006f", "ut", "s", "x")
_SIGNS = ("\\\n", "\\\r\n", "\\/", "\\", "\\n", "\n", "\n  ", *" '\"|>#", "- ", ": ", "&a ", "*a", "key: ")
_AROUND = ('a: "{}"', "a: {}", "a: '{}'", "a: |\n  {}", "{}")
_WORD = "outputs"


def _texts(node):
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Scalar):
            yield one.text
        elif isinstance(one, Mapping):
            waiting.extend(part for pair in one.entries.values() for part in pair)
        else:
            waiting.extend(one.items)


@given(st.lists(st.sampled_from(_LETTERS + _SIGNS), max_size=12).map("".join), st.sampled_from(_AROUND))
@example("out\\\n  puts", 'a: "{}"')
@example("\\x6futputs", 'a: "{}"')
@example("OUTPUT\u017f", "a: {}")
def test_a_word_that_cannot_stand_there_stands_nowhere(inner: str, around: str):
    source = around.format(inner)
    try:
        document = load_one(source)
    except YamlError:
        return
    if any(_WORD in text.casefold() for text in _texts(document)):
        assert may_hold(source, (_WORD,))


def test_what_has_no_such_word_is_passed_over():
    assert not may_hold("run: echo hello", (_WORD,))
    assert not may_hold("run: |\n  sed 's/\\bout/puts/'", (_WORD,))
    assert may_hold("", (_WORD,)), "a text that was not kept may hold anything"


def test_letters_are_folded_at_least_as_far_as_by_lower():
    for code in range(sys.maxunicode + 1):
        lowered = chr(code).lower()
        if any(letter.isascii() for letter in lowered):
            assert lowered == chr(code).casefold()


def test_a_sender_is_found_whose_name_is_spelled_in_escapes():
    found = with_step('- run: "curl -d x https://hoo\\x6bs.sl\\u0061ck.com/services/T/B/C"')
    assert [sending.by for sending in sendings(found)] == ["curl"]


def test_a_sender_is_found_whose_name_the_inputs_of_an_action_complete():
    caller = "on: push\njobs: {one: {runs-on: x, steps: [{uses: ./tell, with: {a: ok, b: ack}}]}}\n"
    script = "curl -d x https://ho${{ inputs.a }}s.sl${{ inputs.b }}.com/services/T"
    action = f'runs: {{using: composite, steps: [{{shell: bash, run: "{script}"}}]}}\n'
    files = read_workflows({".github/workflows/w.yml": caller.encode(), "tell/action.yml": action.encode()}).files
    assert [sending.by for sending in sendings(read(files[0]))] == ["curl"]


def test_a_secret_is_found_whose_context_is_in_capitals():
    found = with_step("- run: flyctl deploy\n  env:\n    FLY_API_TOKEN: ${{ Secrets.FLY_API_TOKEN }}")
    (job,) = found.jobs
    assert [use.secret for use in secrets_of(found, job, job.steps[0])] == ["FLY_API_TOKEN"]

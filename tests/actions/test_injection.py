"""Somebody's text on its way into a script."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcheck.actions.expressions import parse
from govcheck.actions.injection import injections
from govcheck.actions.strangers import found_at, path_of, sources
from govcheck.actions.taint import Carried, carried_by_source
from govcheck.actions.workflow import read
from written_workflows import workflows

BODY = "${{ github.event.pull_request.body }}"


def said(text: str, **others: str) -> list[tuple[int, str, str]]:
    """Line, whose text, and the source, of everything in `w.yml`."""
    facts = workflows({"w.yml": text, **{f"{name}.yml": other for name, other in others.items()}})
    one = next(read(file) for file in facts.files if file.path.endswith("/w.yml"))
    return [
        (found.line, found.carried.source.writer, found.carried.source.expression) for found in injections(one, facts)
    ]


def steps(text: str, on: str = "pull_request", **keys: str) -> str:
    """A workflow whose first step is line 5 (and one more for each key)."""
    body = "\n".join(f"      {line}" if line else "" for line in text.strip("\n").split("\n"))
    more = "".join(f"    {key}: {value}\n" for key, value in keys.items())
    return f"on: {on}\njobs:\n  a:\n    runs-on: x\n{more}    steps:\n{body}\n"


def words(text: str, on: str = "pull_request", **keys: str) -> list[str]:
    return [writer for _, writer, _ in said(steps(text, on, **keys))]


def expanded(expression: str, on: str = "pull_request") -> list[str]:
    return words(f'- run: echo "${{{{ {expression} }}}}"', on)


@pytest.mark.parametrize(
    "expression",
    [
        "github.event.pull_request.title",
        "github.event.pull_request.body || 'none'",
        "github['event']['pull_request']['body']",
        "GitHub.Event.Pull_Request.Title",
        "github.head_ref",
        "format('{0}!', github.head_ref)",
        "toJSON(github.event.pull_request)",
        "toJSON(github)",
        "fromJSON(toJSON(github.event)).pull_request.body",
        "github.event.action == 'opened' && github.head_ref",
        "case(true, github.head_ref, 'x')",
        "github.event[vars.X].body",
        "some_new_function(github.head_ref)",
    ],
)
def test_a_strangers_text(expression):
    assert expanded(expression) == ["stranger"]


@pytest.mark.parametrize(
    "expression",
    [
        "github.event.pull_request.number",
        "github.event.pull_request.head.sha",
        "github.event.pull_request",
        "contains(github.event.pull_request.title, 'x')",
        "startsWith(github.head_ref, 'x') && 'a' || 'b'",
        "github.head_ref == 'main'",
        "!github.head_ref",
        "github.head_ref && 'x'",
        "github.ref_name",
        "github.event.issue.title",
        "hashFiles(github.head_ref)",
        "'github.event.pull_request.body'",
        "secrets.TOKEN",
        "github.event.pull_request.body ==",
    ],
)
def test_no_strangers_text(expression):
    assert expanded(expression) == []


@pytest.mark.parametrize(
    ("expression", "on", "writer"),
    [
        ("github.event.issue.title", "issues", "stranger"),
        ("github.event.comment.body", "issue_comment", "stranger"),
        ("github.event.review.body", "pull_request_review", "stranger"),
        ("github.event.discussion.body", "discussion", "stranger"),
        ("github.event.pages[0].page_name", "gollum", "stranger"),
        ("github.event.pages.*.page_name", "gollum", "stranger"),
        ("join(github.event.commits.*.message)", "push", "stranger"),
        ("github.event.head_commit.message", "push", "stranger"),
        ("github.event.workflow_run.head_branch", "workflow_run", "stranger"),
        ("github.base_ref", "pull_request", "branch"),
        ("github.ref_name", "push", "writer"),
        ("github.event.release.tag_name", "release", "writer"),
        ("github.event.client_payload.a.b", "repository_dispatch", "writer"),
    ],
)
def test_who_writes_it(expression, on, writer):
    assert expanded(expression, on) == [writer]


@pytest.mark.parametrize(
    ("expression", "on"),
    [
        ("github.base_ref", "{pull_request: {branches: [main, dev]}}"),
        ("github.ref_name", "{push: {branches: [main]}}"),
        ("github.event.workflow_run.head_branch", "{workflow_run: {workflows: [ci], branches: [main]}}"),
        ("inputs.where", "{workflow_dispatch: {inputs: {where: {type: choice, options: [a]}}}}"),
        ("inputs.unheard_of", "{workflow_dispatch: {inputs: {where: {type: string}}}}"),
    ],
)
def test_what_leaves_no_choice_is_no_text(expression, on):
    assert expanded(expression, on) == []


@pytest.mark.parametrize("expression", ["inputs.reason", "github.event.inputs.reason", "inputs.Reason || 'none'"])
@pytest.mark.parametrize("declared", ["{reason: {type: string}}", "{reason: {}}", "{reason: }"])
def test_inputs_are_written_by_people_with_write_access(expression, declared):
    assert expanded(expression, f"{{workflow_dispatch: {{inputs: {declared}}}}}") == ["writer"]


def test_tags_are_free_though_branches_are_listed():
    assert expanded("github.ref_name", "{push: {branches: [main], tags: ['v*']}}") == ["writer"]


@pytest.mark.parametrize(
    "step",
    [
        f"- run: echo {BODY}",
        f"- shell: bash -c '{BODY}' {{0}}\n  run: x",
        f"- run: x\n  shell: pwsh {BODY}",
        f"- uses: actions/github-script@v7\n  with:\n    script: f(`{BODY}`)",
        f"- uses: Actions/GitHub-Script@v7\n  with:\n    Script: f(`{BODY}`)",
        f"- uses: appleboy/ssh-action@v1\n  with: {{script: 'echo {BODY}'}}",
    ],
)
def test_where_a_text_becomes_code(step):
    assert words(step) == ["stranger"]


@pytest.mark.parametrize(
    "step",
    [
        f"- env: {{B: '{BODY}'}}\n  run: echo \"$B\"",
        f"- uses: actions/github-script@v7\n  env: {{B: '{BODY}'}}\n  with: {{script: f(process.env.B)}}",
        f"- if: {BODY} == 'x'\n  run: echo",
        f"- name: {BODY}\n  run: echo",
        f"- uses: o/r@v1\n  with: {{title: '{BODY}'}}",
        f"- working-directory: '{BODY}'\n  run: echo",
    ],
)
def test_where_it_does_not(step):
    assert words(step) == []


HANDED = {
    "echo": 'echo "x=$B" >> $GITHUB_OUTPUT',
    "quoted-file": 'echo "x=${B}" >> "$GITHUB_OUTPUT"',
    "braces": 'echo x="$B" >> ${GITHUB_OUTPUT}',
    "expression": f'echo "x={BODY}" >> $GITHUB_OUTPUT',
    "heredoc-lines": 'echo "x<<E" >> $GITHUB_OUTPUT\necho "$B" >> $GITHUB_OUTPUT\necho E >> $GITHUB_OUTPUT',
    "group": '{\n  echo "x<<E"\n  echo "$B"\n  echo E\n} >> $GITHUB_OUTPUT',
    "here-document": "cat <<E >> $GITHUB_OUTPUT\na=1\nx=$B\nE",
    "here-document-after": "cat >> $GITHUB_OUTPUT <<E\nx=$B\nE",
    "here-document-piped": "cat <<E | tee -a $GITHUB_OUTPUT\nx=$B\nE",
    "tee": 'echo "x=$B" | tee -a $GITHUB_OUTPUT',
    "variable": 'C="$B"\nD=${C#v}\necho "x=$D" >> $GITHUB_OUTPUT',
    "substitution": 'C=$(echo "$B" | sed s/a/b/ | head -n 1)\necho "x=$C" >> $GITHUB_OUTPUT',
    "backticks": 'C=`echo $B`\necho "x=$C" >> $GITHUB_OUTPUT',
    "here-string": 'C=$(jq -r .a <<< "$B")\necho "x=$C" >> $GITHUB_OUTPUT',
    "printf": 'printf "a=%s\\nx=%s\\n" 1 "$B" >> $GITHUB_OUTPUT',
    "name-unknown": 'echo "$N=$B" >> $GITHUB_OUTPUT',
    "filter": 'echo "x=$B" | tr a b >> $GITHUB_OUTPUT',
    "if": 'if true; then\n  echo "x=$B" >> $GITHUB_OUTPUT\nfi',
    "export": 'export C="$B"\necho "x=$C" >> $GITHUB_OUTPUT',
}
STOPPED = {
    "another-output": 'echo "y=$B" >> $GITHUB_OUTPUT',
    "count": 'C=$(echo "$B" | wc -l)\necho "x=$C" >> $GITHUB_OUTPUT',
    "quiet": 'C=$(echo "$B" | grep -q a)\necho "x=$C" >> $GITHUB_OUTPUT',
    "test": 'C=$([ -n "$B" ] && echo true || echo false)\necho "x=$C" >> $GITHUB_OUTPUT',
    "length": 'echo "x=${#B}" >> $GITHUB_OUTPUT',
    "log": 'echo "x=$B"',
    "errors": 'echo "x=$B" 2>> $GITHUB_OUTPUT',
    "printf-other": 'printf "a=%s\\nx=%s\\n" "$B" 1 >> $GITHUB_OUTPUT',
    "after-the-end": '{\n  echo "y<<E"\n  echo "$B"\n  echo E\n  echo x=1\n} >> $GITHUB_OUTPUT',
    "single-quotes": "echo 'x=$B' >> $GITHUB_OUTPUT",
    "compared": "echo \"x=${{ github.head_ref == 'a' }}\" >> $GITHUB_OUTPUT",
    "not-a-shell": "if [",
}


def through(script: str, used: str = "steps.s.outputs.x") -> list[str]:
    body = "\n".join(f"    {line}" for line in script.split("\n"))
    found = said(steps(f"- id: s\n  env: {{B: '{BODY}'}}\n  run: |\n{body}\n- run: echo ${{{{ {used} }}}}"))
    last = 5 + 3 + len(script.split("\n")) + 1
    return [writer for line, writer, _ in found if line == last]


@pytest.mark.parametrize("script", HANDED.values(), ids=HANDED)
def test_an_output_carries_it_on(script):
    assert through(script) == ["stranger"]


@pytest.mark.parametrize("script", STOPPED.values(), ids=STOPPED)
def test_an_output_that_has_nothing_of_it(script):
    assert through(script) == []


@pytest.mark.parametrize(
    "script",
    [
        "{ " + "a;" * 20_000 + " } | tee $GITHUB_OUTPUT",
        "{ " * 900 + "echo $B" + "; } | tee -a $GITHUB_OUTPUT" * 900,
        "echo $B" + " | tee $GITHUB_OUTPUT" * 1400,
        "echo " + "$(echo " * 900 + "$B" + ")" * 900 + " >> $GITHUB_OUTPUT",
    ],
    ids=["long", "nested", "pipes", "substitutions"],
)
def test_a_script_of_any_size_comes_to_an_end(script):
    assert through(script) in ([], ["stranger"])


def test_a_variable_of_later_steps_carries_it_on():
    assert through('echo "T=$B" >> $GITHUB_ENV', "env.T") == ["stranger"]
    assert through('echo "T=$B" >> $GITHUB_ENV', "env.U") == []


def test_a_variable_of_later_steps_gets_into_their_outputs():
    text = f"""
- env: {{B: '{BODY}'}}
  run: echo "T=$B" >> $GITHUB_ENV
- id: s
  run: echo "x=$T" >> $GITHUB_OUTPUT
- run: echo ${{{{ steps.s.outputs.x }}}}
"""
    assert words(text) == ["stranger"]


def test_the_runners_own_variable_has_the_branchs_name():
    text = '- id: s\n  run: echo "x=$GITHUB_HEAD_REF" >> $GITHUB_OUTPUT\n- run: echo ${{ steps.s.outputs.x }}'
    assert words(text) == ["stranger"]
    assert words(text, on="push") == []


@pytest.mark.parametrize(
    ("top", "own", "found"),
    [(BODY, "", ["stranger"]), ("safe", "", []), (BODY, "safe", []), ("safe", BODY, ["stranger"])],
)
def test_env_is_read_from_the_innermost(top, own, found):
    inner = f"  env: {{B: '{own}'}}\n" if own else ""
    text = f"env: {{B: '{top}'}}\n" + steps(f"- run: echo ${{{{ env.B }}}}\n{inner}")
    assert [writer for _, writer, _ in said(text)] == found


def test_a_jobs_outputs_carry_it_to_the_jobs_that_need_it():
    text = f"""
on: pull_request
jobs:
  late:
    needs: early
    runs-on: x
    steps:
      - run: echo ${{{{ needs.early.outputs.title }}}} ${{{{ needs.early.outputs.other }}}}
  early:
    runs-on: x
    outputs: {{title: '{BODY}', other: x}}
    steps: []
"""
    assert said(text) == [(7, "stranger", "github.event.pull_request.body")]


CALLED = """
on: workflow_call
jobs:
  a:
    runs-on: x
    steps:
      - run: echo ${{ inputs.title }}
"""


@pytest.mark.parametrize(
    ("given", "found"),
    [(BODY, [(6, "stranger", "github.event.pull_request.body")]), ("'x'", [])],
)
def test_a_caller_hands_it_on(given, found):
    caller = f"on: pull_request\njobs:\n  c:\n    uses: ./.github/workflows/w.yml\n    with: {{title: {given!r}}}\n"
    assert said(CALLED, caller=caller) == found


def test_a_called_workflow_sees_its_callers_event():
    called = CALLED.replace("inputs.title", "github.head_ref")
    caller = "on: {}\njobs:\n  c:\n    uses: ./.github/workflows/w.yml\n"
    assert said(called, caller=caller.format("pull_request"))
    assert said(called, caller=caller.format("push")) == []
    assert said(called), "nothing here calls it: anything may"


def test_workflows_that_call_each_other_come_to_an_end():
    text = (
        "on: [pull_request, workflow_call]\njobs:\n  a:\n    uses: ./.github/workflows/{}.yml\n    with: {{t: '{}'}}\n"
    )
    assert said(text.format("x", BODY), x=text.format("w", "${{ inputs.t }}")) == []


@pytest.mark.parametrize(
    "condition",
    [
        "github.event_name == 'push'",
        "github.event.pull_request.head.repo.full_name == github.repository",
        "github.event.pull_request.head.repo.fork == false",
        "contains(fromJSON('[\"OWNER\"]'), github.event.pull_request.author_association)",
        "false",
    ],
)
@pytest.mark.parametrize("where", ["job", "step", "needed"])
def test_a_condition_that_refuses_strangers(condition, where):
    quoted = f'"{condition}"' if '"' not in condition else f"|\n          {condition}"
    step = f"- run: echo {BODY}"
    if where == "step":
        text = steps(f"- if: {quoted}\n  run: echo {BODY}")
    elif where == "job":
        text = steps(step, **{"if": quoted})
    else:
        text = steps(step, needs="b") + f"  b:\n    runs-on: x\n    if: {quoted}\n    steps: []\n"
    assert said(text) == []


@pytest.mark.parametrize(
    "condition", ["always()", "failure()", "github.repository == 'o/r'", "github.actor != 'x'", "vars.ON", "a ==", ""]
)
def test_a_condition_that_does_not(condition):
    assert words(f"- run: echo {BODY}", **{"if": f'"{condition}"'}) == ["stranger"]


def test_a_condition_about_forks_says_nothing_of_an_event_without_one():
    on = "{pull_request: {}, workflow_dispatch: {inputs: {x: {}}}}"
    text = "- run: echo ${{ inputs.x }} ${{ github.head_ref }}"
    assert words(text, on, **{"if": "${{ !github.event.pull_request.head.repo.fork }}"}) == ["writer"]


def test_many_ways_through_what_a_job_needs_are_one_walk():
    layers = "".join(
        f"  {side}{layer}:\n    needs: [a{layer - 1}, b{layer - 1}]\n    runs-on: x\n    steps: []\n"
        for layer in range(1, 40)
        for side in "ab"
    )
    first = "".join(f"  {side}0:\n    runs-on: x\n    steps: []\n" for side in "ab")
    last = f"  z:\n    needs: [a39, b39]\n    runs-on: x\n    steps:\n      - run: {BODY}\n"
    assert len(said(f"on: pull_request\njobs:\n{first}{layers}{last}")) == 1


def test_places_are_exact():
    text = steps('- run: |\n    echo "é" ${{ github.head_ref }}')
    facts = workflows({"w.yml": text})
    (found,) = injections(read(facts.files[0]), facts)
    assert (found.line, found.column) == (7, 20)


@given(st.sampled_from(sources()), st.sampled_from(["({})", "{} || 'x'", "'x' && {}", "format('{{0}}', {})"]))
def test_wrapping_takes_nothing_away(source, wrapping):
    expression = source.expression.replace("*", "x")

    def lookup(path, whole):
        return next((Carried(found) for found in found_at(path, whole=whole) if found == source), None)

    assert carried_by_source(expression, lookup) == Carried(source)
    assert carried_by_source(wrapping.format(expression), lookup) == Carried(source)
    assert carried_by_source(f"{expression} == 'x'", lookup) is None


@given(st.sampled_from(sources()))
def test_tojson_of_anything_above_has_it(source):
    names = source.expression.split(".")
    for length in range(1, len(names) + 1):
        path = path_of(parse(".".join(names[:length])))
        assert path is not None
        assert source in set(found_at(path, whole=True))

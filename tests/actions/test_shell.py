"""Scripts: commands, words, and what a command's failure comes to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcheck.actions.embedded import embedded, masked
from govcheck.actions.programs import programs, shell_of
from govcheck.actions.shell import MAX_LENGTH, Script, Unread, read
from written_workflows import workflow


def commands(script):
    found = read(script)
    assert isinstance(found, Script)
    return found.commands


def shown(script):
    return [[word.shown for word in command.words] for command in commands(script)]


def parts(script):
    return [(part.kind, part.text, part.offset) for word in commands(script)[0].words for part in word.parts]


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("curl -X POST url", ["curl", "-X", "POST", "url"]),
        ("echo 'a b' \"c d\" e\\ f", ["echo", "a b", "c d", "e f"]),
        ('echo "a\\"b" $\'c\' "d"\'e\'', ["echo", 'a"b', "c", "de"]),
        ("echo a \\\n  b", ["echo", "a", "b"]),
        ("mail -s x Zoë@example.com é", ["mail", "-s", "x", "Zoë@example.com", "é"]),
        ('echo "$A ${B} ${C:-d} $(date)"', ["echo", "$A $B ${C:-d} $(date)"]),
        ("echo \ud800 \0", ["echo", "\ud800", "\0"]),
    ],
)
def test_words(script, words):
    assert shown(script)[0] == words


def test_expressions_are_parts_of_their_own_wherever_they_stand():
    script = "curl \"https://x/${{ secrets.A }}/$B\" ${{ env.C }} '${{ secrets['}}'] }}'"
    assert parts(script)[1:] == [
        ("text", "https://x/", 6),
        ("expression", "secrets.A", 16),
        ("text", "/", 32),
        ("variable", "B", 33),
        ("expression", "env.C", 37),
        ("expression", "secrets['}}']", 51),
    ]


def test_an_expression_that_is_not_closed_is_text():
    assert parts("echo ${{ a")[0] == ("text", "echo", 0)


def test_here_documents_and_here_strings_are_input():
    (command,) = commands("sendmail -t <<EOF\nTo: $TO\nCc: a@example.com\nEOF\n")
    assert command.input[0].shown == "To: $TO\nCc: a@example.com\n"
    (command,) = commands('cat <<< "hi $X"')
    assert command.input[0].shown == "hi $X"


def test_assignments():
    found = read('A=b\nexport C="$D" E=f\nA=g curl x\n')
    assert {name: [word.shown for word in words] for name, words in found.assignments.items()} == {
        "A": ["b", "g"],
        "C": ["$D"],
        "E": ["f"],
    }


GATE = "gate"


@pytest.mark.parametrize(
    ("script", "always", "ends"),
    [
        ("gate", True, "script"),
        ("gate\nb", True, "errexit"),
        ("gate || true\nb", True, "no"),
        ("gate || exit 1\nb", True, "script"),
        ("gate || { echo no; exit 3; }\nb", True, "script"),
        ("gate || exit 0\nb", True, "no"),
        ("gate || exit $x\nb", True, "no"),
        ("gate | tee log\nb", True, "pipefail"),
        ("a | gate\nb", True, "errexit"),
        ("gate &\nb", True, "no"),
        ("! gate\nb", True, "no"),
        ("gate && b\nc", True, "no"),
        ("gate && b", True, "script"),
        ("a && gate\nb", False, "errexit"),
        ("gate && b || exit 1\nc", True, "script"),
        ("if ! gate; then echo no; exit 1; fi\nb", True, "script"),
        ("if ! gate; then echo no; fi\nb", True, "no"),
        ("if gate; then b; else exit 1; fi\nc", True, "script"),
        ("if gate; then b; fi\nc", True, "no"),
        ("if a; then gate; fi\nb", False, "errexit"),
        ("while a; do gate; done\nb", False, "errexit"),
        ("for a in b; do gate; done\nb", False, "errexit"),
        ("case $a in x) gate;; esac\nb", False, "errexit"),
        ("f() { gate; }\nf", False, "errexit"),
        ("x=$(gate)\nb", False, "no"),
        ('echo "$(gate)"\nb', False, "no"),
        ("(gate)\nb", True, "errexit"),
        ("{ gate; } > log\nb", True, "errexit"),
        ("gate > log 2>&1\nb", True, "errexit"),
    ],
)
def test_what_a_failure_comes_to(script, always, ends):
    (command,) = [command for command in commands(script) if command.name == GATE]
    assert (command.always, command.ends) == (always, ends)


@pytest.mark.parametrize("script", ["gate && b", "if gate; then b; fi", "gate && a && b", "if a && gate; then b; fi"])
def test_what_must_have_succeeded_for_a_command_to_run(script):
    by_name = {command.name: command for command in commands(script)}
    assert by_name["gate"].offset in by_name["b"].after


def test_branches_are_told_apart():
    found = commands("if a; then b; c; elif d; then e; else f; fi; g || h")
    branches = {command.name: command.branch for command in found}
    assert branches["a"] == branches["g"] == -1
    assert branches["b"] == branches["c"]
    assert len({branches["b"], branches["e"], branches["f"], branches["h"], -1}) == 5


@pytest.mark.parametrize(
    ("script", "name", "arguments"),
    [
        ("sudo -u root env A=b /usr/bin/mail x", "mail", ["x"]),
        ("npx --yes vercel@latest deploy", "vercel", ["deploy"]),
        ("pnpm exec wrangler deploy", "wrangler", ["deploy"]),
        ("uvx --from git+https://example.com/x govcheck gate deploy", "govcheck", ["gate", "deploy"]),
        ("python3 -m govcheck gate deploy", "govcheck", ["gate", "deploy"]),
        ("timeout 5m ./node_modules/.bin/netlify deploy", "netlify", ["deploy"]),
        ("A=b C=d flyctl deploy", "flyctl", ["deploy"]),
        ("uv run --project x govcheck gate deploy", "govcheck", ["gate", "deploy"]),
        ("sudo", "", []),
        ("$CMD deploy", "", ["deploy"]),
    ],
)
def test_the_program_behind_what_stands_in_front_of_it(script, name, arguments):
    (program,) = programs(read(script))
    assert (program.name, program.texts()) == (name, arguments)


def test_a_script_in_a_script():
    found = list(programs(read("bash -c 'flyctl deploy --app x'")))
    assert [program.name for program in found] == ["bash", "flyctl"]
    assert found[1].command.offset == 9


@pytest.mark.parametrize("script", ["x" * (MAX_LENGTH + 1), "a|" * 2000, "(a)" * 3000])
def test_scripts_that_would_take_too_long_are_not_read(script):
    assert isinstance(read(script), Unread)


def test_a_script_that_no_grammar_explains_says_so_and_keeps_what_it_can():
    found = read("curl x\nif (((\n")
    assert found.damaged
    assert "curl" in {command.name for command in found.commands}


@given(st.text(max_size=200))
def test_any_text_is_read_and_every_literal_stands_where_it_says(script):
    found = read(script)
    assert isinstance(found, Script)
    for command in found.commands:
        for word in command.words:
            for part in word.parts:
                if part.kind == "text" and part.literal:
                    assert script[part.offset :].startswith(part.text)


fragments = st.sampled_from(
    [
        "a",
        " ",
        "\n",
        "|",
        "||",
        "&&",
        ";",
        "$(",
        ")",
        "`",
        '"',
        "'",
        "${{ secrets.X }}",
        "$A",
        "if ",
        "then ",
        "fi",
        "<<E\n",
        "E\n",
        "{",
        "}",
    ]
)


@given(st.lists(fragments, max_size=60).map("".join))
def test_any_shell_is_read(script):
    assert isinstance(read(script), Script)


@given(st.lists(st.sampled_from(["${{", "}}", "'", " a ", "é"]), max_size=20).map("".join))
def test_masking_keeps_every_place(text):
    expressions = embedded(text)
    hidden = masked(text, expressions, "_")
    assert len(hidden) == len(text)
    for expression in expressions:
        assert text[expression.start :].startswith("${{")
        assert text[: expression.end].endswith("}}")


@pytest.mark.parametrize(
    ("shell", "runner", "name", "errexit", "pipefail"),
    [
        ("", "ubuntu-latest", "bash", True, False),
        ("", "windows-latest", "pwsh", False, False),
        ("shell: bash", "ubuntu-latest", "bash", True, True),
        ("shell: sh", "ubuntu-latest", "sh", True, False),
        ("shell: bash {0}", "ubuntu-latest", "bash", False, False),
        ("shell: bash -euo pipefail {0}", "ubuntu-latest", "bash", True, True),
        ("shell: python", "ubuntu-latest", "python", False, False),
        ("shell: '${{ inputs.shell }}'", "ubuntu-latest", "", False, False),
    ],
)
def test_the_shell_of_a_step(shell, runner, name, errexit, pipefail):
    found = workflow(f"on: push\njobs:\n  a:\n    runs-on: {runner}\n    steps:\n      - run: x\n        {shell}\n")
    job = found.jobs[0]
    got = shell_of(found, job, job.steps[0])
    assert (got.name, got.errexit, got.pipefail) == (name, errexit, pipefail)


@pytest.mark.parametrize("where", ["job", "workflow"])
def test_defaults_of_the_job_and_of_the_workflow(where):
    job = "    defaults: {run: {shell: bash}}\n" if where == "job" else ""
    top = "defaults: {run: {shell: bash}}\n" if where == "workflow" else ""
    found = workflow(f"on: push\n{top}jobs:\n  a:\n    runs-on: x\n{job}    steps:\n      - run: x\n")
    assert shell_of(found, found.jobs[0], found.jobs[0].steps[0]).pipefail

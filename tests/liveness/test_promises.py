"""Steps that promise something."""

import pytest

from gates import PATH, gates, steps, told


def verify(script, name="Verify it", extra="", before="", **kwargs):
    body = "\n".join(f"    {line}" for line in script.split("\n"))
    return gates(steps(f"{before}- name: {name}\n  run: |\n{body}\n{extra}"), **kwargs)


@pytest.mark.parametrize(
    "name",
    [
        "Verify it",
        "Validate the window",
        "check-docs",
        "Check formatting",
        "Ensure it is there",
        "Assert outcome",
        "Enforce policy",
        "Guard main",
        "Fail if red",
        "✅ Make sure it works",
        "Pre-flight check",
    ],
)
def test_names_that_promise(name):
    (gate,) = verify("echo fine", name=f'"{name}"')
    assert (gate.family, gate.state) == ("promise", "dead")


@pytest.mark.parametrize(
    "name",
    ["Build", "Check out", "Checkout code", "Check for updates", "Verify report upload", "Check disk space", "Notify"],
)
def test_names_that_promise_nothing(name):
    assert not verify("echo fine", name=name)


def test_a_step_without_a_name_promises_what_the_file_that_it_runs_is_called():
    files = {"scripts/check-docs.sh": "#!/bin/bash\necho fine\n"}
    assert told(gates(steps("- run: scripts/check-docs.sh"), files)) == [("promise", "dead")]
    assert not gates(steps("- run: scripts/docs.sh"), {"scripts/docs.sh": "echo fine\n"})


DEAD = [
    ("echo fine", "it only prints: no path through its script ends as failed"),
    ("if a; then exit 0; fi\nexit 0", "it ends as a success whatever it finds"),
    ("mkdir -p x || true\ncat notes", "nothing in it judges anything: only an accident in `cat notes` fails it"),
    ("eslint . || true", "nothing heeds the status of `eslint .`, and nothing else in it can fail"),
]


@pytest.mark.parametrize(("script", "why"), DEAD)
def test_why_a_promise_is_dead(script, why):
    (gate,) = verify(script)
    assert (gate.family, gate.state, gate.why) == ("promise", "dead", f'the step "Verify it": {why}')
    assert gate.subject == f"{PATH}:one:Verify it"
    assert (gate.location.path, gate.location.line, gate.location.column) == (PATH, 6, 15)
    assert gate.fix.text == "let it end with `exit 1` where it finds something wrong, or take it out"


def test_the_evidence_says_where_it_ends_and_what_it_says():
    (gate,) = verify("if a; then\n  echo '::error::no'\n  exit 0\nfi")
    assert [(one.text, one.location.line) for one in gate.evidence] == [
        ("it ends as a success here", 10),
        ("it says `::error::no` here, and goes on", 9),
    ]


ALIVE = [
    ("grep -q x y", "line 8 fails it: `grep -q x y` fails"),
    ("[ -f dist/app.js ]", "line 8 fails it: `[ -f dist/app.js ]` is not so"),
    ("exit 1", "line 8 fails it: `exit 1`"),
    (': "${TOKEN:?}"', "line 8 fails it: `${TOKEN:?}` fails"),
    ("jq empty package.json", "line 8 fails it: `jq empty package.json` fails"),
    ("find . -name '*.sh' -exec shellcheck {} +", "line 8 fails it: `find . -name '*.sh' -exec shellcheck {} +` fails"),
    ("awk '$1 > 3 {exit 1}' report", "line 8 fails it: `awk '$1 > 3 {exit 1}' report` fails"),
    ("ls dist/app.js", "line 8 fails it: `ls dist/app.js` fails"),
    ("timeout 60 sh -c 'until curl x; do sleep 1; done'", None),
    ("./app --version", "line 8 fails it: `./app --version` fails"),
]


@pytest.mark.parametrize(("script", "how"), ALIVE)
def test_what_keeps_a_promise_alive(script, how):
    (gate,) = verify(script)
    assert (gate.family, gate.state) == ("promise", "alive")
    assert how is None or gate.why == how


def test_the_innermost_that_is_known_is_named():
    (gate,) = gates(steps("- name: Verify\n  run: ./x.sh"), {"x.sh": "#!/bin/bash\nexit 1\n"})
    assert gate.why == "`exit 1` in x.sh fails it"


NOTHING_TOLD = [
    ('echo "ok=$(date)" >> $GITHUB_OUTPUT', ""),
    ("mkdir x", ""),
    ("du -sh dist > size.txt", ""),
    ("cat log", "  if: failure()"),
    ("cat log", "  if: always()"),
]


@pytest.mark.parametrize(("script", "extra"), NOTHING_TOLD)
def test_what_makes_notes_or_shows_is_not_told_of(script, extra):
    assert not verify(script, extra=extra)


def test_a_step_that_is_never_run_is_dead():
    (gate,) = verify("exit 1", extra="  if: false")
    assert gate.why == 'the step "Verify it": its `if: false` is never true'


@pytest.mark.parametrize("goes_on", ["true", "${{ true }}"])
def test_a_step_that_is_let_pass_is_dead(goes_on):
    (gate,) = verify("exit 1", extra=f"  continue-on-error: {goes_on}")
    assert gate.why == 'the step "Verify it": its `continue-on-error` lets it pass, and nothing asks how it ended'


@pytest.mark.parametrize(
    "asks",
    ["- run: exit 1\n  if: steps.v.outcome == 'failure'", "- run: exit 1\n  if: steps.V.conclusion != 'success'"],
)
def test_a_step_that_is_let_pass_and_asked_after_is_alive(asks):
    found = verify("exit 1", extra=f"  id: v\n  continue-on-error: true\n{asks}")
    assert told(found, "promise") == [("promise", "alive")]


def test_a_script_that_cannot_be_read_is_not_told():
    (gate,) = verify("if (((")
    assert (gate.state, gate.why, gate.reason.value) == (
        "cannot-tell",
        'the step "Verify it": a part of the script cannot be read',
        "unparseable",
    )
    assert gate.fix is None


def test_a_branch_that_says_so_and_goes_on():
    found = verify("curl -f x\nif a; then\n  echo '::error::closed'\nfi")
    assert told(found) == [("promise", "alive"), ("unheeded", "dead")]
    gate = found[1]
    assert gate.why == "it says `::error::closed` and goes on: nothing after that fails"
    assert (gate.subject, gate.location.line) == (f"{PATH}:one:Verify it:::error::closed", 10)
    assert (gate.evidence[0].text, gate.fix.text) == (
        'the step "Verify it" promises to',
        "end that branch with `exit 1`",
    )


def test_a_long_text_is_cut():
    found = verify(f"curl -f x\nif a; then echo '::error::{'x' * 90}'; fi")
    assert found[1].why.startswith(f"it says `::error::{'x' * 58}...` and")


REWRITES = [
    ("npx prettier --write .", True),
    ("black .", True),
    ("gofmt -w .", True),
    ("ruff format", True),
    ("terraform fmt", True),
    ("prettier --check .", False),
    ("black --check .", False),
    ("black $FLAGS .", False),
    ("gofmt -l .", False),
    ("ruff format --diff", False),
    ("prettier --version", False),
]


@pytest.mark.parametrize(("script", "rewrites"), REWRITES)
def test_formatters_that_mend_what_they_should_judge(script, rewrites):
    found = gates(steps(f"- name: Lint\n  run: {script}"))
    assert told(found, "rewrite") == ([("rewrite", "dead")] if rewrites else [])


def test_what_a_rewrite_says():
    files = {"package.json": '{"scripts": {"fmt": "prettier --write ."}}'}
    (gate,) = gates(steps("- name: Lint\n  run: npm run fmt"), files)
    assert gate.why == "`prettier --write .` mends the files on the runner and never fails because of them"
    assert (gate.subject, gate.location.path) == (f"{PATH}:one:npm run fmt", "package.json")
    assert gate.evidence[0].text == 'the step "Lint" runs it'


def test_a_job_that_commits_what_was_mended_is_meant_so():
    assert not told(gates(steps("- run: prettier --write .\n- run: git commit -am x")), "rewrite")


NOTES = "echo 'nightly=true' >> $GITHUB_ENV"


@pytest.mark.parametrize(
    ("name", "extra", "expected"),
    [
        ("Check nightly status", "  if: github.event_name == 'schedule'\n", []),
        ("Check nightly status", "", [("promise", "dead")]),
        ("Verify the signature", "  if: github.event_name == 'schedule'\n", [("promise", "dead")]),
    ],
)
def test_a_step_that_keeps_for_others_that_its_condition_was_true(name, extra, expected):
    assert told(verify(NOTES, name=name, extra=extra), "promise") == expected


def test_a_step_that_only_shows_a_log():
    assert verify("sudo journalctl -b -u app --no-pager", name="Check the startup logs") == []
    assert verify("sudo journalctl -b -u app", name="Verify the startup")[0].state == "dead"
    assert verify("sudo journalctl -b -u app | grep ready", name="Verify the startup")[0].state == "alive"


def test_an_exit_is_named_before_what_may_fail_by_itself():
    (gate,) = verify('found=$(app --version)\nif [ "$found" != 1 ]; then\n  exit 1\nfi')
    assert gate.why == "line 10 fails it: `exit 1`"
    (gate,) = verify("./docs\ntest -z x\nif [ $? != 0 ]; then\n  exit 1\nfi")
    assert gate.why == "line 8 fails it: `./docs` fails"


def test_find_does_not_heed_how_its_commands_end():
    assert verify("find src -name '*.py' -exec pylint {} ';'")[0].state == "dead"
    assert verify("find src -name '*.py' -exec pylint {} \\;")[0].state == "dead"
    assert verify("find src -name '*.py' -exec pylint {} +")[0].state == "alive"

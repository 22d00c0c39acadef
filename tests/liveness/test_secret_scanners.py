"""Secret scanners as gates: their steps, their configurations, where they come from, and what a canary proves."""

from textwrap import dedent, indent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcheck.facts import Missing
from govcheck.facts.change import AddedLines
from govcheck.facts.scanners import Canary, CanaryOutcome, ScannerCanaries, ScannerFiles
from govcheck.facts.tree import OwnPrograms
from govcheck.findings import Reason
from govcheck.liveness import scanner_baselines, secret_scanners
from govcheck.liveness.gate import State
from written_workflows import workflows

DEFAULT = b"[extend]\nuseDefault = true\n"
ONLY_ALLOWED = b"title = 'x'\n\n[allowlist]\npaths = ['^docs/']\n"
NO_TOOL = ScannerCanaries(canaries={}, trouble="neither gitleaks nor betterleaks is installed here")


def job(steps, name="Scan", depth="0"):
    """A workflow with a checkout and these steps."""
    checkout = f"- uses: actions/checkout@v4\n  with: {{fetch-depth: {depth}}}\n" if depth else ""
    body = indent(checkout + dedent(steps).strip("\n"), "      ")
    return f"name: {name}\non: push\njobs:\n  scan:\n    runs-on: ubuntu-latest\n    steps:\n{body}\n"


def run(script, more=""):
    return f"- name: Look\n  run: |\n{indent(dedent(script).strip(), '    ')}\n{more}"


def gates(text, programs=None, canaries=NO_TOOL, *, proof=False, **files):
    contents = {name.replace("__", "/").replace("_", "."): content for name, content in files.items()}
    own = OwnPrograms({path: content.encode() for path, content in (programs or {}).items()})
    found = secret_scanners.gates(workflows({"s.yml": text}), own, ScannerFiles(contents), canaries, proof=proof)
    return {gate.subject.removeprefix(".github/workflows/s.yml:scan:"): gate for gate in found}


def canary(outcome, code, tool="gitleaks", said="no leaks found", path=".gitleaks.toml"):
    made = Canary(tool=tool, version="8.30.1", outcome=outcome, exit_code=code, said=said)
    return ScannerCanaries(canaries={path: made})


def verdict(text, subject="Look", **more):
    return gates(text, **more)[subject].state


@pytest.mark.parametrize(
    "script",
    [
        "gitleaks detect --redact",
        "./gitleaks git .",
        '"$RUNNER_TEMP/gitleaks" git --redact .',
        "set -o pipefail\ngitleaks detect | tee log",
        "gitleaks dir . || exit 1",
        "if ! gitleaks detect; then echo leaks; exit 1; fi",
        "npx betterleaks fs .",
        "trufflehog git file://. --fail",
        "detect-secrets-hook --baseline .secrets.baseline $(git ls-files)",
        "ggshield secret scan ci",
        "git secrets --scan",
        "docker run --rm -v $PWD:/x zricethezav/gitleaks:v8.30.1 dir /x",
        "go run github.com/gitleaks/gitleaks/v8@v8.30.1 git .",
        "git add -A\ngitleaks git --staged .",
    ],
)
def test_a_scan_whose_failure_counts_is_alive(script):
    assert verdict(job(run(script))) is State.ALIVE


@pytest.mark.parametrize(
    ("steps", "why"),
    [
        (run("gitleaks detect || true"), "its failure is not heeded (as in `|| true`)"),
        (run("gitleaks detect | tee log"), "it stands in a pipe, whose end hides its failure"),
        (run("set +e\ngitleaks detect\necho done"), "the script goes on after its failure"),
        (run("gitleaks detect", "  continue-on-error: true"), "its step has `continue-on-error: true`"),
        (run("gitleaks detect --exit-code 0"), "`--exit-code 0` makes it end well whatever it finds"),
        (run("gitleaks dir . --exit-code=0"), "`--exit-code 0` makes it end well whatever it finds"),
        (run("gitleaks detect", "  if: false"), "its step has `if: false`, which is never true"),
        (run("gitleaks protect --staged"), "it looks at what is staged or not yet committed, and in CI nothing is"),
        (run("trufflehog filesystem ."), "without `--fail` trufflehog ends well whatever it finds"),
        (run("ggshield secret scan ci --exit-zero"), "`--exit-zero` makes it end well whatever it finds"),
        (run("detect-secrets scan"), "`detect-secrets scan` writes a baseline and ends well whatever it finds"),
        (
            "- name: Look\n  uses: gitleaks/gitleaks-action@v2\n  continue-on-error: true",
            "its step has `continue-on-error: true`",
        ),
    ],
)
def test_a_scan_whose_failure_counts_for_nothing_is_dead(steps, why):
    gate = gates(job(steps))["Look"]
    assert gate.state is State.DEAD
    assert gate.why.endswith(f"cannot fail this step: {why}")
    assert gate.fix is not None


@pytest.mark.parametrize(
    ("steps", "why"),
    [
        (
            run("gitleaks detect", "  continue-on-error: ${{ vars.LENIENT }}"),
            "`continue-on-error: ${{ vars.LENIENT }}`",
        ),
        (run("CODE=0\ngitleaks detect || CODE=$?\nexit $CODE"), "a later command of its script may fail it"),
        (
            run("gitleaks detect || true") + "- uses: github/codeql-action/upload-sarif@v3",
            "whether code scanning stops what it has is a setting",
        ),
        (
            run("gitleaks detect", "  id: look\n  continue-on-error: true\n")
            + "- if: steps.look.outcome == 'failure'\n  run: exit 1",
            "a later step asks how it ended",
        ),
        (
            run("gitleaks dir . --exit-code 0 --report-path out/r.json") + "- run: test ! -s out/r.json",
            "a later step reads its report r.json",
        ),
        (run("gitleaks.exe detect", "  shell: pwsh"), "its script is for pwsh"),
        (run("if gitleaks; then\ngitleaks detect\n"), "its script cannot be read"),
        (run("detect-secrets scan > b.json") + "- run: diff b.json c.json", "what follows may look at what it wrote"),
    ],
)
def test_what_may_be_noticed_later_cannot_be_told(steps, why):
    gate = gates(job(steps))["Look"]
    assert gate.state is State.UNTOLD
    assert why in gate.why


@pytest.mark.parametrize(
    "script",
    [
        "command -v gitleaks",
        "which gitleaks",
        "gitleaks version",
        "gitleaks --help",
        "echo gitleaks detect",
        "gitleaks",
    ],
)
def test_what_is_no_scan(script):
    assert gates(job(run(script))) == {}


def test_a_scan_in_a_script_of_a_script_is_found_at_its_own_place():
    programs = {
        "package.json": '{"scripts": {\n  "ci": "npm test && npm run scan",\n  "scan": "./scan.sh"}}',
        "scan.sh": '#!/bin/bash\nROOT=$(pwd)\nFILE="$ROOT/.gitleaks.toml"\ngitleaks detect --config "$FILE" || true\n',
    }
    found = gates(job(run("npm run ci")), programs, _gitleaks_toml=ONLY_ALLOWED)
    look = found["Look"]
    assert (look.location.path, look.location.line, look.location.column) == ("scan.sh", 4, 1)
    assert [one.text for one in look.evidence] == [
        "`npm run ci` is run here",
        "`npm run scan` is run here",
        "`scan.sh` is run here",
    ]
    assert look.state is State.DEAD
    assert found[".gitleaks.toml"].state is State.DEAD
    assert "nothing in that job installs gitleaks" in found[".gitleaks.toml"].evidence[0].text


def test_a_script_that_runs_itself_ends():
    programs = {"a.sh": "./a.sh\n./b.sh\ngitleaks detect\n", "b.sh": "./a.sh\n"}
    assert gates(job(run("./a.sh")), programs)["Look"].state is not State.DEAD


def test_a_configuration_without_rules_is_dead_whoever_reads_it():
    found = gates(job(run("gitleaks detect --config .gitleaks.toml")), _gitleaks_toml=ONLY_ALLOWED)
    gate = found[".gitleaks.toml"]
    assert gate.state is State.DEAD
    assert gate.why == (
        ".gitleaks.toml has an allow-list but no `[[rules]]`, and does not extend the built-in ones: "
        'gitleaks scans with zero rules, and every scan says "no leaks found"'
    )
    assert (gate.location.line, gate.location.column) == (3, 1)
    assert gate.fix.text == "Add these lines at the end of .gitleaks.toml:\n[extend]\nuseDefault = true"
    assert [one.text for one in gate.evidence] == [
        ".github/workflows/s.yml:scan:Look scans with it; nothing in that job installs gitleaks",
        "by reading alone: neither gitleaks nor betterleaks is installed here",
    ]


def test_a_canary_overrules_reading():
    text = job(run("gitleaks detect"))
    dead = DEFAULT + b"[allowlist]\npaths = ['.*']\n"
    found = gates(text, canaries=canary(CanaryOutcome.FOUND, 42), _gitleaks_toml=dead)[".gitleaks.toml"]
    assert (found.state, found.why) == (State.ALIVE, "with .gitleaks.toml, gitleaks 8.30.1 finds a made-up secret")
    found = gates(text, canaries=canary(CanaryOutcome.MISSED, 0), _gitleaks_toml=DEFAULT)[".gitleaks.toml"]
    assert found.state is State.DEAD
    assert (
        found.why
        == "with .gitleaks.toml, gitleaks 8.30.1 finds none of the made-up secrets that its built-in rules find"
    )
    assert "ends with exit code 0; by its built-in rules it finds them" in found.evidence[0].text


def test_a_canary_is_nothing_to_rules_of_their_own():
    own = b"[[rules]]\nid = 'x'\nregex = 'x'\n"
    found = gates(job(run("gitleaks detect")), canaries=canary(CanaryOutcome.MISSED, 0), _gitleaks_toml=own)
    assert found[".gitleaks.toml"].state is State.ALIVE
    assert "not what its own rules look for" in found[".gitleaks.toml"].evidence[-1].text


@pytest.mark.parametrize(("tool", "state"), [("gitleaks", State.UNTOLD), ("betterleaks", State.ALIVE)])
def test_a_configuration_that_is_refused_is_told_by_its_own_scanner_only(tool, state):
    said = canary(CanaryOutcome.REFUSED, 1, tool=tool, said="FTL unknown field")
    found = gates(job(run("gitleaks detect")), canaries=said, _gitleaks_toml=DEFAULT)[".gitleaks.toml"]
    assert found.state is state
    assert "FTL unknown field" in found.why + "".join(one.text for one in found.evidence)


def test_a_proof_that_is_asked_for_and_cannot_be_had_is_unknown():
    found = gates(job(run("gitleaks detect")), proof=True, _gitleaks_toml=DEFAULT)[".gitleaks.toml"]
    assert (found.state, found.reason) == (State.UNTOLD, Reason.TOOL_MISSING)
    assert gates(job(run("gitleaks detect")), _gitleaks_toml=DEFAULT)[".gitleaks.toml"].state is State.ALIVE


@pytest.mark.parametrize(
    ("script", "env", "read"),
    [
        ("gitleaks detect", "", ".gitleaks.toml"),
        ("gitleaks detect --config a.toml", "", "a.toml"),
        ("gitleaks detect -c=a.toml", "GITLEAKS_CONFIG: b.toml", "a.toml"),
        ("gitleaks detect", "GITLEAKS_CONFIG: b.toml", "b.toml"),
        ("GITLEAKS_CONFIG=b.toml gitleaks detect", "", "b.toml"),
        ("gitleaks detect --source sub", "", "sub/.gitleaks.toml"),
        ("gitleaks detect --config $GITHUB_WORKSPACE/a.toml", "", "a.toml"),
        ("gitleaks detect --config ${{ env.WHICH }}", "WHICH: b.toml", "b.toml"),
        ("betterleaks fs . -c a.toml", "", "a.toml"),
    ],
)
def test_which_configuration_wins(script, env, read):
    names = (".gitleaks.toml", "a.toml", "b.toml", "sub/.gitleaks.toml")
    contents = {name: ONLY_ALLOWED if name == read else DEFAULT for name in names}
    text = job(run(script, f"  env: {{{env}}}" if env else ""))
    found = secret_scanners.gates(
        workflows({"s.yml": text}), OwnPrograms({}), ScannerFiles(contents), NO_TOOL, proof=False
    )
    dead = [gate.subject for gate in found if gate.state is State.DEAD]
    assert dead == [read]


def test_a_configuration_that_loses_is_a_remark():
    text = job(run("gitleaks detect --config a.toml", "  env: {GITLEAKS_CONFIG: b.toml}"))
    found = gates(text, a_toml=DEFAULT, b_toml=DEFAULT, _github__gitleaks_toml=DEFAULT)
    assert found["Look:GITLEAKS_CONFIG"].why == "`GITLEAKS_CONFIG: b.toml` is not read"
    assert found["Look:GITLEAKS_CONFIG"].evidence[0].text == "`--config a.toml` wins over it"
    idle = found[".github/gitleaks.toml"]
    assert (idle.state, idle.severity) == (State.WEAK, "note")
    assert idle.why == ".github/gitleaks.toml is read by no scan of a workflow"


def test_a_configuration_that_nobody_reads_and_that_is_broken_is_dead():
    found = gates(job(run("gitleaks detect")), _github__gitleaks_toml=b'a = "\\."')[".github/gitleaks.toml"]
    assert found.state is State.DEAD
    assert found.evidence[0].text == "no scan of a workflow reads it"


@pytest.mark.parametrize(
    ("steps", "state"),
    [
        (run("gitleaks detect --config none.toml"), State.DEAD),
        (run("gitleaks detect --config /tmp/none.toml"), State.UNTOLD),
        (run("gitleaks detect --config $X/none.toml"), State.UNTOLD),
        ("- run: curl -o none.toml https://example.com\n" + run("gitleaks detect --config none.toml"), State.UNTOLD),
        ("- uses: actions/checkout@v4\n  with: {path: o}\n" + run("gitleaks detect --config o/c.toml"), State.UNTOLD),
    ],
)
def test_a_configuration_that_is_not_tracked(steps, state):
    gate = gates(job(steps))["Look:configuration"]
    assert gate.state is state
    assert ("names a file that is not tracked: gitleaks stops before it scans" in gate.why) is (state is State.DEAD)


def test_a_file_that_could_not_be_read_is_unknown():
    gone = Missing(reason=Reason.MISSING_OBJECT, message="the clone does not have it")
    gate = gates(job(run("gitleaks detect")), _gitleaks_toml=gone)[".gitleaks.toml"]
    assert (gate.state, gate.reason) == (State.UNTOLD, Reason.MISSING_OBJECT)


@pytest.mark.parametrize(
    ("script", "depth", "why"),
    [
        ("gitleaks detect", "1", "a secret that a later commit took out again is never seen"),
        ("gitleaks git .", "50", "the job checks out only its newest 50 commits"),
        ("gitleaks git --log-opts=$A..$B .", "1", 'gitleaks says "no leaks found" of 0 commits'),
        ("trufflehog git file://. --fail", "1", "a secret that a later commit took out again is never seen"),
    ],
)
def test_history_in_a_shallow_clone(script, depth, why):
    gate = gates(job(run(script), depth=depth))["Look:history"]
    assert gate.state is State.WEAK
    assert why in gate.why
    assert gate.fix.text == "Give the checkout in line 7 all commits: `with: {fetch-depth: 0}`."


@pytest.mark.parametrize(
    ("script", "depth"),
    [
        ("gitleaks detect", "0"),
        ("gitleaks detect", "${{ vars.DEPTH }}"),
        ("gitleaks dir .", "1"),
        ("gitleaks git --log-opts=-1 .", "1"),
        ("git fetch --unshallow\ngitleaks detect", "1"),
    ],
)
def test_no_history_is_missed(script, depth):
    assert "Look:history" not in gates(job(run(script), depth=depth))


def test_history_that_is_promised_and_not_scanned():
    gate = gates(job(run("gitleaks detect --no-git"), name="Scan the full history"))["Look:history"]
    assert gate.why == "'Scan the full history' promises the history, but gitleaks scans only the files that lie there"


@pytest.mark.parametrize(
    ("steps", "why"),
    [
        ("curl -L https://x.org/gitleaks.tgz | tar xz\ngitleaks dir .", "nothing compares it with a checksum"),
        ("wget https://x.org/latest/gitleaks.tgz\ngitleaks dir .", "downloaded, whatever is newest, and nothing"),
        ("docker run gitleaks/gitleaks dir .", "the scanner is whatever is newest: gitleaks/gitleaks"),
        ("go install github.com/gitleaks/gitleaks/v8@latest\ngitleaks dir .", "whatever is newest: github.com"),
    ],
)
def test_where_the_scanner_comes_from(steps, why):
    (gate,) = [gate for gate in gates(job(run(steps))).values() if gate.state is State.WEAK]
    assert why in gate.why
    assert gate.severity == "warning"


@pytest.mark.parametrize(
    "steps",
    [
        run("curl -LO https://x.org/gitleaks.tgz\necho '1  gitleaks.tgz' | sha256sum -c\n./gitleaks dir ."),
        "- name: Look\n  uses: gitleaks/gitleaks-action@v2",
        run("docker run zricethezav/gitleaks:v8.30.1 dir ."),
        run("curl -O https://x.org/gitleaks.toml\ngitleaks dir ."),
    ],
)
def test_a_source_that_will_do(steps):
    assert [gate for gate in gates(job(steps)).values() if gate.state is State.WEAK] == []


def test_an_action_of_a_branch_is_whatever_is_newest():
    gate = gates(job("- name: Look\n  uses: trufflesecurity/trufflehog@main"))["Look:source"]
    assert gate.why == "the scanner is whatever is newest: trufflesecurity/trufflehog@main"


FINGERPRINT = b'  "Fingerprint": "abc:a.py:github-pat:3",'


@pytest.mark.parametrize(
    ("path", "lines", "count"),
    [
        ("security/gitleaks-baseline.json", [b"[", b" {", FINGERPRINT, b" },"], "an entry"),
        ("own.json", [FINGERPRINT, FINGERPRINT], "2 entries"),
        ("b.json", [FINGERPRINT], None),
        (".secrets.baseline", [b'"hashed_secret": "0f"'], "an entry"),
        (".gitleaksignore", [b"# a test", b"", b"abc:a.py:x:1"], "an entry"),
        (".gitleaksignore", [b"# a test"], None),
        ("security/gitleaks-baseline.json", [b"[]"], None),
    ],
)
def test_a_list_that_grows(path, lines, count):
    added = AddedLines({path: tuple(enumerate(lines, 1))})
    found = [gate.why for gate in scanner_baselines.grown(added, {"own.json"})]
    told = f"this change adds {count} to {path}, and nobody signs for a secret that is passed over"
    assert found == ([told] if count else [])


def test_a_list_that_could_not_be_read_is_unknown():
    gone = Missing(reason=Reason.UNPARSEABLE, message="it is too large")
    (gate,) = scanner_baselines.grown(AddedLines({".gitleaksignore": gone}))
    assert gate.state is State.UNTOLD


@pytest.mark.parametrize("swallow", [" || true", " | cat", " || echo leaks", " &", " --exit-code 0"])
@pytest.mark.parametrize("scan", ["gitleaks detect", "gitleaks dir .", "betterleaks fs .", "gitleaks git --redact ."])
def test_a_living_scan_that_is_made_to_succeed_is_never_alive(scan, swallow):
    assert verdict(job(run(scan))) is State.ALIVE
    assert verdict(job(run(scan + swallow))) is not State.ALIVE


WORDS = [
    "gitleaks",
    "git",
    "detect",
    "--config",
    "--config=",
    "-c",
    "$X",
    "${{ env.X }}",
    "||",
    "&&",
    "|",
    ";",
    "\n",
    "'",
]
WORDS += [
    "true",
    "exit",
    "curl",
    "docker",
    "run",
    "trufflehog",
    "command",
    "-v",
    "X=y",
    "(",
    ")",
    "if",
    "then",
    "fi",
    "=",
]


@given(st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join), st.binary(max_size=60))
def test_any_script_and_any_configuration_are_judged(script, content):
    for gate in gates(job(run(script or "x")), {"x": script}, _gitleaks_toml=content).values():
        assert gate.why

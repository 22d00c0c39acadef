"""What steps run: the repository's own scripts, in which shell and with which variables."""

import pytest

from gates import gates, steps, told

FAILS = "#!/bin/bash\nexit 1\n"
FINE = "#!/bin/bash\necho fine\n"


def verdict(run, files, before="", extra=""):
    """The state of a step that promises something and runs this."""
    found = gates(steps(f"{before}- name: Verify it\n  run: |\n    {run}\n{extra}"), files)
    return dict(told(found, "promise")).get("promise", "nothing")


def manifest(**scripts):
    listed = ", ".join(f'"{name.replace("_", ":")}": "{source}"' for name, source in scripts.items())
    return {"package.json": f'{{"scripts": {{{listed}}}}}'}


ROWS = [
    ("./x.sh", {"x.sh": FINE}, "dead"),
    ("./x.sh", {"x.sh": FAILS}, "alive"),
    ("bash x.sh", {"x.sh": FINE}, "dead"),
    ("./y.sh", {"x.sh": FINE}, "alive"),
    ("./x.sh || true", {"x.sh": FAILS}, "dead"),
    ("source x.sh", {"x.sh": FINE}, "dead"),
    ("source x.sh || true", {"x.sh": FAILS}, "alive"),
    ("./x.sh", {"x.sh": "#!/bin/bash\n./y.sh\n", "y.sh": FINE}, "dead"),
    ("./x.sh", {"x.sh": "#!/bin/bash\n./y.sh\n", "y.sh": FAILS}, "alive"),
    ("./x.sh", {"x.sh": "#!/bin/bash\n./x.sh\n"}, "alive"),
    ("./x.sh", {"x.sh": "if (((\n"}, "cannot-tell"),
    ("./x.sh", {"x.sh": "#!/bin/zsh\nexit 1\n"}, "cannot-tell"),
    ("node x.js", {"x.js": "process.exit(1)"}, "alive"),
    ("npm run x", manifest(x="echo fine"), "dead"),
    ("npm run x", manifest(x="exit 1"), "alive"),
    ("npm test", manifest(test="echo fine", pretest="eslint ."), "alive"),
    ("npm test", manifest(test="echo fine", posttest="eslint ."), "alive"),
    ("npm run x", manifest(x="echo a && npm run y", y="exit 1"), "alive"),
    ("npm run x", manifest(x="npm run x"), "nothing"),
    ("npm run x -w web", manifest(x="echo fine"), "nothing"),
    ("pnpm -r x", manifest(x="echo fine"), "nothing"),
    ("cd web && npm run x", manifest(x="echo fine"), "alive"),
    ("cd web; ./x.sh", {"x.sh": FINE}, "alive"),
    ("(cd web); ./x.sh", {"x.sh": FINE}, "dead"),
]


@pytest.mark.parametrize(("run", "files", "expected"), ROWS)
def test_what_a_step_comes_to(run, files, expected):
    found = verdict(run, files)
    assert found == expected or (expected == "nothing" and found != "dead")


SHELLS = [
    ("#!/bin/bash -e\n", "./x.sh", "alive"),
    ("#!/bin/sh -e\n", "./x.sh", "alive"),
    ("#!/usr/bin/env -S bash -euo pipefail\n", "./x.sh", "alive"),
    ("#!/bin/bash\n", "./x.sh", "dead"),
    ("#!/bin/bash -e\n", "bash x.sh", "dead"),
    ("#!/bin/bash\n", "bash -e x.sh", "alive"),
    ("#!/bin/bash\n", "bash -Eeu x.sh", "alive"),
    ("#!/bin/bash\n", "source x.sh", "alive"),
    ("#!/bin/bash\nset -Eeuo pipefail\n", "./x.sh", "alive"),
]


@pytest.mark.parametrize(("first", "run", "expected"), SHELLS)
def test_whether_a_script_stops_at_a_failure(first, run, expected):
    assert verdict(run, {"x.sh": f"{first}grep x y\necho done\n"}) == expected


ASKS_CI = '#!/bin/bash\n[ "$CI" = true ] || exit 1\n'
VARIABLES = [
    ("./x.sh", "", "dead"),
    ("CI=false ./x.sh", "", "alive"),
    ("sudo ./x.sh", "", "alive"),
    ("export CI=; ./x.sh", "", "alive"),
    ("./x.sh", "  env: {CI: ''}\n", "alive"),
    ("./x.sh", "  env: {CI: '${{ inputs.ci }}'}\n", "alive"),
    ("./x.sh", "  env: ${{ fromJSON(inputs.env) }}\n", "alive"),
]


@pytest.mark.parametrize(("run", "extra", "expected"), VARIABLES)
def test_what_a_script_inherits(run, extra, expected):
    assert verdict(run, {"x.sh": ASKS_CI}, extra=extra) == expected


STRICT = '#!/bin/bash\nset -u\n[ "$WHO" = bot ] && exit 0\necho "not $WHO"\n'
NAMES = [
    ("./x.sh", "", "alive"),
    ("./x.sh", "  env: {WHO: '${{ github.actor }}'}\n", "dead"),
    ("bash x.sh", "  env: {WHO: '${{ github.actor }}'}\n", "dead"),
    ("WHO=me; ./x.sh", "  env: {WHO: '${{ github.actor }}'}\n", "dead"),
    ("./y.sh", "  env: {WHO: '${{ github.actor }}'}\n", "dead"),
    ("unset WHO; ./x.sh", "  env: {WHO: '${{ github.actor }}'}\n", "alive"),
    ("sudo ./x.sh", "  env: {WHO: '${{ github.actor }}'}\n", "alive"),
    ("env -i bash x.sh", "  env: {WHO: '${{ github.actor }}'}\n", "alive"),
]


@pytest.mark.parametrize(("run", "extra", "expected"), NAMES)
def test_which_variables_are_set_in_a_script(run, extra, expected):
    assert verdict(run, {"x.sh": STRICT, "y.sh": "#!/bin/bash\n./x.sh\n"}, extra=extra) == expected


@pytest.mark.parametrize(
    ("run", "expected"),
    [
        ("./x.sh", "alive"),
        ("./x.sh one", "alive"),
        ("./x.sh one two", "dead"),
        ("bash x.sh one two", "dead"),
        ("bash -e x.sh one two three", "dead"),
        ('./x.sh "$ONE" "$(pwd)"', "alive"),
        ("./x.sh $WORDS", "alive"),
        ("./x.sh one ${{ inputs.two }}", "alive"),
        ("./y.sh one two", "alive"),
    ],
)
def test_the_arguments_of_a_script(run, expected):
    files = {"x.sh": '#!/bin/bash\nset -u\necho "$1 $2"\n', "y.sh": "#!/bin/bash\n./x.sh\n"}
    assert verdict(run, files) == expected


def test_a_script_that_is_run_twice_is_read_with_the_variables_of_each():
    run = "unset WHO\n    ./x.sh"
    text = steps(f"- name: Verify it\n  run: |\n    ./x.sh\n    {run}\n  env: {{WHO: '${{{{ github.actor }}}}'}}\n")
    assert dict(told(gates(text, {"x.sh": STRICT}), "promise")) == {"promise": "alive"}


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ("", "dead"),
        ("- run: make\n", "dead"),
        ("- uses: actions/checkout@v4\n", "dead"),
        ("- run: echo MODE=b >> $GITHUB_ENV\n", "alive"),
        ("- uses: some/action@v1\n", "alive"),
    ],
)
def test_a_step_before_may_set_variables(before, expected):
    text = steps(f"{before}- name: Verify it\n  run: '[ \"$MODE\" = a ] || exit 1'").replace(
        "jobs:", "env: {MODE: a}\njobs:"
    )
    assert dict(told(gates(text), "promise"))["promise"] == expected


@pytest.mark.parametrize(
    "checkout",
    [
        "- uses: actions/checkout@v4\n  with: {repository: other/one}\n",
        "- uses: actions/checkout@v4\n  with: {path: here}\n",
        "- uses: other/checkout@v1\n",
    ],
)
def test_files_of_another_checkout_are_not_ours(checkout):
    assert verdict("./x.sh", {"x.sh": FINE}, before=checkout) == "alive"


def test_a_file_outside_of_the_folder_that_a_step_runs_in_is_another():
    assert verdict("./x.sh", {"x.sh": FINE}, extra="  working-directory: web\n") == "alive"
    assert verdict("./x.sh", {"web/x.sh": FINE}, extra="  working-directory: web\n") == "dead"
    assert verdict("./x.sh", {"x.sh": FINE}, extra="  working-directory: ${{ inputs.x }}\n") == "alive"


def test_a_chain_of_files_is_followed_so_far_and_no_further():
    def chain(length):
        files = {f"f{n}.sh": f"#!/bin/bash\n./f{n + 1}.sh\n" for n in range(length)}
        return {**files, f"f{length}.sh": FINE}

    assert verdict("./f0.sh", chain(5)) == "dead"
    assert verdict("./f0.sh", chain(9)) == "alive"


LISTED = 'x=$(git ls-files "*.key" || true)\n    if [ -n "$x" ]; then exit 1; fi'


@pytest.mark.parametrize(
    ("run", "files", "before", "expected"),
    [
        (LISTED, {}, "", "dead"),
        (LISTED, {"a/b.key": ""}, "", "alive"),
        (LISTED, {}, "- run: git add x.key\n", "alive"),
        (LISTED, {}, "- uses: actions/checkout@v4\n  with: {repository: other/one}\n", "alive"),
        (LISTED.replace("*.key", "."), {}, "", "alive"),
        (LISTED.replace("*.key", ":(icase)x"), {}, "", "alive"),
        (LISTED.replace("*.key", "[x]"), {}, "", "alive"),
        (LISTED.replace('"*.key"', "-o x"), {}, "", "alive"),
        (f"cd x\n    {LISTED}", {}, "", "alive"),
    ],
)
def test_what_git_lists(run, files, before, expected):
    assert verdict(run, files, before=before) == expected


def test_what_git_is_known_to_print_is_told():
    found = gates(steps(f"- name: Verify it\n  run: |\n    {LISTED}"))
    (gate,) = [one for one in found if one.family == "promise"]
    assert [one.text for one in gate.evidence] == ["`git ls-files *.key` prints nothing here: no tracked file matches"]


BRANCH = '[ "$(git rev-parse --abbrev-ref HEAD)" = HEAD ] || exit 1'


@pytest.mark.parametrize(
    ("on", "checkout", "expected"),
    [
        ("pull_request", "- uses: actions/checkout@v4\n", "dead"),
        ("pull_request", "", "alive"),
        ("push", "- uses: actions/checkout@v4\n", "alive"),
        ("[pull_request, push]", "- uses: actions/checkout@v4\n", "alive"),
        ("pull_request", "- uses: actions/checkout@v4\n  with: {ref: x}\n", "alive"),
        ("pull_request", "- uses: actions/checkout@v4\n- run: git checkout -b x\n", "alive"),
    ],
)
def test_a_pull_request_is_on_no_branch(on, checkout, expected):
    text = steps(f"{checkout}- name: Verify it\n  run: '{BRANCH}'", on=on)
    assert dict(told(gates(text), "promise"))["promise"] == expected

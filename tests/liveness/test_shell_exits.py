"""Where scripts can end as failed: each row is a script that was, or could be, read wrongly."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govcheck.liveness.effects import Effect
from govcheck.liveness.shell_assignments import Surroundings
from govcheck.liveness.shell_exits import exits
from govcheck.liveness.shell_options import shell_options

KNOWN = {"CI": "true", "EMPTY": ""}


def read(script, *, errexit=True, pipefail=False, nounset=False, bash=True, output=lambda _: None):
    surroundings = Surroundings(environment=KNOWN, given=frozenset(KNOWN), output=output)
    return exits(script, errexit=errexit, pipefail=pipefail, nounset=nounset, bash=bash, surroundings=surroundings)


def worst(found):
    """The worst that can happen: untold, judgement, accident, never."""
    if found.untold:
        return "untold"
    return max((red.effect for red in found.red), default=Effect.NEVER).name.lower()


ERREXIT = [
    ("false\ntrue", True, "judgement"),
    ("false\ntrue", False, "never"),
    ("false\ntrue", None, "judgement"),
    ("set -e\nfalse\ntrue", False, "judgement"),
    ("set -Eeuo pipefail\nfalse\ntrue", False, "judgement"),
    ("set -o errexit\nfalse\ntrue", False, "judgement"),
    ("set +e\nfalse\ntrue", True, "never"),
    ("set +o errexit\nfalse\ntrue", True, "never"),
    ("set $FLAGS\nfalse\ntrue", False, "judgement"),
    ("set -- -e\nfalse\ntrue", False, "never"),
    ("(set -e)\nfalse\ntrue", False, "never"),
    ("(set +e)\nfalse\ntrue", True, "judgement"),
    ("set +e & false\ntrue", True, "judgement"),
    ("a && set +e\nfalse\ntrue", True, "judgement"),
    ("if a; then set +e; fi\nfalse\ntrue", True, "judgement"),
    ("if a; then set +e; exit 0; fi\nfalse\ntrue", True, "judgement"),
    ("case $x in a) set -e;; esac\nfalse\ntrue", False, "judgement"),
    ("case $x in a) set -e;& b) false; true;; esac", False, "judgement"),
    ("while a; do false; true; set -e; done", False, "judgement"),
    ("for x in a b; do set -e; break; set +e; done\nfalse\ntrue", False, "judgement"),
    ("f() { set -e; }\nf\nfalse\ntrue", False, "judgement"),
    ("f() { set -e; return; set +e; }\nf\nfalse\ntrue", False, "judgement"),
    ("source lib.sh\nfalse\ntrue", False, "judgement"),
    ("shopt -so errexit\nfalse\ntrue", False, "judgement"),
]


@pytest.mark.parametrize(("script", "errexit", "expected"), ERREXIT)
def test_errexit_is_followed_through_branches_loops_and_subshells(script, errexit, expected):
    found = read(f"{script}\ntrue", errexit=errexit)
    assert worst(found) == expected


HEEDED = [
    ("false || true", "never"),
    ("false && true\ntrue", "never"),
    ("false && true", "judgement"),
    ("true && false\ntrue", "judgement"),
    ("f() { false && true; }\nf\ntrue", "judgement"),
    ("(false && true)\ntrue", "judgement"),
    ("{ false && true; }\ntrue", "never"),
    ("if false; then true; fi\ntrue", "never"),
    ("if grep x y; then true; else exit; fi", "judgement"),
    ("if true; then echo; else exit 1; fi", "never"),
    ("false || exit\ntrue", "judgement"),
    ("f() { false; true; }\nf || true", "never"),
    ("f() { exit 1; }\nf || true", "judgement"),
    ("(exit 1) || true", "never"),
    ("! true\ntrue", "never"),
    ("! true", "judgement"),
    ("! true | true", "judgement"),
    ("! true >/dev/null | true >/dev/null", "judgement"),
    ("true | ! false", "never"),
    ("! false", "never"),
    ("exit 1 | true", "never"),
    ("true | exit 1", "judgement"),
    ("false | true", "never"),
    ("echo a | while read -r x; do exit 1; done", "judgement"),
    ("false &\ntrue", "never"),
    ("(exit 0 & exit 1)", "judgement"),
    ("false & wait $!", "judgement"),
    ("false & wait", "never"),
]


@pytest.mark.parametrize(("script", "expected"), HEEDED)
def test_what_is_heeded(script, expected):
    assert worst(read(script)) == expected


@pytest.mark.parametrize(("pipefail", "expected"), [(False, "never"), (True, "judgement"), (None, "judgement")])
def test_pipes(pipefail, expected):
    assert worst(read("exit 1 | true", pipefail=pipefail)) == expected


def test_the_end_of_a_pipe_may_be_cut_off_under_pipefail():
    assert worst(read("echo a | true", pipefail=True)) == "accident"


DOCUMENTS = [
    ("cat <<END | bad-or-good\ntext\nEND", "judgement"),
    ("cat <<END | bad | true\ntext\nEND", "never"),
    ("cat <<END || exit 1\ntext\nEND", "judgement"),
    ("true <<END && exit 1\ntext\nEND", "judgement"),
    ("false && cat <<END || exit 1\ntext\nEND", "judgement"),
    ("bash <<END\nexit 1\nEND", "judgement"),
    ("python3 <<END\nimport sys\nEND", "judgement"),
    ("echo <<END\ntext\nEND", "never"),
    ("cat > /dev/null <<END\n${X:?}\nEND", "judgement"),
]


@pytest.mark.parametrize(("script", "expected"), DOCUMENTS)
def test_what_follows_a_here_document_on_its_line(script, expected):
    found = read(script)
    assert worst(found) == expected or (expected == "never" and worst(found) == "accident")


LEAVING = [
    ("exit 0", "never"),
    ("exit 1", "judgement"),
    ("exit 256", "never"),
    ("exit 1000000001", "judgement"),
    ("exit -1", "judgement"),
    ("exit x", "judgement"),
    ("exit ²", "judgement"),
    ("exit $x", "judgement"),
    ("exit 0 0", "judgement"),
    ("x=0\nexit $x", "never"),
    ("x=0\nx=1\nexit $x", "judgement"),
    ("x=\nfalse || exit $x", "judgement"),
    ("true\nexit", "never"),
    ("exit $?", "never"),
    ("false || exit $?", "judgement"),
    ("set +e\nfalse\nexit $?", "judgement"),
    ("set +e\nfalse\necho done\nexit $?", "never"),
    ('set +e\nfalse\necho done\nstatus=$?\nexit "$status"', "never"),
    ('set +e\nfalse\nstatus=$?\necho done\nexit "$status"', "judgement"),
    ('set +e\nfalse\nstatus=$?\necho done\nstatus=$?\nexit "$status"', "judgement"),
    ("set +e\nfalse\necho done\nif [ $? -ne 0 ]; then exit 1; fi", "never"),
    ("set +e\nfalse\nif [ $? -ne 0 ]; then exit 1; fi", "judgement"),
    ("set +e\nfalse\n[ $? -eq 0 ] || exit 1", "judgement"),
    ("set +e\necho\n[ $? -eq 0 ] || exit 1", "never"),
    ("set +e\nx=$(false)\nexit $?", "judgement"),
    ("set +e\nf() { local x=$(false); return $?; }\nf", "never"),
    ("set +e\nfor x in 1 2; do exit $status; status=$?; false; done", "judgement"),
    ("set +e\nfalse & \nexit $?", "never"),
    ("return 1\ntrue", "judgement"),
    ("return 0\nexit 1", "judgement"),
    ("f() { return 1; }\nf", "judgement"),
    ("f() { return 1; exit 2; }\nf || true", "never"),
    ("exec true", "accident"),
    ("exec false\nexit 0", "judgement"),
    ("exec bash -c 'exit 1'", "judgement"),
    ("exec 2>&1", "accident"),
    ("command exit 1 || true", "judgement"),
    ("builtin exit 1 || true", "judgement"),
    ("\\exit 1", "judgement"),
    ("eval 'exit 1' || true", "judgement"),
    (". ./lib.sh || true", "judgement"),
    ("time exit 1", "judgement"),
    ("exit ${{ inputs.code }}", "judgement"),
    ("${{ inputs.command }}", "judgement"),
    ("$COMMAND || true", "never"),
    ('x="exit 1"\n$x || true', "judgement"),
    ('fail() { exit 1; }\nrun() { "$@" || true; }\nrun fail', "judgement"),
]


@pytest.mark.parametrize(("script", "expected"), LEAVING)
def test_what_leaves_a_script(script, expected):
    assert worst(read(script)) == expected


FUNCTIONS = [
    ("f() { exit 1; }\ntrue", "never"),
    ("f\nf() { true; }", "judgement"),
    ("if a; then f() { exit 1; }; else f() { true; }; fi\nf || true", "judgement"),
    ("if a; then f() { true; }; fi\nf", "judgement"),
    ("f() { true; }\nf() { exit 1; }\nf", "judgement"),
    ("f() { exit 1; }\nf() { true; }\nf", "never"),
    ("(f() { true; })\nf", "judgement"),
    ("f() { true; }\nunset -f f\nf", "judgement"),
    ("echo() { exit 1; }\necho", "judgement"),
    ("f() { f; }\nf", "untold"),
    ("f() { g; }\ng() { f; }\nf", "untold"),
    ("f() ( exit 1 )\nf || true", "never"),
    ("f() { local x=1; }\nf", "never"),
    ("local x=1", "judgement"),
    ("true | time f\nf() { true; }", "judgement"),
]


@pytest.mark.parametrize(("script", "expected"), FUNCTIONS)
def test_functions(script, expected):
    assert worst(read(script)) == expected


VALUES = [
    ("x=$(false)", "judgement"),
    ("x=$(false; true)\ntrue", "judgement"),  # dash stops there, bash does not
    ("x=$(exit 1)\ntrue", "judgement"),
    ("x=$(exit 1) || true", "never"),
    ("x=$(false)$(true)", "never"),
    ("x=${y:-$(false)}", "judgement"),
    ("x=($(false))", "judgement"),
    ("x=`false`", "judgement"),
    ("x=$(< missing)", "accident"),
    ("x=$(false) y=1", "judgement"),
    ("export x=$(false)", "never"),
    ("f() { local x=$(false); }\nf", "never"),
    ("echo $(exit 1)", "never"),
    ("readonly x=1\nx=2\ntrue", "judgement"),
    ("declare -F f", "judgement"),
    ("declare -p x", "judgement"),
    ("export -f f", "accident"),
    (": ${X:?}", "judgement"),
    (': "${X:?}" || true', "judgement"),
    ('x=1\n: "${x:?}"', "never"),
    ("(: ${X:?}) || true", "never"),
    ("if false; then : ${X:?}; fi", "never"),
    ("for x in ${X:?}; do true; done", "judgement"),
    ("case ${X:?} in a) true;; esac", "judgement"),
    ("x=$((1 / y))", "accident"),
    ("x=$((1 / 2))", "never"),
    ("{ x=$((1 / y)); } && exec true\nexit 1", "judgement"),
    ("let x=0", "judgement"),
    ("(( x ))", "judgement"),
    ("(( x )) || true", "never"),
]


@pytest.mark.parametrize(("script", "expected"), VALUES)
def test_values(script, expected):
    assert worst(read(script)) == expected


UNSET = [
    ("set -u\necho $X", "judgement"),
    ("set -u\necho ${X:-}", "never"),
    ("set -u\necho $CI $EMPTY $HOME $GITHUB_SHA", "never"),
    ("set -u\nif a; then x=1; fi\necho $x", "accident"),
    ("set -u\nx=1\necho $x", "never"),
    ("set -u\nx=$x", "accident"),
    ("set -u\nfor f in *; do echo $f; done", "never"),
    ("set -u\n(( X ))\ntrue", "judgement"),
    ("set -u\necho $1", "judgement"),
    ('set -u\nsay() { local x="$1"; echo "$x"; }\nsay fine', "accident"),
    ('set -u\nsay() (\n  echo "${2}"\n)\nsay so fine', "accident"),
    ("set -u\necho $GITHUB_TOKEN", "judgement"),
    ("echo $X", "never"),
    ("echo ${X:?}", "judgement"),
    ("echo ${GITHUB_OUTPUT:?} ${RUNNER_TEMP:?} ${GITHUB_SHA?} ${HOME:?}", "never"),
    ("echo ${GITHUB_HEAD_REF:?}", "judgement"),
    ("echo ${GITHUB_TOKEN:?}", "judgement"),
    ("echo ${EMPTY:?}", "judgement"),
    ("RUNNER_TEMP=$1\necho ${RUNNER_TEMP:?}", "judgement"),
]


@pytest.mark.parametrize(("script", "expected"), UNSET)
def test_variables_without_a_value(script, expected):
    assert worst(read(script)) == expected


LOOPS = [
    ("for x in a; do true; done", "never"),
    ("while true; do break; exit 1; done", "judgement"),
    ("while grep x y; do true; done", "never"),
    ("until curl x; do sleep 1; done", "judgement"),
    ("until curl -s x | grep -q ok; do sleep 1; done", "judgement"),
    ("while ! nc -z x 1; do sleep 1; done", "judgement"),
    ("until curl x; do sleep 1; break; done", "never"),
    ("until curl x; do n=$((n+1)); [ $n -gt 3 ] && exit 0; true; done", "never"),
    ("until curl x$n; do n=$((n+1)); done", "never"),
    ("until [ $n -gt 3 ]; do n=$((n+1)); curl x || true; done", "never"),
    ("while ! read -r x; do true; done", "never"),
    ("while curl x; do sleep 1; done", "never"),
    ("while true; do if a; then break; fi; exit 0; done\nexit 1", "judgement"),
    ("for x in a; do false || continue; done", "never"),
    ("while a\n# why\ndo exit 1; done", "judgement"),
    ("select x in a b; do exit 1; done", "judgement"),
    ("for ((i=0; i<1; i++)); do exit 1; done", "judgement"),
    ("case $x in a) exit 1;; *) true;; esac", "judgement"),
    ("case $x in a) true;; esac", "never"),
    ("while read -r l; do exit 1; done < list", "judgement"),
]


@pytest.mark.parametrize(("script", "expected"), LOOPS)
def test_loops_and_cases(script, expected):
    assert worst(read(script)) == expected


TRAPS = [
    ("trap 'exit 0' EXIT\nexit 1", "untold"),
    ("trap 'exit $code' EXIT", "untold"),
    ("trap 'exit 3' ERR", "judgement"),
    ("trap 'rm -rf x' EXIT", "accident"),
    ('trap "rm -rf $x" EXIT', "accident"),
    ("trap 'echo bye' EXIT", "never"),
    ("trap - EXIT", "never"),
    ("trap '' PIPE", "never"),
    ("clean() { rm x; }\ntrap clean EXIT", "accident"),
    ("clean() { exit 1; }\ntrap clean EXIT", "judgement"),
    ("clean() { exit; }\ntrap clean EXIT", "untold"),
    ("trap 'unknown-program' EXIT", "judgement"),
]


@pytest.mark.parametrize(("script", "expected"), TRAPS)
def test_traps(script, expected):
    assert worst(read(script)) == expected


INLINE = [
    ("bash -c 'exit 1'", "judgement"),
    ("bash -c 'false; true'", "never"),
    ("bash -ec 'false; true'", "judgement"),
    ("bash -e -c 'false; true'", "judgement"),
    ("bash -eo pipefail -c 'false | true'", "judgement"),
    ("sh -c 'true'", "never"),
    ('bash -c "$x"', "judgement"),
    ("timeout 60 bash -c 'until curl x; do sleep 1; done'", "judgement"),
    ("timeout 5 true", "judgement"),
    ("sudo true", "accident"),
    ("command true", "never"),
    ("command -v git", "judgement"),
    ("CI=false\nbash -c '[ \"$CI\" = true ] || exit 1'", "judgement"),
    ("bash -c '[ \"$CI\" = true ] || exit 1'", "never"),
    ("CI= bash -c '[ \"$CI\" = true ] || exit 1'", "judgement"),
    ("env CI= bash -c '[ \"$CI\" = true ] || exit 1'", "judgement"),
    ("sudo bash -c '[ \"$CI\" = true ] || exit 1'", "judgement"),
    ('bash -c "bash -c \'bash -c \\"bash -c true\\"\'"', "judgement"),
]


@pytest.mark.parametrize(("script", "expected"), INLINE)
def test_scripts_in_scripts(script, expected):
    assert worst(read(script)) == expected


REDIRECTS = [
    ("echo x > file", "accident"),
    ("echo x > /dev/null", "never"),
    ('echo x >> "$GITHUB_OUTPUT"', "never"),
    ("echo x >&2", "never"),
    ("echo x > missing/file || exit 1", "judgement"),
    ("(echo > /dev/tcp/localhost/80)", "judgement"),
    ("exit 0 > missing/file", "accident"),
    ("> file", "accident"),
    ("cat < file", "accident"),
    ("true > >(tee log)", "never"),
]


@pytest.mark.parametrize(("script", "expected"), REDIRECTS)
def test_redirections(script, expected):
    assert worst(read(script)) == expected


LOST = '[ a == "${X-z}" -a 010 -lt 0 ] | cat\ntrue && echo >&2\n[ "$X" != "x" -a 1 -lt 010 ] || true'
"""The parser takes all of it for one test."""

UNREADABLE = [LOST, "if (((", "! { false; exit 1; }", "! if true; then false; fi", "exec 3<>/dev/tcp/a/1", "a" * 70_000]


@pytest.mark.parametrize("script", UNREADABLE)
def test_what_cannot_be_read_is_said_to_be(script):
    assert read(script).untold


@pytest.mark.parametrize("shopt", ["lastpipe", "expand_aliases", "extdebug"])
def test_options_that_change_how_scripts_are_read(shopt):
    assert read(f"shopt -s {shopt}").untold


def test_a_shell_that_may_not_be_bash_may_not_know_double_brackets():
    script = '[[ "$CI" == true ]] || exit 1'
    assert (worst(read(script)), worst(read(script, bash=False))) == ("never", "judgement")


SPOKEN = [
    ("if a; then echo '::error::no'; fi", ["::error::no"]),
    ("if a; then echo '::error::no'; fi\nexit 1", []),
    ("if a; then echo '::error::no'; exit 1; fi", []),
    ("if a; then echo '::error::no'; failed=1; fi", []),
    ("if a; then echo '::error::no'; touch failed; fi", []),
    ("if a; then echo '::error::no' >> failures; fi", []),
    ("if a; then echo '::error::no'; echo x >> $GITHUB_STEP_SUMMARY; fi", ["::error::no"]),
    ("if a; then echo no error; fi", []),
    ("if a; then echo 'Error: no'; exit 0; fi\nexit 1", []),
    ("if a; then echo '::error::no'; exit 0; fi\nexit 1", ["::error::no"]),
    ("fail() { exit 1; }\nif a; then echo '::error::no'; fi\nb || fail", []),
    ("for x in a; do b || exit 1\nif a; then echo '::error::no'; fi; done", []),
    ("x=$(if a; then echo failed; fi)", []),
    ("while a; do if b; then echo failed; fi; done", ["failed"]),
]


@pytest.mark.parametrize(("script", "said"), SPOKEN)
def test_what_branches_say_without_meaning_it(script, said):
    assert [one.text for one in read(script, errexit=False).unheeded] == said


def test_where_a_script_comes_by_and_where_not():
    script = "if [ $CI = true ]; then one; else two; fi\nf() { three; }\necho $(f)\nexit 0\nfour"
    found = read(script)
    reached = [word for word in ("one", "two", "three", "four") if found.comes_by(script.index(word))]
    assert reached == ["one", "three"]
    assert found.captures(script.index("f)"))
    assert found.green == (script.index("exit 0"),)


def test_what_git_is_known_to_print_decides():
    script = 'x=$(git ls-files "*.key" | head -n1 || true)\nif [ -n "$x" ]; then exit 1; fi'
    assert worst(read(script, output=lambda words: "" if words[:2] == ["git", "ls-files"] else None)) == "never"
    assert worst(read(script)) == "judgement"


HOSTILE = {
    "nested ifs": "if a; then\n" * 2000 + "exit 1\n" + "fi\n" * 2000,
    "nested subshells": "(" * 900 + "exit 1" + ")" * 900,
    "elif": "if a; then b\n" + "elif c; then d\n" * 3000 + "fi",
    "&&": " && ".join(["a"] * 450),
    "more && than are read": " && ".join(["a"] * 2900),
    "||": " || ".join(["a"] * 700),
    "pipes": "|".join(["a"] * 1400),
    "negations": "! " * 3000 + "true",
    "documents": "cat <<E | " * 200 + "a\n" + "x\nE\n" * 200,
    "functions that call each other": "\n".join(f"f{n}() {{ f{n + 1}; f{n + 1}; }}" for n in range(300)) + "\nf0",
    "loops": "while a; do\n" * 50 + "set -e; set +e\n" + "done\n" * 50,
    "doubling": "x0=ab\n" + "\n".join(f"x{n + 1}=$x{n}$x{n}$x{n}" for n in range(60)) + "\n[ $x60 = a ]",
    "choices": "\n".join(f"x={n}" for n in range(3000)) + "\n[ $x = 1 ]",
    "products": "\n".join(f"x={n}" for n in range(16)) + "\ny=" + "$x" * 2000 + "\n[ $y = 1 ]",
    "a long value": f"x={'a' * 30_000}\ny=" + "$x" * 500 + "\n[ $y = 1 ]",
    "switches": "if a; then set -e; fi\nif b; then set +e; fi\n" * 500,
    "cycle": "a=$b\nb=$c\nc=$a\n[ $a = $b ]",
    "brackets": "[ " + "! " * 3000 + "a ]",
    "parentheses": "[[ " + "(" * 900 + "a" + ")" * 900 + " ]]",
    "expansions": "echo " + "${a:-" * 2000 + "}" * 2000,
    "heredoc of nothing": "cat <<",
    "NUL": "echo \0 && exit 1",
}


@pytest.mark.parametrize("script", HOSTILE.values(), ids=HOSTILE)
def test_hostile_scripts_are_read_or_refused(script):
    found = read(script, errexit=None, pipefail=None, nounset=None)
    assert found.reached or found.untold


fragments = st.sampled_from(
    [
        *(
            "if ",
            "then ",
            "fi\n",
            "while ",
            "do ",
            "done\n",
            "f() {",
            "}\n",
            "(",
            ")",
            "!",
            " | ",
            " && ",
            "&\n",
            "<<E\n",
        ),
        *("E\n", "$(", "`", '"', "'", "[ ", " ]", "[[ ", " ]]", "exit 1\n", "set -e\n", "case $x in ", "a) ", ";; "),
        *("x=1\n", "$x ", "${x:?} ", "f\n", "trap f EXIT\n", "return\n", "break\n", "local x\n", "eval ", "elif "),
        *("esac\n", "else "),
    ]
)


@settings(max_examples=100)
@given(st.lists(fragments, max_size=40).map("".join))
def test_any_text_is_walked_through(script):
    read(script, errexit=None, pipefail=None, nounset=None)


@pytest.mark.parametrize(
    ("words", "settings", "operand", "inline", "known"),
    [
        (["-Eeuo", "pipefail"], {"errexit": True, "nounset": True, "pipefail": True}, 2, False, True),
        (["+e", "x"], {"errexit": False}, 1, False, True),
        (["-e", "-c", "x"], {"errexit": True}, 2, True, True),
        (["--norc", "-x", "x.sh"], {}, 2, False, True),
        (["--", "-e"], {}, 1, False, True),
        (["-o"], {}, 2, False, True),
        (["-o", "posix"], {}, 2, False, True),
        ([None, "-e"], {}, 0, False, False),
        (["-o", None], {}, 2, False, False),
    ],
)
def test_options_of_shells(words, settings, operand, inline, known):
    found = shell_options(words)
    assert (dict(found.settings), found.operand, found.inline, found.known) == (settings, operand, inline, known)


LOST = [
    ("x=0\nls | while read f; do x=1; done\nexit $x", "never"),
    ("x=0\nwhile read f; do x=1; done < list\nexit $x", "judgement"),
    ("x=0\nls | while read f; do x=1; exit $x; done", "judgement"),
    ("x=0\n(x=1)\nexit $x", "never"),
    ("x=0\n(x=1; exit $x)", "judgement"),
    ("x=0\ny=$(x=1)\nexit $x", "never"),
    ("x=0\ntrue && x=1 | cat\nexit $x", "never"),
    ("x=0\nx=1 && true | cat\nexit $x", "judgement"),
    ("x=0\ncat <<E | cat && x=1\na\nE\nexit $x", "judgement"),
    ("x=0\nf() { x=1; }\ntrue | f\nexit $x", "judgement"),
    ("x=0\nf() { x=1; }\nf\nexit $x", "judgement"),
    ("shopt -s lastpipe\nx=0\nls | while read f; do x=1; done\nexit $x", "untold"),
]


@pytest.mark.parametrize(("script", "expected"), LOST)
def test_what_a_subshell_or_a_part_of_a_pipe_sets_is_lost_with_it(script, expected):
    assert worst(read(script, errexit=False)) == expected


WORDS = [
    ('for x in failure success; do [ "$x" = failed ] && exit 1; done; exit 0', "never"),
    ('for x in failure success; do [ "$x" = failure ] && exit 1; done; exit 0', "judgement"),
    ('for x in failure; do x=failed; [ "$x" = failed ] && exit 1; done; exit 0', "judgement"),
    ('for x in failure; do :; done; [ "$x" = failed ] && exit 1; exit 0', "judgement"),
    ('for x in $LIST; do [ "$x" = failed ] && exit 1; done; exit 0', "judgement"),
    ('for x in a; do read x; [ "$x" = failed ] && exit 1; done; exit 0', "judgement"),
]


@pytest.mark.parametrize(("script", "expected"), WORDS)
def test_in_its_loop_a_variable_is_one_of_the_words(script, expected):
    assert worst(read(script, errexit=False)) == expected

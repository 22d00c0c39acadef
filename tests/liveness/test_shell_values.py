"""What variables may hold, how tests come out, and what substitutions come to."""

import pytest

from govcheck.actions.shell_tree import parsed
from govcheck.liveness import shell_tests
from govcheck.liveness.shell_assignments import Surroundings
from govcheck.liveness.shell_exits import exits
from govcheck.liveness.shell_printed import printed
from govcheck.liveness.shell_values import Variables

KNOWN = {"CI": "true", "EMPTY": "", "SPACED": "a b"}


def variables(script):
    root, words = parsed(script)
    return Variables(root, words, Surroundings(environment=KNOWN, given=frozenset(KNOWN)))


VALUES = [
    ("x=a", {"a"}),
    ("x=a\nx=b", {"a", "b"}),
    ("if c; then x=a; fi", None),
    ("x=a\nif c; then x=b; fi", {"a", "b"}),
    ("x=", {""}),
    ("x='a b'", {"a b"}),
    ('x="a$CI"', {"atrue"}),
    ("x=$SPACED", {"a b"}),
    ("export x=a", {"a"}),
    ("declare -r x=a", {"a"}),
    ("declare -i x=1+1", None),
    ("declare -u x=a", None),
    ("declare -n x=y", None),
    ("x=a\nf() { local x; }", None),
    ("x=a &", None),
    ("x=a\nx+=b", None),
    ("x[0]=a", None),
    ("x=(a b)", None),
    ("x=~", None),
    ("x=a:~/b", None),
    ("x={a,b}", None),
    ("x=$'a\\tb'", None),
    ("x=$'ab'", {"ab"}),
    ("x=$(date)", None),
    ("x=$((1+1))", None),
    ("x=$UNKNOWN", None),
    ("x=${EMPTY:-d}", {"d"}),
    ("x=${EMPTY-d}", {""}),
    ("x=${CI:-d}", {"true"}),
    ("x=${CI:+d}", {"d"}),
    ("x=${EMPTY:+d}", {""}),
    ("x=${EMPTY+d}", {"d"}),
    ("x=${CI:-'d'}", None),
    ("x=${CI%e}", None),
    ("x=a\nread -r x", None),
    ('x=a\nread -r "x"', None),
    ('x=a\nread -r "$name"', None),
    ("x=a\nbuiltin read x", None),
    ("x=a\nprintf -v x b", None),
    ("x=a\nprintf x", {"a"}),
    ("x=a\nmapfile x", None),
    ("x=a\ngetopts ab x", None),
    ("x=a\nunset x", None),
    ("x=a\nlet x=1", None),
    ("x=a\n(( x = 1 ))", None),
    ("x=a\n(( x++ ))", None),
    ("x=a\n(( x == 1 ))", {"a"}),
    ("x=a\ny=$(( x = 2 ))", None),
    ("x=a\nfor ((x=0; x<1; x++)); do true; done", None),
    ("x=a\n: ${x:=b}", None),
    ("x=a\neval y", None),
    ("x=a\nsource y", None),
    ('x=a\nexport "$y"', None),
    ("x=a\nexport $(cat .env)", None),
    ("x=a\nx=b f", None),
    ('x=a\n"$@"', {"a"}),
    ('x=a\nrun() { "$@"; }\nrun read x', None),
    ("x=a\nfor x in b 'c d'; do true; done", {"a", "b", "c d"}),
    ("x=a\nfor x in *; do true; done", None),
    ("x=a\nfor x in $SPACED; do true; done", None),
    ("x=a\nfor x; do true; done", None),
    ("x=a\nselect x in b; do true; done", None),
    ("x=$y\ny=$x", None),
    ("x0=a\nx1=$x0$x0\nx=$x1$x1", {"aaaa"}),
    ("\n".join(f"x={n}" for n in range(17)), None),
    ("SECONDS=0\nx=$SECONDS", None),
    ("PWD=a\nx=$PWD", None),
    (f"x={'a' * 6000}", None),
]


@pytest.mark.parametrize(("script", "expected"), VALUES)
def test_what_a_variable_may_hold(script, expected):
    found = variables(f"{script}\nend").of("x", len(script) + 1)
    assert found == (None if expected is None else frozenset(expected))


def test_what_the_environment_holds_counts_until_it_is_surely_replaced():
    script = "if a; then CI=b; fi\n1\nCI=c\n2"
    found = variables(script)
    assert found.of("CI", script.index("1")) == {"true", "b", "c"}
    assert found.of("CI", script.index("2")) == {"b", "c"}
    assert found.of("EMPTY", 0) == {""}
    assert found.of("1", 0) is None


@pytest.mark.parametrize(
    ("script", "kept"),
    [
        ("x=1", {"CI", "EMPTY", "SPACED"}),
        ("CI=x", {"EMPTY", "SPACED"}),
        ("CI=x f", {"EMPTY", "SPACED"}),
        ("env CI=x f", {"EMPTY", "SPACED"}),
        ("export -n CI", {"EMPTY", "SPACED"}),
        ("unset EMPTY", {"CI", "SPACED"}),
        ("eval x", set()),
    ],
)
def test_what_a_program_inherits(script, kept):
    assert variables(script).inherited().environment.keys() == kept


TESTS = [
    ('[ "$CI" = true ]', "true"),
    ('[ "$CI" != true ]', "false"),
    ('[ "$CI" == true ]', "either"),  # dash does not know it
    ('[ "$CI" == false ]', "false"),
    ("[ $CI = true ]", "true"),
    ("[ $EMPTY = a ]", "either"),
    ("[ -n $EMPTY ]", "either"),
    ('[ -n "$EMPTY" ]', "false"),
    ('[ -z "$EMPTY" ]', "true"),
    ("[ -n $SPACED ]", "either"),
    ('[ "$SPACED" = "a b" ]', "true"),
    ("[ $UNKNOWN = a ]", "either"),
    ("[ a = * ]", "either"),
    ("[ ~ = a ]", "either"),
    ("[ a ]", "true"),
    ('[ "" ]', "false"),
    ("[ -n ]", "true"),
    ('[ ! "$EMPTY" ]', "true"),
    ('[ ! -z "$EMPTY" ]', "false"),
    ('[ ! "$CI" = true ]', "false"),
    ("[ 1 -eq 1 ]", "true"),
    ("[ 1 -gt 2 ]", "false"),
    ("[ 010 -eq 8 ]", "either"),
    ('[ "-3" -lt 1 ]', "true"),
    ("[ --5 -eq 1 ]", "either"),
    ("[ ² -eq 2 ]", "either"),
    ("[ a -eq 1 ]", "either"),
    ("[ -f x ]", "either"),
    ("[ a -nt b ]", "either"),
    ("[ a = a -a b = c ]", "either"),
    ("[ ]", "either"),
    ('test "$CI" = true', "true"),
    ('test ! "$CI" = true', "false"),
    ("test -d x", "either"),
    ("[[ $CI == true ]]", "true"),
    ("[[ $EMPTY == a ]]", "false"),
    ("[[ -n $EMPTY ]]", "false"),
    ("[[ ! $CI ]]", "false"),
    ("[[ $CI == t* ]]", "either"),
    ('[[ $CI == "$CI" ]]', "true"),
    ("[[ $CI == $PATTERN ]]", "either"),
    ("[[ $CI =~ ^t ]]", "either"),
    ("[[ $CI < b ]]", "either"),
    ("[[ a == a && ab == a* ]]", "either"),
    ("[[ $CI == true && -z $EMPTY ]]", "true"),
    ("[[ $CI == x || -n $EMPTY ]]", "false"),
    ("[[ $CI == x || $UNKNOWN ]]", "either"),
    ("[[ $CI == x && $UNKNOWN ]]", "false"),
    ("[[ ! $CI == true ]]", "either"),
    ("[[ ($CI == true) ]]", "true"),
]


@pytest.mark.parametrize(("test", "expected"), TESTS)
def test_how_a_test_comes_out(test, expected):
    found = exits(
        f"if {test}; then exit 11; else exit 12; fi",
        errexit=False,
        pipefail=False,
        surroundings=Surroundings(environment=KNOWN),
    )
    outcomes = {"`exit 11`": "true", "`exit 12`": "false"}
    ways = {outcomes[red.how] for red in found.red}
    assert found.untold or ways == ({"true", "false"} if expected == "either" else {expected})


def test_texts_are_not_compared_where_case_does_not_matter():
    root, words = parsed("[ a = b ]")
    truth = shell_tests.Tests(words, variables("x"), settled=False).node(root.children[0])
    assert (truth.true, truth.false) == (True, True)


@pytest.mark.parametrize("ifs", ["IFS=,\n", "eval x\n"])
def test_values_that_may_be_split_at_anything_are_not_known(ifs):
    found = exits(f"{ifs}x=a\n[ $x = a ] || exit 1", errexit=False, pipefail=False, surroundings=Surroundings())
    assert found.judging


PRINTED = [
    ("known", {""}),
    ("known | head -n1", {""}),
    ("known | head -n 1 || true", {""}),
    ("known | sort | uniq", {""}),
    ("known 2>/dev/null | grep -v x", {""}),
    ("known | grep -c x", None),
    ("known | grep x file", None),
    ("known | grep -r x", None),
    ("known | cat file", None),
    ("known | cat < file", None),
    ("known | jq -r .x", {""}),
    ("known | jq -s .", None),
    ("known | jq -n 1", None),
    ("known | sed 's/a/b/'", {""}),
    ("known | sed -e a -e b", None),
    ("known | tr -d x", {""}),
    ("known | wc -l", {"0", "       0"}),
    ("known | wc -l | tr -d ' '", {"0"}),
    ("known | wc -l | xargs", {"0"}),
    ("known | wc -l | sort", None),
    ("known | wc", None),
    ("known || echo none", {"", "none"}),
    ("known || echo $x", None),
    ("known || echo -n x", None),
    ("known; echo a; echo b", None),
    ("known | xargs x", None),
    ("known; while a; do echo b; done", None),
    ("unknown | head", None),
    ("loud", {"x"}),
    ("loud | head", None),
    ("if (((", None),
    ("", None),
]


@pytest.mark.parametrize(("source", "expected"), PRINTED)
def test_what_a_substitution_comes_to(source, expected):
    outputs = {"known": "", "loud": "x"}
    found = printed(source, lambda words: outputs.get(words[0].literal))
    assert found == (None if expected is None else frozenset(expected))

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcheck.configuration import Configuration, satisfies
from govcheck.errors import PolicyError
from govcheck.sources.configuration import load_configuration


def problems(text: str | bytes, version: str = "0.1.0") -> list[str]:
    data = text.encode() if isinstance(text, str) else text
    with pytest.raises(PolicyError) as caught:
        load_configuration(".govcheck.yaml", data, version=version)
    return [str(problem).removeprefix(".govcheck.yaml:") for problem in caught.value.problems]


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n", "{}"])
def test_every_key_has_a_default(text):
    assert load_configuration(".govcheck.yaml", text.encode()) == Configuration(requires="", policies=(), repository="")


def test_every_key():
    text = 'requires: ">=0.1"\npolicies: [policies, ops/policies]\nrepository: octo-org/Hello.World\n'
    assert load_configuration(".govcheck.yaml", text.encode(), version="0.1.0") == Configuration(
        requires=">=0.1", policies=("policies", "ops/policies"), repository="octo-org/Hello.World"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("requires: '>=0.2'\n", "1:11: this repository requires govcheck >=0.2, and this is 0.1.0"),
        ("requires: 0.2\n", '1:11: `requires` must be text, not the number `0.2`: put it in quotes ("0.2")'),
        (
            "requires: latest\n",
            "1:11: `requires`: `latest` is no condition on a version: write it as `>=0.2` or `>=0.2,<1`",
        ),
        ("policies: policies\n", "1:11: `policies` must be a list of texts, not `policies`: write it as [policies]"),
        ("policies: [../x]\n", "1:12: `policies[0]`: `../x` is not a folder below the repository's root"),
        ("policies: [/etc]\n", "1:12: `policies[0]`: `/etc` is not a folder below the repository's root"),
        ("repository: hello\n", "1:13: `repository`: `hello` is not OWNER/NAME"),
        ("polices: [a]\n", "1:1: unknown key `polices`: did you mean `policies`? Legal keys here are requires, "),
        ("token: abc\n", "1:1: `token` cannot be set in this file: a secret has no place in a file: set GH_TOKEN"),
        ("fail-on: never\n", "1:1: `fail-on` cannot be set in this file: a pull request could let findings pass: "),
        ("fail_on: never\n", "1:1: `fail_on` cannot be set in this file: a pull request could let findings pass: "),
        ("unknown: warn\n", "1:1: `unknown` cannot be set in this file: a pull request could let unknowns pass: "),
        ("api_url: x\n", "1:1: `api_url` cannot be set in this file: a pull request could send the token elsewhere: "),
        ("- a\n", "1:1: the configuration must be a mapping"),
        ("requires: ''\n---\nrequires: ''\n", "3:1: a second document begins here: there can be only one"),
        ("a: [", "1:5: a value is missing before this"),
        ("requires: ''\nrequires: ''\n", "2:1: the key `requires` stands here and in line 1"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(text, expected):
    (found,) = problems(text)
    assert found.startswith(expected)


def test_everything_that_is_wrong_is_told_at_once():
    found = problems("repository: 1\ntoken: x\npolicies: 2\n")
    assert [problem.partition(" ")[0] for problem in found] == ["1:13:", "2:1:", "3:11:"]


@pytest.mark.parametrize(
    ("version", "conditions", "expected"),
    [
        ("0.2", "", True),
        ("0.2", ">=0.2", True),
        ("0.2.0", "==0.2", True),
        ("0.2.1", "<=0.2", False),
        ("0.10", ">0.9", True),
        ("0.1.9", ">=0.2", False),
        ("1.0", ">=0.2, <1", False),
        ("0.9", ">=0.2,<1", True),
        ("0.2.0.dev1", ">=0.2", True),
        ("0.2", "nonsense", False),
    ],
)
def test_versions(version, conditions, expected):
    assert satisfies(version, conditions) is expected


NUMBERS = st.lists(st.integers(0, 20), min_size=1, max_size=4).map(lambda parts: ".".join(map(str, parts)))


@given(NUMBERS, NUMBERS)
def test_exactly_one_of_three_holds(version, bound):
    assert [satisfies(version, f"{operator}{bound}") for operator in ("<", "==", ">")].count(True) == 1

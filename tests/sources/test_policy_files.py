from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import govcheck
from govcheck.constraints import NumberConstraint
from govcheck.errors import PolicyError, UsageError
from govcheck.policy_keys import keys
from govcheck.registry import kind, kinds
from govcheck.rules.allowed_paths import AllowedPaths
from govcheck.rules.branch_protection import BranchProtection
from govcheck.sources.policy_files import PolicySource, load_policies

KINDS = ", ".join(kinds())
LEGAL = {name: [key.name for key in keys(kind(name).model)] for name in kinds()}


def sources(*texts: str | bytes) -> list[PolicySource]:
    data = [text.encode() if isinstance(text, str) else text for text in texts]
    return [PolicySource(f"policies/{number}.yaml", one) for number, one in enumerate(data)]


def problems(*texts: str | bytes) -> list[str]:
    with pytest.raises(PolicyError) as caught:
        load_policies(sources(*texts))
    return [str(problem).removeprefix("policies/") for problem in caught.value.problems]


def test_every_document_of_every_file_is_a_policy():
    loaded = load_policies(
        sources(
            '---\n# first\nkind: allowed-paths\nid: a\nallow: ["**"]\n---\n',
            "kind: branch-protection\nid: b\nbranch: main\napprovals: {min: 2}\nlinks: [https://example.com]\n",
        )
    )
    assert [(one.path, one.line) for one in loaded] == [("policies/0.yaml", 3), ("policies/1.yaml", 1)]
    assert [one.policy for one in loaded] == [
        AllowedPaths(id="a", allow=("**",)),
        BranchProtection(id="b", branch="main", approvals=NumberConstraint(min=2), links=("https://example.com",)),
    ]


def test_a_union_takes_each_of_its_forms():
    text = "kind: branch-protection\nid: b\nbranch: main\napprovals: 2\nstatus_checks: [a]\nbypass: {subset_of: []}\n"
    (loaded,) = load_policies(sources(text))
    assert loaded.policy.approvals == 2
    assert loaded.policy.status_checks == ("a",)
    assert loaded.policy.bypass.subset_of == ()


PATHS = "kind: allowed-paths\nid: a\n"
BRANCH = "kind: branch-protection\nid: a\nbranch: main\n"  # what it asserts comes after
CHECKS = "kind: required-checks\nid: a\nbranch: main\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (PATHS + "allow: [a]\nallow: [b]\n", "4:1: the key `allow` stands here and in line 3"),
        (
            PATHS + "allwo: [a]\n",
            "3:1: unknown key `allwo`: did you mean `allow`? Further keys here are applies_to, allow, deny, changes, ",
        ),
        (
            PATHS + "allow: [a]\nalow: [b]\n",
            "4:1: unknown key `alow`: `allow` stands here already. Further keys here are applies_to, deny, ",
        ),
        (PATHS + "allow: app/**\n", "3:8: `allow` must be a list of texts, not `app/**`: write it as [app/**]"),
        (PATHS + "allow: [1.10]\n", '3:9: `allow[0]` must be text, not the number `1.10`: put it in quotes ("1.10")'),
        (PATHS + "allow: [a, {b: c}]\n", "3:12: `allow[1]` must be text, not a mapping"),
        (PATHS + "allow:\n", None),
        (PATHS + "allow: [a]\nseverity:\n", "4:10: `severity` must be one of `error`, `warning`, `note`, not nothing"),
        (
            PATHS + "allow: [a]\nseverity: eror\n",
            "4:11: `severity` must be one of `error`, `warning`, `note`, not `eror`; did you mean `error`?",
        ),
        (
            PATHS + "allow: [a]\nchanges: [ad]\n",
            "4:11: `changes[0]` must be one of `add`, `modify`, `delete`, `rename`, not `ad`; did you mean `add`?",
        ),
        (
            PATHS + "allow: [a]\nwaivable: yes\n",
            "4:11: `waivable` must be `true` or `false`, not `yes`; did you mean `true`?",
        ),
        (
            PATHS + 'allow: [a]\nwaivable: "false"\n',
            "4:11: `waivable` must be `true` or `false`, not the text `false`: leave out the quotes",
        ),
        (PATHS + "allow: [a]\nwaivable: 1\n", "4:11: `waivable` must be `true` or `false`, not the number `1`"),
        (PATHS + "allow: [a]\nwhy: [a]\n", "4:6: `why` must be text, not a list"),
        (
            PATHS + "allow: [a]\nwhy: true\n",
            '4:6: `why` must be text, not the truth value `true`: put it in quotes ("true")',
        ),
        (PATHS + "allow: [a**]\n", "3:9: `allow[0]`: `a**`: "),
        (PATHS, "1:1: `allow` is missing: list the globs that are allowed, or set `declared_in: pull-request`"),
        (
            BRANCH + "approvals: {mim: 2}\n",
            "4:13: unknown key `mim`: did you mean `min`? Legal keys here are min, max, equals",
        ),
        (
            BRANCH + "approvals: two\n",
            "4:12: `approvals` must be a whole number or a mapping with `min`, `max` or `equals`, not `two`",
        ),
        (
            BRANCH + 'approvals: "2"\n',
            "4:12: `approvals` must be a whole number or a mapping with `min`, `max` or `equals`, not the text `2`",
        ),
        (BRANCH + "approvals: {min: 2.0}\n", "4:18: `approvals.min` must be a whole number, not the number `2.0`"),
        (BRANCH + "approvals: true\n", "4:12: `approvals` must be a whole number or a mapping"),
        (BRANCH + "status_checks: [1]\n", "4:17: `status_checks[0]` must be text, not the number `1`"),
        (
            "kind: branch-protection\nid: a\n",
            "1:1: the key `branch` is missing: The branch's name, or `~DEFAULT_BRANCH`",
        ),
        (CHECKS + "checks: [a, {contxt: b}]\n", "4:14: unknown key `contxt`: did you mean `context`? "),
        (
            CHECKS + "checks: [a, 3]\n",
            "4:13: `checks[1]` must be text or a mapping with `context` or `app`, not the number `3`",
        ),
        (CHECKS + "checks: [{context: a, app: 3}]\n", "4:28: `checks[0].app` must be text, not the number `3`"),
        (CHECKS + "checks: [{context: a, str: b}]\n", "4:23: unknown key `str`: Further keys here are app"),
        (
            BRANCH + "approvals: {NumberConstraint: 1}\n",
            "4:13: unknown key `NumberConstraint`: Legal keys here are min",
        ),
        (CHECKS + "checks: [{app: a}]\n", "4:10: the key `context` is missing: "),
        (
            "kind: allowed-path\nid: a\n",
            "1:7: unknown kind `allowed-path`: did you mean `allowed-paths`? `govcheck explain policy ",
        ),
        ("kind: Allowed_Paths\nid: a\n", "1:7: unknown kind `Allowed_Paths`: did you mean `allowed-paths`? "),
        ("kind: zzz\nid: a\n", f"1:7: unknown kind `zzz`: It must be one of {KINDS}"),
        ("id: a\n", f"1:1: the key `kind` is missing: one of {KINDS}"),
        ("kind: [a]\nid: a\n", f"1:7: `kind` must be one of {KINDS}"),
        ("kind: allowed-paths\nallow: [a]\n", "1:1: the key `id` is missing: The policy's name: unique"),
        (
            "kind: allowed-paths\nid: 3\nallow: [a]\n",
            '2:5: `id` must be text, not the number `3`: put it in quotes ("3")',
        ),
        (
            "kind: allowed-paths\nid: My Policy!\nallow: [a]\n",
            "2:5: `id` must be lower-case words joined by hyphens, such as `my-policy`, not `My Policy!`",
        ),
        (
            "kind: allowed-paths\nid: drift\nallow: [a]\n",
            "2:5: `id` cannot be `drift`: govcheck's own findings have that name",
        ),
        (
            "- kind: a\n",
            "1:1: a policy is a mapping with `kind` and `id`, not a list: separate policies by lines of `---`",
        ),
        ("just text\n", "1:1: a policy is a mapping with `kind` and `id`, not a text"),
        ("kind: a\n\tid: b\n", "2:1: a tab cannot stand here: indent with spaces"),
        (b"kind: \xff\n", "1:7: byte 0xff is not UTF-8: save the file as UTF-8"),
        ("- " * 500_000, "1:101: lists and mappings are nested more than 50 deep"),
        ("<<: {kind: a}\n", "1:1: merge keys (`<<`) are not supported: write the keys out"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(text, expected):
    found = problems(text)
    if expected is None:
        assert found == [
            "0.yaml:1:1: `allow` is missing: list the globs that are allowed, or set `declared_in: pull-request`"
        ]
    else:
        assert len(found) == 1
        assert found[0].startswith(f"0.yaml:{expected}")


def test_quotes_are_advised_only_where_they_help():
    (found,) = problems(PATHS + "allow: [a]\nseverity: 3\n")
    assert found.endswith("`severity` must be one of `error`, `warning`, `note`, not the number `3`")


def test_everything_that_is_wrong_is_told_at_once():
    found = problems(
        PATHS + "allow: 1\nwhy: 2\n---\nkind: nope\nid: Nope\n",
        "a: [",
        "kind: allowed-paths\nid: a\nallow: [a]\n",
    )
    assert [problem.partition(" ")[0] for problem in found] == [
        "0.yaml:3:8:",
        "0.yaml:4:6:",
        "0.yaml:6:7:",
        "0.yaml:7:5:",
        "1.yaml:1:5:",
        "2.yaml:2:5:",
    ]


def test_an_id_is_taken_once_whatever_the_kind():
    text = "kind: allowed-paths\nid: a\nallow: [x]\n"
    assert problems(text, BRANCH + "linear_history: true\n") == [
        "1.yaml:2:5: the id `a` is taken by policies/0.yaml:2:5: ids are unique among all policies"
    ]


def test_a_misspelt_key_is_not_also_a_missing_one():
    (problem,) = problems("kind: branch-protection\nid: a\nbrnch: main\nlinear_history: true\n")
    assert problem.startswith("0.yaml:3:1: unknown key `brnch`: did you mean `branch`?")


def test_messages_stay_on_one_line_whatever_the_file_holds():
    text = PATHS + 'allow: [a]\n"x\\ny\\e[31m": 1\nseverity: "a\\nb"\n'
    for problem in problems(text, 'kind: "a\\nb"\nid: "c\\nd"\n'):
        assert "\n" not in problem
        assert "\x1b" not in problem


@pytest.mark.parametrize("texts", [[], [""], ["# nothing\n", "---\n---\n"]])
def test_no_policy_at_all_is_an_error(texts):
    with pytest.raises(UsageError, match=r"no policies found in ") as caught:
        load_policies(sources(*texts))
    assert "--policies govcheck:starter" in caught.value.hint


def test_the_starter_set_is_valid():
    folder = Path(govcheck.__file__).parent / "starter"
    found = load_policies([PolicySource(path.name, path.read_bytes()) for path in sorted(folder.glob("*.yaml"))])
    assert [one.policy.id for one in found] == [
        "default-branch-protected",
        "no-private-files",
        "no-stray-files",
        "gates-bite",
        "who-is-told",
        "what-can-deploy",
    ]


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["error", "main", "**"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["min", "context", "app", "equals", "str", "RequiredContext", "a"]), inner, max_size=3
        )
    ),
    max_leaves=6,
)


@st.composite
def documents(draw: st.DrawFn) -> object:
    name = draw(st.sampled_from(kinds()))
    document = draw(st.dictionaries(st.sampled_from([*LEGAL[name], "alow"]), VALUES, max_size=6))
    return {**document, "kind": name, "id": draw(st.sampled_from(["a", "b", "A", "drift"]))}


@given(st.lists(documents(), min_size=1, max_size=3))
def test_any_document_is_a_policy_or_problems_with_places(written):
    text = "\n".join(f"--- {yaml.safe_dump(one, default_flow_style=True, width=10_000)}" for one in written)
    try:
        loaded = load_policies(sources(text))
    except PolicyError as error:
        problems = error.problems
    else:
        assert len(loaded) == len(written)
        return
    lines = text.split("\n")
    assert problems
    for problem in problems:
        assert 1 <= problem.column <= len(lines[problem.line - 1]) + 1

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcheck.errors import PolicyError
from govcheck.sources.policy_files import PolicySource
from govcheck.sources.policy_layers import Disabled, Layer, merge
from govcheck.sources.set_files import load_set_file

BASE = """kind: branch-protection
id: main-protected
why: Two pairs of eyes.
branch: main
approvals: {min: 1}
linear_history: true
---
kind: allowed-paths
id: no-secrets
allow: ["**"]
deny: [.env]
"""


def layer(name: str, text: str, said: str | None = None) -> Layer:
    sources = (PolicySource(f"{name or 'policies'}/a.yaml", text.encode()),)
    return Layer(name, sources, load_set_file(f"{name}/_set.yaml", said.encode())) if said else Layer(name, sources)


def problems(*layers: Layer, disabled: tuple[str, ...] = ()) -> list[str]:
    with pytest.raises(PolicyError) as caught:
        merge(layers, Disabled(disabled, ".govcheck.yaml", ((1, 2),) * len(disabled)))
    return [str(problem) for problem in caught.value.problems]


def test_a_later_layer_changes_what_it_says_and_nothing_else():
    own = "kind: branch-protection\nid: main-protected\napprovals: {min: 2}\nseverity: warning\n"
    protected, secrets = merge((layer("base", BASE), layer("", own)))
    assert (protected.loaded.path, protected.loaded.line) == ("policies/a.yaml", 1)
    assert protected.loaded.policy.approvals.min == 2
    assert protected.loaded.policy.linear_history is True
    assert {name: [str(part) for part in key.parts] for name, key in protected.keys.items()} == {
        "kind": ["base/a.yaml:1", "policies/a.yaml:1"],
        "id": ["base/a.yaml:2", "policies/a.yaml:2"],
        "why": ["base/a.yaml:3"],
        "branch": ["base/a.yaml:4"],
        "approvals": ["base/a.yaml:5", "policies/a.yaml:3"],
        "linear_history": ["base/a.yaml:6"],
        "severity": ["policies/a.yaml:4"],
    }
    assert (secrets.loaded.path, secrets.loaded.line) == ("base/a.yaml", 8)


KEYS = st.dictionaries(
    st.sampled_from(["why", "owner", "severity", "deny", "changes", "waivable"]), st.integers(0, 2), max_size=6
)
VALUES = {
    "why": ["one", "two", "three"],
    "owner": ["ada", "bob", ""],
    "severity": ["error", "warning", "note"],
    "deny": [[], ["a"], ["b", "c"]],
    "changes": [["add"], ["modify"], ["add", "rename"]],
    "waivable": [True, False, True],
}


@given(st.lists(KEYS, min_size=1, max_size=4))
def test_of_each_key_the_last_layer_has_the_say_whatever_the_layers_are(written):
    layers = []
    for number, keys in enumerate(written):
        lines = ["kind: allowed-paths", "id: p", *(['allow: ["**"]'] if number == 0 else [])]
        lines += [f"{key}: {json.dumps(VALUES[key][choice])}" for key, choice in keys.items()]
        layers.append(layer(f"s{number}", "\n".join(lines)))
    (found,) = merge(layers)
    for key in VALUES:
        saying = [number for number, keys in enumerate(written) if key in keys]
        if not saying:
            assert key not in found.keys
            continue
        assert found.keys[key].value == VALUES[key][written[saying[-1]][key]]
        assert [part.set for part in found.keys[key].parts] == [f"s{number}" for number in saying]
        value = getattr(found.loaded.policy, key)
        assert (list(value) if isinstance(value, tuple) else value) == found.keys[key].value


def test_problems_of_a_merged_policy_are_told_where_they_are_written():
    other = "kind: branch-protection\nid: main-protected\nlinear_histroy: true\nwhy: 3\n"
    own = "# one line more\nkind: branch-protection\nid: main-protected\napprovals: lots\n"
    said = problems(layer("base", BASE), layer("other", other), layer("", own))
    assert [text.partition(": ")[0] for text in said] == [
        "other/a.yaml:3:1",
        "other/a.yaml:4:6",
        "policies/a.yaml:4:12",
    ]


def test_what_is_final_is_refused_with_both_places():
    own = "kind: branch-protection\nid: main-protected\napprovals: {min: 0}\nlinear_history: true\nbypass: [user:eve]\n"
    base = layer("base", BASE, "name: Base\nfinal:\n  main-protected: [approvals, linear_history, bypass]\n")
    approvals, bypass = problems(base, layer("", own))
    final = "cannot be changed: base/_set.yaml:3 says that it is final"
    assert approvals == f"policies/a.yaml:3:1: `approvals` of `main-protected` (base/a.yaml:5) {final}"
    assert bypass == f"policies/a.yaml:5:1: `bypass` of `main-protected` (base/a.yaml:1) {final}"


def test_a_set_makes_final_what_it_builds_on():
    own = "kind: branch-protection\nid: main-protected\napprovals: {min: 0}\n"
    other = layer("other", "", "final: {main-protected: true}\n")
    (said,) = problems(layer("base", BASE), other, layer("", own))
    assert "other/_set.yaml:1 says that it is final" in said


def test_a_set_may_change_what_is_final_in_itself_only():
    text = "kind: branch-protection\nid: main-protected\napprovals: {min: 3}\n"
    other = layer("other", text, "final: {main-protected: true}\n")
    protected, _ = merge((layer("base", BASE), other))
    assert protected.loaded.policy.approvals.min == 3


def test_only_what_is_overridable_may_be_changed():
    own = "kind: branch-protection\nid: main-protected\nseverity: note\napprovals: {min: 0}\n"
    base = layer("base", BASE, "overridable: {main-protected: [severity]}\n")
    (said,) = problems(base, layer("", own))
    assert said.startswith("policies/a.yaml:4:1: `approvals`")


def test_the_kind_has_to_agree():
    own = "kind: tag-protection\nid: main-protected\n"
    said = problems(layer("base", BASE), layer("", own))
    assert any(
        text.startswith("policies/a.yaml:1:7: `main-protected` of base is of kind `branch-protection` (base/a.yaml:1)")
        for text in said
    )


def test_ids_are_unique_within_a_set():
    (said,) = problems(layer("base", f"{BASE}---\nkind: allowed-paths\nid: no-secrets\nallow: []\n"))
    assert said.startswith("base/a.yaml:14:5: the id `no-secrets` is taken by base/a.yaml:9:5")


def test_policies_are_left_out_where_that_is_allowed():
    (protected,) = merge((layer("base", BASE), layer("", "")), Disabled(("no-secrets",)))
    assert protected.loaded.policy.id == "main-protected"
    other = layer("other", "", "disable: [main-protected]\n")
    (secrets,) = merge((layer("base", BASE), other))
    assert secrets.loaded.policy.id == "no-secrets"


def test_what_is_final_cannot_be_left_out_nor_what_is_not_there():
    base = layer("base", BASE, "final: {main-protected: [approvals]}\n")
    final, unknown = problems(base, layer("", ""), disabled=("main-protected", "no-secret"))
    said = "`disable`: `main-protected` (base/a.yaml:1) is final: base/_set.yaml:1 says so"
    assert final == f".govcheck.yaml:1:2: {said}"
    assert "no set has a policy `no-secret`: did you mean `no-secrets`?" in unknown


def test_what_is_left_out_is_not_written_as_well():
    own = "kind: allowed-paths\nid: no-secrets\nallow: [a]\n"
    (said,) = problems(layer("base", BASE), layer("", own), disabled=("no-secrets",))
    assert said == "policies/a.yaml:1:1: `no-secrets` is written here, and left out by `disable` of .govcheck.yaml"


def test_every_problem_of_every_layer_is_told_at_once():
    said = problems(layer("a", "kind: nope\nid: x\n"), layer("b", "id: [\n"), layer("", "kind: allowed-paths\n"))
    assert [text.split(":", 1)[0] for text in said] == ["a/a.yaml", "b/a.yaml", "policies/a.yaml"]

import json
import os
import re
import shutil
import zlib
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import govcheck
from govcheck.constraints import NumberConstraint, SetConstraint
from govcheck.policy import LoadedPolicy, Policy
from govcheck.registry import kind, kinds
from govcheck.rules.allowed_paths import AllowedPaths
from govcheck.rules.branch_protection import BranchProtection
from govcheck.rules.required_checks import RequiredChecksPolicy, RequiredContext
from govcheck.sources import policy_plan
from govcheck.sources.policy_files import PolicySource, load_policies
from govcheck.sources.policy_plan import encode

POLICIES = (
    LoadedPolicy(AllowedPaths(id="a", allow=("**", "\udc80\n")), "policies/a.yaml", 1),
    LoadedPolicy(
        BranchProtection(id="b", branch="main", approvals=NumberConstraint(min=2), bypass=SetConstraint(subset_of=())),
        "policies/b.yaml",
        3,
    ),
    LoadedPolicy(RequiredChecksPolicy(id="c", branch="m", checks=("x", RequiredContext(context="y"))), "c.yml", 1),
)


def decode(data: bytes, key: str) -> tuple[LoadedPolicy, ...] | None:
    plan = policy_plan.decode(data, key)
    return plan and plan.policies


def examples() -> list[PolicySource]:
    texts = [found.text for name in kinds() if (found := kind(name))]
    blocks = [block for text in texts for block in re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)]
    return [PolicySource(f"{number}.yaml", block.encode()) for number, block in enumerate(blocks)]


def test_a_plan_gives_the_very_same_policies():
    assert decode(encode(POLICIES, "key"), "key") == POLICIES
    assert decode(encode((), "key"), "key") == ()


def test_the_examples_of_every_kind_come_back():
    for source in examples():
        loaded = load_policies([source])
        assert decode(encode(loaded, "key"), "key") == loaded


TEXTS = st.text(st.characters(), max_size=8)
BOUNDS = st.none() | st.integers() | st.builds(NumberConstraint, min=st.none() | st.integers())
SETS = st.none() | st.lists(TEXTS, max_size=3).map(tuple) | st.builds(SetConstraint, equals=st.none() | st.just(("a",)))


@given(
    st.lists(
        st.builds(
            LoadedPolicy,
            st.builds(BranchProtection, id=TEXTS, why=TEXTS, branch=TEXTS, approvals=BOUNDS, status_checks=SETS),
            TEXTS,
            st.integers(1, 10_000),
        ),
        max_size=3,
    ).map(tuple)
)
def test_any_policy_comes_back(policies):
    assert decode(encode(policies, "key"), "key") == policies


def test_another_key_is_another_plan():
    assert decode(encode(POLICIES, "key"), "other") is None


@given(st.data())
def test_a_damaged_plan_is_none(data):
    whole = encode(POLICIES, "key")
    place = data.draw(st.integers(0, len(whole) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda byte: byte != whole[place]))
    assert decode(whole[:place] + bytes([byte]) + whole[place + 1 :], "key") is None
    assert decode(whole[:place], "key") is None


@given(st.binary(max_size=100))
def test_anything_else_is_none(data):
    assert decode(data, "key") is None
    assert decode(b"%08x" % zlib.crc32(data) + b"\n" + data, "key") is None


def forged(change) -> bytes:
    """A plan with a right checksum and a changed content."""
    plan = json.loads(encode(POLICIES, "key").partition(b"\n")[2])
    change(plan)
    content = json.dumps(plan).encode()
    return b"%08x" % zlib.crc32(content) + b"\n" + content


@pytest.mark.parametrize(
    "change",
    [
        lambda plan: plan.pop("made"),
        lambda plan: plan["kinds"].append("no-such-kind"),
        lambda plan: plan.update(kinds=[3]),
        lambda plan: plan["outlines"].update({"a": [1]}),
        lambda plan: plan["outlines"].update({"a": 1}),
        lambda plan: plan.update(policies={"a": 1}),
        lambda plan: plan["policies"].append([]),
        lambda plan: plan["policies"][0].append(1),
        lambda plan: plan["policies"][0][0].update({"\0class": "Popen"}),
        lambda plan: plan["policies"][0][0].update({"\0class": "NumberConstraint"}),
        lambda plan: plan["policies"][0][0].update(kind="required-checks"),
        lambda plan: plan["policies"][0][0].update(extra=1),
        lambda plan: plan["policies"][0][0].pop("id"),
    ],
)
def test_a_plan_that_no_govcheck_wrote_is_none(change):
    assert decode(forged(dict), "key") == POLICIES
    assert decode(forged(change), "key") is None


def test_nesting_without_end_is_none():
    content = b"[" * 100_000
    assert decode(b"%08x" % zlib.crc32(content) + b"\n" + content, "key") is None


def test_an_edited_rule_makes_a_new_plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    copy = tmp_path / "govcheck"
    shutil.copytree(Path(str(govcheck.__file__)).parent, copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(policy_plan, "_PACKAGE", str(copy))
    plan = encode(POLICIES, "key")
    assert decode(plan, "key") == POLICIES
    os.utime(copy / "rules" / "notification_recipients.py", ns=(1, 1))
    assert decode(plan, "key") == POLICIES
    os.utime(copy / "rules" / "allowed_paths.py", ns=(1, 1))
    assert decode(plan, "key") is None
    (copy / "rules" / "allowed_paths.py").unlink()
    assert decode(plan, "key") is None


def test_a_plan_outlines_what_the_checks_read_that_apply():
    plan = policy_plan.decode(encode(POLICIES, "key"), "key")
    assert plan is not None
    assert set(plan.outlines) == {"a", "b", "c"}
    assert plan.outlines["b"] == (("controls", ("LiveBranch",)),)


def test_a_policy_whose_rule_cannot_say_what_it_reads_is_not_planned():
    lost = LoadedPolicy(Policy(kind="allowed-paths", id="lost"), "a", 1)
    assert encode([lost], "key") == b""
    assert decode(b"", "key") is None


def test_a_kind_that_nothing_can_judge_comes_back_bare():
    plan = policy_plan.decode(
        encode(POLICIES, "key"), "key", needless=lambda outline: all("Change" not in facts for _, facts in outline)
    )
    assert plan is not None
    assert [loaded.policy for loaded in plan.policies] == [
        POLICIES[0].policy,
        Policy(kind="branch-protection", id="b"),
        Policy(kind="required-checks", id="c"),
    ]


def test_what_json_cannot_hold_is_an_error_of_ours():
    @dataclass(frozen=True, slots=True, kw_only=True)
    class Odd(Policy):
        held: object

    odd = LoadedPolicy(Odd(kind="allowed-paths", id="a", held={1, 2}), "a", 1)
    with pytest.raises(TypeError, match="a policy cannot hold a set"):
        encode([odd], "key")

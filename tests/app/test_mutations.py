"""Every key of every policy that we ship matters: change it, and a bad world passes or a good one does not.

A policy is changed as somebody might by mistake: a key is dropped, a truth value turned round, a number moved, a list
widened. The worlds are the worst one and the good one that `audit` makes for the policy as it is written, and those of
the tests that we ship. A change that none of them sees is a key that nothing holds.
"""

import copy
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest

from govcheck import registry
from govcheck.app import given, worst_world
from govcheck.app.audit import best_world, judge_in
from govcheck.errors import GovcheckError
from govcheck.facts.document import plain
from govcheck.policy import LoadedPolicy, Policy
from govcheck.policy_keys import Key, item, keys
from govcheck.sources.policy_files import PolicySource, load_policies
from govcheck.sources.policy_test_files import LoadedTest, WrittenTests, load_tests
from govcheck.sources.yaml_document import load
from without_worlds import WITHOUT_WORLDS

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples" / "governed-delivery"
Document = dict[str, Any]
Place = tuple[str | int, ...]

COMMON = {key.name for key in keys(Policy)}
CANARY = "govcheck-canary"
NOT_SHOWN: dict[str, set[str]] = {
    "business-hours:business-hours": {"allow", "approval", "avoid", "checks"},
    "docs:deploy-window": {"allow", "avoid", "deny"},
    "docs:structured-file": {"assert"},
    "docs:promotion": {"within"},
    "environments:secrets-exist": {"code"},
    "docs:deployment-audit": {"allow"},
}
"""What a window asks for: no check judges it, but `gate deploy`, whose tests hold it. And how long before production
a commit was on staging, and what programs read: the tests of those kinds, and of the examples, hold these keys."""


def shipped() -> Iterator[tuple[str, Document]]:
    for file in sorted(file for file in EXAMPLES.rglob("*.yaml") if file.parent.name != "tests"):
        for node in load(file.read_bytes()):
            document = plain(node)
            yield f"{file.stem}:{document['id']}", document
    for name in registry.kinds():
        block = registry.kind(name).text.partition("```yaml\n")[2].partition("```")[0]
        yield f"docs:{name}", plain(load(block)[0])


def shortened(document: Document) -> Document:
    """With the first few of a long list of mappings: each of them is judged as the others are."""
    return {
        key: value[:_FEW] if isinstance(value, list) and value and isinstance(value[0], dict) else value
        for key, value in document.items()
    }


_FEW = 6
SHIPPED = {name: shortened(document) for name, document in shipped()}


def loaded(document: Document) -> LoadedPolicy:
    (policy,) = load_policies([PolicySource("policy.yaml", json.dumps(document).encode())])
    return policy


def places(value: Any, place: Place = ()) -> Iterator[Place]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, below in inner:
        if place or key not in COMMON:
            yield (*place, key)
            yield from places(below, (*place, key))


def others(value: Any) -> list[Any]:
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [value + 1, 0, value + 10**6]
    if isinstance(value, list):
        return [[*value, "**"], [*value, CANARY], [*value, "user:stranger"], []]
    if isinstance(value, str):
        return ["**", CANARY, "required", "forbidden", "allowed", "9999d", "1s", "1m", "1h"]
    return []


def changed(document: Document, place: Place, value: Any = None, *, drop: bool = False) -> Document:
    copied = copy.deepcopy(document)
    at = copied
    for step in place[:-1]:
        at = at[step]
    if drop:
        del at[place[-1]]
    else:
        at[place[-1]] = value
    return copied


def mutants(document: Document) -> Iterator[tuple[str, Document]]:
    """The key that is changed, and the changed document; many of them are not valid."""
    for place in places(document):
        at: Any = document
        for step in place:
            at = at[step]
        yield str(place[0]), changed(document, place, drop=True)
        yield from ((str(place[0]), changed(document, place, value)) for value in others(at))
    for key in unset(document):
        narrowed = next(iter(get_args(item(key.type))), "**")
        yield key.name, {**document, key.name: [narrowed]}
        yield from ((name, {**changed(document, (name,), drop=True), key.name: ["**"]}) for name in own(document))


def own(document: Document) -> list[str]:
    return [name for name in document if name not in COMMON]


def unset(document: Document) -> Iterator[Key]:
    """Keys that take a list and are left out."""
    model = registry.kind(document["kind"]).model
    return (key for key in keys(model) if key.name not in document and key.name not in COMMON and item(key.type))


def valid(document: Document, killed: set[str]) -> Iterator[tuple[str, LoadedPolicy, Document]]:
    before = loaded(document).policy
    for key, mutant in mutants(document):
        if key in killed:
            continue
        try:
            policy = loaded(mutant)
        except GovcheckError:
            continue
        if policy.policy != before:
            yield key, policy, mutant


def said(results: Any) -> object:
    """What a policy comes to, without words."""
    return [
        (
            result.outcome,
            sorted((one.finding.control, one.finding.subject) for one in result.findings),
            sorted((one.undecided.control, one.undecided.subject) for one in result.unknowns),
        )
        for result in results
    ]


@cache
def given_by_tests() -> tuple[LoadedTest, ...]:
    documents = [document for name, document in SHIPPED.items() if not name.startswith("docs:")]
    files = sorted((EXAMPLES / "tests").glob("*.yaml"))
    written = [WrittenTests(str(file), file.read_bytes()) for file in files]
    return load_tests(written, [document["id"] for document in documents])


def of_kind(kind: str) -> list[LoadedTest]:
    """Our tests of policies of a kind: what they give is a world for every other one of that kind."""
    ids = {document["id"] for document in SHIPPED.values() if document["kind"] == kind}
    return [one for one in given_by_tests() if ids & set(one.test.ids)]


def in_tests(policy: LoadedPolicy, document: Document, folder: Path, worlds: Path) -> Iterator[object]:
    """What it comes to in the world of each of our tests that are of its kind; each world is made once."""
    folder.mkdir(exist_ok=True)
    (folder / "policy.yaml").write_text(json.dumps(document))
    tested = given.Tested(folders=(str(folder),), written=(), loaded=(policy,))
    for one in of_kind(policy.policy.kind):
        world = worlds / f"{Path(one.path).stem}-{one.line}"
        world.mkdir(exist_ok=True)
        yield said(given.judge_in(world, one.test.given, tested, tested.ids))


def holding(name: str, folder: Path, made: Path) -> tuple[set[str], set[str]]:
    """The keys of a policy that a change of is seen, and those that none of is."""
    document = SHIPPED[name]
    policy = loaded(document)
    worlds = [worst_world.of(policy.policy), best_world(policy)]
    before = [said(judge_in(world, policy)) for world in worlds]
    killed, alive = set[str](), dict[str, list[tuple[Document, LoadedPolicy]]]()
    for key, mutant, changed_to in valid(document, killed):
        if any(said(judge_in(world, mutant)) != was for world, was in zip(worlds, before, strict=True)):
            killed.add(key)
        else:
            alive.setdefault(key, []).append((changed_to, mutant))
    left = {key: mutants for key, mutants in alive.items() if key not in killed and key in document}
    given_up = {key for key in NOT_SHOWN.get(name, ()) if left.pop(key, None)}
    was = list(in_tests(policy, document, folder / "before", made)) if left else []
    for key, survivors in left.items():
        differs = (
            came != before
            for to, mutant in survivors
            for came, before in zip(in_tests(mutant, to, folder / "after", made), was, strict=True)
        )
        if any(differs):
            killed.add(key)
    return killed, given_up | (left.keys() - killed)


@pytest.fixture(scope="session")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the worlds of tests are made real, once for all policies."""
    return tmp_path_factory.mktemp("worlds")


@pytest.mark.parametrize("name", [name for name, document in SHIPPED.items() if document["kind"] not in WITHOUT_WORLDS])
def test_a_change_of_any_key_is_seen(name: str, tmp_path: Path, worlds: Path):
    killed, alive = holding(name, tmp_path, worlds)
    assert killed
    assert alive == NOT_SHOWN.get(name, set())

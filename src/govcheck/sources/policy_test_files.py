"""Files with policy tests: every document a valid test, or every problem of every file at once."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from govcheck.errors import PolicyError, Problem
from govcheck.facts.document import Mapping, Node, Scalar
from govcheck.facts.document import Sequence as ListNode
from govcheck.policy_tests.model import PolicyTest
from govcheck.records import frozen
from govcheck.sources.document_validation import validate
from govcheck.sources.validation_messages import nearest
from govcheck.sources.yaml_document import Limits, YamlError, load
from govcheck.sources.yaml_errors import shown

TEST = Limits(size=64 * 1024 * 1024, depth=50, nodes=1_000_000, merge_keys=False)
"""Tests carry whole files."""


class WrittenTests(NamedTuple):
    """One file with tests, as it was read."""

    path: str
    """As messages name it."""

    data: bytes


@frozen
class LoadedTest:
    """A valid test, and where it is written."""

    test: PolicyTest
    path: str
    """The file, as the user would type it."""

    line: int
    """Where its document begins; the first line is 1."""


def load_tests(files: Sequence[WrittenTests], policies: Collection[str]) -> tuple[LoadedTest, ...]:
    """Every test, in the order of files and documents.

    Args:
        files: What was read.
        policies: The ids of all policies that there are: a test of any other one is a mistake.

    Raises:
        PolicyError: with every problem of every file.
    """
    problems: list[Problem] = []
    loaded = [one for file in files for one in _of_file(file, policies, problems)]
    if problems:
        raise PolicyError(tuple(dict.fromkeys(problems)))
    return tuple(loaded)


def _of_file(file: WrittenTests, policies: Collection[str], problems: list[Problem]) -> Iterator[LoadedTest]:
    try:
        nodes = load(file.data, TEST)
    except YamlError as error:
        problems.append(Problem(file.path, error.line, error.column, error.message))
        return
    found: list[Problem] = []
    lines: dict[str, int] = {}
    for node in nodes:
        if isinstance(node, Scalar) and node.style == "plain" and not node.text:
            continue  # nothing between two `---`
        test = _test(file.path, node, policies, found)
        if test is None or not isinstance(node, Mapping):
            continue
        if test.test in lines:
            name = node.get("test") or node
            message = f"a test of line {lines[test.test]} has this name already: `{shown(test.test)}`"
            found.append(Problem(file.path, name.line, name.column, message))
        lines.setdefault(test.test, node.line)
        yield LoadedTest(test, file.path, node.line)
    problems += sorted(found, key=lambda problem: (problem.line, problem.column))


def _test(path: str, node: Node, policies: Collection[str], problems: list[Problem]) -> PolicyTest | None:
    if not isinstance(node, Mapping):
        message = "a test is a mapping with `test`, `given` and `expect`"
        problems.append(Problem(path, node.line, node.column, message))
        return None
    if node.get("kind") is not None and node.get("test") is None:
        key = node.key("kind")
        message = "this is a policy: none is judged that lies in a folder of tests, so that it belongs one folder up"
        problems.append(Problem(path, key.line, key.column, message))
        return None
    test: PolicyTest | None
    test, found = validate(PolicyTest, path, node)
    problems += found
    if test is None:
        return None
    problems += _names(path, node, test, policies)
    return test


def _names(path: str, node: Mapping, test: PolicyTest, policies: Collection[str]) -> Iterator[Problem]:
    """Policies that there are not, or that the test is not of."""
    tested = test.ids or policies
    for place in (node.get("policy"), *_items(node.get("policies"))):
        if isinstance(place, Scalar) and place.text not in policies:
            yield _no_policy(path, place, policies)
    expect = node.get("expect")
    if not isinstance(expect, Mapping):
        return
    outcome = expect.get("outcome")
    if isinstance(outcome, Mapping):
        for name in outcome.entries:
            if name not in tested:
                yield _no_policy(path, outcome.key(name), tested)
    elif outcome is not None and len(tested) != 1:
        message = "this test is of several policies: give the outcome of each by its id, as `{main-protected: pass}`"
        yield Problem(path, outcome.line, outcome.column, message)
    for key in ("findings", "findings_include", "unknowns"):
        for item in _items(expect.get(key)):
            yield from _of_whom(path, item, tested)


def _of_whom(path: str, item: Node, tested: Collection[str]) -> Iterator[Problem]:
    named = item.get("policy") if isinstance(item, Mapping) else None
    if named is None and len(tested) != 1:
        message = "this test is of several policies: say by `policy` whose this is"
        yield Problem(path, item.line, item.column, message)
    elif isinstance(named, Scalar) and named.text not in tested:
        yield _no_policy(path, named, tested)


def _items(node: Node | None) -> Iterable[Node]:
    return node.items if isinstance(node, ListNode) else ()


def _no_policy(path: str, place: Scalar, policies: Collection[str]) -> Problem:
    near = nearest(place.text, policies)
    meant = f": did you mean `{near}`?" if near else ""
    return Problem(path, place.line, place.column, f"there is no policy `{shown(place.text)}` here{meant}")

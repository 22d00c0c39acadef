"""The examples of a kind, as its page shows them: what is given, and what the policy says to it.

A kind's policy lies in `examples/rules/<kind>.yaml`, its examples in `examples/rules/tests/<kind>.yaml`: tests of that
policy, which `govcheck test` runs. What they expect is shown as a report has it, so that a test has to hold that every
message stands there whole. Where an outcome cannot be, a comment says why: `# No unknown: what it reads is all there.`
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from govcheck.facts.document import Mapping as Document
from govcheck.policy_tests.model import ExpectedFinding, ExpectedUnknown, PolicyTest
from govcheck.reporters.page import Page
from govcheck.reporters.wording import said
from govcheck.sources.policy_files import PolicySource, load_policies
from govcheck.sources.policy_test_files import TEST, WrittenTests, load_tests
from govcheck.sources.yaml_document import load

FOLDER = "examples/rules"
"""Of the examples of all kinds, from the repository's root."""

HEADINGS: Mapping[str, str] = {
    "pass": "Passing",
    "fail": "Failing",
    "unknown": "Unknown",
    "not-applicable": "Not applicable",
}
"""The outcomes that every kind has an example of, in the order of the page."""

_WHY_NOT = re.compile(r"^# No ([a-z-]+): (.+(?:\n#  .+)*)$", re.MULTILINE)
_WIDTH = 100
_INTRO = """Each of these is run, as a [test of a policy](../guides/testing-policies.md) that says what is `given`
([all of the file](../../examples/rules/tests/{kind}.yaml)). What is tested:"""


def why_not(text: str) -> dict[str, str]:
    """The outcomes that a file of examples says cannot be, each with its reason."""
    return {outcome: " ".join(reason.replace("\n#", " ").split()) for outcome, reason in _WHY_NOT.findall(text)}


def section(root: Path, kind: str) -> list[str]:
    """The parts of a page about the examples of a kind; empty where it has none.

    Raises:
        PolicyError: where the policy or an example is not valid.
    """
    policy, tests = root / FOLDER / f"{kind}.yaml", root / FOLDER / "tests" / f"{kind}.yaml"
    if not (policy.is_file() and tests.is_file()):
        return []
    told = policy.read_text("utf-8")
    return ["## Examples", _INTRO.format(kind=kind), _block("yaml", _bare(told)), *_by_outcome(policy, tests)]


def _bare(text: str) -> str:
    """Without the lines that only editors read."""
    return "\n".join(line for line in text.splitlines() if not line.startswith("# yaml-language-server"))


def _by_outcome(policy: Path, tests: Path) -> Iterator[str]:
    data = tests.read_bytes()
    ids = [one.policy.id for one in load_policies([PolicySource(str(policy), policy.read_bytes())])]
    shown = list(zip(load_tests([WrittenTests(str(tests), data)], ids), _given(data), strict=True))
    reasons = why_not(data.decode())
    for outcome, heading in HEADINGS.items():
        examples = [(one.test, given) for one, given in shown if one.test.expect.outcome == outcome]
        if not examples and outcome not in reasons:
            continue
        yield f"### {heading}"
        if not examples:
            yield f"There is no such example: {reasons[outcome]}"
        for test, given in examples:
            yield from _example(test, given, several=len(ids) > 1)


def _example(test: PolicyTest, given: str, *, several: bool) -> Iterator[str]:
    of = f" (`{test.policy}`)" if several and test.policy else ""
    yield f"{test.test[:1].upper()}{test.test[1:]}{of}:"
    yield _block("yaml", given)
    said_of_it = _report(test)
    if said_of_it:
        yield _block("text", said_of_it)


def _given(data: bytes) -> Iterator[str]:
    """What each test gives, in the words of its file."""
    lines = data.decode().splitlines()
    for document in load(data, TEST):
        if isinstance(document, Document):
            begin = document.key("given").line
            after = [key.line for key, _ in document.entries.values() if key.line > begin]
            yield "\n".join(lines[begin - 1 : min(after) - 1])


def _report(test: PolicyTest) -> str:
    """Findings and unknowns, as reports have them."""
    page = Page(colour=False, width=_WIDTH)
    policy = test.policy
    for finding in test.expect.findings or ():
        severity = finding.severity or "error"
        _entry(page, f"{severity}[{finding.policy or policy}]", finding)
    for unknown in test.expect.unknowns or ():
        _entry(page, f"unknown[{unknown.reason}] {unknown.policy or policy}:", unknown)
    return page.text()


def _entry(page: Page, label: str, one: ExpectedFinding | ExpectedUnknown) -> None:
    page.gap()
    page.paragraph(f"{said(one.control)}: {said(one.subject)}", label=label)
    page.paragraph(said(one.message), indent=2)


def _block(language: str, text: str) -> str:
    fence = "`" * max(3, 1 + max(map(len, re.findall(r"^ *(`+)", text, re.MULTILINE)), default=0))
    return f"{fence}{language}\n{text.strip(chr(10))}\n{fence}"

"""What has to have an owner: the CODEOWNERS file itself, the workflows, the policies, and what a policy promises."""

import re
from collections.abc import Iterable, Iterator

from govcheck.codeowners.parsing import LOCATIONS
from govcheck.facts import Missing
from govcheck.facts.tree import Blobs
from govcheck.findings import Evidence, Fix, Location
from govcheck.globs import compile_globs
from govcheck.liveness.gate import Gate
from govcheck.liveness.ownership_reading import Ownership, alive, counted, dead, line_of
from govcheck.paths import display

POLICIES = ("policies/*.yaml", "policies/*.yml")
"""Where govcheck's own policies lie, unless a configuration says otherwise."""

_WORKFLOWS = ".github/workflows/**"
_POLICY_KEYS = (re.compile(rb"^kind:", re.MULTILINE), re.compile(rb"^id:", re.MULTILINE))
_SHOWN = 5


def gates(promised: tuple[str, ...], found: Ownership, blobs: Blobs) -> Iterator[Gate]:
    """One gate for each thing that has to have an owner."""
    for pattern in dict.fromkeys(promised):
        yield _promise(found, pattern, compile_globs((pattern,)).accepted(found.index.paths))
    if not any(rule.owners for rule in found.deciding.values()):
        return  # nobody owns anything: that is told of the file
    covered = compile_globs(promised).matches
    if not covered(found.path):
        yield _itself(found)
    workflows = [path for path in compile_globs((_WORKFLOWS,)).accepted(found.index.paths) if not covered(path)]
    if workflows:
        why = ": whoever changes a workflow changes the check that it reports"
        yield _owned(found, _WORKFLOWS, f"`{_WORKFLOWS}`", workflows, why)
    policies = [path for path, content in blobs.contents.items() if _is_policy(path, content) and not covered(path)]
    if policies:
        why = ": whoever changes a policy changes what is checked"
        yield _owned(found, "policies/**", "`policies/**`, which are govcheck's policies,", policies, why)


def no_file(promised: tuple[str, ...]) -> Gate:
    """There is no CODEOWNERS file, though owners are promised."""
    shown = ", ".join(f"`{pattern}`" for pattern in promised[:_SHOWN])
    return dead(
        "CODEOWNERS",
        f"there is no CODEOWNERS file, and the policy promises owners for {shown}",
        Location(),
        fix=Fix(text=f"Write {LOCATIONS[0]}: a line has a pattern, then its owners"),
    )


def _is_policy(path: str, content: bytes | Missing) -> bool:
    return path not in LOCATIONS and isinstance(content, bytes) and all(key.search(content) for key in _POLICY_KEYS)


def _promise(found: Ownership, pattern: str, paths: Iterable[str]) -> Gate:
    listed = list(paths)
    if listed:
        return _owned(found, pattern, f"`{pattern}`, which the policy promises an owner,", listed)
    return dead(
        f"owned:{pattern}",
        f"`{pattern}`, which the policy promises an owner, matches no tracked file",
        Location(path=found.path),
        fix=Fix(text="Correct the glob in `owned` of the policy, or remove it"),
        severity="warning",
    )


def _itself(found: Ownership) -> Gate:
    rule = found.deciding.get(found.path)
    subject = f"owned:{found.path}"
    if rule is not None and rule.owners:
        return alive(subject, f"{found.path} is owned by its own line {rule.line}", line_of(found.path, rule))
    how = "no line of it matches it" if rule is None else f"line {rule.line} of it takes its owners off"
    return dead(
        subject,
        f"{found.path} has no owner: {how}, so that whoever may write can change who has to review",
        Location(path=found.path) if rule is None else line_of(found.path, rule),
        fix=_add(found, found.path),
    )


def _owned(found: Ownership, pattern: str, what: str, paths: list[str], why: str = "") -> Gate:
    unowned = [path for path in paths if not found.owned(path)]
    subject, place = f"owned:{pattern}", Location(path=found.path)
    if not unowned:
        lines = sorted({found.deciding[path].line for path in paths})
        by = f"line {lines[0]}" if len(lines) == 1 else counted(len(lines), "line")
        return alive(subject, f"{what} has an owner in {len(paths):,} of {counted(len(paths))}, by {by}", place)
    first = ", ".join(f"`{display(path)}`" for path in unowned[:_SHOWN])
    rest = f" and {len(unowned) - _SHOWN:,} more" if len(unowned) > _SHOWN else ""
    said = f"{what} has no owner in {len(unowned):,} of {counted(len(paths))} ({first}{rest}){why}"
    return dead(subject, said, place, fix=_add(found, pattern), evidence=_taken_off(found, unowned))


def _add(found: Ownership, pattern: str) -> Fix:
    """What is anchored at the root means the same in both dialects, for the most part."""
    anchored = pattern if pattern.startswith(("/", "**")) else f"/{pattern}"
    return Fix(text=f"Add `{anchored} OWNER` as the last line of {found.path}")


def _taken_off(found: Ownership, unowned: list[str]) -> Iterator[Evidence]:
    """The lines without owners that decide."""
    rules = {rule.line: rule for path in unowned if (rule := found.deciding.get(path)) is not None}
    for line in sorted(rules)[:_SHOWN]:
        text = f"line {line}, `{display(rules[line].pattern)}`, has no owners: what it matches is nobody's"
        yield Evidence(text=text, location=line_of(found.path, rules[line]))

"""Changes stay inside the paths that this repository, or the pull request itself, allows.

A path is inside where an `allow` glob matches it and no `deny` glob does. `applies_to` says which paths the lists
govern at all; the others are nobody's business here.

```yaml
kind: allowed-paths
id: docs-allow-list
why: A page that nobody expects is a page that nobody keeps.
applies_to: ["**/*.md"]
allow: [README.md, "docs/**"]
deny: ["docs/private/**"]
```

At pre-commit and in CI the change is judged: what it adds, modifies, deletes and renames, as far as `changes` lists
it. A rename has two sides. Its new path is judged where `rename` or `add` is listed, its old one, which is gone
afterwards, where `delete` is: so it makes no difference whether git sees a rename or a deletion and an addition.
Symbolic links and submodules are judged as the paths they are, not as what they point to.

Over a whole tree and in a sweep everything tracked is judged, whatever `changes` lists. There a pattern of `allow` or
`applies_to` that matches nothing tracked is a warning, and so is a class such as `[id]` that a tracked path has
literally.

With `declared_in: pull-request` the pull request's own text has to say what it may touch, in a line, a list or a code
block:

    Allowed paths: app/** docs/*.md

Each changed path that is governed has to lie inside that as well. No such line is a finding, and so are one that
names everything (`**`), one that is not a valid glob (always in govcheck's own dialect), and two that differ. A
declaration never widens the policy's own lists: where both are given, both hold. `allow` may then be left out. A
workflow that is to judge the text anew when somebody edits it has to name `edited` among its `types`.

The dialect of globs fails closed: from the repository's root, the whole path, `*` within one folder, `**/` any number
of folders, `docs/` everything below. `dialect` names another one for all three lists.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Literal

from govcheck import globs
from govcheck.facts import Request
from govcheck.facts.change import Change, ChangeType
from govcheck.facts.pull_request import PullRequest
from govcheck.facts.tree import Tree
from govcheck.findings import Evidence, Finding, Fix, Json, Judged, Location
from govcheck.globs import Dialect, Globs, compile_globs
from govcheck.paths import display
from govcheck.policy import Policy
from govcheck.records import frozen
from govcheck.registry import check

_SHOWN = 5
"""How many patterns a sentence names before it says how many more there are."""

_EVERYTHING = ("**",)

_DONE = {
    ChangeType.ADD: "is added",
    ChangeType.MODIFY: "is modified",
    ChangeType.DELETE: "is deleted",
    ChangeType.RENAME: "is renamed",
}


@frozen(kw_only=True)
class AllowedPaths(Policy):
    """Which paths may be there, or may be changed."""

    kind: Literal["allowed-paths"] = "allowed-paths"

    applies_to: tuple[str, ...] = _EVERYTHING
    """Globs of the paths that this policy governs; everything, where it is left out."""

    allow: tuple[str, ...] | None = None
    """Globs from the repository's root; a governed path must match one. Needed unless `declared_in` is given."""

    deny: tuple[str, ...] = ()
    """Globs that win over `allow`."""

    changes: tuple[Literal["add", "modify", "delete", "rename"], ...] = ("add", "modify", "delete", "rename")
    """Which changes are judged; a whole tree is judged whatever this lists."""

    dialect: Dialect = "govcheck"
    """How the globs are read: govcheck's own way, which fails closed, or as another tool has them."""

    declared_in: Literal["pull-request"] | None = None
    """Where the change itself has to declare its `Allowed paths`, which can only narrow this policy."""

    def problems(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """What the types cannot say: the place in the document, and what is wrong there."""
        if self.allow is None and self.declared_in is None:
            yield (), "`allow` is missing: list the globs that are allowed, or set `declared_in: pull-request`"
        if not self.applies_to:
            yield ("applies_to",), "an empty list governs nothing: leave the key out to govern everything"
        if not self.changes:
            yield ("changes",), "an empty list judges nothing: leave the key out to judge every change"
        lists = (("applies_to", self.applies_to), ("allow", self.allow or ()), ("deny", self.deny))
        for key, patterns in lists:
            for number, pattern in enumerate(patterns):
                if problem := globs.problems(pattern, self.dialect):
                    yield (key, number), f"`{pattern}`: {problem}"


@frozen
class _Side:
    """One path that a change touches: an entry of it, or one side of a rename."""

    path: str
    done: str
    """What happens to it, as a sentence has it: `is added`."""

    change: str
    """The type of the change."""


def _own_lists(policy: AllowedPaths) -> Iterable[tuple[Request, ...]]:
    return [()] if policy.allow is not None or policy.deny else []


def _declared(policy: AllowedPaths) -> Iterable[tuple[Request, ...]]:
    return [()] if policy.declared_in else []


@check(wants=_own_lists)
def changed_paths(policy: AllowedPaths, change: Change) -> Iterator[Finding | Judged]:
    """The change, at pre-commit and in CI."""
    sides = _governed(policy, change)
    yield Judged(len(sides))
    for path, denied_by in _refused(policy, sides).items():
        yield _own_finding(policy, sides[path], denied_by)


@check(wants=_own_lists)
def tracked_paths(policy: AllowedPaths, tree: Tree) -> Iterator[Finding | Judged]:
    """Everything tracked, over a whole tree and in a sweep."""
    everything = policy.applies_to == _EVERYTHING
    governed = tree.modes.keys() if everything else tuple(_governing(policy).accepted(tree.modes))
    yield Judged(len(governed))
    for path, denied_by in _refused(policy, governed).items():
        yield _own_finding(policy, _Side(path, "is tracked", "tracked"), denied_by)
    yield from _doubtful_patterns(policy, tree)


@check(wants=_declared)
def declared_paths(policy: AllowedPaths, change: Change, pull_request: PullRequest) -> Iterator[Finding | Judged]:
    """The change against what the pull request's text declares."""
    from govcheck.actions.declared_paths import declarations, faults  # noqa: PLC0415 - the hook knows no pull request

    sides = _governed(policy, change)
    yield Judged(len(sides))
    if not sides:
        return
    declared = declarations(pull_request.body)
    if wrong := tuple(faults(declared)):
        yield _undeclared(pull_request, wrong, sides)
        return
    patterns = declared[0].patterns
    refused = _refused(policy, sides)
    for path in compile_globs(patterns).rejected(sides):
        if path not in refused:
            yield _stray(sides[path], patterns)


def _governed(policy: AllowedPaths, change: Change) -> dict[str, _Side]:
    """The paths that are judged. One that a rename leaves and something else takes again has arrived."""
    by_path = {side.path: side for side in (*_leaving(policy, change), *_arriving(policy, change))}
    return {path: by_path[path] for path in _governing(policy).accepted(by_path)}


def _leaving(policy: AllowedPaths, change: Change) -> Iterator[_Side]:
    if "delete" in policy.changes:
        for entry in change.paths:
            if entry.previous_path is not None:
                yield _Side(entry.previous_path, f"is renamed to `{display(entry.path)}`,", "rename")


def _arriving(policy: AllowedPaths, change: Change) -> Iterator[_Side]:
    for entry in change.paths:
        if entry.previous_path is not None:
            if "add" in policy.changes or "rename" in policy.changes:
                yield _Side(entry.path, f"is renamed from `{display(entry.previous_path)}`,", "rename")
        elif entry.type in policy.changes:
            yield _Side(entry.path, _DONE[entry.type], str(entry.type))


def _governing(policy: AllowedPaths) -> Globs:
    return compile_globs(policy.applies_to, policy.dialect)


def _refused(policy: AllowedPaths, paths: Collection[str]) -> dict[str, str | None]:
    """The paths that the policy's own lists refuse, each with the `deny` glob that does; None: no `allow` glob fits."""
    deny = compile_globs(policy.deny, policy.dialect)
    refused: dict[str, str | None] = {path: deny.which(path) for path in deny.accepted(paths)} if policy.deny else {}
    if policy.allow is not None:
        for path in compile_globs(policy.allow, policy.dialect).rejected(paths):
            refused.setdefault(path, None)
    return refused


def _own_finding(policy: AllowedPaths, side: _Side, denied_by: str | None) -> Finding:
    where = "outside the allowed paths" if denied_by is None else f"although `deny` has `{denied_by}`"
    expected: list[Json] = [*(policy.allow or ())] if denied_by is None else [f"not {denied_by}"]
    return Finding(
        control="path",
        subject=display(side.path),
        message=f"`{display(side.path)}` {side.done} {where}",
        plane="repo",
        location=Location(path=side.path),
        expected=expected,
        actual=side.change,
        fix=Fix(text=_mend(policy, side, denied_by)),
    )


def _mend(policy: AllowedPaths, side: _Side, denied_by: str | None) -> str:
    undo = "Move it or remove it" if side.change in {"add", "tracked"} else "Leave this path as it was"
    if denied_by is not None:
        return f"{undo}, or narrow `{denied_by}` in `deny` of the policy `{policy.id}`"
    if side.change in {"add", "tracked"} and policy.allow:
        undo = f"Move it to where it may be ({_some(policy.allow)})"
    literal = globs.literal(side.path) if policy.dialect == "govcheck" and side.path.isprintable() else side.path
    widened = "it" if literal == side.path else f"`{literal}`"
    return f"{undo}, or add {widened} to `allow` of the policy `{policy.id}`"


def _some(patterns: Sequence[str]) -> str:
    named = ", ".join(f"`{pattern}`" for pattern in patterns[:_SHOWN])
    return f"{named} and {len(patterns) - _SHOWN} more" if len(patterns) > _SHOWN else named


def _doubtful_patterns(policy: AllowedPaths, tree: Tree) -> Iterator[Finding]:
    """Patterns that match nothing tracked, and classes that were meant as brackets."""
    meant = dict(_meant_literally(policy, tree))
    lists = [("allow", policy.allow or ()), ("applies_to", policy.applies_to)]
    unused = {
        pattern: f"`{pattern}` in `{key}` matches no tracked path"
        for key, patterns in lists
        for pattern in compile_globs(patterns, policy.dialect).unused(tree.modes)
        if patterns != _EVERYTHING and pattern not in meant
    }
    for pattern, path in meant.items():
        message = f"`{pattern}` means one character of its brackets, and `{display(path)}` has them in its name"
        bare = globs.bare_brackets(pattern, policy.dialect)
        yield _pattern_finding(policy, pattern, message, f"Write `{bare}`, if that file is meant")
    for pattern, message in unused.items():
        yield _pattern_finding(policy, pattern, message, "Correct it, or remove it")


def _meant_literally(policy: AllowedPaths, tree: Tree) -> Iterator[tuple[str, str]]:
    """Patterns with a class, each with a tracked path that has the same brackets in its name."""
    for pattern in dict.fromkeys((*policy.applies_to, *(policy.allow or ()), *policy.deny)):
        if globs.has_brackets(pattern, policy.dialect):
            bare = compile_globs((globs.bare_brackets(pattern, policy.dialect).removeprefix("!"),), policy.dialect)
            path = next(bare.accepted(tree.modes), None)
            if path is not None and not compile_globs((pattern,), policy.dialect).matches(path):
                yield pattern, path


def _pattern_finding(policy: AllowedPaths, pattern: str, message: str, mend: str) -> Finding:
    return Finding(
        control="pattern",
        subject=pattern,
        message=message,
        plane="repo",
        severity="note" if policy.severity == "note" else "warning",
        fix=Fix(text=f"{mend}, in the policy `{policy.id}`"),
    )


def _undeclared(pull_request: PullRequest, wrong: tuple[str, ...], sides: Collection[str]) -> Finding:
    subject = f"#{pull_request.number}"
    return Finding(
        control="declared",
        subject=subject,
        message=f"The pull request {subject} {wrong[0]}",
        plane="repo",
        fix=Fix(text=f"Write one line into the pull request's text: `Allowed paths: {_example(sides)}`"),
        evidence=tuple(Evidence(text=f"It {fault}") for fault in wrong[1:]),
    )


def _example(paths: Collection[str]) -> str:
    """What the change would have to declare, as narrow as folders go."""
    folders = dict.fromkeys(f"{globs.literal(path.rpartition('/')[0])}/**" if "/" in path else path for path in paths)
    plain = [pattern for pattern in folders if pattern.isprintable() and not set(pattern) & set(" ,`")]
    return " ".join(plain[:_SHOWN]) or "docs/**"


def _stray(side: _Side, patterns: tuple[str, ...]) -> Finding:
    return Finding(
        control="path",
        subject=display(side.path),
        message=f"`{display(side.path)}` {side.done} outside the paths that the pull request declares",
        plane="repo",
        location=Location(path=side.path),
        expected=[*patterns],
        actual=side.change,
        fix=Fix(text="Take it out of the change, or name it in `Allowed paths` of the pull request's text"),
    )

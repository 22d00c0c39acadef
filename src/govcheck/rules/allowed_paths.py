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
names everything (`**`), one that is not a valid glob (in the dialect that `declared_dialect` names), and two that
differ. A declaration never widens the policy's own lists: where both are given, both hold. `allow` may then be left
out. A workflow that is to judge the text anew when somebody edits it has to name `edited` among its `types`.

With `roles` each change is held to the paths of the role that it belongs to, and `allow` is for those of no role. The
first role counts for which everything fits that it is known by: a name of the branch with placeholders (see
`branch-name`), an author, a label, what the issue says below a heading (read with `--live`). A change that belongs to
no role fails where there is no `allow`. At a commit only the branch is known, and a role that is known by more waits
for CI; in CI what cannot be told is unknown. Whoever makes a branch chooses its name: where a role must not be taken
by anybody, let it be known by its authors.

```yaml
kind: allowed-paths
id: own-paths
roles:
  - {name: manager, author: [octocat], allow: ["**"]}
  - {name: agent, branch: ["agent/{agent}/{slug}"], allow: ["app/**", "feedback/<agent>/<YYYY-MM-DD>.md"]}
words: {agent: [engineer, qa]}
additions_only: ["feedback/**"]
```

`additions_only` names files that only grow: they may be added to, and no line of them may go or be edited; nor may they
be deleted or renamed. A change of the space at a line's end is no edit.

Lists may have placeholders: `<YYYY-MM-DD>`, `<YYYYMMDD>`, `<HHMM>`, and those that `words` lists; `<agent|role>` is
either.

The dialect of globs fails closed: from the repository's root, the whole path, `*` within one folder, `**/` any number
of folders, `docs/` everything below. `dialect` names another one for all three lists.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from govcheck import globs
from govcheck.facts import Request
from govcheck.facts.change import Change, ChangeType, RemovedLines
from govcheck.facts.commits import BranchName, Commits
from govcheck.facts.pull_request import LinkedIssues, LinkedIssuesRequest, PullRequest, StatedChange
from govcheck.facts.tree import Tree
from govcheck.findings import Finding, Fix, Judged
from govcheck.globs import Dialect, Globs, compile_globs
from govcheck.policy import MODEL_CONFIGURATION, Policy
from govcheck.records import field, frozen
from govcheck.registry import Said, check
from govcheck.text.sides import Side
from govcheck.text.sides import sides as sides_of

if TYPE_CHECKING:
    from govcheck.text.role_paths import RoleRules

_EVERYTHING = ("**",)


@frozen(kw_only=True)
class Role:
    """Somebody who may touch some paths; everything that is given has to fit."""

    __pydantic_config__: ClassVar[dict[str, Any]] = MODEL_CONFIGURATION

    name: str
    """How findings call it."""

    branch: tuple[str, ...] = ()
    """Names of its branches, with placeholders as `branch-name` has them: `agent/{agent}/{slug}`."""

    author: tuple[str, ...] = ()
    """Logins of the pull request's author."""

    label: str | None = None
    """A label of the pull request."""

    issue: Mapping[str, str] = field(default_factory=dict)
    """What the linked issue says below a heading: `{Agent: engineer}`."""

    allow: tuple[str, ...]
    """Globs of the paths that it may touch."""


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

    declared_dialect: Dialect = "govcheck"
    """How the globs that the change declares are read: in `fnmatch`, for one, `*` crosses folders."""

    roles: tuple[Role, ...] = ()
    """Who may touch what: the first role that a change fits decides."""

    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Placeholders of your own, each with the words that it stands for: `{agent: [engineer, qa]}`."""

    additions_only: tuple[str, ...] = ()
    """Globs of files of which no line may go or be edited."""

    def problems(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """What the types cannot say: the place in the document, and what is wrong there."""
        if self.allow is None and self.declared_in is None and not self.roles and not self.additions_only:
            yield (), "`allow` is missing: list the globs that are allowed, or set `declared_in: pull-request`"
        if not self.applies_to:
            yield ("applies_to",), "an empty list governs nothing: leave the key out to govern everything"
        if not self.changes:
            yield ("changes",), "an empty list judges nothing: leave the key out to judge every change"
        from govcheck.text import path_words  # noqa: PLC0415 - a warm hook validates nothing

        for place, patterns in self._lists():
            for number, pattern in enumerate(patterns):
                wrong = path_words.problem(pattern, self.words) or globs.problems(pattern, self.dialect)
                if wrong:
                    yield (*place, number), f"`{pattern}`: {wrong}"
        for number, role in enumerate(self.roles):
            yield from _role_problems(number, role, self.words)

    def _lists(self) -> Iterator[tuple[tuple[str | int, ...], Sequence[str]]]:
        yield ("applies_to",), self.applies_to
        yield ("allow",), self.allow or ()
        yield ("deny",), self.deny
        yield ("additions_only",), self.additions_only
        for number, role in enumerate(self.roles):
            yield ("roles", number, "allow"), role.allow


def _role_problems(
    number: int, role: Role, words: Mapping[str, tuple[str, ...]]
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if not (role.branch or role.author or role.label or role.issue):
        yield ("roles", number), "nothing tells it: give `branch`, `author`, `label` or `issue`"
    from govcheck.text import templates  # noqa: PLC0415 - a warm hook validates nothing

    for place, name in enumerate(role.branch):
        if wrong := templates.problem(name, words):
            yield ("roles", number, "branch", place), f"`{name}`: {wrong}"


def _own_lists(policy: AllowedPaths) -> Iterable[tuple[Request, ...]]:
    return [()] if _for_everybody(policy) is not None or policy.deny else []


def _for_everybody(policy: AllowedPaths) -> tuple[str, ...] | None:
    """`allow`, where it does not depend on whose change it is."""
    return None if policy.roles else policy.allow


def _growing(policy: AllowedPaths) -> Iterable[tuple[Request, ...]]:
    return [()] if policy.additions_only else []


def _roles(policy: AllowedPaths) -> Iterable[tuple[Request, ...]]:
    return [()] if policy.roles else []


def _roles_by_issue(policy: AllowedPaths) -> Iterable[tuple[Request, ...]]:
    if not any(role.issue for role in policy.roles):
        return []
    from govcheck.text.issue_links import CLOSING  # noqa: PLC0415 - the hook knows no issue

    return [(LinkedIssuesRequest(LinkedIssues, (), (*CLOSING, "refs", "ref", "references")),)]


def _declared(policy: AllowedPaths) -> Iterable[tuple[Request, ...]]:
    return [()] if policy.declared_in else []


@check(wants=_own_lists)
def changed_paths(policy: AllowedPaths, change: Change) -> Iterator[Finding | Judged]:
    """The change, at pre-commit and in CI."""
    sides = _governed(policy, change)
    yield Judged(len(sides))
    yield from _found(policy, sides, _refused(policy, sides))


@check(wants=_own_lists)
def tracked_paths(policy: AllowedPaths, tree: Tree) -> Iterator[Finding | Judged]:
    """Everything tracked, over a whole tree and in a sweep."""
    from govcheck.text.doubtful_patterns import doubts  # noqa: PLC0415 - the hook judges no whole tree

    everything = policy.applies_to == _EVERYTHING
    governed = tree.modes.keys() if everything else tuple(_governing(policy).accepted(tree.modes))
    yield Judged(len(governed))
    refused = _refused(policy, governed)
    yield from _found(policy, {path: Side(path, "is tracked", "tracked") for path in refused}, refused)
    if not tree.modes:
        yield _nothing_tracked()
        return
    allow = () if policy.words or policy.allow is None else policy.allow
    used = {"allow": allow, "applies_to": () if everything else policy.applies_to}
    for pattern, message, mend in doubts(used, policy.deny, tree.modes, policy.dialect):
        yield _pattern_finding(policy, pattern, message, mend)


@check(wants=_declared)
def declared_paths(policy: AllowedPaths, change: Change, pull_request: PullRequest) -> Iterator[Finding | Judged]:
    """The change against what the pull request's text declares."""
    from govcheck.text.declared import judge  # noqa: PLC0415 - the hook knows no pull request

    sides = _governed(policy, change)
    yield Judged(len(sides))
    yield from judge(sides, frozenset(_refused(policy, sides)), pull_request, policy.declared_dialect)


@check(wants=_roles)
def role_paths(policy: AllowedPaths, change: Change, head: BranchName, stated: StatedChange) -> Iterator[Said]:
    """The change against the paths of its role, as far as that is known."""
    from govcheck.text import role_paths as judging  # noqa: PLC0415 - few policies have roles
    from govcheck.text.roles import Who  # noqa: PLC0415 - see above

    sides = _governed(policy, change)
    yield Judged(len(sides))
    rules, who = _rules(policy), Who(branch=head.name, pull_request=stated.pull_request)
    told = rules.told(who)
    if told.doubt is None or stated.pull_request is not None:
        yield from judging.judge(rules, told, sides, who)


@check(wants=_roles)
def role_untold(
    policy: AllowedPaths, change: Change, head: BranchName, stated: StatedChange, commits: Commits
) -> Iterator[Said]:
    """In CI: a change of which no pull request is known."""
    from govcheck.text.role_paths import judge  # noqa: PLC0415 - few policies have roles
    from govcheck.text.roles import Who  # noqa: PLC0415 - see above

    yield Judged(0)
    rules, who = _rules(policy), Who(branch=head.name, pull_request=stated.pull_request)
    told = rules.told(who)
    if told.doubt is not None and stated.pull_request is None and commits.commits:
        yield from judge(rules, told, _governed(policy, change), who)


@check(wants=_roles_by_issue)
def role_by_issue(
    policy: AllowedPaths, change: Change, head: BranchName, stated: StatedChange, linked: LinkedIssues
) -> Iterator[Said]:
    """The same where the issue tells the role."""
    from govcheck.text.role_paths import settle  # noqa: PLC0415 - few policies have roles
    from govcheck.text.roles import Who  # noqa: PLC0415 - see above

    yield Judged(0)
    before = Who(branch=head.name, pull_request=stated.pull_request)
    after = Who(branch=head.name, pull_request=stated.pull_request, issues=linked)
    yield from settle(_rules(policy), _governed(policy, change), before, after)


@check(wants=_growing)
def growing_files(policy: AllowedPaths, change: Change, removed: RemovedLines) -> Iterator[Said]:
    """Files that only grow."""
    from govcheck.text.growing import judge  # noqa: PLC0415 - few policies have such files

    growing = compile_globs(_expanded(policy, policy.additions_only), policy.dialect)
    old = [entry for entry in change.paths if entry.type is not ChangeType.ADD]
    judged = [entry for entry in old if growing.matches(entry.previous_path or entry.path)]
    yield Judged(len(judged))
    yield from judge(judged, removed, policy.id)


def _rules(policy: AllowedPaths) -> "RoleRules":
    from govcheck.text.role_paths import RoleRules  # noqa: PLC0415 - few policies have roles

    return RoleRules(
        policy=policy.id,
        roles=policy.roles,
        allows=[_expanded(policy, role.allow) for role in policy.roles],
        allow=None if policy.allow is None else _expanded(policy, policy.allow),
        words=policy.words,
        compiled=lambda patterns: compile_globs(patterns, policy.dialect),
    )


def _expanded(policy: AllowedPaths, patterns: tuple[str, ...]) -> tuple[str, ...]:
    if not any("<" in pattern for pattern in patterns):
        return patterns
    from govcheck.text.path_words import expanded  # noqa: PLC0415 - few globs have placeholders

    return expanded(patterns, policy.words)


def _governed(policy: AllowedPaths, change: Change) -> dict[str, Side]:
    """The paths that are judged."""
    by_path = sides_of(change, policy.changes)
    return {path: by_path[path] for path in _governing(policy).accepted(by_path)}


def _governing(policy: AllowedPaths) -> Globs:
    return compile_globs(_expanded(policy, policy.applies_to), policy.dialect)


def _refused(policy: AllowedPaths, paths: Collection[str]) -> dict[str, str | None]:
    """The paths that the policy's own lists refuse, each with the `deny` glob that does; None: no `allow` glob fits."""
    deny = compile_globs(_expanded(policy, policy.deny), policy.dialect)
    refused: dict[str, str | None] = {path: deny.which(path) for path in deny.accepted(paths)} if policy.deny else {}
    allow = _for_everybody(policy)
    if allow is not None:
        for path in compile_globs(_expanded(policy, allow), policy.dialect).rejected(paths):
            refused.setdefault(path, None)
    return refused


def _found(policy: AllowedPaths, sides: Mapping[str, Side], refused: Mapping[str, str | None]) -> Iterator[Finding]:
    if not refused:
        return
    from govcheck.text.outside import Lists, finding  # noqa: PLC0415 - most runs find nothing

    lists = Lists(policy=policy.id, allow=policy.allow, dialect=policy.dialect)
    for path, denied_by in refused.items():
        yield finding(lists, sides[path], denied_by)


def _nothing_tracked() -> Finding:
    return Finding(
        control="pattern",
        subject="nothing",
        message="nothing is tracked yet, so that no pattern matches anything",
        plane="repo",
        severity="note",
        fix=Fix(text="`git add` what belongs to the repository, its policies too: only tracked files are judged"),
    )


def _pattern_finding(policy: AllowedPaths, pattern: str, message: str, mend: str) -> Finding:
    return Finding(
        control="pattern",
        subject=pattern,
        message=message,
        plane="repo",
        severity="note" if policy.severity == "note" else "warning",
        fix=Fix(text=f"{mend}, in the policy `{policy.id}`"),
    )

"""Branches are named as this repository names them.

```yaml
kind: branch-name
id: branch-names
why: A name says whose work it is and since when.
names: ["agent/{agent}/{day}-{slug}", "batch-{id}/{slug}"]
words: {agent: [engineer, qa, devops]}
exempt: ["dependabot/**"]
```

At pre-commit the branch that is checked out is judged, in CI the pull request's head branch. The default branch is
never judged: `origin/HEAD` and the pull request's event say which one that is; where neither does, it is `main` or
`master`.

| in a name | means | such as |
| --- | --- | --- |
| `{date}` | a day | `2025-10-17` |
| `{day}` | a day without hyphens | `20251017` |
| `{timestamp}` | an instant in UTC | `20251017T033137Z` |
| `{number}` | digits | `117` |
| `{slug}` | small letters and digits, joined by `-`, `_` or `.` | `chatwoot-health` |
| `{id}` | the same, in letters of any case | `M10401-stub` |
| `{agent}` | one of the words that `words` lists under this name | `engineer` |
| `*`, `**` | anything within one part, anything at all | |

Everything else is meant as it is written. Names are told apart by case, as git does it.

While a rebase goes on, the branch that it rebases is judged. With a detached HEAD there is no branch: a commit made
there is judged by nobody, and in CI a run without a pull request's event cannot tell (`unknown`). A check that takes
the detached HEAD of `actions/checkout` for a good name is never red.
"""

from collections.abc import Iterator, Mapping
from typing import Literal

from govcheck.facts.commits import BranchName, Commits
from govcheck.findings import Finding, Fix, Judged, Reason, Undecided
from govcheck.policy import Policy
from govcheck.records import field, frozen
from govcheck.registry import Said, check
from govcheck.text.templates import LONGEST, example, matches, problem

_CONTROL = "name"
_SHOWN = 5
_USUAL_DEFAULTS = ("main", "master")


@frozen(kw_only=True)
class BranchNames(Policy):
    """How branches are named."""

    kind: Literal["branch-name"] = "branch-name"

    names: tuple[str, ...]
    """Names with placeholders; a branch must match one of them: `batch-{id}/{slug}`."""

    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Placeholders of your own, each with the words that it stands for: `{agent: [engineer, qa]}`."""

    exempt: tuple[str, ...] = ()
    """Names, in the same form, of branches that nobody holds to `names`; beside the default branch."""

    def problems(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """What the types cannot say: the place in the document, and what is wrong there."""
        if not self.names:
            yield ("names",), "an empty list allows no branch at all: write at least one name"
        for name, words in self.words.items():
            if not words or not all(words):
                yield ("words", name), "list at least one word, and none that is empty"
        for key, templates in (("names", self.names), ("exempt", self.exempt)):
            for number, template in enumerate(templates):
                if wrong := problem(template, self.words):
                    yield (key, number), f"`{template}`: {wrong}"


@check()
def branch(policy: BranchNames, head: BranchName) -> Iterator[Said]:
    """The branch that is checked out, or that the pull request comes from."""
    if head.name is None:
        yield Judged(0)
        return
    yield Judged(1)
    if head.name not in _defaults(head) and not _fits(policy, head.name):
        yield _misnamed(policy, head.name)


@check()
def detached(policy: BranchNames, head: BranchName, commits: Commits) -> Iterator[Said]:
    """In CI: commits that are on no branch, as far as anybody can tell."""
    yield Judged(0)
    if head.name is None:
        number = len(commits.commits)
        what = "its one commit" if number == 1 else f"its {number} commits"
        yield Undecided(
            control=_CONTROL,
            subject="HEAD",
            reason=Reason.MISSING_OBJECT,
            message=f"HEAD is detached and no pull request is told of, so the branch of {what} is not known to "
            f"{policy.id}: run at `pull_request`, where GITHUB_EVENT_PATH tells it",
        )


def _defaults(head: BranchName) -> tuple[str, ...]:
    return (head.default,) if head.default else _USUAL_DEFAULTS


def _fits(policy: BranchNames, name: str) -> bool:
    return any(matches(name, template, policy.words) for template in (*policy.names, *policy.exempt))


def _misnamed(policy: BranchNames, name: str) -> Finding:
    shown = ", ".join(f"`{template}`" for template in policy.names[:_SHOWN])
    more = f" and {len(policy.names) - _SHOWN} more" if len(policy.names) > _SHOWN else ""
    long = f": it has {len(name)} characters, and more than {LONGEST} fit nowhere" if len(name) > LONGEST else ""
    good = example(policy.names[0], policy.words)
    return Finding(
        control=_CONTROL,
        subject=name,
        message=f"The branch `{name}` is not named as {shown}{more}{long}",
        plane="repo",
        expected=[*policy.names],
        actual=name,
        fix=Fix(text=f"Rename it, such as to `{good}`", command="git branch -m NEW-NAME"),
    )

"""What git prints in a fresh checkout, where that is certain."""

import fnmatch
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from govcheck.actions.steps import Step
from govcheck.actions.workflow import Job, Workflow, text
from govcheck.findings import Evidence
from govcheck.records import field, frozen

_OPTIONS = r"git\s+(?:-\S+\s+(?:[^\s=-][^\s=]*=\S*\s+)?){0,9}"
_STAGES = re.compile(
    _OPTIONS + r"(?:add|rm|mv|commit|apply\b[^\n]*--(?:index|cached|3way)|am|stash|reset|update-index|merge|read-tree|"
    r"cherry-pick|revert|rebase|restore|checkout|pull|lfs)\b"
)
_MOVES = re.compile(_OPTIONS + r"(?:checkout|switch|branch|worktree|symbolic-ref|rebase|pull|clone|init)\b")
_LEAVES_FOLDER = re.compile(r"\b(?:cd|pushd|popd|GIT_\w+)\b")
_HARMLESS = re.compile(
    r"actions/|[\w.-]{1,100}/[\w./-]{0,200}(?:setup|toolchain|cache|login)[\w.-]{0,100}@", re.IGNORECASE
)
"""Actions that leave the checkout's index and branch alone."""

_STAGED = frozenset({"--cached", "--staged"})
_BRANCH_NAMES = (
    ["git", "rev-parse", "--abbrev-ref", "HEAD"],
    ["git", "branch", "--show-current"],
)
_ODD_PATTERN = re.compile(r"[:\[\]\\]|^[-./]|\.\./|^$")
_MANAGERS = re.compile(r"\b(?:npm|npx|yarn|pnpm|bun)\b")


@frozen
class FreshCheckout:
    """The checkout that a step finds."""

    workflow: Workflow
    job: Job
    step: Step
    contents: Mapping[str, object]
    tracked: Mapping[str, str]
    folder: str | None
    """Where the step runs; None where nobody can tell."""

    printed: dict[str, Evidence] = field(default_factory=dict)
    """What was made use of, by command."""

    @property
    def is_own(self) -> bool:
        """Whether paths are the repository's own, from a folder that is known."""
        return self.folder is not None and own_checkout(self.job)

    @property
    def nothing_is_staged(self) -> bool:
        """Whether the index holds what was checked out, when a step begins and all through it."""
        return not _said(_STAGES, self.job, self.step, self.contents)

    @property
    def is_touched(self) -> bool:
        """Whether an action before the step may have fetched, installed or changed something."""
        before = self.job.steps[: self.step.index]
        return any(step.uses is not None and not _HARMLESS.match(text(step.uses)) for step in before)

    def output(self, source: str, words: list[str]) -> str | None:
        """What a command of a script prints; None where that is not certain.

        Args:
            source: The script.
            words: The command.
        """
        if words[:1] != ["git"] or _LEAVES_FOLDER.search(source):
            return None
        if words[:2] == ["git", "ls-files"]:
            return self._listed(words)
        if words[:2] == ["git", "diff"] and reads_index(words[2:]):
            if self.nothing_is_staged:
                return self._prints(words, "", "nothing is staged in a fresh checkout")
        elif words in _BRANCH_NAMES and self._detached():
            output = "HEAD" if "rev-parse" in words else ""
            return self._prints(words, output, "what a pull request is checked out at is on no branch")
        return None

    def _listed(self, words: list[str]) -> str | None:
        patterns = words[2:]
        if self.folder != "" or not patterns or any(map(_ODD_PATTERN.search, patterns)):
            return None
        if any(_matches(path, patterns) for path in self.tracked) or not own_checkout(self.job):
            return None
        if not self.nothing_is_staged:
            return None
        return self._prints(words, "", "no tracked file matches")

    def _prints(self, words: list[str], output: str, why: str) -> str:
        shown = f"`{output}`" if output else "nothing"
        command = " ".join(words)
        self.printed[command] = Evidence(text=f"`{command}` prints {shown} here: {why}")
        return output

    def _detached(self) -> bool:
        """Whether no branch is checked out: what a pull request is run on is a merge that no branch names."""
        events = {trigger.event for trigger in self.workflow.triggers}
        if events != {"pull_request"} or _said(_MOVES, self.job, self.step, self.contents):
            return False
        checkouts = [step for step in self.job.steps if is_checkout(step)]
        return bool(checkouts) and all(step.with_ is None or "ref" not in step.with_.entries for step in checkouts)


def reads_index(arguments: list[str]) -> bool:
    """Whether `git diff` with these arguments compares the index with the commit that is checked out."""
    before = arguments[: arguments.index("--")] if "--" in arguments else arguments
    others = [word for word in before if not word.startswith("-") and word != "HEAD"]
    return not _STAGED.isdisjoint(before) and not others and "--merge-base" not in before


def is_checkout(step: Step) -> bool:
    """Whether a step is GitHub's own checkout."""
    return step.uses is not None and text(step.uses).partition("@")[0].casefold() == "actions/checkout"


@lru_cache(maxsize=1024)
def own_checkout(job: Job) -> bool:
    """Whether whatever is checked out in a job is this repository, at the root of the workspace."""
    checkouts = [step for step in job.steps if step.uses is not None and "checkout" in text(step.uses).casefold()]
    return all(
        is_checkout(step) and (step.with_ is None or not {"repository", "path"} & step.with_.entries.keys())
        for step in checkouts
    )


def _said(pattern: re.Pattern[str], job: Job, step: Step, contents: Mapping[str, object]) -> bool:
    """Whether a step up to this one says something, or may: itself, or by what it runs."""
    for one in job.steps[: step.index + 1]:
        if one.uses is not None and not _HARMLESS.match(text(one.uses)):
            return True
        if one.run is not None and any(map(pattern.search, _scripts(text(one.run), contents))):
            return True
    return False


def _scripts(source: str, contents: Mapping[str, object]) -> Iterator[str]:
    """A script, and the repository's own that it names."""
    yield source
    for path, content in contents.items():
        name = path.rpartition("/")[2]
        if isinstance(content, bytes) and (name in source or (name == "package.json" and _MANAGERS.search(source))):
            yield content.decode("utf-8", "replace")


def _matches(path: str, patterns: list[str]) -> bool:
    """Git's own pathspecs, whose `*` crosses folders: https://git-scm.com/docs/gitglossary#def_pathspec."""
    return any(
        fnmatch.fnmatchcase(path, pattern) or path == pattern or path.startswith(f"{pattern.rstrip('/')}/")
        for pattern in patterns
    )

"""What compares with the index, which holds nothing new in CI, or with a base that was never fetched."""

import re
from collections.abc import Iterator

from govcheck.actions.shell import Command
from govcheck.actions.steps import Step
from govcheck.actions.workflow import Job, text
from govcheck.facts.document import Scalar
from govcheck.findings import Evidence, Fix
from govcheck.liveness.executions import STAGES, Execution, Ran
from govcheck.liveness.gate import Gate, State

_INDEX = re.compile(r"git[\"'\s,]+(?:-\S+\s+)*diff\b[^\n;|&]{0,120}?--(?:cached|staged)\b")
_OTHERWISE = re.compile(
    r"process\.env\.(?:CI|GITHUB_\w+)|os\.environ|getenv|GITHUB_BASE_REF|origin/|\.\.\.|merge-base|HEAD~|HEAD\^"
)
"""What a program says that does not only look at the index."""

_FETCHES = re.compile(r"git\s+(?:-\S+\s+)*(?:fetch|pull|remote\s+update|clone)\b")
_REMOTE = re.compile(r"(?:refs/remotes/)?(?:origin|upstream)/|\$\{?(?:GITHUB_BASE_REF|BASE_REF|BASE)\b")
_COMPARING = frozenset({"diff", "log", "rev-list", "merge-base", "cherry", "range-diff", "show-branch"})
_USE_BASE = (
    "compare with the base, as in `git diff --name-only origin/main...HEAD`, and check out with `fetch-depth: 0`"
)


def gates(execution: Execution) -> Iterator[Gate]:
    """Every comparison that a step makes, itself or by what it runs, and that finds nothing."""
    if not any(step.run is not None and STAGES.search(text(step.run)) for step in execution.job.steps):
        for ran in execution.ran:
            yield from _of_index(execution, ran)
    for ran in execution.ran:
        yield from _of_base(execution, ran)


def _of_index(execution: Execution, ran: Ran) -> Iterator[Gate]:
    if ran.exits is None:
        match = _INDEX.search(ran.source)
        if match and not _OTHERWISE.search(ran.source):
            yield _dead(execution, ran, match.start())
        return
    if ran.script is None or ran.exits.untold:
        return
    compared = [one for one in ran.script.commands if _verb(one) == "diff" and ran.exits.reaches(one.offset)]
    staged = [one for one in compared if _reads_index(one)]
    if staged and len(staged) == len(compared):
        yield _dead(execution, ran, staged[0].offset)


def _dead(execution: Execution, ran: Ran, offset: int) -> Gate:
    return Gate(
        family="comparison",
        subject=f"{execution.workflow.path}:{execution.job.id}:{_named(execution, ran)}",
        state=State.DEAD,
        why="it looks at what is staged (`git diff --cached`), and in CI nothing ever is: it finds nothing to judge",
        location=ran.location(offset),
        evidence=(Evidence(text=f'the step "{execution.title}" runs it', location=execution.location),),
        fix=Fix(text=_USE_BASE),
    )


def _named(execution: Execution, ran: Ran) -> str:
    return ran.called.shown if ran.called is not None else execution.title


def _of_base(execution: Execution, ran: Ran) -> Iterator[Gate]:
    """`git diff origin/main...HEAD` in a clone that has one commit."""
    if ran.exits is None or ran.script is None or ran.exits.untold or not _is_shallow(execution.job):
        return
    for command in ran.script.commands:
        if _verb(command) in _COMPARING and ran.exits.reaches(command.offset) and _names_remote(command):
            if any(_FETCHES.search(one.source) for one in execution.ran) or _earlier_fetch(execution):
                return
            yield Gate(
                family="comparison",
                subject=f"{execution.workflow.path}:{execution.job.id}:{_named(execution, ran)}",
                state=State.DEAD,
                why=f"`{_shown(command)}` compares with a base that was never fetched: the checkout has one commit",
                location=ran.location(command.offset),
                evidence=(Evidence(text=f'the step "{execution.title}" runs it', location=execution.location),),
                fix=Fix(text="give the checkout `fetch-depth: 0`"),
            )
            return


def _earlier_fetch(execution: Execution) -> bool:
    earlier = execution.job.steps[: execution.step.index]
    return any(step.run is not None and _FETCHES.search(text(step.run)) for step in earlier)


def _is_shallow(job: Job) -> bool:
    """Whether every checkout of the job fetches one commit, and it has one."""
    checkouts = [step for step in job.steps if step.uses is not None and _is_checkout(step)]
    return bool(checkouts) and all(_depth(step) == "1" for step in checkouts)


def _is_checkout(step: Step) -> bool:
    return step.uses is not None and text(step.uses).partition("@")[0].casefold() == "actions/checkout"


def _depth(step: Step) -> str:
    """`fetch-depth` as text; 1 where it is not given: https://github.com/actions/checkout#usage."""
    if step.with_ is None:
        return "1"
    node = step.with_.get("fetch-depth")
    if node is None:
        return "0" if step.with_.get("repository") is not None else "1"
    return text(node) if isinstance(node, Scalar) else ""


def _verb(command: Command) -> str:
    """The first word of a git command that is no option; empty for every other program."""
    if command.name != "git":
        return ""
    words = [word.literal or "" for word in command.arguments]
    return next((word for word in words if word and not word.startswith("-")), "")


def _reads_index(command: Command) -> bool:
    return bool({"--cached", "--staged"}.intersection(word.literal or "" for word in command.arguments))


def _names_remote(command: Command) -> bool:
    return any(_REMOTE.search(word.shown) for word in command.arguments)


def _shown(command: Command) -> str:
    shown = " ".join(word.shown for word in command.words)
    return shown if len(shown) <= 60 else f"{shown[:57]}..."  # noqa: PLR2004 - as long as fits in a sentence

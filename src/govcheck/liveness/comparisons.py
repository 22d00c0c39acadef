"""What compares with the index, which holds nothing new in CI, or with a base that was never fetched."""

import re
from collections.abc import Iterator

from govcheck.actions.shell import Command
from govcheck.actions.steps import Step
from govcheck.actions.workflow import Job, text
from govcheck.facts.document import Scalar
from govcheck.findings import Evidence, Fix
from govcheck.liveness.executions import Execution, Ran
from govcheck.liveness.fresh_checkout import is_checkout, reads_index
from govcheck.liveness.gate import Gate, State

_INDEX = re.compile(r"(?P<git>git)[\"'\s,\[]+(?:-\S+\s+){0,9}(?P<diff>diff)\b[^\n;|&]{0,120}?--(?:cached|staged)\b")
_OTHERWISE = re.compile(
    r"process\.env\.(?:CI|GITHUB_\w+)|os\.environ|getenv|GITHUB_BASE_REF|origin/|\.\.\.[^a-zA-Z\[({]|merge-base|HEAD~|HEAD\^|"
    r"\bargv\b|argparse|parseArgs|commander|yargs|click|ls-files|ls-tree|readdir|\bglob|os\.walk|\brglob|diff-tree|--all\b"
)
"""What a program says that does not only look at the index."""

_FETCHES = re.compile(r"git\s+(?:-\S+\s+){0,9}(?:fetch|pull|remote\s+update|clone)\b")
_REMOTE = re.compile(r"(?:refs/remotes/)?(?:origin|upstream)/")
_FALLS_BACK = re.compile(r"[^\n]*\|\|")
_COMPARING = frozenset({"diff", "log", "rev-list", "merge-base", "cherry", "range-diff", "show-branch"})
_COMPARES = re.compile(rf"\b(?:{'|'.join(sorted(_COMPARING))})\b")

_USE_BASE = (
    "compare with the base, as in `git diff --name-only origin/main...HEAD`, and check out with `fetch-depth: 0`"
)


def gates(execution: Execution) -> Iterator[Gate]:
    """Every comparison that a step makes, itself or by what it runs, and that finds nothing."""
    if not execution.may_say(_may_compare):
        return
    if execution.checkout.nothing_is_staged:
        for ran in execution.ran:
            yield from _of_index(execution, ran)
    if _is_shallow(execution.job) and not execution.checkout.is_touched:
        for ran in execution.ran:
            yield from _of_base(execution, ran)


def _may_compare(source: str) -> bool:
    return "git" in source and any(
        _COMPARES.search(line, line.index("git")) for line in source.split("\n") if "git" in line
    )


def _of_index(execution: Execution, ran: Ran) -> Iterator[Gate]:
    if ran.walk is None:
        match = _INDEX.search(ran.source)
        if match and not _OTHERWISE.search(ran.source) and reads_index(_arguments(ran.source, match)):
            yield _dead(execution, ran, match.start())
        return
    differing = [one for one in ran.script.commands if _verb(one) == "diff"] if ran.script is not None else []
    if not any(map(_reads_index, differing)) or ran.exits is None or ran.exits.untold:
        return
    compared = [one for one in differing if ran.exits.reaches(one.offset)]
    staged = [one for one in compared if _reads_index(one)]
    if staged and len(staged) == len(compared):
        yield _dead(execution, ran, staged[0].offset)


def _arguments(source: str, match: re.Match[str]) -> list[str]:
    """The words after `diff`, in a program's text or in a list of texts."""
    before = source[match.start() - 1 : match.start()]
    end = before if before and before in "\"'`" and source[match.end("git") : match.end("git") + 1] != before else "]"
    said = source[match.end("diff") :].partition(end)[0].partition("\n")[0]
    return re.sub(r"[\"',`]+", " ", said).split()


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
    commands = ran.script.commands if ran.script is not None else ()
    remote = [one for one in commands if _verb(one) in _COMPARING and _names_remote(one)]
    if not remote or ran.exits is None or ran.exits.untold:
        return
    for command in remote:
        if ran.exits.reaches(command.offset):
            if _FALLS_BACK.match(ran.source[command.end :]):
                return
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
    checkouts = [step for step in job.steps if is_checkout(step)]
    return bool(checkouts) and all(_depth(step) == "1" for step in checkouts)


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
    words = [word.literal or "$" for word in command.arguments]
    return reads_index(words[words.index("diff") + 1 :])


def _names_remote(command: Command) -> bool:
    return any(_REMOTE.search(word.shown) for word in command.arguments)


def _shown(command: Command) -> str:
    shown = " ".join(word.shown for word in command.words)
    return shown if len(shown) <= 60 else f"{shown[:57]}..."  # noqa: PLR2004 - as long as fits in a sentence

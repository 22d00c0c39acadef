"""What the logs of runs have in them that must not be there. Never the logs themselves, and never a value."""

from govcheck.facts import Fact, Missing, Request
from govcheck.facts.live import Answer
from govcheck.facts.workflow_runs import WorkflowRuns
from govcheck.records import frozen


@frozen(kw_only=True)
class LogPattern:
    """One thing that is looked for in logs."""

    name: str
    regex: str
    """For RE2."""

    allowed: tuple[str, ...] = ()
    """Expressions for RE2: what one of them finds something in is none."""


@frozen
class RunLogsRequest(Request):
    """The logs of the newest ended runs of some workflows, looked through. Its answer is a `RunLogs`."""

    workflows: tuple[str, ...]
    """Names of files, or globs of names."""

    runs: int
    """How many runs of each."""

    patterns: tuple[LogPattern, ...]
    secrets: bool
    """Whether a scanner of secrets looks through them as well."""


@frozen(kw_only=True)
class LogHit:
    """Something that was found in the log of one step."""

    what: str
    """The name of the pattern, or the rule of the scanner."""

    is_secret: bool
    """Whether a scanner found it."""

    job: str
    step: str
    """Empty where GitHub gives the log of the job as a whole."""

    line: int
    """The first one, from 1."""

    count: int


@frozen(kw_only=True)
class RunLog:
    """The log of one run."""

    path: str
    """The workflow's file."""

    run: int
    url: str
    answer: Answer
    """To `repos/{owner}/{repo}/actions/runs/{id}/logs`, without the address that it leads to."""

    hits: tuple[LogHit, ...] = ()
    trouble: Missing | None = None
    """Why the log could not be had or read, where GitHub gave an address."""


@frozen(kw_only=True)
class RunLogs(Fact):
    """What was found in logs."""

    runs: WorkflowRuns
    """The runs themselves, without their jobs."""

    logs: tuple[RunLog, ...]
    scanner: Missing | None = None
    """Why no scanner of secrets looked through them, where one was asked for."""

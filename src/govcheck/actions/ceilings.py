"""Which jobs' tokens may do more than a policy allows: every job against the most specific ceiling that names it."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Literal

from govcheck.actions import permission_words
from govcheck.actions.deploy_jobs import Scope
from govcheck.actions.permissions import READ_ALL, WRITE_ALL, Effective, Grant, Level, effective
from govcheck.actions.workflow import Job, Workflow, read
from govcheck.facts.workflows import Workflows
from govcheck.records import replace

Ceiling = dict[str, Level] | Literal["read-all", "write-all"]
"""What a token may do at most, as a policy writes it."""

Ceilings = Mapping[str, Ceiling]
"""By workflow file (a glob of names), with `:job` behind it where only that job is meant."""

Alike = list[tuple[Effective, Grant]]
"""Jobs that are told together, each with its ceiling."""

DEFAULTS = {
    "read": Grant({"contents": "read", "packages": "read"}),
    "write": Grant({"id-token": "none"}, rest="write"),
}
"""What a token has where no `permissions` is written, by the repository's default.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/github_token-reference
"""


def governed(ceilings: Ceilings, workflows: Workflows) -> int:
    """How many jobs have a ceiling."""
    jobs = ((one, job) for one in map(read, workflows.files) for job in one.jobs)
    return sum(_ceiling(ceilings, one, job) is not None for one, job in jobs)


def beyond(ceilings: Ceilings, workflows: Workflows) -> Iterator[tuple[str, Alike]]:
    """Those that are beyond their ceilings, or may be, with the subject that they are told under."""
    for one in map(read, workflows.files):
        found: dict[tuple[str, str], Alike] = {}
        for job in one.jobs:
            ceiling = _ceiling(ceilings, one, job)
            for held in effective(one, job, workflows) if ceiling is not None else ():
                if ceiling is not None and held.most.beyond(ceiling):
                    found.setdefault(permission_words.whose(held), []).append((held, ceiling))
        yield from ((subject, alike) for (_, subject), alike in found.items())


def by_default(ceilings: Ceilings, workflows: Workflows) -> Iterator[tuple[str, Alike]]:
    """Those of them that have what the repository's default is, which no file tells."""
    for subject, alike in beyond(ceilings, workflows):
        if alike[0][0].origin == "default" and not alike[0][0].exact:
            yield subject, alike


def with_default(alike: Alike, default: str) -> Alike:
    """Those that are beyond their ceilings still, now that the repository's default is known: `read` or `write`."""
    grant = DEFAULTS[default]
    return [(replace(held, most=grant, exact=True), most) for held, most in alike if grant.beyond(most)]


@lru_cache(maxsize=1024)
def _has_file(glob: str, path: str) -> bool:
    return Scope(workflows=(glob,)).has_file(path)


def _ceiling(ceilings: Ceilings, one: Workflow, job: Job) -> Grant | None:
    """The most specific ceiling of a job; None where it has none."""
    found = []
    for key, ceiling in ceilings.items():
        glob, _, wanted = key.partition(":")
        if wanted.casefold() in {"", job.id.casefold()} and _has_file(glob, one.path):
            found.append((bool(wanted), len(glob.replace("*", "")), ceiling))
    if not found:
        return None
    _, _, ceiling = max(found, key=lambda entry: entry[:2])
    if isinstance(ceiling, str):
        return READ_ALL if ceiling == "read-all" else WRITE_ALL
    return Grant(ceiling)

"""Deploy tokens that jobs outside of an environment can read: what the environment asks is then asked of nobody.

A secret of an environment is given only to jobs that name it. Where others read the same one, it has to be a secret of
the repository (or its organization), and a workflow on any branch can use it. Source:
https://docs.github.com/en/actions/reference/workflows-and-actions/deployments-and-environments#environment-secrets
"""

from collections.abc import Iterator, Sequence

from govcheck.actions import deploy_target_table as table
from govcheck.actions.deploy_targets import Site, sites
from govcheck.actions.programs import programs, script_of, shell_of
from govcheck.actions.raw_text import may_run
from govcheck.actions.secret_uses import SecretUse, secrets_of
from govcheck.actions.shell import Script
from govcheck.actions.verifying import phrase_of
from govcheck.actions.workflow import Job, Step, Workflow, location, text
from govcheck.facts.document import Node
from govcheck.findings import Evidence, Fix
from govcheck.liveness.gate import Gate, State
from govcheck.paths import display
from govcheck.records import field, frozen, mutable

_VARIABLES = frozenset(token for naming in table.PROGRAMS.values() for token in naming.tokens)
_SECRETS = ("secrets",)
_MOST = 20


@frozen
class Use:
    """What a job does with a token, beside deploying."""

    shown: str
    """`flyctl status`."""

    only_reads: bool
    """Whether that is known to change nothing."""


@mutable
class _Reader:
    """One job that reads a token."""

    workflow: Workflow
    job: Job
    node: Node
    deploys: tuple[Site, ...]
    uses: list[Use] = field(default_factory=list)
    """What it does with it, beside what it deploys."""

    @property
    def environment(self) -> str:
        return text(self.job.environment.name).strip() if self.job.environment is not None else ""


def gates(workflows: Sequence[Workflow]) -> Iterator[Gate]:
    """Every deploy token that some job with an environment reads."""
    readers: dict[str, list[_Reader]] = {}
    for workflow in workflows:
        for job in workflow.jobs:
            for secret, reader in _readers(workflow, job).items():
                readers.setdefault(secret, []).append(reader)
    for secret, found in sorted(readers.items()):
        guarded = [one for one in found if one.environment and one.deploys]
        if guarded:
            yield _judged(secret, found, guarded)


def _readers(workflow: Workflow, job: Job) -> dict[str, _Reader]:
    """By secret: this job as its reader. Workflows that are only called have their callers' secrets."""
    found: dict[str, _Reader] = {}
    if {trigger.event for trigger in workflow.triggers} == {"workflow_call"}:
        return found
    if not may_run(workflow.file, _SECRETS):
        return found
    own = sites(workflow, job)
    for step in job.steps:
        for use in secrets_of(workflow, job, step):
            if _may_deploy(use):
                reader = found.setdefault(use.secret, _Reader(workflow, job, use.node, own))
                reader.uses.extend(_uses(workflow, job, step, own))
                if any(site.deploy.step is step for site in own):
                    reader.node = use.node
    return found


def _may_deploy(use: SecretUse) -> bool:
    if use.of == "with":
        return use.key.casefold() in table.TOKEN_INPUTS
    return use.key in _VARIABLES or (use.of == "run" and use.secret in _VARIABLES)


def _uses(workflow: Workflow, job: Job, step: Step, own: tuple[Site, ...]) -> Iterator[Use]:
    """What a step runs with a token that is no deploy: `flyctl status`, which only reads."""
    deploying = {site.deploy.command.offset for site in own if site.deploy.command and site.deploy.step is step}
    script = script_of(step, shell_of(workflow, job, step))
    for program in programs(script) if isinstance(script, Script) else ():
        if program.name in table.PROGRAMS and program.command.offset not in deploying:
            reading = phrase_of(program.texts(), table.READS.get(program.name, ()))
            yield Use(
                " ".join([program.name, reading or " ".join(program.texts()[:1])]).strip(), only_reads=bool(reading)
            )


def _judged(secret: str, found: list[_Reader], guarded: list[_Reader]) -> Gate:
    outside = [one for one in found if not one.environment]
    environments = " and ".join(dict.fromkeys(one.environment for one in guarded))
    if not outside:
        why = f"`{secret}` is read by jobs of the environment {environments} only"
        return _gate(secret, State.ALIVE, why, guarded[0])
    deploying = [one for one in outside if one.deploys]
    also = f", and {len(deploying)} of them {'deploys' if len(deploying) == 1 else 'deploy'}" if deploying else ""
    why = (
        f"{len(outside)} of the {len(found)} jobs that read `{secret}` name no environment{also}: "
        f"so it has to be a secret of the repository, and a workflow on any branch can deploy to {environments} with "
        "it, whatever those environments ask"
    )
    fix = Fix(
        text=f"put `{secret}` into the environments {environments} and delete it from the repository; give each of "
        "these jobs an `environment`, or a token of its own that can only read"
    )
    evidence = tuple(_evidence(one) for one in outside[:_MOST])
    return _gate(secret, State.DEAD, why, (deploying or outside)[0], evidence=evidence, fix=fix)


def _evidence(one: _Reader) -> Evidence:
    what = ", ".join(dict.fromkeys(f"`{site.deploy.by}` to {site.target.shown}" for site in one.deploys))
    others = ", ".join(dict.fromkeys(f"`{use.shown}`" for use in one.uses))
    if what:
        said = f"deploys with it ({what})"
    elif others:
        said = f"{'only reads' if all(use.only_reads for use in one.uses) else 'does something'} with it ({others})"
    else:
        said = "is given it"
    return Evidence(
        text=f"{display(one.workflow.path)}:{one.job.id} {said}", location=location(one.workflow.path, one.node)
    )


def _gate(
    secret: str,
    state: State,
    why: str,
    at: _Reader,
    *,
    evidence: tuple[Evidence, ...] = (),
    fix: Fix | None = None,
) -> Gate:
    return Gate(
        family="bypass",
        subject=f"secrets/{secret}",
        state=state,
        why=why,
        location=location(at.workflow.path, at.node),
        evidence=evidence,
        fix=fix,
    )

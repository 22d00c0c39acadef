"""`gate deploy`: may a deploy start now? And the log of every such answer."""

import getpass
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from govcheck.actions.openings import GateAnswer
from govcheck.app.configured import configured
from govcheck.app.gate_log import log_file
from govcheck.app.gate_override import Overrides, overriding
from govcheck.app.gate_source import in_actions, policies_of
from govcheck.app.options import GateOptions, Setting
from govcheck.app.policies import load
from govcheck.app.world import instant
from govcheck.errors import UsageError
from govcheck.facts.decisions import Answer, Decision, Overriding
from govcheck.policy import LoadedPolicy
from govcheck.records import frozen, replace
from govcheck.reporters.escape import log_line, visible
from govcheck.rules.deploy_window import DeployWindow, gate, governing
from govcheck.settings.deploy_conditions import Condition, approval, checks
from govcheck.sources.git.repository import Repository, open_repository
from govcheck.sources.git.revisions import resolve
from govcheck.store.decisions import append, read

OPEN, CLOSED, UNKNOWN = 0, 1, 3
_CODES: dict[Answer, int] = {"open": OPEN, "closed": CLOSED, "unknown": UNKNOWN}


def run_gate(options: GateOptions) -> tuple[int, str]:
    """Whether a deploy to an environment may start: 0 open, 1 closed, 3 cannot tell; and the answer in words.

    Every answer is appended to the log first: a gate that keeps no record does not open.

    Raises:
        UsageError: where no policy has a say.
        SourceError: where the policies that count, or the log, cannot be had.
    """
    repository = open_repository(options.setting.directory)
    reading, words = policies_of(options, repository)
    options = replace(options, setting=configured(options.setting, reading))
    chosen = _chosen(load(options.setting, reading).policies, options.policy)
    now = instant(options.setting.at)
    answer = gate(chosen, options.environment, now)
    if answer is None:
        raise UsageError(
            f"no deploy-window policy has a say in deploys to {options.environment!r}",
            "a gate without a policy would always be open: write one (`govcheck explain policy deploy-window` shows "
            "how), or correct --environment",
        )
    policies = governing(chosen, options.environment)
    asked = _Asked(options, repository, _commit(options, repository))
    conditions = tuple(_conditions(asked, policies))
    log = log_file(options.setting, options.audit_log, repository)
    found = Overrides(options=options, reading=reading, commit=asked.commit, now=now, log=log, actor=_actor(options))
    override = overriding(found, policies) if _is_closed(answer, conditions) else None
    decided = _decided(answer, conditions, override)
    decision = Decision(
        time=now if options.setting.at is None else instant(None),
        judged_at=now,
        environment=options.environment,
        commit=asked.commit,
        actor=found.actor,
        decision=decided,
        why=(*answer.reasons, *answer.avoided, *(one.text for one in conditions if one.state != "met")),
        policies=tuple(policy.id for policy in policies),
        policies_from=words,
        run=options.setting.environment.get("GITHUB_RUN_ID", ""),
        override=override,
    )
    append(log, decision)
    return _CODES[decided], _shown_lines(_lines(decision, answer, conditions))


def _shown_lines(lines: Iterable[str]) -> str:
    """Names and reasons are other people's text, on a terminal or in a runner's log."""
    return "\n".join(log_line(visible(line)) for line in lines)


def _is_closed(answer: GateAnswer, conditions: tuple[Condition, ...]) -> bool:
    return not answer.open or any(one.state == "unmet" for one in conditions)


def _decided(answer: GateAnswer, conditions: tuple[Condition, ...], override: Overriding | None) -> Answer:
    """Closed wins over what cannot be told; an override opens what is closed, and nothing that cannot be told."""
    if _is_closed(answer, conditions) and override is None:
        return "closed"
    return "unknown" if any(one.state == "unknown" for one in conditions) else "open"


def _chosen(policies: tuple[LoadedPolicy, ...], name: str | None) -> tuple[LoadedPolicy, ...]:
    if name is None:
        return policies
    chosen = tuple(loaded for loaded in policies if loaded.policy.id == name and loaded.policy.kind == "deploy-window")
    if not chosen:
        known = ", ".join(loaded.policy.id for loaded in policies if loaded.policy.kind == "deploy-window") or "none"
        raise UsageError(f"there is no deploy-window policy {name!r}", f"deploy windows here: {known}")
    return chosen


@frozen
class _Asked:
    options: GateOptions
    repository: Repository
    commit: str


def _conditions(asked: _Asked, policies: tuple[DeployWindow, ...]) -> Iterator[Condition]:
    """What the policies want beside the hours, each once."""
    contexts = tuple(dict.fromkeys(context for policy in policies for context in policy.checks))
    approved = any(policy.approval for policy in policies)
    if not contexts and not approved:
        return
    from govcheck.app.live import connect  # noqa: PLC0415 - a window alone needs no network code
    from govcheck.sources.github.gather_gate import gather_approval, gather_checks  # noqa: PLC0415 - the same

    options = asked.options
    live = connect(options.setting, asked.repository, options.max_wait)
    run = options.setting.environment.get("GITHUB_RUN_ID", "")
    with live.client:
        if contexts:
            yield from checks(gather_checks(live.client, live.repository, asked.commit), contexts)
        if approved and run.isdecimal():
            yield approval(
                options.environment, *gather_approval(live.client, live.repository, options.environment, run)
            )
        elif approved:
            why = "GITHUB_RUN_ID names no workflow run"
            yield Condition("unknown", f"whether {options.environment} was approved: {why}")


def _commit(options: GateOptions, repository: Repository) -> str:
    """What is to be deployed, as git knows it; in a run of Actions the run's own commit need not be in the clone."""
    if options.commit is not None:
        return resolve(repository, options.commit)
    own = options.setting.environment.get("GITHUB_SHA") if in_actions(options.setting) else None
    found = own or repository.head
    if found is None:
        raise UsageError("there is no commit that could be deployed", "name one with --commit")
    return found


def _actor(options: GateOptions) -> str:
    environment = options.setting.environment
    if in_actions(options.setting):
        return environment.get("GITHUB_TRIGGERING_ACTOR") or environment.get("GITHUB_ACTOR") or ""
    with suppress(OSError, KeyError):
        return getpass.getuser()
    return ""


def _lines(decision: Decision, answer: GateAnswer, conditions: tuple[Condition, ...]) -> Iterator[str]:
    words = {"open": "are open", "closed": "are closed", "unknown": "are not open: something could not be told"}
    yield f"deploys to {decision.environment} {words[decision.decision]}"
    yield from (f"  {window}" for window in answer.windows)
    yield from (f"  better not now: {reason}" for reason in answer.avoided)
    if not answer.open and len(answer.windows) > 1:
        opening = answer.next_open
        yield f"  all of them open {opening:%Y-%m-%d %H:%M} UTC" if opening else "  no common opening is in sight"
    yield from (f"  {one.text}" if one.state != "unknown" else f"  cannot tell {one.text}" for one in conditions)
    if decision.override is not None:
        yield f"  {_override_words(decision.override)}"
    yield f"  by the policies of {decision.policies_from}"


def _override_words(override: Overriding) -> str:
    until = f"until {override.expires:%Y-%m-%d %H:%M} UTC"
    return f"overridden {until} ({override.source}), approved by {override.approved_by}: {override.reason}"


def run_log(setting: Setting, audit_log: str | None) -> tuple[int, str]:
    """The log in words, and whether it is whole: 0, or 3 where a line was changed, cut off or taken out."""
    if audit_log is not None:
        log = read(Path(setting.directory or "", audit_log))
    else:
        log = read(log_file(setting, None, open_repository(setting.directory)))
    lines = [line for decision in log.decisions for line in _log_lines(decision)]
    count = f"{len(log.decisions)} decision{'s' * (len(log.decisions) != 1)}"
    if log.broken:
        return UNKNOWN, _shown_lines((*lines, f"{log.source} is damaged: {log.broken}", f"whole before it: {count}"))
    return OPEN, _shown_lines((*lines, f"{count}, every line of {log.source} is whole"))


def _log_lines(decision: Decision) -> Iterator[str]:
    who = decision.actor or "somebody"
    yield (
        f"{_shown(decision.time)} {decision.decision} {decision.environment} {decision.commit[:12]} for {who}"
        f" by {', '.join(decision.policies)} of {decision.policies_from}"
    )
    if decision.judged_at != decision.time:
        yield f"  asked as if it were {_shown(decision.judged_at)}: nothing was decided"
    yield from (f"  {why}" for why in decision.why)
    if decision.override is not None:
        yield f"  {_override_words(decision.override)}"


def _shown(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"

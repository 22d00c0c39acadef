"""Every place in a workflow that sends a message, and to whom.

Mail and chat actions, `curl` and `wget` of chats and mail services, and the commands that send mail. What an action or
a script in the repository does inside is not read here: `uses: ./...` is no sender by itself.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from govcheck.actions import sender_table as table
from govcheck.actions.programs import programs, script_of, shell_of
from govcheck.actions.recipients import Recipient, Scopes, from_parts, from_scalar, parts_of
from govcheck.actions.sender_commands import is_chat, sent_by
from govcheck.actions.shell import Script
from govcheck.actions.workflow import Job, Step, Workflow, text
from govcheck.facts.document import Mapping, Scalar
from govcheck.findings import Reason

_URL = re.compile(r"https?://[^\s\"'`)>]+")
_PAYLOAD_CHANNEL = re.compile(r"[\"']?channel[\"']?\s*:\s*[\"']?([^\"'\s,}]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """One step that sends."""

    by: str
    """What sends: `dawidd6/action-send-mail`, `curl`, `mail`."""

    job: str
    step: int
    line: int
    column: int
    recipients: tuple[Recipient, ...]
    unclear: str = ""
    """Where nobody can tell whom it reaches: why, in words."""

    reason: Reason = Reason.DYNAMIC
    """What kind of unclear."""


def sendings(workflow: Workflow) -> Iterator[Sending]:
    """Everything that a workflow sends, in the order of the file."""
    whole = workflow.file.text
    if whole and not table.HINT.search(whole):
        return
    for job in workflow.jobs:
        for step in job.steps:
            if step.uses is not None:
                yield from _by_action(workflow, job, step, step.uses)
            elif step.run is not None:
                yield from _by_script(workflow, job, step, step.run)


def _by_action(workflow: Workflow, job: Job, step: Step, uses: Scalar) -> Iterator[Sending]:
    name = text(uses).partition("@")[0].strip()
    kind = _kind(name.casefold())
    if kind is None:
        return
    scopes = _scopes(workflow, job, step)
    recipients = tuple(_mailed(step, scopes) if kind == table.MAIL else _posted(step, scopes))
    unclear = f"{name} sends, and none of the inputs that govcheck knows says to whom"
    yield _sending(name, job, step, uses.line, uses.column, recipients, unclear)


def _kind(name: str) -> str | None:
    if name.startswith(("./", ".\\", "docker://")) or not name:
        return None
    if name in table.ACTIONS:
        return table.ACTIONS[name]
    path = name.partition("/")[2]
    if table.NO_SENDER.search(path):
        return None
    if table.MAIL_NAME.search(path):
        return table.MAIL
    return table.CHAT if table.CHAT_NAME.search(path) else None


def _mailed(step: Step, scopes: Scopes) -> Iterator[Recipient]:
    for key, node in _inputs(step):
        if key in table.MAIL_INPUTS:
            yield from from_scalar(node, "email", scopes)


def _posted(step: Step, scopes: Scopes) -> Iterator[Recipient]:
    """By channel and by webhook, in inputs and in the environment, the nearest that has one."""
    own = [*_inputs(step), *_environment(step.env)]
    yield from _endpoints(own, scopes)
    if not any(map(_is_endpoint, (key for key, _ in own))):
        for environment in scopes.environments[0 if step.env is None else 1 :]:
            outer = [(key, node) for key, node in _environment(environment) if table.CHAT_VARIABLE.search(key)]
            yield from _endpoints(outer, scopes)
            if any(_is_endpoint(key) for key, _ in outer):
                return


def _is_endpoint(key: str) -> bool:
    return bool(table.WEBHOOK_INPUT.fullmatch(key)) and not table.NO_ENDPOINT.search(key)


def _endpoints(values: list[tuple[str, Scalar]], scopes: Scopes) -> Iterator[Recipient]:
    for key, node in values:
        if _is_endpoint(key):
            yield from from_scalar(node, "webhook", scopes)
        elif key in table.CHANNEL_INPUTS:
            yield from from_scalar(node, "channel", scopes)
        elif key in {"payload", "custom_payload"}:
            yield from _named_in(node, scopes)
        elif key == "payload-file-path":
            yield Recipient(kind="unknown", value=text(node), wanted="channel", line=node.line, column=node.column)


def _named_in(payload: Scalar, scopes: Scopes) -> Iterator[Recipient]:
    """The channel that a message names itself: a channel in the payload goes before the webhook's own."""
    for match in _PAYLOAD_CHANNEL.finditer(text(payload)[: 64 * 1024]):
        line, column = payload.place(match.start(1))
        named = Scalar(match[1], match[1], "plain", line, column)
        if "${{" in match[1]:
            yield Recipient(kind="unknown", value=match[1], wanted="channel", line=line, column=column)
        else:
            yield from from_scalar(named, "channel", scopes)


def _inputs(step: Step) -> list[tuple[str, Scalar]]:
    return _environment(step.with_)


def _environment(values: Mapping | None) -> list[tuple[str, Scalar]]:
    if values is None:
        return []
    return [(key.casefold(), node) for key, node in values.items() if isinstance(node, Scalar) and text(node).strip()]


def _scopes(workflow: Workflow, job: Job, step: Step) -> Scopes:
    environments = tuple(env for env in (step.env, job.env, workflow.env) if env is not None)
    return Scopes(workflow.file, environments, {}, step.run)


def _by_script(workflow: Workflow, job: Job, step: Step, run: Scalar) -> Iterator[Sending]:
    source = text(run)
    scopes = _scopes(workflow, job, step)
    if not table.HINT.search(source) and not _hinted_by(scopes, source):
        return
    shell = shell_of(workflow, job, step)
    script = script_of(step, shell)
    if isinstance(script, Script):
        found = list(_by_commands(script, job, step, scopes))
        yield from found
        if script.damaged and not found:
            yield from _unclear(source, "a part of the script is not what a shell's grammar explains", job, step, run)
    elif script is not None:
        yield from _unclear(source, script.message, job, step, run)
    else:
        yield from _by_addresses(source, job, step, run, scopes)
        yield from _unclear(
            source, f"the script is for {shell.name or 'a shell that an expression names'}", job, step, run
        )


def _hinted_by(scopes: Scopes, source: str) -> bool:
    """Whether the script uses a variable whose value has a hint: `curl $URL` with `URL: ${{ secrets.SLACK }}`."""
    if "curl" not in source and "wget" not in source:
        return False
    return any(
        table.HINT.search(text(node)) is not None and key in source
        for environment in scopes.environments
        for key, node in environment.items()
        if isinstance(node, Scalar)
    )


def _by_commands(script: Script, job: Job, step: Step, scopes: Scopes) -> Iterator[Sending]:
    run = scopes.script
    scopes = Scopes(scopes.file, scopes.environments, dict(script.assignments), run)
    for program in programs(script):
        sent = sent_by(program, scopes)
        if sent is None or run is None:
            continue
        line, column = run.place(program.command.offset)
        unclear = f"`{program.name}` sends, and the script does not say to whom"
        yield _sending(program.name, job, step, line, column, sent, unclear)


def _by_addresses(source: str, job: Job, step: Step, run: Scalar, scopes: Scopes) -> Iterator[Sending]:
    """Of a script in another language: every chat's URL in it."""
    for match in _URL.finditer(source):
        if is_chat(match[0]):
            line, column = run.place(match.start())
            parts = tuple(replace(part, offset=part.offset + match.start()) for part in parts_of(match[0]))
            recipients = tuple(from_parts(parts, "webhook", scopes))
            yield _sending("the script", job, step, line, column, recipients)


def _unclear(source: str, why: str, job: Job, step: Step, run: Scalar) -> Iterator[Sending]:
    """A script that was not read, or not wholly, and that has words in it that send."""
    if table.OTHER_SHELL.search(source) or any(is_chat(match[0]) for match in _URL.finditer(source)):
        message = f"{why}, and it has words in it that send"
        yield _sending("the script", job, step, run.line, run.column, (), message, Reason.UNPARSEABLE)


def _sending(
    by: str,
    job: Job,
    step: Step,
    line: int,
    column: int,
    recipients: tuple[Recipient, ...],
    unclear: str = "",
    reason: Reason = Reason.DYNAMIC,
) -> Sending:
    return Sending(
        by=by,
        job=job.id,
        step=step.index,
        line=line,
        column=column,
        recipients=recipients,
        unclear="" if recipients else unclear,
        reason=reason,
    )

"""Every place in a workflow that sends a message, and to whom.

Mail and chat actions, `curl` and `wget` of chats and mail services, and the commands that send mail. What a script in
the repository does inside is not read here, nor an action that is none of its composite ones.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from govcheck.actions import sender_table as table
from govcheck.actions.programs import programs, script_of, shell_of
from govcheck.actions.raw_text import may_run
from govcheck.actions.recipients import Recipient, Scopes, from_parts, from_scalar, parts_of
from govcheck.actions.sender_commands import is_chat, sent_by
from govcheck.actions.shell import Script
from govcheck.actions.workflow import Job, Step, Workflow, text
from govcheck.facts.document import Mapping, Scalar
from govcheck.findings import Reason
from govcheck.records import frozen, replace

_URL = re.compile(r"https?://[^\s\"'`)>]+")
_PAYLOAD_CHANNEL = re.compile(r"[\"']?channel[\"']?\s*:\s*[\"']?((?:\$\{\{[^}]*\}\}|[^\"'\s,}])+)")
_MOST = 100


@frozen
class At:
    """One step of a workflow."""

    workflow: Workflow
    job: Job
    step: Step


@frozen(kw_only=True)
class Sending:
    """One thing that a step sends."""

    by: str
    """What sends: `dawidd6/action-send-mail`, `curl`, `mail`."""

    at: At
    line: int
    column: int
    recipients: tuple[Recipient, ...]
    unclear: str = ""
    """Where nobody can tell whom it reaches: why, in words."""

    reason: Reason = Reason.DYNAMIC
    """What kind of unclear."""


def sendings(workflow: Workflow) -> Iterator[Sending]:
    """Everything that a workflow sends, in the order of the file."""
    if not may_run(workflow.file, table.HINTS):
        return
    for job in workflow.jobs:
        for step in job.steps:
            at = At(workflow, job, step)
            if step.uses is not None:
                yield from _by_action(at, step.uses)
            elif step.run is not None:
                yield from _by_script(at, step.run)


def _hints(source: str, words: tuple[str, ...]) -> bool:
    lowered = source.lower()
    for word in words:  # noqa: SIM110 - this looks through every script there is, and a generator takes twice as long
        if word in lowered:
            return True
    return False


def _by_action(at: At, uses: Scalar) -> Iterator[Sending]:
    name = text(uses).partition("@")[0].strip()
    kind = _kind(name.casefold())
    if kind is None:
        return
    scopes = _scopes(at)
    recipients = tuple(_mailed(at.step, scopes) if kind == table.MAIL else _posted(at.step, scopes))
    unclear = f"{name} sends, and none of the inputs that govcheck knows says to whom"
    yield _sending(at, name, (uses.line, uses.column), recipients, unclear)


@lru_cache(maxsize=1024)
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
    own = [*_inputs(step), *_values(step.env)]
    yield from _endpoints(own, scopes)
    if not any(map(_is_endpoint, (key for key, _ in own))):
        for environment in scopes.environments[0 if step.env is None else 1 :]:
            outer = [(key, node) for key, node in _values(environment) if table.CHAT_VARIABLE.search(key)]
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
    return _values(step.with_)


def _values(mapping: Mapping | None) -> list[tuple[str, Scalar]]:
    """The single values of a mapping that are not empty, by key in lower case."""
    if mapping is None:
        return []
    return [(key.casefold(), node) for key, node in mapping.items() if isinstance(node, Scalar) and text(node).strip()]


def _scopes(at: At) -> Scopes:
    environments = tuple(env for env in (at.step.env, at.job.env, at.workflow.env) if env is not None)
    return Scopes(at.workflow.file, environments, {}, at.step.run)


def _by_script(at: At, run: Scalar) -> Iterator[Sending]:
    source = text(run)
    scopes = _scopes(at)
    mails = _hints(source, table.MAIL_HINTS) and table.COMMAND_HINT.search(source)
    if not mails and not _fetches(scopes, source):
        return
    shell = shell_of(at.workflow, at.job, at.step)
    script = script_of(at.step, shell)
    if isinstance(script, Script):
        found = list(_by_commands(at, script, replace(scopes, assignments=dict(script.assignments)), run))
        yield from found
        if script.damaged and not found:
            yield from _unclear(at, run, "a part of the script is not what a shell's grammar explains")
    elif script is not None:
        yield from _unclear(at, run, script.message)
    elif any(is_chat(match[0]) for match in _URL.finditer(source)):
        yield from _by_addresses(at, run, scopes)
    else:
        yield from _unclear(at, run, f"the script is for {shell.name or 'a shell that an expression names'}")


def _fetches(scopes: Scopes, source: str) -> bool:
    """Whether the script posts, and what it says or a variable that it uses has a hint of a chat."""
    if not _hints(source, table.FETCH_HINTS):
        return False
    return _hints(source, table.HINTS) or any(
        key in source and _hints(text(node), table.HINTS)
        for environment in scopes.environments
        for key, node in environment.items()
        if isinstance(node, Scalar)
    )


def _by_commands(at: At, script: Script, scopes: Scopes, run: Scalar) -> Iterator[Sending]:
    count = 0
    for program in programs(script):
        sent = sent_by(program, scopes)
        if sent is None:
            continue
        count += 1
        place = run.place(program.command.offset)
        if count > _MOST:
            unclear = f"the script sends in more than {_MOST} places, and the others were not looked at"
            yield _sending(at, program.name, place, (), unclear)
            return
        yield _sending(at, program.name, place, sent, f"`{program.name}` sends, and the script does not say to whom")


def _by_addresses(at: At, run: Scalar, scopes: Scopes) -> Iterator[Sending]:
    """Of a script in another language: every chat's URL in it."""
    for match in _URL.finditer(text(run)):
        if is_chat(match[0]):
            parts = tuple(replace(part, offset=part.offset + match.start()) for part in parts_of(match[0]))
            recipients = tuple(from_parts(parts, "webhook", scopes))
            yield _sending(at, "the script", run.place(match.start()), recipients, "")


def _unclear(at: At, run: Scalar, why: str) -> Iterator[Sending]:
    """A script that was not read, or not wholly, and that has words in it that send."""
    source = text(run)
    if table.OTHER_LANGUAGE.search(source) or any(is_chat(match[0]) for match in _URL.finditer(source)):
        sending = _sending(at, "the script", (run.line, run.column), (), f"{why}, and it has words in it that send")
        yield replace(sending, reason=Reason.UNPARSEABLE)


def _sending(at: At, by: str, place: tuple[int, int], recipients: tuple[Recipient, ...], unclear: str) -> Sending:
    line, column = place
    unclear = "" if recipients else unclear
    return Sending(by=by, at=at, line=line, column=column, recipients=recipients, unclear=unclear)

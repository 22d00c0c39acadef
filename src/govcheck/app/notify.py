"""`notify`: tells what is news of a sweep, to those whom the repository's own policies allow, and to nobody else."""

import hashlib
from collections.abc import Callable, Mapping, Sequence

from govcheck.app.configured import configured
from govcheck.app.live import repository_name
from govcheck.app.options import Setting
from govcheck.app.policies import load
from govcheck.app.state import Reading
from govcheck.app.swept import memory_folder, swept
from govcheck.app.world import instant
from govcheck.errors import UsageError
from govcheck.findings import Severity
from govcheck.policy import LoadedPolicy
from govcheck.records import frozen, replace
from govcheck.report import ReportedFinding
from govcheck.reporters import letters
from govcheck.sources import apprise_channel, outgoing
from govcheck.sources.git.repository import open_repository
from govcheck.sources.git.states import AtRevision
from govcheck.sources.github.configuration import from_environment
from govcheck.sources.mail import SMTP_VARIABLE, Letter, NotDeliveredError, Postman, Server, is_address, server_of
from govcheck.store.notifications import opened
from govcheck.telling.memory import Memory
from govcheck.telling.news import News, Reader, counted, news, readers_by_name, remembered, threads
from govcheck.telling.permission import Sending, lists_anybody, quiet_by, readers, refusals, reminded_after
from govcheck.telling.sweep import Sweep

WEBHOOK_VARIABLE = "GOVCHECK_WEBHOOK_URL"
MOST_THREADS = 5
"""New threads that one reader gets at once; more than that is one message."""

_Said = tuple[str, str]


@frozen(kw_only=True)
class NotifyOptions:
    """`govcheck notify`."""

    setting: Setting
    report: str | None = None
    """A JSON report; None takes the newest sweep of the store."""

    mail: tuple[str, ...] = ()
    least: Severity = "warning"
    dry_run: bool = False
    timeout: float = 20.0
    """Seconds for each step of a conversation with a mail server."""


@frozen(kw_only=True)
class Told:
    """What came of it."""

    refused: tuple[ReportedFinding, ...] = ()
    told: tuple[_Said, ...] = ()
    """Reader, and the subject of a message that it got."""

    undelivered: tuple[_Said, ...] = ()
    """Reader, and why it could not be told."""

    quiet: str | None = None
    """The policy whose quiet hours these are."""

    dry_run: bool = False

    @property
    def exit_code(self) -> int:
        """1 where somebody may not be told, 3 where somebody could not be; 0 otherwise."""
        return 1 if self.refused else 3 if self.undelivered else 0


@frozen(kw_only=True)
class _Channels:
    """How readers are reached."""

    environment: Mapping[str, str]
    server: Server | None
    webhook: str
    sweep: Sweep


def run_notify(options: NotifyOptions) -> Told:
    """Tells everybody what is news to them, and remembers it.

    Raises:
        GovcheckError: where nothing can be told: no sweep, no policy, no channel, a damaged memory.
    """
    repository = open_repository(options.setting.directory)
    if repository.head is None:
        raise UsageError("there is no commit yet: HEAD's policies say who may be told")
    reading = Reading(repository, AtRevision(repository.head))
    setting = configured(options.setting, reading)
    policies = load(setting, reading).policies
    name = repository_name(setting, repository, from_environment(setting.environment))
    sweep = swept(setting, repository, options.report, name)
    channels = _channels(options, setting.environment, sweep)
    asked = _asked(options, channels, policies)
    refused = tuple(finding for one in asked for finding in refusals(policies, one))
    forbidden = {id(one) for one in asked if refusals(policies, one)}
    allowed = [one.reader for one in asked if id(one) not in forbidden]
    quiet = quiet_by(policies, instant(setting.at))
    with opened(memory_folder(setting, repository)) as file:
        try:
            memory = counted(file.memory(sweep.repository), sweep, allowed)
        except ValueError as error:
            raise UsageError(f"nothing is told of this sweep: {error}", "hand in the newest report") from error
        if options.dry_run:
            return replace(_dry(memory, allowed, options.least, sweep), refused=refused, quiet=quiet)
        file.keep(sweep.repository, memory)
        if quiet is not None:
            return Told(refused=refused, quiet=quiet)

        def keep(now: Memory) -> None:
            file.keep(sweep.repository, now)

        return replace(_tell(memory, allowed, options.least, channels, keep), refused=refused)


def _channels(options: NotifyOptions, environment: Mapping[str, str], sweep: Sweep) -> _Channels:
    webhook = environment.get(WEBHOOK_VARIABLE, "")
    if environment.get(apprise_channel.APPRISE_VARIABLE):
        apprise_channel.available()
    return _Channels(
        environment=environment,
        server=server_of(environment, options.timeout),
        webhook=outgoing.validated(webhook, WEBHOOK_VARIABLE) if webhook else "",
        sweep=sweep,
    )


def _asked(options: NotifyOptions, channels: _Channels, policies: Sequence[LoadedPolicy]) -> list[Sending]:
    """Everybody who is to be told, each once."""
    wrong = next((address for address in options.mail if not is_address(address)), None)
    if wrong is not None:
        raise UsageError(f"--mail {wrong!r} is not an address", "write name@example.com")
    after = reminded_after(policies)
    wanted = [Reader(channel="mail", address=address) for address in options.mail]
    wanted += readers(policies)
    if channels.webhook:
        wanted.append(Reader(channel="webhook", address=WEBHOOK_VARIABLE))
    if channels.environment.get(apprise_channel.APPRISE_VARIABLE):
        wanted.append(Reader(channel="apprise", address=apprise_channel.APPRISE_VARIABLE))
    if not wanted:
        raise UsageError(
            "nobody is named who could be told",
            f"give --mail ADDRESS, write `tell.mail` in a notification-recipients policy, or set {WEBHOOK_VARIABLE}",
        )
    if not lists_anybody(policies):
        raise UsageError(
            "no notification-recipients policy says who may be told, so that nobody may",
            "write one with `allow`: `govcheck explain policy notification-recipients` shows how",
        )
    if channels.server is None and any(reader.channel == "mail" for reader in wanted):
        raise UsageError(f"there is mail to send, and {SMTP_VARIABLE} names no server", "see docs/guides/telling.md")
    known = readers_by_name(
        replace(one, escalate_after=after) if one.from_start and after is not None else one for one in wanted
    )
    return [Sending(one, channels.webhook if one.channel == "webhook" else "") for one in known.values()]


def _dry(memory: Memory, allowed: Sequence[Reader], least: Severity, sweep: Sweep) -> Told:
    said = [
        (reader.name, letters.subject(group, sweep))
        for reader in allowed
        for group in _groups(reader, news(memory, sweep, reader, least))
    ]
    return Told(told=tuple(said), dry_run=True)


def _tell(
    memory: Memory, allowed: Sequence[Reader], least: Severity, channels: _Channels, keep: Callable[[Memory], None]
) -> Told:
    """What is delivered is remembered at once: a run that is cut off tells nothing twice but its last message."""
    told: list[_Said] = []
    undelivered: list[_Said] = []
    postman = Postman(channels.server) if channels.server is not None else None
    try:
        for reader in allowed:
            for group in _groups(reader, news(memory, channels.sweep, reader, least)):
                try:
                    thread = _deliver(reader, group, channels, postman)
                except NotDeliveredError as error:
                    undelivered.append((reader.name, str(error)))
                    break
                memory = remembered(memory, reader, group, thread)
                keep(memory)
                told.append((reader.name, letters.subject(group, channels.sweep)))
    finally:
        if postman is not None:
            postman.close()
    return Told(told=tuple(told), undelivered=tuple(undelivered))


def _groups(reader: Reader, found: Sequence[News]) -> list[tuple[News, ...]]:
    """What goes into one message each: mail has threads, a chat gets one message."""
    if reader.channel == "mail":
        return threads(found, MOST_THREADS)
    return [tuple(found)] if found else []


def _deliver(reader: Reader, group: tuple[News, ...], channels: _Channels, postman: Postman | None) -> str:
    """Delivers one message, and names the thread that it begins or goes on with."""
    sweep, thread = channels.sweep, group[0].thread
    subject, text = letters.subject(group, sweep), letters.plain(group, sweep)
    if reader.channel == "webhook":
        outgoing.post_json(channels.webhook, letters.chat(group, sweep, channels.webhook))
        return thread or reader.name
    if reader.channel == "apprise":
        apprise_channel.deliver(channels.environment[apprise_channel.APPRISE_VARIABLE], subject, text)
        return thread or reader.name
    if postman is None or channels.server is None:
        raise TypeError("mail without a server was asked for")
    message_id = _message_id(reader, group, sweep, channels.server)
    letter = Letter(
        to=reader.address,
        subject=subject,
        text=text,
        html=letters.html(group, sweep),
        message_id=message_id,
        thread=thread,
    )
    postman.deliver(letter)
    return thread or message_id


def _message_id(reader: Reader, group: tuple[News, ...], sweep: Sweep, server: Server) -> str:
    """The same for a second try at the same message, so that a mailbox that has it shows it once."""
    parts = [reader.name, sweep.repository.lower(), sweep.finished_at.isoformat()]
    parts += [f"{one.word} {one.fingerprint} {one.event.after if one.event else ''}" for one in group]
    digest = hashlib.sha256("\n".join(parts).encode("utf-8", "backslashreplace")).hexdigest()
    return f"<{digest[:40]}@{server.sender.rpartition('@')[2]}>"

"""Mail by SMTP: encrypted unless the server is this machine itself, one letter for each recipient."""

import smtplib
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from urllib.parse import parse_qs, unquote, urlsplit

from govcheck.errors import UsageError
from govcheck.records import field, frozen
from govcheck.sources.github.hosts import is_loopback

SMTP_VARIABLE = "GOVCHECK_SMTP_URL"
TIMEOUT = 20.0
"""Seconds for each step of the conversation."""

_EXAMPLE = "write it like smtp://USER:PASSWORD@mail.example.com:587?from=govcheck@example.com"
_PORTS = {"smtp": 587, "smtps": 465}


class NotDeliveredError(Exception):
    """A message did not reach its recipient, or nobody can tell; the text has no secret in it."""


@frozen(kw_only=True)
class Server:
    """Where mail is handed in."""

    host: str
    port: int
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)
    is_tls: bool = False
    """TLS from the first byte (smtps)."""

    starttls: bool = True
    """Whether the connection has to become encrypted before anything is said."""

    certificates: str | None = None
    timeout: float = TIMEOUT


@frozen(kw_only=True)
class Letter:
    """One message to one recipient. Its texts are fit to be shown; headers are made of single lines."""

    to: str
    subject: str
    text: str
    html: str
    message_id: str
    """With its angle brackets."""

    thread: str | None = None
    """The message that it goes on from."""


def server_of(environment: Mapping[str, str], timeout: float = TIMEOUT) -> Server | None:
    """The server that GOVCHECK_SMTP_URL names; None where it names none.

    Raises:
        UsageError: it is no address of a server, or would send what is told readable over the network.
    """
    url = environment.get(SMTP_VARIABLE, "")
    if not url:
        return None
    try:
        parts = urlsplit(url)
        port, query = parts.port, parse_qs(parts.query, strict_parsing=bool(parts.query))
    except ValueError as error:
        raise UsageError(f"{SMTP_VARIABLE} is not the address of a mail server", _EXAMPLE) from error
    host, sender = parts.hostname or "", query.get("from", [""])[-1]
    if parts.scheme not in _PORTS or not host or query.keys() - {"from", "starttls"} or parts.path not in {"", "/"}:
        raise UsageError(f"{SMTP_VARIABLE} is not the address of a mail server", _EXAMPLE)
    if not is_address(sender):
        raise UsageError(f"{SMTP_VARIABLE} says no address that mail comes from", _EXAMPLE)
    starttls = query.get("starttls", ["never" if is_loopback(host) else "always"])[-1]
    if starttls not in {"always", "never"} or (
        starttls == "never" and parts.scheme == "smtp" and not is_loopback(host)
    ):
        raise UsageError(
            f"{SMTP_VARIABLE}: mail would go to {host} in the clear", "leave `starttls` out, or use smtps://"
        )
    return Server(
        host=host,
        port=port or _PORTS[parts.scheme],
        sender=sender,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        is_tls=parts.scheme == "smtps",
        starttls=starttls == "always" and parts.scheme == "smtp",
        certificates=environment.get("REQUESTS_CA_BUNDLE") or environment.get("SSL_CERT_FILE") or None,
        timeout=timeout,
    )


def is_address(text: str) -> bool:
    """Whether a text is one plain address, of ASCII and with nothing around it."""
    try:
        address = Address(addr_spec=text)
    except (ValueError, IndexError):
        return False
    return text.isascii() and text.isprintable() and " " not in text and bool(address.username and address.domain)


class Postman:
    """Hands letters in over one connection, which is made when the first one comes."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._connection: smtplib.SMTP | None = None

    def deliver(self, letter: Letter) -> None:
        """Hands one letter in.

        Raises:
            NotDeliveredError: where the server did not take it, or did not say that it did.
        """
        message = _message(letter, self._server.sender)
        with self._refused():
            if self._connection is None:
                self._connection = self._connect()
            self._connection.send_message(message, self._server.sender, [letter.to])

    def close(self) -> None:
        """Ends the conversation; what a server answers to that changes nothing."""
        if self._connection is not None:
            with suppress(smtplib.SMTPException, OSError):
                self._connection.quit()
            self._connection = None

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        context = ssl.create_default_context(cafile=server.certificates)
        connection: smtplib.SMTP
        if server.is_tls:
            connection = smtplib.SMTP_SSL(server.host, server.port, timeout=server.timeout, context=context)
        else:
            connection = smtplib.SMTP(server.host, server.port, timeout=server.timeout)
        try:
            if server.starttls:
                connection.starttls(context=context)
            if server.user:
                connection.login(server.user, server.password)
        except BaseException:
            connection.close()
            raise
        return connection

    @contextmanager
    def _refused(self) -> Iterator[None]:
        try:
            yield
        except (smtplib.SMTPException, OSError, UnicodeError) as error:
            if self._connection is not None:
                self._connection.close()
                self._connection = None
            raise NotDeliveredError(self._words(error)) from None

    def _words(self, error: Exception) -> str:
        where = f"{self._server.host}:{self._server.port}"
        if isinstance(error, smtplib.SMTPRecipientsRefused):
            code, answer = next(iter(error.recipients.values()))
            text = f"{where} refused the recipient: {code} {answer.decode('utf-8', 'replace')}"
        elif isinstance(error, smtplib.SMTPResponseException):
            said = error.smtp_error
            shown = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
            text = f"{where} answered {error.smtp_code} {shown}"
        else:
            text = f"{where}: {str(error) or type(error).__name__}"
        secret = self._server.password
        return text.replace(secret, "***") if secret else text


def _message(letter: Letter, sender: str) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = letter.to
    message["Subject"] = letter.subject
    message["Message-ID"] = letter.message_id
    if letter.thread is not None:
        message["In-Reply-To"] = letter.thread
        message["References"] = letter.thread
    # Nobody's holiday answer is wanted: https://www.rfc-editor.org/rfc/rfc3834#section-5
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    return message

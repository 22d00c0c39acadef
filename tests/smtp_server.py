"""A real SMTP server on a loopback port, which keeps what it takes."""

import email
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller


class Mailbox:
    """Takes mail for everybody but those it is told to refuse."""

    def __init__(self, *refused: str) -> None:
        self.messages: list[EmailMessage] = []
        self.recipients: list[str] = []
        self._refused = refused

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        if address in self._refused:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's own
        message = email.message_from_bytes(envelope.content, policy=default)
        assert isinstance(message, EmailMessage)
        self.messages.append(message)
        self.recipients += envelope.rcpt_tos
        return "250 taken"


class Serving(Controller):
    """The server in a thread of its own, on a free port."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


def serving(mailbox: Mailbox, **options: Any) -> Serving:
    return Serving(mailbox, hostname="127.0.0.1", port=0, **options)

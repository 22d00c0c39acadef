"""Mail over TLS with a login, to a real server with a certificate that is made here."""

import ipaddress
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from ssl import PROTOCOL_TLS_SERVER, SSLContext

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from govcheck.sources.mail import Letter, NotDeliveredError, Postman, server_of
from smtp_server import Mailbox, serving

USER, PASSWORD = "ops", "pa%ss:word"
LETTER = Letter(to="ops@example.com", subject="S", text="T", html="<p>T</p>", message_id="<1@example.com>")


class Watching(Mailbox):
    """Keeps which commands came, and whether they could be read on the way."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[tuple[str, bool]] = []
        self.users: list[bytes] = []

    async def handle_MAIL(self, server, _session, envelope, address, _options) -> str:  # noqa: N802 - aiosmtpd's own
        self.said.append(("MAIL", server.transport.get_extra_info("ssl_object") is not None))
        envelope.mail_from = address
        return "250 OK"

    def login(self, server, _session, _envelope, _mechanism, data) -> AuthResult:
        self.said.append(("AUTH", server.transport.get_extra_info("ssl_object") is not None))
        assert isinstance(data, LoginPassword)
        self.users.append(data.login)
        is_right = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=is_right, handled=False)  # the server itself answers


def certificate(folder: Path, name: str, *addresses: str) -> Path:
    """A certificate that signs itself, and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(one)) for one in addresses]),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    file = folder / f"{name}.pem"
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return file


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of this machine, of another one, and of this machine by somebody else."""
    folder = tmp_path_factory.mktemp("certificates")
    certificate(folder, "own", "127.0.0.1")
    certificate(folder, "other", "192.0.2.1")
    certificate(folder, "strange", "127.0.0.1")
    return folder


@pytest.fixture
def mailbox() -> Watching:
    return Watching()


Serve = Callable[..., int]


@pytest.fixture
def serve(mailbox: Watching, certificates: Path) -> Iterator[Serve]:
    """Starts a server that wants a login, and gives its port."""
    with ExitStack() as stack:

        def start(how: str, name: str = "own") -> int:
            context = SSLContext(PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificates / f"{name}.pem")
            tls = {"smtps": {"ssl_context": context}, "starttls": {"tls_context": context}, "plain": {}}[how]
            upgrades = how == "starttls"
            server = serving(
                mailbox, authenticator=mailbox.login, auth_required=upgrades, auth_require_tls=upgrades, **tls
            )
            server.start()
            stack.callback(server.stop)
            return server.port

        yield start


def deliver(port: int, scheme: str, trusted: Path, password: str = "pa%25ss:word") -> None:
    query = "from=govcheck@example.com" + ("&starttls=always" if scheme == "smtp" else "")
    environment = {
        "GOVCHECK_SMTP_URL": f"{scheme}://{USER}:{password}@127.0.0.1:{port}?{query}",
        "SSL_CERT_FILE": str(trusted),
    }
    server = server_of(environment, timeout=5)
    assert server is not None
    postman = Postman(server)
    try:
        postman.deliver(LETTER)
    finally:
        postman.close()


WAYS = pytest.mark.parametrize(("how", "scheme"), [("starttls", "smtp"), ("smtps", "smtps")])


@WAYS
def test_a_login_and_a_letter_go_encrypted(serve, mailbox, certificates, how, scheme):
    deliver(serve(how), scheme, certificates / "own.pem")
    assert mailbox.said == [("AUTH", True), ("MAIL", True)]
    assert mailbox.users == [USER.encode()]
    assert [message["Subject"] for message in mailbox.messages] == ["S"]


def test_a_server_without_starttls_hears_neither_password_nor_letter(serve, mailbox, certificates):
    with pytest.raises(NotDeliveredError, match="STARTTLS extension not supported"):
        deliver(serve("plain"), "smtp", certificates / "own.pem")
    assert (mailbox.said, mailbox.messages) == ([], [])


def test_a_server_that_speaks_in_the_clear_is_no_server_for_smtps(serve, mailbox, certificates):
    with pytest.raises(NotDeliveredError, match="SSL"):
        deliver(serve("plain"), "smtps", certificates / "own.pem")
    assert (mailbox.said, mailbox.messages) == ([], [])


@WAYS
def test_a_certificate_that_nobody_signed_is_not_believed(serve, mailbox, certificates, how, scheme):
    with pytest.raises(NotDeliveredError, match="certificate verify failed"):
        deliver(serve(how, "strange"), scheme, certificates / "own.pem")
    assert (mailbox.said, mailbox.messages) == ([], [])


@WAYS
def test_a_certificate_of_another_machine_is_not_believed(serve, mailbox, certificates, how, scheme):
    with pytest.raises(NotDeliveredError, match="IP address mismatch"):
        deliver(serve(how, "other"), scheme, certificates / "other.pem")
    assert (mailbox.said, mailbox.messages) == ([], [])


@WAYS
def test_a_wrong_password_is_refused_and_not_shown(serve, mailbox, certificates, how, scheme):
    with pytest.raises(NotDeliveredError, match="535") as raised:
        deliver(serve(how), scheme, certificates / "own.pem", password="wrong-secret")
    assert "wrong-secret" not in str(raised.value)
    assert mailbox.messages == []

"""GitHub Apps: a token of an installation, in memory only."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from fake_github import FakeGitHub, State, Time
from govcheck.errors import UsageError
from govcheck.records import replace
from govcheck.sources.github.app_token import sign
from govcheck.sources.github.client import Client
from govcheck.sources.github.configuration import App, from_environment
from govcheck.sources.github.governor import Clock

ADMIN = "ghp_" + "AdminOfTheRepository01"
REPOSITORY = "repos/octo/app"
PROTECTION = f"{REPOSITORY}/branches/main/protection"


def pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> str:
    form = serialization.PrivateFormat.TraditionalOpenSSL
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()).decode()


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def state() -> State:
    made = State()
    made.app(installations={"octo/app": 42}, contents="read", administration="read")
    made.repository("octo/app", private=True).protect("main", approvals=2)
    return made


@pytest.fixture
def github(state: State, time: Time) -> Iterator[FakeGitHub]:
    with FakeGitHub(state, prefix="/api/v3", now=time.now) as server:
        yield server


@pytest.fixture
def connect(github: FakeGitHub, time: Time, key: rsa.RSAPrivateKey) -> Iterator[Callable[..., Client]]:
    made: list[Client] = []

    def connect(*, cache: Path | None = None, repository: str = "octo/app", **variables: str) -> Client:
        given = {"GITHUB_API_URL": github.url, "GOVCHECK_APP_ID": "4711", "GOVCHECK_APP_PRIVATE_KEY": pem(key)}
        configuration = from_environment({**given, **variables}, cache=cache)
        assert configuration.app is not None
        configuration = replace(configuration, app=replace(configuration.app, repository=repository))
        client = Client(configuration, clock=Clock(wall=time.now, steady=time.now, sleep=time.sleep))
        made.append(client)
        return client

    yield connect
    for client in made:
        client.close()


def posts(github: FakeGitHub) -> list[str]:
    return [request.path for request in github.requests if request.method != "GET"]


def test_an_installation_gives_a_token_that_is_used_for_everything(
    connect: Callable[..., Client], github: FakeGitHub, key: rsa.RSAPrivateKey, time: Time
):
    client = connect()
    answer = client.get(PROTECTION)
    assert (answer.status, answer.token_class) == (200, "app-installation")
    assert client.get(REPOSITORY).status == 200
    lookup, mint, *rest = github.requests
    assert (lookup.method, lookup.path) == ("GET", "/api/v3/repos/octo/app/installation")
    assert (mint.method, mint.path) == ("POST", "/api/v3/app/installations/42/access_tokens")
    assert json.loads(mint.body) == {"repositories": ["app"]}
    proof = (mint.authorization or "").removeprefix("Bearer ")
    options = {"verify_exp": False, "verify_iat": False}
    claims = jwt.decode(proof, key.public_key(), algorithms=["RS256"], options=options)
    assert claims == {"iss": "4711", "iat": int(time.now()) - 60, "exp": int(time.now()) + 540}
    assert {request.method for request in rest} == {"GET"}
    assert len({request.authorization for request in rest}) == 1


def test_an_installation_that_is_given_is_not_looked_up(connect: Callable[..., Client], github: FakeGitHub):
    assert connect(GOVCHECK_APP_INSTALLATION_ID="42").get(REPOSITORY).status == 200
    assert github.requests[0].method == "POST"


def test_many_threads_ask_for_one_token(connect: Callable[..., Client], github: FakeGitHub):
    client = connect()
    with ThreadPoolExecutor(8) as pool:
        assert {answer.status for answer in pool.map(lambda _: client.get(REPOSITORY), range(16))} == {200}
    assert len(posts(github)) == 1


def test_a_token_is_renewed_before_it_ends(connect: Callable[..., Client], github: FakeGitHub, time: Time):
    client = connect()
    client.get(REPOSITORY)
    time.sleep(3600 - 61)
    assert client.get(REPOSITORY).status == 200
    assert len(posts(github)) == 1
    time.sleep(2)
    assert client.get(REPOSITORY).status == 200
    assert len(posts(github)) == 2


def test_a_token_that_is_revoked_is_renewed_and_in_the_end_given_up(
    connect: Callable[..., Client], github: FakeGitHub, state: State
):
    client = connect()
    client.get(REPOSITORY)
    state.document["tokens"].clear()
    assert client.get(PROTECTION).status == 200
    assert len(posts(github)) == 2
    state.fault("branches", "status", status=401, message="Bad credentials")
    answers = [client.get(PROTECTION) for _ in range(6)]
    assert {(answer.status, answer.message) for answer in answers} == {(401, "Bad credentials")}
    assert len(posts(github)) <= 4
    assert any("any more, though it did earlier in this run" in note for note in client.notes)


@pytest.mark.parametrize(
    ("variables", "change", "why"),
    [
        ({}, lambda state: state.app(installations={}), "it is not installed on octo/app (404: Not Found)"),
        ({"GOVCHECK_APP_ID": "1"}, lambda _: None, "(404: Integration not found)"),
        ({"GOVCHECK_APP_INSTALLATION_ID": "7"}, lambda _: None, "gives no token: Not Found"),
        ({}, lambda state: state.fault("access_tokens", "raw", body="{}"), "GitHub answered without a token"),
        ({}, lambda state: state.fault("access_tokens", "raw", body='{"token": "a", "expires_at": "x"}'), "when the"),
        ({}, lambda state: state.fault("installation", "raw", body='{"id": "42"}'), "which installation it is"),
        ({}, lambda state: state.fault("access_tokens", "redirect", location="https://evil.example/"), "redirected"),
        ({}, lambda state: state.fault("access_tokens", "status", status=500), "gives no token: Server Error"),
    ],
    ids=["not installed", "no such App", "no such installation", "no token", "no end", "no number", "moved", "error"],
)
def test_an_app_without_a_token_is_told_once_and_other_tokens_are_asked(
    connect: Callable[..., Client], state: State, variables: dict[str, str], change: Callable, why: str
):
    change(state)
    state.token(ADMIN)
    client = connect(GH_TOKEN=ADMIN, **variables)
    assert [client.get(one).status for one in (REPOSITORY, PROTECTION)] == [200, 200]
    (note,) = client.notes
    assert note.startswith("the GitHub App of GOVCHECK_APP_ID gives no token")
    assert why in note
    alone = connect(**variables).get(PROTECTION)
    assert (alone.body, alone.status, alone.failure) == (None, None, "no-token")
    assert why in alone.message


def test_an_app_that_may_not_is_joined_by_a_token_that_may(connect: Callable[..., Client], state: State):
    state.document["apps"]["4711"]["permissions"] = {"contents": "read"}
    state.token(ADMIN)
    client = connect(GH_TOKEN=ADMIN)
    assert (client.get(REPOSITORY).token_class, client.get(PROTECTION).token_class) == ("app-installation", "classic")


def test_key_proof_and_token_are_nowhere_but_in_memory(
    connect: Callable[..., Client], github: FakeGitHub, state: State, tmp_path: Path, key: rsa.RSAPrivateKey
):
    client = connect(cache=tmp_path / "cache")
    client.get(REPOSITORY)
    (token,) = state.document["tokens"]
    state.repository("octo/app").set(description=f"the token is {token}")
    state.fault("branches", "status", status=403, message=f"no {token} please")
    answers = [client.get(REPOSITORY), client.get(PROTECTION)]
    proofs = [(one.authorization or "").removeprefix("Bearer ") for one in github.requests]
    secrets = [token, *proofs, pem(key).split("\n")[1]]
    kept = "".join(path.read_text() for path in tmp_path.rglob("*") if path.is_file())
    told = [repr(client.configuration), repr(answers), str(client.notes), kept]
    assert kept
    assert not any(secret in text for secret in secrets for text in told)
    assert set(secrets[:2]) <= set(client.secrets)


BAD_KEYS = {
    "no key": "hello",
    "another sort": pem(ec.generate_private_key(ec.SECP256R1())),
    "cut off": "-----BEGIN RSA " + "PRIVATE KEY-----\nMIIEow\n",
}


@pytest.mark.parametrize("text", BAD_KEYS.values(), ids=BAD_KEYS)
def test_a_key_that_is_none_is_a_usage_error_that_does_not_quote_it(text: str):
    with pytest.raises(UsageError, match="is no RSA key in PEM form") as raised:
        sign(App("4711", text, None), 0.0)
    assert text not in str(raised.value)
    assert raised.value.__cause__ is None


def test_without_the_extra_it_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(__import__("sys").modules, "jwt", None)
    with pytest.raises(UsageError) as raised:
        sign(App("4711", "x", None), 0.0)
    assert raised.value.hint == "pip install 'govcheck[app]'"


@pytest.mark.parametrize(
    ("variables", "why"),
    [
        ({"GOVCHECK_APP_PRIVATE_KEY": "x"}, "no GOVCHECK_APP_ID"),
        ({"GOVCHECK_APP_ID": "1"}, "none is set"),
        (
            {"GOVCHECK_APP_ID": "1", "GOVCHECK_APP_PRIVATE_KEY": "x", "GOVCHECK_APP_PRIVATE_KEY_FILE": "y"},
            "both are set",
        ),
        ({"GOVCHECK_APP_ID": "1", "GOVCHECK_APP_PRIVATE_KEY_FILE": "/nonexistent/key.pem"}, "cannot be read"),
        ({"GOVCHECK_APP_ID": "a b", "GOVCHECK_APP_PRIVATE_KEY": "x"}, "is no App's id"),
        (
            {"GOVCHECK_APP_ID": "1", "GOVCHECK_APP_PRIVATE_KEY": "x", "GOVCHECK_APP_INSTALLATION_ID": "0"},
            "is no number of an installation",
        ),
    ],
    ids=["no id", "no key", "two keys", "no file", "odd id", "odd installation"],
)
def test_an_environment_that_does_not_fit_together(variables: dict[str, str], why: str):
    with pytest.raises(UsageError, match=why):
        from_environment(variables)


def test_a_key_may_come_from_a_file_or_in_one_line(tmp_path: Path, key: rsa.RSAPrivateKey):
    (tmp_path / "key.pem").write_text(pem(key))
    found = from_environment({"GOVCHECK_APP_ID": "1", "GOVCHECK_APP_PRIVATE_KEY_FILE": str(tmp_path / "key.pem")})
    one_line = from_environment({"GOVCHECK_APP_ID": "1", "GOVCHECK_APP_PRIVATE_KEY": pem(key).replace("\n", "\\n")})
    assert found.app is not None
    assert one_line.app is not None
    assert found.app.key == one_line.app.key == pem(key)

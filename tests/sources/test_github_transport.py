"""What is sent at all, and what may come back."""

import json
import socket

import pytest

from fake_github import FakeGitHub, State
from govcheck.sources.github.configuration import from_environment
from govcheck.sources.github.exchange import HttpRequest
from govcheck.sources.github.transport import NotReadOnlyError, Patience, TransportError, Urllib3Transport

TOKEN = "ghp_" + "s3cret" * 6
PATIENCE = Patience()


@pytest.fixture
def state():
    state = State()
    state.repository("octo/app")
    state.token(TOKEN)
    return state


@pytest.fixture
def github(state):
    with FakeGitHub(state, prefix="/api/v3") as github:
        yield github


@pytest.fixture
def transport(github):
    transport = transport_to(github.url)
    yield transport
    transport.close()


def transport_to(url, patience=PATIENCE):
    return Urllib3Transport(from_environment({"GITHUB_API_URL": url, "GH_TOKEN": TOKEN}), patience)


def get(url):
    return HttpRequest(method="GET", url=url, headers={"Authorization": f"Bearer {TOKEN}"})


def post(url, document):
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    return HttpRequest(method="POST", url=url, headers={"Content-Type": "application/json"}, body=body)


def test_a_get(github, transport):
    response = transport.send(get(f"{github.url}/repos/octo/app"))
    assert response.status == 200
    assert json.loads(response.body)["full_name"] == "octo/app"
    assert response.headers["content-type"] == "application/json; charset=utf-8"


def test_a_query(github, transport):
    graphql = github.url.replace("/api/v3", "/api/graphql")
    response = transport.send(post(graphql, {"query": "query { viewer { login } }", "variables": {}}))
    assert response.status == 200
    assert github.requests[-1].method == "POST"
    assert github.requests[-1].path == "/api/graphql"


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "get", "POST", "", "GET\r\nX: 1"])
def test_no_other_method(github, transport, method):
    request = HttpRequest(method=method, url=f"{github.url}/repos/octo/app", headers={})
    with pytest.raises(NotReadOnlyError):
        transport.send(request)
    assert github.requests == []


def test_a_get_has_no_body(github, transport):
    request = HttpRequest(method="GET", url=f"{github.url}/repos/octo/app", headers={}, body=b"x")
    with pytest.raises(NotReadOnlyError):
        transport.send(request)


@pytest.mark.parametrize(
    "url",
    [
        "{host}/repos/octo/app",
        "{host}/api/v3",
        "{host}/api/v3/../graphql",
        "{host}/api/v3/%2e%2e/graphql",
        "{host}/api/v3evil/x",
        "http://127.0.0.2:{port}/api/v3/x",
        "https://api.github.com/repos/octo/app",
        "{host}/api/v3/x#y",
        "/api/v3/x",
    ],
)
def test_no_other_place(github, transport, url):
    host = github.url.removesuffix("/api/v3")
    with pytest.raises(NotReadOnlyError):
        transport.send(get(url.format(host=host, port=host.rpartition(":")[2])))
    assert github.requests == []


@pytest.mark.parametrize(
    "body",
    [
        {"query": "mutation { x }", "variables": {}},
        {"query": "query { x } mutation { y }", "variables": {}},
        {"query": "query { x }", "variables": {}, "operationName": "y"},
        {"query": ["mutation { x }"], "variables": {}},
        [{"query": "query { x }", "variables": {}}],
        "query { x }",
        b'{"query": "mutation { x }", "query": "query { x }", "variables": {}}',
        b"",
        b"[" * 100_000,
        b"\xff",
    ],
)
def test_no_body_but_a_query(github, transport, body):
    with pytest.raises(NotReadOnlyError):
        transport.send(post(github.url.replace("/api/v3", "/api/graphql"), body))
    assert github.requests == []


def test_no_query_to_another_place(github, transport):
    with pytest.raises(NotReadOnlyError):
        transport.send(post(f"{github.url}/repos/octo/app", {"query": "query { x }", "variables": {}}))


JWT = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiIxIn0.c2lnbmF0dXJl"


def test_a_token_is_asked_for_by_its_own_door(github, transport):
    assert transport.mint(42, JWT, "app").status == 404
    (request,) = github.requests
    assert (request.method, request.path) == ("POST", "/api/v3/app/installations/42/access_tokens")
    assert (request.authorization, json.loads(request.body)) == (f"Bearer {JWT}", {"repositories": ["app"]})


@pytest.mark.parametrize(
    ("installation", "proof", "repository"),
    [
        ("42", JWT, "app"),
        (0, JWT, "app"),
        (-1, JWT, "app"),
        (True, JWT, "app"),
        ("42/access_tokens?x=", JWT, "app"),
        (42, TOKEN, "app"),
        (42, "", "app"),
        (42, f"{JWT}\r\nX-Evil: 1", "app"),
        (42, JWT, "octo/app"),
        (42, JWT, ""),
        (42, JWT, ["app"]),
        (42, JWT, 'app"], "permissions": {"administration": "write'),
    ],
    ids=repr,
)
def test_nothing_else_passes_that_door(github, transport, installation, proof, repository):
    with pytest.raises((NotReadOnlyError, TypeError)):
        transport.mint(installation, proof, repository)
    assert github.requests == []


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("app/installations/42/access_tokens", {"repositories": ["app"]}),
        ("app/installations/42/access_tokens", {}),
        ("repos/octo/app/branches/main/protection/enforce_admins", {}),
        ("app/installations/42/suspended", {}),
    ],
)
def test_the_usual_door_lets_no_such_request_pass(github, transport, path, body):
    request = HttpRequest(
        method="POST",
        url=f"{github.url}/{path}",
        headers={"Authorization": f"Bearer {JWT}"},
        body=json.dumps(body).encode(),
    )
    with pytest.raises(NotReadOnlyError):
        transport.send(request)
    assert github.requests == []


def test_redirects_are_left_to_the_client(github, transport, state):
    state.fault("/repos", "redirect", location="https://evil.example/")
    assert transport.send(get(f"{github.url}/repos/octo/app")).status == 301


@pytest.mark.parametrize(
    ("kind", "failure"),
    [("drop", "network"), ("short", "network"), ("bomb", "not-json"), ("hang", "timeout")],
)
def test_trouble_on_the_way(github, state, kind, failure):
    state.fault("/repos", kind)
    transport = transport_to(github.url, Patience(read=0.2))
    with pytest.raises(TransportError) as raised:
        transport.send(get(f"{github.url}/repos/octo/app"))
    assert raised.value.failure == failure
    assert TOKEN not in str(raised.value)
    transport.close()


@pytest.mark.parametrize("encoding", ["br", "gzip", "gzip, gzip"])
def test_a_packing_that_is_none_or_that_nobody_asked_for(github, state, transport, encoding):
    state.fault("/repos", "raw", body="[]", headers={"Content-Encoding": encoding})
    with pytest.raises(TransportError) as raised:
        transport.send(get(f"{github.url}/repos/octo/app"))
    assert raised.value.failure == "not-json"


def test_the_connection_is_usable_after_trouble(github, state, transport):
    state.fault("/repos", "bomb", times=1)
    with pytest.raises(TransportError):
        transport.send(get(f"{github.url}/repos/octo/app"))
    assert json.loads(transport.send(get(f"{github.url}/repos/octo/app")).body)["full_name"] == "octo/app"


def test_nobody_there():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    transport = transport_to(f"http://127.0.0.1:{port}")
    with pytest.raises(TransportError) as raised:
        transport.send(get(f"http://127.0.0.1:{port}/repos/octo/app"))
    assert raised.value.failure == "network"
    assert "object at 0x" not in raised.value.message
    assert "refused" in raised.value.message


def test_a_body_that_drips_does_not_hold_the_run_up(github):
    ticks = iter(range(0, 10_000, 40))
    configuration = from_environment({"GITHUB_API_URL": github.url})
    transport = Urllib3Transport(configuration, Patience(whole=30), clock=lambda: next(ticks))
    with pytest.raises(TransportError) as raised:
        transport.send(get(f"{github.url}/repos/octo/app"))
    assert raised.value.failure == "timeout"
    transport.close()


def test_a_certificate_that_nobody_vouches_for(github):
    # The fake speaks no TLS: what matters is that nothing is sent in the clear, and that it is told.
    transport = transport_to(github.url.replace("http://", "https://"))
    with pytest.raises(TransportError) as raised:
        transport.send(get(github.url.replace("http://", "https://") + "/repos/octo/app"))
    assert raised.value.failure == "network"
    assert github.requests == []
    transport.close()


def test_a_proxy_that_is_not_there():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    environment = {"HTTPS_PROXY": f"http://me:hidden-password@127.0.0.1:{port}", "GH_TOKEN": TOKEN}
    transport = Urllib3Transport(from_environment(environment))
    with pytest.raises(TransportError) as raised:
        transport.send(get("https://api.github.com/repos/octo/app"))
    assert raised.value.failure == "network"
    assert "hidden" not in raised.value.message
    transport.close()


@pytest.mark.parametrize(("seconds", "read"), [(3, 3), (0, 1), (20, 20), (600, 20)])
def test_no_part_of_a_request_waits_longer_than_the_run_may(seconds, read):
    assert Patience.within(seconds).read == read

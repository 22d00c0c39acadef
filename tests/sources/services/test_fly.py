"""Asking Fly.io: what is sent where, what is kept, and what a refusal becomes.

The documents have the shapes of https://fly.io/docs/machines/api/ and of the queries of superfly/fly-go.
"""

import json

import pytest

from govcheck.facts.services import FlyApps, FlyAppsRequest
from govcheck.sources.services import fly
from govcheck.sources.services.asking import Asking, NotAskableError, Service
from service_server import serving

TOKEN = "fm2_lJPECAAAAAAAsecretsecretsecret"
MACHINE = {
    "id": "e784079b449483",
    "name": "aged-water-1",
    "state": "started",
    "region": "ord",
    "instance_id": "01H",
    "private_ip": "fdaa:0:18:a7b::2",
    "image_ref": {"registry": "registry.fly.io", "repository": "shop", "tag": "deployment-1", "digest": "sha256:1",
                  "labels": {"secret": "label-secret"}},
    "config": {"env": {"API_TOKEN": "env-secret"}, "files": [{"raw_value": "file-secret"}],
               "guest": {"cpu_kind": "shared", "cpus": 1, "memory_mb": 256}, "services": [{}]},
    "checks": [{"name": "up", "status": "passing", "output": "output-secret"}],
    "created_at": "2026-11-01T00:00:00Z",
}  # fmt: skip
ANSWERS = {
    "/v1/apps/shop": (200, {"id": "jlyv9", "name": "shop", "status": "deployed", "organization": {"slug": "personal"}}),
    "/v1/apps/shop/machines": (200, [MACHINE]),
    "/v1/apps/shop/secrets": (200, {"secrets": [{"name": "A", "digest": "d1g", "updated_at": "2026-11-01T00:00:00Z"}]}),
    "/v1/apps/shop/ip_assignments": (200, {"ips": [{"ip": "66.241.1.1", "shared": True}]}),
    "/graphql": (200, {"data": {"app": {"name": "shop", "releases": {"nodes": []}}}}),
}


@pytest.fixture
def asked(monkeypatch):
    def ask(answers, token=TOKEN, variable="FLY_API_TOKEN"):
        with serving(answers) as service:
            monkeypatch.setattr(fly, "_REST", f"{service.url}/v1")
            monkeypatch.setattr(fly, "_GRAPHQL_ROOT", service.url)
            found = fly.gather(FlyAppsRequest(FlyApps, ("shop",)), {variable: token})
        return service, found.apps["shop"]

    return ask


def test_everything_is_asked_once_and_nothing_is_written(asked):
    service, app = asked(ANSWERS)
    assert sorted(service.paths) == sorted(ANSWERS)
    assert [method for method, path, _ in service.asked if path != "/graphql"] == ["GET"] * 4
    assert json.loads(service.bodies[0])["query"].strip().startswith("query")
    assert all(part.good for part in (app.app, app.machines, app.secrets, app.addresses, app.history))


def test_no_value_is_kept(asked):
    _, app = asked(ANSWERS)
    kept = repr(app)
    for secret in ("env-secret", "file-secret", "output-secret", "label-secret", "d1g", TOKEN):
        assert secret not in kept
    (machine,) = app.machines.body
    assert machine["checks"] == [{"name": "up", "status": "passing"}]
    assert machine["image_ref"]["digest"] == "sha256:1"


@pytest.mark.parametrize(
    ("token", "header"),
    [
        (TOKEN, f"FlyV1 {TOKEN}"),
        (f"FlyV1 {TOKEN},{TOKEN}", f"FlyV1 {TOKEN},{TOKEN}"),
        ("an-old-token-of-fly", "Bearer an-old-token-of-fly"),
        ("Bearer an-old-token-of-fly", "Bearer an-old-token-of-fly"),
    ],
)
def test_a_token_is_sent_as_flyctl_sends_it(asked, token, header):
    service, _ = asked(ANSWERS, token)
    assert {one["authorization"] for one in service.headers} == {header}


def test_a_refusal_is_kept_with_its_words_and_without_the_token(asked):
    _, app = asked({**ANSWERS, "/v1/apps/shop": (401, {"error": f"bad token {TOKEN}"})})
    assert (app.app.status, app.app.message) == (401, "bad token ***")
    assert app.machines.status == 401


def test_graphql_that_came_with_errors_is_no_answer(asked):
    _, app = asked({**ANSWERS, "/graphql": (200, {"data": {"app": None}, "errors": [{"message": "Not authorized"}]})})
    assert (app.history.good, app.history.failure, app.history.message) == (False, "refused", "Not authorized")


@pytest.mark.parametrize(
    ("status", "body", "failure"),
    [(200, b"<html>", "not-json"), (200, b"", "not-json"), (200, b"[" * 9000, "not-json"), (302, b"", None)],
)
def test_what_is_no_document_is_no_answer(asked, status, body, failure):
    service, app = asked({**ANSWERS, "/v1/apps/shop/machines": (status, body)})
    assert (app.machines.good, app.machines.failure) == (False, failure)
    assert "/elsewhere" not in service.paths


def test_a_token_that_is_none_is_not_sent():
    with pytest.raises(NotAskableError, match="FLY_API_TOKEN has characters"):
        fly.gather(FlyAppsRequest(FlyApps, ("shop",)), {"FLY_API_TOKEN": "two\nlines"})


@pytest.mark.parametrize("root", ["http://prometheus.example.com", "ftp://x", "https://u:p@x.example.com", "x?y"])
def test_an_address_that_no_token_may_be_sent_to(root):
    with pytest.raises(NotAskableError, match="Prometheus"):
        Asking(Service(name="Prometheus", root=root), {})


def test_a_silent_service_is_asked_once():
    with serving({}) as service:
        url = service.url
    asking = Asking(Service(name="Prometheus", root=url), {})
    first, second = asking.get("a"), asking.get("b")
    assert (first.status, first.failure, second.failure) == (None, "network", "network")

"""`fly-app`: what a `fly.toml` says, and what Fly.io answers, against what a policy wants."""

from datetime import UTC, datetime
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcheck.facts import Missing
from govcheck.facts.live import Answer
from govcheck.facts.now import Now
from govcheck.facts.services import FlyApps, LiveFlyApp
from govcheck.facts.tree import Blobs
from govcheck.findings import Finding, Judged, Reason, Undecided
from govcheck.rules.fly_app import (
    FlyApp,
    FlySecrets,
    FlySize,
    Released,
    ReleaseHours,
    configurations,
    deployed,
    live,
)
from written_workflows import workflows

NOW = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
SOUND = """
app = "shop"
primary_region = "ord"
[env]
  PORT = "8080"
  SECRET_KEY_FILE = "/run/secrets/key"
[http_service]
  internal_port = 8080
  [[http_service.checks]]
    method = "GET"
    path = "/health"
"""
ONLY_TCP = """app = "a"
[[services]]
internal_port = 5
[[services.tcp_checks]]
interval = 1
[[services.ports]]
handlers = ["http"]
port = 80
"""
DEPLOY = """
on: push
jobs:
  deploy:
    runs-on: x
    steps:
      - run: flyctl deploy {words}
"""


def blobs(**files):
    return Blobs(
        {
            path.replace("_", "/") + ".toml": dedent(text).encode() if isinstance(text, str) else text
            for path, text in files.items()
        }
    )


def said(check, policy, *facts):
    found = list(check.judge(policy, *facts))
    assert sum(isinstance(one, Judged) for one in found) == 1
    return [one for one in found if not isinstance(one, Judged)]


def controls(found):
    return [(one.control, one.subject) for one in found]


def files(text, **policy):
    return said(configurations, FlyApp(id="p", **policy), blobs(fly=text))


def test_a_sound_file_has_nothing_against_it():
    assert files(SOUND, regions=("ord",), most=FlySize(memory="256mb", cpus=1)) == []


@pytest.mark.parametrize(
    ("text", "control", "line"),
    [
        ('app = "a"\n[http_service]\n  internal_port = 1\n', "checks", 2),
        (ONLY_TCP, "checks", 2),
        ('app = "a"\n[[services]]\ninternal_port = 5\n', "checks", 2),
        ('app = "a"\n[env]\n  A = "1"\n  API_TOKEN = "abc"\n', "env_without_secrets", 4),
        ('app = "a"\n[env]\n  DB = "postgres://u:p@host/db"\n', "env_without_secrets", 3),
        ('app = "a"\n[build.args]\n  X = "shpat_0123456789abcdef0123456789abcdef"\n', "env_without_secrets", 3),
        ('app = "a"\n[build]\n  image = "web:latest"\n', "pinned_image", 3),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_where_it_stands(text, control, line):
    (finding,) = files(text)
    assert (finding.control, finding.location.line) == (control, line)


def test_no_value_of_a_secret_is_told():
    (finding,) = files('app = "a"\n[env]\nPASSWORD = "hunter2hunter2"\n')
    assert "hunter2" not in repr(finding)


@pytest.mark.parametrize(
    "text",
    [
        'app = "a"\n[http_service]\ninternal_port = 1\n[checks.up]\ntype = "http"\nport = 1\n',
        'app = "a"\n[[services]]\ninternal_port = 5\n[[services.tcp_checks]]\ninterval = 1\n',
        'app = "a"\n[env]\nNEXT_PUBLIC_API_KEY = "abc"\nSMTP_PASSWORD = ""\nUSE_TOKEN = "true"\nTOKEN_TTL = "5m"\n',
        f'app = "a"\n[build]\nimage = "web@sha256:{"a" * 64}"\n',
        'app = "a"\r\n[env]\r\nDAY = 1979-05-27\r\n',
        "",
    ],
)
def test_what_is_right_is_left_alone(text):
    assert files(text) == []


@pytest.mark.parametrize(
    ("machines", "over"),
    [
        ('memory = "2gb"', False),
        ('memory = "2049mb"', True),
        ("memory_mb = 4096", True),
        ('size = "performance-2x"', True),
        ('size = "shared-cpu-2x"', False),
        ('memory = "1gb"\ncpus = 8', True),
        ('memory = "many"', True),
    ],
)
def test_sizes(machines, over):
    found = files(f'app = "a"\n[[vm]]\n{machines}\n', most=FlySize(memory="2gb", cpus=2))
    assert bool(found) is over


def test_a_region_that_is_not_named():
    (finding,) = files('app = "a"\n', regions=("ord",))
    assert "names no primary region" in finding.message


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"app = ", Reason.UNPARSEABLE),
        (b"\xff\xfe", Reason.UNPARSEABLE),
        (b"x = " + b"[" * 5000, Reason.UNPARSEABLE),
        (b"#" * 1_100_000, Reason.UNPARSEABLE),
        (Missing(reason=Reason.MISSING_OBJECT, message="gone"), Reason.MISSING_OBJECT),
    ],
)
def test_what_cannot_be_read_is_unknown(content, reason):
    (undecided,) = said(configurations, FlyApp(id="p", private=("x",)), blobs(fly=content))
    assert isinstance(undecided, Undecided)
    assert undecided.reason is reason


@given(st.binary(max_size=60))
def test_any_bytes_are_a_verdict_and_never_a_crash(content):
    for one in said(configurations, FlyApp(id="p"), Blobs({"fly.toml": content})):
        assert isinstance(one, Finding | Undecided)


def test_private_apps_exist_and_are_closed():
    found = said(configurations, FlyApp(id="p", private=("shop", "*-grafana")), blobs(fly=SOUND))
    assert controls(found) == [("private", "shop"), ("private", "*-grafana")]


@pytest.mark.parametrize(
    ("words", "subjects"),
    [
        ("--app shop", []),
        ("", []),
        ("--app other", ["other"]),
        ("--config fly.other.toml", ["fly.other.toml"]),
    ],
)
def test_every_app_that_is_deployed_to_has_its_file(words, subjects):
    found = said(deployed, FlyApp(id="p"), workflows({"w.yml": DEPLOY.format(words=words)}), blobs(fly=SOUND))
    assert [one.subject for one in found] == subjects


def test_an_app_that_only_a_run_can_tell_is_unknown():
    given_by_input = workflows({"w.yml": DEPLOY.format(words="--app ${{ inputs.app }}")})
    (undecided,) = said(deployed, FlyApp(id="p"), given_by_input, blobs(fly=SOUND))
    assert undecided.reason is Reason.DYNAMIC


def answer(body=None, status=200, **keys):
    return Answer(endpoint="apps/shop", status=status, message=keys.pop("message", ""), body=body, **keys)


def history(releases=(), tokens=(), *, more=False):
    limited = {"nodes": [*tokens], "pageInfo": {"hasNextPage": more}}
    return answer({"data": {"app": {"releases": {"nodes": [*releases]}, "limitedAccessTokens": limited}}})


def app(**parts):
    machine = {"id": "m1", "state": "started", "checks": [{"name": "up", "status": "passing"}], "host_status": "ok"}
    whole = {
        "app": answer({"name": "shop"}),
        "machines": answer([machine]),
        "secrets": answer([{"name": "DATABASE_URL", "updated_at": "2026-11-01T00:00:00Z"}]),
        "addresses": answer({"ips": []}),
        "history": history(),
    }
    return LiveFlyApp(**{**whole, **parts})


POLICY = FlyApp(
    id="p",
    apps=("shop",),
    private=("shop",),
    released=Released(allow=(ReleaseHours(days="mon-fri", from_="09:00", to="17:00"),), by=("ops@example.com",)),
    secrets=FlySecrets(names=("DATABASE_URL",), rotated_within="90d"),
    tokens_end_within="90d",
)


def asked(policy=POLICY, **parts):
    return said(live, policy, FlyApps({"shop": app(**parts)}), Now(NOW))


def released(at, email="ops@example.com", status="complete"):
    return {"version": 7, "createdAt": at, "status": status, "user": {"email": email}}


def test_a_sound_app_has_nothing_against_it():
    assert asked(history=history([released("2026-11-25T10:00:00Z")])) == []


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({"app": answer(status=404)}, ("apps", "shop")),
        ({"machines": answer([])}, ("healthy", "shop")),
        ({"machines": answer([{"id": "m", "state": "failed"}])}, ("healthy", "shop")),
        ({"machines": answer([{"id": "m", "state": "started", "checks": [{"name": "a", "status": "critical"}]}])},
         ("healthy", "shop/m")),
        ({"addresses": answer({"ips": [{"ip": "66.241.1.1"}]})}, ("private", "shop/66.241.1.1")),
        ({"history": history([released("2026-11-25T18:00:00Z")])}, ("released", "shop/v7")),
        ({"history": history([released("2026-11-25T10:00:00Z", "x@y.z")])}, ("released", "shop/v7")),
        ({"secrets": answer([])}, ("secrets", "shop/DATABASE_URL")),
        ({"secrets": answer([{"name": "DATABASE_URL", "updated_at": "2026-01-01T00:00:00Z"}])},
         ("rotated_within", "shop/DATABASE_URL")),
        ({"history": history(tokens=[{"name": "ci", "expiresAt": "2046-01-01T00:00:00Z"}])},
         ("tokens_end_within", "shop/ci")),
        ({"history": history(tokens=[{"name": "ci", "expiresAt": None}])}, ("tokens_end_within", "shop/ci")),
    ],
)  # fmt: skip
def test_what_is_wrong_at_fly(parts, expected):
    (finding,) = asked(**parts)
    assert isinstance(finding, Finding)
    assert (finding.control, finding.subject) == expected


@pytest.mark.parametrize(
    "parts",
    [
        {"app": answer(status=401, message="unauthorized")},
        {"app": answer(status=None, message="no answer in time", failure="timeout")},
        {"machines": answer(status=500)},
        {"machines": answer({"odd": 1})},
        {"machines": answer([{"id": "m", "state": "started", "checks": "odd"}])},
        {"addresses": answer([])},
        {"secrets": answer({"odd": 1})},
        {"secrets": answer([{"name": "DATABASE_URL"}])},
        {"history": history(more=True)},
        {"history": history(tokens=[{"name": "ci", "expiresAt": "soon"}])},
        {"history": history([{"version": 7, "user": None, "createdAt": "2026-11-25T10:00:00Z"}])},
        {"history": history([{"version": 7, "createdAt": "yesterday"}])},
    ],
)
def test_what_fly_does_not_tell_is_unknown(parts):
    found = asked(**parts)
    assert found
    assert all(isinstance(one, Undecided) for one in found)


def test_what_fly_refuses_of_the_history_is_unknown_for_each_that_reads_it():
    found = asked(history=answer(status=None, failure="refused", message="Not authorized"))
    assert {one.control for one in found if isinstance(one, Undecided)} == {"released", "tokens_end_within"}


@pytest.mark.parametrize(
    ("release", "count"),
    [
        (released("2026-09-25T23:00:00Z"), 0),
        (released("2026-11-25T23:00:00Z", status="failed"), 0),
        (released("2026-11-28T10:00:00Z"), 1),
    ],
)
def test_which_releases_are_judged(release, count):
    assert len(asked(history=history([release]))) == count


@pytest.mark.parametrize(
    "policy",
    [
        FlyApp(id="p", apps=("a/b",)),
        FlyApp(id="p", most=FlySize(memory="much")),
        FlyApp(id="p", apps=("a",), released=Released()),
        FlyApp(id="p", apps=("a",), tokens_end_within="soon"),
        FlyApp(id="p", tokens_end_within="90d"),
    ],
)
def test_policies_that_are_none(policy):
    assert len(list(policy.problems())) == 1

"""Who and what may reach a repository, by literal answers as GitHub writes them."""

from datetime import UTC, datetime

import pytest

from govcheck.facts.live import Answer
from govcheck.facts.live_answers import LiveAnswers
from govcheck.facts.now import Now
from govcheck.findings import Finding, Held, Judged, Reason, Undecided
from govcheck.rules import access
from govcheck.rules.access import Access
from govcheck.settings.deploy_keys import fingerprint
from govcheck.settings.endpoints import ENDPOINTS
from govcheck.settings.registry import of_kind
from govcheck.sources.policy_files import PolicySource, load_policies

NOW = Now(datetime(2026, 11, 27, 12, tzinfo=UTC))
REPOSITORY = "repos/{owner}/{repo}"
PEOPLE = f"{REPOSITORY}/collaborators"
OUTSIDE = f"{PEOPLE}?affiliation=outside"
TEAMS, KEYS, HOOKS = f"{REPOSITORY}/teams", f"{REPOSITORY}/keys", f"{REPOSITORY}/hooks"
INVITED, LINKS = f"{REPOSITORY}/invitations", f"{REPOSITORY}/autolinks"
ORG, MEMBERS, APPS = "orgs/{org}", "orgs/{org}/members?filter=2fa_disabled", "orgs/{org}/installations"
ORGANISATION = {"login": "Octo", "type": "Organization"}
USER = {"login": "Mona", "type": "User"}


def person(login, role="write", **permissions):
    grants = {
        "read": ["pull"],
        "triage": ["pull", "triage"],
        "write": ["pull", "triage", "push"],
        "maintain": ["pull", "triage", "push", "maintain"],
        "admin": ["pull", "triage", "push", "maintain", "admin"],
    }
    names = ("pull", "triage", "push", "maintain", "admin")
    held = permissions or {name: name in grants.get(role, []) for name in names}
    return {"login": login, "id": 1, "type": "User", "role_name": role, "permissions": held}


def hook(number=1, url="https://ci.example.com/t0ken-in-path?key=s3cret", **keys):
    config = {"url": url, "content_type": "json", "insecure_ssl": "0", "secret": "********"}
    config |= keys.pop("config", {})
    config = {key: value for key, value in config.items() if value is not None}
    last = {"code": 200, "status": "active", "message": "OK"}
    return {
        "id": number,
        "name": "web",
        "active": True,
        "events": ["push"],
        "config": config,
        "last_response": last,
    } | keys


def key(title="ci", number=1, **keys):
    blob = {"ci": "AAAAC3NzaC1lZDI1NTE5AAAAIGZpcnN0", "other": "AAAAC3NzaC1lZDI1NTE5AAAAIHNlY29uZA=="}.get(
        title, "QUJD"
    )
    made = {"id": number, "key": f"ssh-ed25519 {blob}", "title": title, "created_at": "2026-10-01T00:00:00Z"}
    return made | {"read_only": True, "last_used": "2026-11-01T09:00:00Z", "enabled": True, "verified": True} | keys


def invitation(login="eve", role="admin", *, expired=False, number=7):
    invitee = {"login": login} if login else None
    return {"id": number, "invitee": invitee, "permissions": role, "created_at": "2026-11-20T09:00:00Z"} | (
        {} if expired is None else {"expired": expired}
    )


def answer(template, body, status=200, message="", **keys):
    filled = template.replace("{owner}/{repo}", "octo/app").replace("{org}", "octo")
    permission = ENDPOINTS[template].permission
    return Answer(endpoint=filled, status=status, message=message, body=body, permission=permission, **keys)


def judged(policy, owner=None, **bodies):
    names = {"people": PEOPLE, "outside": OUTSIDE, "teams": TEAMS, "keys": KEYS, "hooks": HOOKS, "invited": INVITED}
    names |= {"links": LINKS, "org": ORG, "members": MEMBERS, "apps": APPS}
    answers = {
        names[name]: body if isinstance(body, Answer) else answer(names[name], body) for name, body in bodies.items()
    }
    repository = answer(REPOSITORY, {"html_url": "https://github.com/octo/app", "owner": owner or ORGANISATION})
    live = LiveAnswers(repository, answers)
    made = Access(id="a", **policy)
    facts = {"lists": (live,), "organisation": (live,), "machines": (live, NOW)}
    checks = [getattr(access, name) for name in facts]
    said = [one for check in checks if check.calls(made) for one in check.judge(made, *facts[check.name])]
    return [one for one in said if not isinstance(one, Judged)]


def told(said):
    return [(one.control, one.subject, one.message) for one in said]


def bound(**keys):
    text = f"kind: access\nid: a\n{keys.pop('text')}"
    (loaded,) = load_policies([PolicySource("a.yaml", text.encode())])
    found = loaded.policy
    return {one.key: getattr(found, one.key) for one in of_kind("access") if getattr(found, one.key) is not None}


EVERYBODY = [
    person("Mona", "admin"),
    person("hubot"),
    person("eve", "deployer", pull=True, push=True),
    person("r", "read"),
]


@pytest.mark.parametrize(
    ("text", "subjects"),
    [
        ("admins: [user:mona]", []),
        ("admins: [user:Mona]", []),
        ("admins: []", ["user:mona"]),
        ("admins: {superset_of: [user:mona, user:octo]}", ["user:octo"]),
        ("writers: {subset_of: [user:hubot]}", ["user:eve"]),
        ("writers: {subset_of: [user:hubot, user:eve]}", []),
        ("maintainers: []", []),
        ("custom_roles: []", ["deployer"]),
        ("custom_roles: {subset_of: [deployer]}", []),
    ],
)
def test_people_by_their_strongest_role(text, subjects):
    said = judged(bound(text=text), people=EVERYBODY)
    assert [one.subject for one in said] == subjects
    assert all(isinstance(one, Finding) for one in said)


def test_what_is_said_of_a_person():
    (found,) = judged(bound(text="admins: {subset_of: [user:octo]}"), people=EVERYBODY)
    assert found.message == "user:mona is among the administrators, where the policy wants nothing but user:octo"
    assert (found.direction, found.actual, found.expected) == ("weakened", "user:mona", {"subset_of": ["user:octo"]})
    assert found.location.url == "https://github.com/octo/app/settings/access"
    (missing,) = judged(bound(text="admins: {superset_of: [user:octo]}"), people=EVERYBODY)
    assert missing.message == "user:octo is not among the administrators, where the policy wants at least user:octo"
    assert missing.fix.text == "Add user:octo, or change the policy"


REFUSED = answer(PEOPLE, None, 403, "Must have push access to view repository collaborators.")
PARTLY = answer(PEOPLE, EVERYBODY, complete=False, message="server error 502")


@pytest.mark.parametrize(
    ("people", "reason", "says"),
    [
        (REFUSED, Reason.PERMISSION, "Must have push access to view repository collaborators."),
        (answer(PEOPLE, None, 404, "Not Found"), Reason.PERMISSION, "answered 404: Not Found"),
        (answer(PEOPLE, {"message": "?"}), Reason.UNPARSEABLE, "expected a list"),
        (
            [{"login": "eve", "role_name": "superuser"}],
            Reason.UNPARSEABLE,
            "how far the role 'superuser' of user:eve goes",
        ),
        ([{"role_name": "admin"}], Reason.UNPARSEABLE, "login: expected text"),
        (["eve"], Reason.UNPARSEABLE, "expected a list of objects"),
        (answer(PEOPLE, None, None, "timed out", failure="timeout"), Reason.API_ERROR, "timed out"),
    ],
    ids=["no-push", "404", "shape", "unknown-role", "no-login", "no-object", "timeout"],
)
def test_people_who_cannot_be_read_are_unknown(people, reason, says):
    (said,) = judged(bound(text="admins: {subset_of: []}"), people=people)
    assert isinstance(said, Undecided)
    assert (said.control, said.subject, said.reason) == ("admins", "repository", reason)
    assert says in said.message


def test_no_permission_of_a_token_stands_for_the_right_to_push():
    (said,) = judged(bound(text="admins: {subset_of: []}"), people=REFUSED)
    assert said.permission == "push access"


def test_what_came_of_a_list_that_did_not_come_whole_stands():
    found, rest = judged(bound(text="admins: {subset_of: []}"), people=PARTLY)
    assert (found.subject, rest.reason) == ("user:mona", Reason.API_ERROR)
    assert judged(bound(text="admins: {superset_of: [user:mona]}"), people=PARTLY) == []
    (unknown,) = judged(bound(text="admins: {superset_of: [user:octo]}"), people=PARTLY)
    assert isinstance(unknown, Undecided)


@pytest.mark.parametrize("text", ["admins: []", "writers: {subset_of: []}", "outside_collaborators: []"])
def test_an_empty_list_that_was_answered_is_empty(text):
    assert judged(bound(text=text), people=[], outside=[]) == []


CORE = {"slug": "Core", "permission": "push", "html_url": "https://github.com/orgs/octo/teams/core"}


@pytest.mark.parametrize(
    ("text", "subjects"),
    [
        ("teams: [team:octo/core]", []),
        ("teams: [team:octo/core=write]", []),
        ("teams: {subset_of: [team:octo/core=read]}", ["team:octo/core=write"]),
        ("teams: {superset_of: [team:octo/crew]}", ["team:octo/crew"]),
    ],
)
def test_teams_with_and_without_their_role(text, subjects):
    assert [one.subject for one in judged(bound(text=text), teams=[CORE])] == subjects


LINK = {"key_prefix": "TICKET-", "url_template": "https://example.com/t?id=<num>", "is_alphanumeric": True}


@pytest.mark.parametrize(
    ("text", "subjects"),
    [
        ("autolinks: [TICKET-]", []),
        ("autolinks: ['TICKET-=https://example.com/t?id=<num>']", []),
        ("autolinks: {subset_of: [ticket-]}", ["TICKET-=https://example.com/t?id=<num>"]),
        ("autolinks: []", ["TICKET-=https://example.com/t?id=<num>"]),
    ],
)
def test_autolinks_with_and_without_where_they_lead(text, subjects):
    assert [one.subject for one in judged(bound(text=text), links=[LINK])] == subjects


def test_apps_are_those_that_are_not_suspended():
    apps = {
        "total_count": 2,
        "installations": [
            {"app_slug": "Renovate", "repository_selection": "selected", "suspended_at": None},
            {"app_slug": "old", "repository_selection": "all", "suspended_at": "2026-01-01T00:00:00Z"},
        ],
    }
    (found,) = judged(bound(text="apps: {subset_of: []}"), apps=apps)
    assert (found.subject, found.location.url) == ("app:renovate", "https://github.com/octo/app/settings/installations")


@pytest.mark.parametrize(
    "text", ["teams: {subset_of: []}", "outside_collaborators: []", "two_factor: true", "base_permission: none"]
)
def test_what_a_user_cannot_have_is_not_applicable_and_the_report_says_so(text):
    (said,) = judged(bound(text=text), USER)
    assert isinstance(said, Held)
    assert said.message.startswith("not applicable: mona is a user, and only organisations have ")


def test_a_team_that_a_user_cannot_have_is_missing():
    (said,) = judged(bound(text="teams: {superset_of: [team:octo/core]}"), USER)
    assert (said.control, said.subject) == ("teams", "team:octo/core")


@pytest.mark.parametrize(
    ("text", "body", "expected"),
    [
        ("two_factor: true", {"two_factor_requirement_enabled": True}, None),
        ("two_factor: true", {"two_factor_requirement_enabled": False}, "off, where the policy wants on"),
        ("base_permission: none", {"default_repository_permission": "write"}, "write, where the policy wants none"),
        ("base_permission: read", {"default_repository_permission": "read"}, None),
    ],
)
def test_what_the_organisation_demands(text, body, expected):
    said = judged(bound(text=text), org=body)
    assert [one.message.partition(": ")[2] for one in said] == ([expected] if expected else [])


@pytest.mark.parametrize("body", [{"login": "octo"}, {"two_factor_requirement_enabled": None}], ids=["absent", "null"])
def test_what_is_for_owners_only_is_unknown_to_others(body):
    (said,) = judged(bound(text="two_factor: true"), org=body)
    assert (said.reason, said.permission) == (Reason.PERMISSION, "organization_administration:read")


def test_a_list_of_members_is_whole_only_for_an_owner():
    text = "members_without_two_factor: []"
    assert judged(bound(text=text), members=[], org={"two_factor_requirement_enabled": False}) == []
    (unknown,) = judged(bound(text=text), members=[], org={"login": "octo"})
    assert (unknown.reason, unknown.control) == (Reason.PERMISSION, "members_without_two_factor")
    found, _ = judged(bound(text=text), members=[{"login": "Eve"}], org={"login": "octo"})
    assert found.subject == "user:eve"
    refused = answer(MEMBERS, None, 422, "Only owners can use this filter.")
    (refused_,) = judged(bound(text=text), members=refused, org={"login": "octo"})
    assert isinstance(refused_, Undecided)


CI = fingerprint(key()["key"])
ABC = "ssh-ed25519 QUJD"
OTHER = fingerprint(ABC)


@pytest.mark.parametrize(
    ("text", "keys", "expected"),
    [
        ("{write: forbidden}", [key()], []),
        ("{write: forbidden}", [key(read_only=False)], [("deploy_keys.write", CI)]),
        ("{max_age: 365d}", [key()], []),
        ("{max_age: 30d}", [key()], [("deploy_keys.max_age", CI)]),
        ("{subset_of: [ci]}", [key()], []),
        (f"{{subset_of: [{CI}]}}", [key("renamed", key=key()["key"])], []),
        ("{subset_of: []}", [key()], [("deploy_keys", CI)]),
        ("{subset_of: [ci]}", [key(), key("ci", 2, key=ABC)], [("deploy_keys", CI), ("deploy_keys", OTHER)]),
        (f"{{subset_of: [{CI}]}}", [key(CI, key=ABC)], [("deploy_keys", OTHER)]),
        ("{superset_of: [ci, deploy]}", [key()], [("deploy_keys", "deploy")]),
        ("{subset_of: []}", [key(key="no key")], [("deploy_keys", "id-1")]),
    ],
    ids=[
        "reads",
        "writes",
        "young",
        "old",
        "by-title",
        "by-fingerprint",
        "stranger",
        "same-title",
        "title-like-fingerprint",
        "missing",
        "no-fingerprint",
    ],
)
def test_deploy_keys(text, keys, expected):
    said = judged(bound(text=f"deploy_keys: {text}"), keys=keys)
    assert [(one.control, one.subject) for one in said] == expected
    assert all("AAAA" not in str(one) and "QUJD" not in str(one) for one in said)


def test_what_is_said_of_a_key():
    (found,) = judged(bound(text="deploy_keys: {write: forbidden}"), keys=[key(read_only=False, last_used=None)])
    assert found.message == (
        "the deploy key 'ci' (never used as far as GitHub tells) may push, where the policy wants keys that only read"
    )
    (old,) = judged(bound(text="deploy_keys: {max_age: 30d}"), keys=[key(enabled=False)])
    assert old.message == (
        "the deploy key 'ci' (last used on 2026-11-01, switched off by the organisation) is 57 days old, "
        "where the policy wants keys of at most 30 days"
    )


def test_a_key_that_is_not_as_documented_is_one_unknown():
    keys = [key(read_only=None), key("other", 2, read_only=False), key(created_at="yesterday")]
    first, second, found = judged(bound(text="deploy_keys: {write: forbidden}"), keys=keys)
    assert [one.subject for one in (first, second)] == ["number 1", "number 3"]
    assert found.control == "deploy_keys.write"


@pytest.mark.parametrize(
    ("text", "hooks", "expected"),
    [
        ("{secret: required, tls: required, inactive: forbidden, failing: forbidden}", [hook()], []),
        ("{secret: required}", [hook(config={"secret": None})], ["webhooks.secret"]),
        ("{tls: required}", [hook(config={"insecure_ssl": "1"})], ["webhooks.tls"]),
        ("{tls: required}", [hook(config={"insecure_ssl": 1})], ["webhooks.tls"]),
        ("{tls: required}", [hook(config={"insecure_ssl": 0})], []),
        ("{tls: required}", [hook(config={"insecure_ssl": None})], []),
        ("{tls: required}", [hook(url="http://ci.example.com/x")], ["webhooks.tls"]),
        ("{inactive: forbidden}", [hook(active=False)], ["webhooks.inactive"]),
        (
            "{failing: forbidden}",
            [hook(last_response={"code": 404, "status": "x", "message": ""})],
            ["webhooks.failing"],
        ),
        ("{failing: forbidden}", [hook(last_response={"code": None, "status": "unused", "message": None})], []),
        (
            "{failing: forbidden}",
            [hook(last_response={"code": 0, "status": "timeout", "message": None})],
            ["webhooks.failing"],
        ),
        ("{hosts: {subset_of: [CI.example.com]}}", [hook()], []),
        ("{hosts: {subset_of: []}}", [hook()], ["webhooks.hosts"]),
        ("{hosts: {superset_of: [audit.example.com]}}", [hook()], ["webhooks.hosts"]),
        ("{hosts: {subset_of: []}}", [hook(url="://nothing")], ["webhooks.hosts"]),
    ],
)
def test_webhooks(text, hooks, expected):
    said = judged(bound(text=f"webhooks: {text}"), hooks=hooks)
    assert [one.control for one in said] == expected
    assert all(word not in str(said) for word in ("t0ken", "s3cret", "/x"))


def test_what_is_said_of_a_webhook():
    url = "https://user:pa55@ci.example.com:8443/t0ken"
    strange = hook(42, url, config={"secret": None, "insecure_ssl": "1"}, last_response={"code": 500})
    text = "webhooks: {secret: required, tls: required, failing: forbidden, hosts: [a.example.com]}"
    name = "https://ci.example.com:8443 (42)"
    unsigned = "has no secret, so that its receiver cannot tell whether GitHub sent what comes"
    unverified = "does not verify the certificate of its receiver, so that anybody can pose as it"
    wanted = "where the policy wants exactly a.example.com"
    assert told(judged(bound(text=text), hooks=[strange])) == [
        ("webhooks.secret", name, f"the webhook {name} {unsigned}"),
        ("webhooks.tls", name, f"the webhook {name} {unverified}"),
        ("webhooks.failing", name, f"the last delivery of the webhook {name} failed: 500"),
        ("webhooks.hosts", name, f"the webhook {name} sends to ci.example.com, {wanted}"),
        ("webhooks.hosts", "a.example.com", f"no webhook sends to a.example.com, {wanted}"),
    ]


@pytest.mark.parametrize(
    "one", [hook(config={"insecure_ssl": "maybe"}), {"id": 1}, hook(config={"insecure_ssl": True}), hook(active="yes")]
)
def test_a_webhook_that_is_not_as_documented_is_unknown(one):
    (said,) = judged(bound(text="webhooks: {tls: required}"), hooks=[one])
    assert (said.reason, said.subject) == (Reason.UNPARSEABLE, "number 1")


@pytest.mark.parametrize(
    ("text", "invited", "expected"),
    [
        ("{pending: forbidden}", [invitation()], [("invitations.pending", "user:eve")]),
        ("{pending: forbidden}", [invitation(expired=True)], []),
        ("{expired: forbidden}", [invitation(expired=True)], [("invitations.expired", "user:eve")]),
        ("{expired: forbidden}", [invitation()], []),
        ("{expired: forbidden}", [invitation(expired=None)], [("invitations", "user:eve")]),
        (
            "{pending: forbidden, expired: forbidden}",
            [invitation(None, expired=None)],
            [("invitations.pending", "id-7")],
        ),
        ("{subset_of: [user:EVE]}", [invitation()], []),
        ("{subset_of: [user:eve=read]}", [invitation()], [("invitations", "user:eve")]),
    ],
)
def test_invitations(text, invited, expected):
    said = judged(bound(text=f"invitations: {text}"), invited=invited)
    assert [(one.control, one.subject) for one in said] == expected


def test_invitations_that_cannot_be_read_are_unknown():
    refused = answer(INVITED, None, 403, "Resource not accessible by integration")
    (said,) = judged(bound(text="invitations: {pending: forbidden}"), invited=refused)
    assert (said.reason, said.permission) == (Reason.PERMISSION, "administration:read")
    half = answer(INVITED, [invitation()], complete=False, message="cut")
    assert [type(one) for one in judged(bound(text="invitations: {pending: forbidden}"), invited=half)] == [
        Undecided,
        Finding,
    ]


@pytest.mark.parametrize(
    ("policy", "path", "says"),
    [
        ({}, (), "asserts nothing"),
        ({"admins": ("mona",)}, ("admins",), "'mona' is not written as the members of this list are: `user:NAME`"),
        ({"teams": ("octo/core",)}, ("teams",), "`team:NAME`"),
        ({"apps": ("app:",)}, ("apps",), "`app:NAME`"),
        ({"deploy_keys": access.DeployKeys()}, ("deploy_keys",), "asserts nothing: give at least one key"),
        ({"deploy_keys": access.DeployKeys(max_age="a year")}, ("deploy_keys", "max_age"), "write it like 365d"),
        ({"invitations": access.Invitations(subset_of=("eve",))}, ("invitations", "subset_of"), "`user:NAME`"),
    ],
)
def test_what_a_policy_cannot_say(policy, path, says):
    ((where, what),) = Access(id="a", **policy).problems()
    assert where == path
    assert says in what


def test_the_registry_and_the_policy_have_the_same_keys():
    own = set(Access.__annotations__) - {"kind"}
    assert {one.key for one in of_kind("access")} == own

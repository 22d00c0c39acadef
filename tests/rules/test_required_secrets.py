"""`required-secrets`: what is demanded, what the workflows read, and what is there."""

from datetime import UTC, datetime

import pytest

from govcheck.facts import Missing
from govcheck.facts.now import Now
from govcheck.facts.tree import Blobs
from govcheck.facts.workflows import Unreadable, WorkflowFile, Workflows
from govcheck.findings import Finding, Judged, Reason, Undecided
from govcheck.rules.required_secrets import DemandedSecret, RequiredSecrets, read_by_workflows, stored
from govcheck.settings.endpoints import (
    DEPENDABOT_SECRETS,
    ENVIRONMENT_SECRETS,
    ENVIRONMENTS,
    ORGANISATION_SECRETS,
    REPOSITORY_SECRETS,
)
from live_answers import answer, live, refused
from written_workflows import workflows

NOW = Now(datetime(2026, 11, 1, tzinfo=UTC))
YOUNG, OLD = "2026-10-01T00:00:00Z", "2026-01-01T00:00:00Z"
ORGANISATION = {"owner": {"login": "o", "type": "Organization"}}
DEPLOY = """
on: push
jobs:
  deploy:
    environment: production
    runs-on: x
    steps: [{run: flyctl deploy, env: {FLY_API_TOKEN: "${{ secrets.FLY_API_TOKEN }}"}}]
  check:
    runs-on: x
    steps: [{run: flyctl status, env: {FLY_API_TOKEN: "${{ secrets.fly_api_token }}"}}]
"""
JOB = "on: push\njobs:\n  one:\n    runs-on: x\n    steps:\n      - run: x\n        env: {A: '%s'}\n"


def policy(*secrets, **keys):
    return RequiredSecrets(**{"id": "needed", "secrets": secrets or ("FLY_API_TOKEN",), **keys})


def kept(**names):
    """A store's answer."""
    secrets = [{"name": name, "created_at": OLD, "updated_at": written} for name, written in names.items()]
    return {"total_count": len(secrets), "secrets": secrets}


def answers(repository=None, organisation=None, **environments):
    """All stores of jobs; a body or an answer each."""
    listed = [{"name": name} for name in environments]
    return {
        REPOSITORY_SECRETS: repository or kept(),
        ORGANISATION_SECRETS: organisation or kept(),
        ENVIRONMENTS: {"total_count": len(listed), "environments": listed},
        **{ENVIRONMENT_SECRETS.replace("{environment_name}", name): body for name, body in environments.items()},
    }


def only(judged):
    found = list(judged)
    assert sum(isinstance(one, Judged) for one in found) == 1
    return [one for one in found if not isinstance(one, Judged)]


def offline(given, files, code=None):
    files = files if isinstance(files, Workflows) else workflows(files)
    return only(read_by_workflows.judge(given, files, Blobs(code or {})))


def there(given, bodies, files=None, repository=None):
    facts = files if isinstance(files, Workflows) else workflows(files or {})
    return only(stored.judge(given, facts, live(bodies, repository), NOW))


def words(found):
    return [(type(one).__name__, one.control, one.subject) for one in found]


def test_what_is_read_and_there_is_silent():
    assert offline(policy(), {"d.yml": DEPLOY}) == []
    assert there(policy(), answers(kept(FLY_API_TOKEN=YOUNG)), {"d.yml": DEPLOY}) == []


def test_what_nobody_reads():
    (found,) = offline(policy("FLY_API_TOKENS"), {"d.yml": JOB % "${{ secrets.FLY_API_TOKEN }}"})[:1]
    assert words([found]) == [("Finding", "referenced", "FLY_API_TOKENS")]
    assert found.message == "no workflow reads a secret FLY_API_TOKENS; the nearest that one does read is FLY_API_TOKEN"
    assert offline(policy("X", unreferenced="allowed"), {}) == []
    (found,) = offline(policy("X", unreferenced="noted"), {})
    assert found.severity == "note"


def test_what_nobody_lists():
    files = {"d.yml": JOB % "${{ secrets.STRANGE }}"}
    found = offline(policy("X", unreferenced="allowed"), files)
    assert [(*words([one])[0], one.severity, one.location.line) for one in found] == [
        ("Finding", "listed", "STRANGE", "note", 7)
    ]
    assert found[0].message == "the job one reads STRANGE, which the policy does not list"
    assert offline(policy("X", unreferenced="allowed", unlisted="allowed"), files) == []
    (found,) = offline(policy("X", unreferenced="allowed", unlisted="forbidden"), files)
    assert found.severity is None
    assert offline(policy(DemandedSecret(name="str*")), files) == []


def test_globs_and_what_they_have_to_find():
    files = {"d.yml": JOB % "${{ secrets.SUPABASE_URL }}"}
    assert offline(policy("SUPABASE_*"), files) == []
    wanted = DemandedSecret(name="SUPABASE_*", at_least=("SUPABASE_URL", "SUPABASE_KEY"))
    assert words(offline(policy(wanted), files)) == [("Finding", "referenced", "SUPABASE_KEY")]
    bodies = answers(kept(SUPABASE_URL=YOUNG))
    assert words(there(policy(wanted), bodies, files)) == [("Finding", "exists", "SUPABASE_KEY")]
    assert there(policy("SUPABASE_*"), bodies, files) == []
    (found,) = there(policy("SHOPIFY_*"), bodies)
    assert found.message == "no secret matches SHOPIFY_* in any store that jobs see"


@pytest.mark.parametrize(
    "source",
    ["${{ toJSON(secrets) }}", "${{ secrets[matrix.name] }}", "${{ secrets.* }}"],
)
def test_where_all_are_handed_on_nobody_can_tell(source):
    found = offline(policy("X"), {"d.yml": JOB % source})
    assert words(found) == [("Undecided", "referenced", "X")]
    assert found[0].reason is Reason.DYNAMIC


def test_a_called_workflow_reads_what_its_caller_inherits():
    called = "on: workflow_call\njobs: {z: {runs-on: x, steps: [{run: x, env: {A: '${{ secrets.INNER }}'}}]}}\n"
    caller = "on: push\njobs: {a: {uses: ./.github/workflows/called.yml, secrets: %s}}\n"
    quiet = policy("X", unreferenced="allowed")
    inherits = {"called.yml": called, "w.yml": caller % "inherit"}
    assert words(offline(quiet, inherits)) == [("Finding", "listed", "INNER")]
    hands = {"called.yml": called, "w.yml": caller % "{INNER: '${{ secrets.OUTER }}'}"}
    assert words(offline(quiet, hands)) == [("Finding", "listed", "OUTER")]
    assert offline(quiet, {"called.yml": called}) == []
    remote = {"w.yml": "on: push\njobs: {a: {uses: o/r/.github/workflows/w.yml@v1, secrets: inherit}}\n"}
    (found,) = offline(policy("X"), remote)
    assert found.message.startswith("`secrets: inherit` hands every secret to o/r/.github/workflows/w.yml@v1")


def test_a_job_without_an_environment_gets_what_every_branch_can_use():
    found = offline(policy(only_in="environment"), {"d.yml": DEPLOY})
    assert words(found) == [("Finding", "only_in", ".github/workflows/d.yml:check:FLY_API_TOKEN")]
    assert found[0].message == (
        "the job check reads FLY_API_TOKEN without an environment, so that it can only be a secret of the repository or"
        " the organisation, which no approval guards"
    )
    assert found[0].fix.text == "add `environment: production` to the job check, or take the secret out of it"


def test_a_file_that_hands_a_secret_to_all_of_its_jobs():
    whole = "on: push\nenv: {FLY_API_TOKEN: '${{ secrets.FLY_API_TOKEN }}'}\njobs: {a: {runs-on: x, steps: []%s}}\n"
    found = offline(policy(only_in="environment"), {"d.yml": whole % ""})
    assert words(found) == [("Finding", "only_in", ".github/workflows/d.yml:FLY_API_TOKEN")]
    assert offline(policy(only_in="environment"), {"d.yml": whole % ", environment: e"}) == []


def test_a_file_that_cannot_be_read():
    files = Workflows((WorkflowFile(".github/workflows/w.yml", Unreadable("too large", 0, 0, Reason.UNPARSEABLE), ""),))
    assert words(offline(policy(), files)) == [("Undecided", "referenced", ".github/workflows/w.yml")]
    assert words(there(policy("X", unused="forbidden"), answers(kept(X=YOUNG, Y=YOUNG)), files)) == [
        ("Undecided", "unused", ".github/workflows/w.yml")
    ]


def test_what_is_nowhere():
    (found,) = there(policy(store="environment:production"), answers(kept(FLY_API_TOKENS=YOUNG), production=kept()))
    assert words([found]) == [("Finding", "exists", "FLY_API_TOKEN")]
    assert found.message == (
        "there is no secret FLY_API_TOKEN among the secrets of the environment production;"
        " the nearest is FLY_API_TOKENS"
    )
    assert found.fix.command == "gh secret set FLY_API_TOKEN --env production"
    (found,) = there(policy(store="environment:eu"), answers())
    assert found.message == "there is no secret FLY_API_TOKEN in environment:eu: there is no such environment"
    (found,) = there(policy(store="organisation"), answers())
    assert found.message.endswith("in organisation: a repository of a person has no such store")


@pytest.mark.parametrize(
    ("store", "bodies", "message"),
    [
        ("environment:production", answers(kept(FLY_API_TOKEN=YOUNG)), "the repository's secrets only"),
        ("repository", answers(None, kept(FLY_API_TOKEN=YOUNG)), "the organisation's secrets only"),
        ("organisation", answers(eu=kept(FLY_API_TOKEN=YOUNG)), "the secrets of the environment eu only"),
    ],
)
def test_what_is_in_another_store(store, bodies, message):
    (found,) = there(policy(store=store), bodies, repository=ORGANISATION)
    assert words([found]) == [("Finding", "store", "FLY_API_TOKEN")]
    assert found.message == f"FLY_API_TOKEN is among {message}, where the policy wants it in {store}"


def test_a_token_that_every_branch_can_use():
    bodies = answers(kept(FLY_API_TOKEN=YOUNG), kept(FLY_API_TOKEN=YOUNG), production=kept(FLY_API_TOKEN=YOUNG))
    found = there(policy(only_in="environment"), bodies, repository=ORGANISATION)
    assert words(found) == [
        ("Finding", "only_in", "repository:FLY_API_TOKEN"),
        ("Finding", "only_in", "organisation:FLY_API_TOKEN"),
    ]
    assert [one.fix.command for one in found] == ["gh secret delete FLY_API_TOKEN", None]
    assert there(policy(only_in="environment"), answers(production=kept(FLY_API_TOKEN=YOUNG))) == []


def test_the_age_is_that_of_the_last_write():
    bodies = answers(kept(FLY_API_TOKEN=OLD), eu=kept(FLY_API_TOKEN=YOUNG))
    (found,) = there(policy(max_age="90d"), bodies)
    assert words([found]) == [("Finding", "max_age", "repository:FLY_API_TOKEN")]
    assert found.message == (
        "FLY_API_TOKEN, among the repository's secrets, was last written 304 days ago, where the policy wants at most"
        " 90: that is the age of the last write, not of the credential"
    )
    assert (found.expected, found.actual) == (90, OLD)
    assert there(policy(max_age="90d", store="environment:eu"), bodies) == []


@pytest.mark.parametrize("stamp", [None, "", "yesterday", "2026-01-01T00:00:00"])
def test_an_instant_that_is_none(stamp):
    (found,) = there(policy(max_age="90d"), answers(kept(FLY_API_TOKEN=stamp)))
    assert (type(found), found.reason) == (Undecided, Reason.UNPARSEABLE)


def test_what_nothing_reads_and_nobody_lists():
    bodies = answers(kept(FLY_API_TOKEN=YOUNG, LEFT=OLD), kept(SHARED=OLD), production=kept(OVER=OLD))
    found = there(policy(unused="forbidden"), bodies, {"d.yml": DEPLOY}, ORGANISATION)
    assert words(found) == [
        ("Finding", "unused", "repository:LEFT"),
        ("Finding", "unused", "environment:production:OVER"),
    ]
    assert found[1].fix.command == "gh secret delete OVER --env production"
    (found,) = there(policy("FLY_API_TOKEN", unused="forbidden"), bodies, {"d.yml": JOB % "${{ toJSON(secrets) }}"})
    assert words([found]) == [("Undecided", "unused", "all")]
    assert "LEFT, OVER" in found.message


def test_what_is_read_and_is_not_there():
    files = {"d.yml": JOB % "${{ secrets.STRANGE }}"}
    found = there(policy("X"), answers(kept(X=YOUNG)), files)
    assert [(*words([one])[0], one.severity) for one in found] == [("Finding", "exists", "STRANGE", "warning")]
    assert [one.text for one in found[0].evidence] == ["the job one reads STRANGE"]
    assert there(policy("X", unlisted="allowed"), answers(kept(X=YOUNG)), files) == []


@pytest.mark.parametrize(
    "source", ["${{ secrets.S || github.token }}", "${{ secrets.S != '''' }}", "${{ !secrets.S }}"]
)
def test_what_may_be_missing_need_not_be_there(source):
    assert there(policy("X"), answers(kept(X=YOUNG)), {"d.yml": JOB % source}) == []


def test_what_a_job_does_not_see():
    found = there(policy(), answers(production=kept(FLY_API_TOKEN=YOUNG)), {"d.yml": DEPLOY})
    assert words(found) == [("Finding", "visible", ".github/workflows/d.yml:check:FLY_API_TOKEN")]
    assert found[0].message == (
        "the job check reads FLY_API_TOKEN, which is empty there: only production has it,"
        " and the job runs in no environment"
    )
    files = {"d.yml": DEPLOY.replace("environment: production", "environment: '${{ vars.E }}'")}
    found = there(policy(only_in="environment"), answers(production=kept(FLY_API_TOKEN=YOUNG)), files)
    assert words(found) == [("Undecided", "visible", ".github/workflows/d.yml:deploy:FLY_API_TOKEN")]
    files = {"d.yml": DEPLOY.replace("environment: production", "environment: staging")}
    (found,) = there(policy(only_in="environment"), answers(production=kept(FLY_API_TOKEN=YOUNG)), files)
    assert found.message.endswith("only production has it, and the job runs in staging")


@pytest.mark.parametrize(
    ("bodies", "keys", "unknown"),
    [
        (answers(refused(REPOSITORY_SECRETS, "secrets:read")), {}, [("repository", "secrets:read")]),
        (answers(refused(REPOSITORY_SECRETS, "secrets:read"), eu=kept(FLY_API_TOKEN=YOUNG)), {}, []),
        (
            answers(refused(REPOSITORY_SECRETS, "secrets:read"), eu=kept(FLY_API_TOKEN=YOUNG)),
            {"only_in": "environment"},
            [("repository", "secrets:read")],
        ),
        (
            answers(eu=refused(ENVIRONMENT_SECRETS, "environments:read")),
            {},
            [("environment:eu", "environments:read")],
        ),
        (
            answers(kept(FLY_API_TOKEN=YOUNG), eu=refused(ENVIRONMENT_SECRETS, "environments:read")),
            {"max_age": "90d"},
            [("environment:eu", "environments:read")],
        ),
        (
            {**answers(), ENVIRONMENTS: refused(ENVIRONMENTS, "actions:read")},
            {"store": "environment:production"},
            [("environments", "actions:read")],
        ),
        (answers(None, answer(ORGANISATION_SECRETS, {"secrets": None})), {}, [("organisation", None)]),
        (answers(answer(REPOSITORY_SECRETS, {"secrets": [{"name": 1}]})), {}, [("repository", None)]),
        (answers(answer(REPOSITORY_SECRETS, kept(), complete=False, failure="network")), {}, [("repository", None)]),
    ],
)
def test_a_store_that_cannot_be_read_leaves_open_what_it_decides(bodies, keys, unknown):
    found = there(policy(**keys), bodies, repository=ORGANISATION)
    assert [(one.control, one.subject, one.permission) for one in found] == [
        ("readable", store, permission) for store, permission in unknown
    ]
    assert all(isinstance(one, Undecided) and "FLY_API_TOKEN" in one.message for one in found)


def test_an_environment_that_was_not_asked():
    bodies = answers(eu=kept())
    bodies.pop(ENVIRONMENT_SECRETS.replace("{environment_name}", "eu"))
    assert words(there(policy(), bodies)) == [("Undecided", "readable", "environment:eu")]


def test_unused_ones_of_a_store_that_cannot_be_read():
    bodies = answers(refused(REPOSITORY_SECRETS, "secrets:read"), eu=kept(FLY_API_TOKEN=YOUNG))
    assert words(there(policy(unused="forbidden"), bodies)) == [("Undecided", "unused", "repository")]


def test_dependabots_own_store():
    given = policy(store="dependabot")
    assert read_by_workflows.calls(given) == []
    assert there(given, {DEPENDABOT_SECRETS: kept(FLY_API_TOKEN=YOUNG)}) == []
    (found,) = there(given, {DEPENDABOT_SECRETS: kept()})
    assert isinstance(found, Finding)
    assert found.fix.command == "gh secret set FLY_API_TOKEN --app dependabot"
    (found,) = there(given, {DEPENDABOT_SECRETS: refused(DEPENDABOT_SECRETS, "dependabot_secrets:read")})
    assert found.permission == "dependabot_secrets:read"


def test_every_store_is_asked_for_and_no_value():
    (request, *_), *_ = stored.wants(policy())
    assert set(request.endpoints) == {REPOSITORY_SECRETS, ORGANISATION_SECRETS, ENVIRONMENTS, ENVIRONMENT_SECRETS}


@pytest.mark.parametrize(
    ("keys", "path", "part"),
    [
        ({"secrets": ()}, ("secrets",), "at least one"),
        ({"secrets": ("A-B",)}, ("secrets", 0), "no name of a secret"),
        ({"secrets": ("",)}, ("secrets", 0), "no name of a secret"),
        ({"secrets": ("GITHUB_TOKEN",)}, ("secrets", 0), "GITHUB_"),
        ({"secrets": ("A**",)}, ("secrets", 0), "`**`"),
        (
            {"secrets": (DemandedSecret(name="A_*", at_least=("B",)),)},
            ("secrets", 0, "at_least", 0),
            "B is not among A_*",
        ),
        ({"secrets": (DemandedSecret(name="1A"),)}, ("secrets", 0, "name"), "digit"),
        ({"store": "repo"}, ("store",), "is no store"),
        ({"store": "environment: "}, ("store",), "environment's name"),
        ({"store": "repository", "only_in": "environment"}, ("only_in",), "cannot be"),
        ({"max_age": "90"}, ("max_age",), "is not a duration"),
    ],
)
def test_policies_that_cannot_be_meant(keys, path, part):
    found = list(policy(**keys).problems())
    assert [one for one, _ in found] == [path]
    assert part in found[0][1]


SUPABASE = DemandedSecret(name="SUPABASE_*", at_least=("SUPABASE_URL", "SUPABASE_SERVICE_ROLE_KEY"))


def test_what_code_reads_counts_as_read_and_what_nobody_demands_is_told():
    code = {"app/a.ts": b"process.env.SUPABASE_URL\nprocess.env.SUPABASE_SERVICE_KEY\nprocess.env.OTHER"}
    found = offline(policy(SUPABASE), {"ci.yml": "on: push\njobs: {}"}, code=code)
    assert [(one.control, one.subject, one.severity) for one in found] == [
        ("code", "SUPABASE_SERVICE_KEY", "note"),
        ("referenced", "SUPABASE_SERVICE_ROLE_KEY", None),
    ]
    assert found[0].message == (
        "the code reads SUPABASE_SERVICE_KEY, which is one of SUPABASE_* and not demanded; "
        "demanded is SUPABASE_SERVICE_ROLE_KEY"
    )
    assert (found[0].location.path, found[0].location.line) == ("app/a.ts", 2)


def test_a_glob_that_any_name_meets_demands_whatever_code_reads():
    code = {"app/a.ts": b"process.env.SUPABASE_SERVICE_KEY"}
    found = offline(policy(DemandedSecret(name="SUPABASE_*")), {"ci.yml": "on: push\njobs: {}"}, code=code)
    assert [one for one in found if not isinstance(one, Judged)] == []


def test_code_that_cannot_be_read_leaves_open_what_it_reads():
    code = {"app/a.ts": Missing(reason=Reason.UNPARSEABLE, message="it is too large")}
    found = offline(policy("SUPABASE_URL"), {"ci.yml": "on: push\njobs: {}"}, code=code)
    assert [(type(one), one.control, one.subject) for one in found] == [(Undecided, "referenced", "app/a.ts")]

"""`workflow-hygiene`: timeouts, concurrency groups, caches, retention, permissions."""

import pytest

from govcheck.facts import Missing
from govcheck.facts.tree import Blobs, Tree
from govcheck.findings import Finding, Judged, Reason, Undecided
from govcheck.rules.workflow_hygiene import (
    Concurrency,
    HygieneScope,
    RetentionBounds,
    Timeout,
    WorkflowHygiene,
    caches,
    groups,
    permissions,
    readable,
    retention,
    timeouts,
)
from govcheck.sources.workflow_files import read_workflows
from written_workflows import workflows

PATH = ".github/workflows/ci.yml"


def policy(**keys):
    return WorkflowHygiene(id="hygiene", **keys)


def told(check, asked, files, *facts):
    found = workflows(files) if isinstance(files, dict) else files
    said = list(check.judge(asked, found, *facts))
    assert sum(isinstance(one, Judged) for one in said) == 1
    return [one for one in said if not isinstance(one, Judged)]


def job(body, head="on: push"):
    lines = "".join(f"    {line}\n" for line in body.strip("\n").split("\n"))
    return {"ci.yml": f"{head}\njobs:\n  build:\n    runs-on: x\n{lines}"}


# --- timeout

HALF_AN_HOUR = policy(timeout=Timeout(max="30m"))


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("timeout-minutes: 30", None),
        ("timeout-minutes: '5'", None),
        ("timeout-minutes: 0.5", None),
        ("steps: []", "job build has no `timeout-minutes`, so that it may run for six hours"),
        ("timeout-minutes:", "job build has no `timeout-minutes`, so that it may run for six hours"),
        ("timeout-minutes: 45", "job build has `timeout-minutes: 45`, which is more than 30m"),
        ("timeout-minutes: soon", "job build has `timeout-minutes: soon`, which is no number of minutes"),
        ("timeout-minutes: ${{ matrix.most }}\nstrategy: {matrix: {most: [5, 30]}}", None),
        (
            "timeout-minutes: ${{ matrix.most }}\nstrategy: {matrix: {most: [5, 60]}}",
            "job build has `timeout-minutes: ${{ matrix.most }}`, which is more than 30m",
        ),
    ],
    ids=str,
)
def test_timeouts(body, message):
    said = told(timeouts, HALF_AN_HOUR, job(body))
    assert [one.message for one in said] == ([] if message is None else [message])
    assert all(isinstance(one, Finding) and one.subject == f"{PATH}:build" for one in said)


def test_the_fix_is_the_longest_that_is_allowed():
    assert told(timeouts, HALF_AN_HOUR, job("steps: []"))[0].fix.text == "add `timeout-minutes: 30` to the job"


@pytest.mark.parametrize("written", ["${{ inputs.most }}", "${{ vars.MOST }}", "${{ fromJSON(env.X) }}", "${{ broken"])
def test_a_timeout_that_a_run_decides_is_unknown(written):
    (unknown,) = told(timeouts, HALF_AN_HOUR, job(f"timeout-minutes: {written}"))
    assert isinstance(unknown, Undecided)
    assert (unknown.control, unknown.reason) == ("timeout", Reason.DYNAMIC)


def test_without_a_limit_any_timeout_will_do():
    assert told(timeouts, policy(timeout=Timeout()), job("timeout-minutes: ${{ inputs.most }}")) == []
    assert told(timeouts, policy(timeout=Timeout(required=False, max="5m")), job("steps: []")) == []


def test_a_call_has_no_timeout_of_its_own():
    local = {"ci.yml": "on: push\njobs:\n  a: {uses: ./.github/workflows/b.yml}\n"}
    called = {"b.yml": "on: workflow_call\njobs:\n  c: {runs-on: x, timeout-minutes: 5}\n"}
    assert told(timeouts, HALF_AN_HOUR, {**local, **called}) == []
    (unknown,) = told(
        timeouts, HALF_AN_HOUR, {"ci.yml": "on: push\njobs:\n  a: {uses: o/r/.github/workflows/x.yml@v1}\n"}
    )
    assert unknown.message == "job a calls o/r/.github/workflows/x.yml@v1, whose jobs another repository keeps"


# --- scope and bad files


def test_only_the_workflows_in_scope_are_held():
    asked = policy(timeout=Timeout(), applies_to=HygieneScope(workflows=("ci.yml",)))
    assert told(timeouts, asked, {"other.yml": job("steps: []")["ci.yml"]}) == []
    (finding,) = told(readable, asked, {"other.yml": job("steps: []")["ci.yml"]})
    assert finding.message == "no workflow file is named ci.yml, so that nothing is held there"


def test_a_file_that_only_we_cannot_read_is_unknown():
    files = read_workflows({PATH: Missing(reason=Reason.MISSING_OBJECT, message="a shallow clone")})
    (unknown,) = told(readable, HALF_AN_HOUR, files)
    assert (unknown.subject, unknown.reason) == (PATH, Reason.MISSING_OBJECT)
    assert unknown.message == "the workflow file cannot be read: a shallow clone"
    assert told(timeouts, HALF_AN_HOUR, files) == []


def test_a_file_that_github_rejects_runs_nothing():
    assert told(readable, HALF_AN_HOUR, {"ci.yml": "on: push\n"}) == []


# --- concurrency

DEPLOYS = policy(concurrency=Concurrency(deploys="required"))


def deploy(group, environment="production", command="flyctl deploy"):
    held = f"concurrency: {group}\n" if group else ""
    named = f"    environment: {environment}\n" if environment else ""
    return f"name: Ship\non: push\n{held}jobs:\n  ship:\n    runs-on: x\n{named}    steps:\n    - run: {command}\n"


@pytest.mark.parametrize(
    ("group", "environment"),
    [
        ("deploy-production", "production"),
        ("{group: deploy-production, cancel-in-progress: false}", "production"),
        ("PROD", "production"),
        ("pages", "github-pages"),
        ("anything", ""),
        ("'deploy-${{ inputs.where }}'", "'${{ inputs.where }}'"),
        ("'${{ github.workflow }}'", "ship"),
    ],
)
def test_a_group_that_names_what_is_deployed_to(group, environment):
    assert told(groups, DEPLOYS, {"ship.yml": deploy(group, environment)}) == []


def test_a_deploy_in_no_group():
    (finding,) = told(groups, DEPLOYS, {"ship.yml": deploy("")})
    assert finding.message == (
        "`flyctl deploy` in job ship deploys to production and is in no concurrency group, so that two runs "
        "may deploy at "
        "once"
    )
    assert (finding.control, finding.subject) == ("concurrency", ".github/workflows/ship.yml:ship")
    assert finding.fix.text == (
        "write this at the top of the workflow:\nconcurrency:\n  group: deploy-production\n  cancel-in-progress: false"
    )


def test_a_group_that_names_something_else():
    (finding,) = told(groups, DEPLOYS, {"ship.yml": deploy("${{ github.ref }}")})
    assert finding.message == (
        "`flyctl deploy` in job ship deploys to production, and its concurrency group `${{ github.ref }}` "
        "does not say so"
    )
    assert finding.fix.text == "write `group: deploy-production`"


def test_what_only_a_run_can_tell_is_unknown():
    (unknown,) = told(groups, DEPLOYS, {"ship.yml": deploy("deploy", "'${{ inputs.where }}'")})
    assert isinstance(unknown, Undecided)
    assert unknown.message.endswith("and only a run can tell whether its group names that")


def test_a_job_s_own_group_counts():
    own = deploy("").replace("    steps:", "    concurrency: production\n    steps:")
    assert told(groups, DEPLOYS, {"ship.yml": own}) == []


def test_jobs_that_deploy_to_one_place_share_a_group():
    files = {"ship.yml": deploy("deploy-production"), "back.yml": deploy("rollback-production", "Production")}
    (finding,) = told(groups, DEPLOYS, files)
    assert (finding.control, finding.subject) == ("shared-group", "Production")
    assert finding.message == (
        "jobs that deploy to Production are in different concurrency groups, so that they may run at once: "
        "`rollback-production` (back.yml) and `deploy-production` (ship.yml)"
    )
    assert len(finding.evidence) == 2
    same = {"ship.yml": deploy("deploy-production"), "back.yml": deploy("Deploy-Production")}
    assert told(groups, DEPLOYS, same) == []


def test_the_workflow_s_name_makes_another_group_of_the_same_words():
    other = deploy("'${{ github.workflow }}-production'").replace("name: Ship", "name: Back")
    files = {"ship.yml": deploy("'${{ github.workflow }}-production'"), "back.yml": other}
    assert [one.control for one in told(groups, DEPLOYS, files)] == ["shared-group"]


def test_a_job_that_names_the_environment_of_a_deploy_counts_too():
    files = {"ship.yml": deploy("production"), "back.yml": deploy("", command="./undo.sh")}
    (finding,) = told(groups, DEPLOYS, files)
    assert finding.message == (
        "job ship deploys to production and is in no concurrency group, so that two runs may deploy at once"
    )
    assert told(groups, DEPLOYS, {"back.yml": deploy("", command="./undo.sh")}) == []


def test_a_called_workflow_is_held_by_its_callers():
    called = deploy("").replace("on: push", "on: workflow_call")
    caller = "on: push\nconcurrency: production\njobs:\n  a: {uses: ./.github/workflows/ship.yml}\n"
    assert told(groups, DEPLOYS, {"ship.yml": called, "ci.yml": caller}) == []
    free = caller.replace("concurrency: production\n", "")
    assert len(told(groups, DEPLOYS, {"ship.yml": called, "ci.yml": caller, "free.yml": free})) == 1


# --- caches

CACHES = policy(caches=True)
NODE = "steps:\n- uses: actions/setup-node@v4\n- run: npm ci"


def cached(body, *tracked, package=None, head="on: push"):
    blobs = Blobs({} if package is None else {"package.json": package})
    return told(caches, CACHES, job(body, head), Tree(dict.fromkeys(tracked, "100644")), blobs)


def test_an_install_without_a_cache():
    (finding,) = cached(NODE, "package-lock.json")
    assert finding.message == (
        "`npm ci` in job build downloads everything anew: `actions/setup-node@v4` keeps no cache, and "
        "package-lock.json "
        "could be its key"
    )
    assert (finding.control, finding.subject, finding.location.line) == ("cache", f"{PATH}:build", 7)
    assert finding.fix.text == "add this to the step in line 6:\nwith:\n  cache: npm"


@pytest.mark.parametrize(
    ("body", "lockfile", "lines"),
    [
        ("steps:\n- uses: actions/setup-node@v4\n- run: yarn", "yarn.lock", "cache: yarn"),
        (
            "steps:\n- uses: actions/setup-node@v4\n- run: pnpm install --frozen-lockfile",
            "pnpm-lock.yaml",
            "cache: pnpm",
        ),
        (
            "steps:\n- uses: actions/setup-node@v4\n- {run: npm ci, working-directory: web}",
            "web/package-lock.json",
            "cache: npm\n  cache-dependency-path: web/package-lock.json",
        ),
        (
            "steps:\n- uses: actions/setup-python@v5\n- run: pip install -r requirements.txt",
            "requirements.txt",
            "cache: pip",
        ),
        (
            "steps:\n- uses: actions/setup-python@v5\n- run: python -m pip install -r ci/dev.txt",
            "ci/dev.txt",
            "cache: pip\n  cache-dependency-path: ci/dev.txt",
        ),
        ("steps:\n- uses: ruby/setup-ruby@v1\n- run: bundle install", "Gemfile.lock", "bundler-cache: true"),
    ],
    ids=lambda value: value[-30:],
)
def test_installs_of_every_sort(body, lockfile, lines):
    (finding,) = cached(body, lockfile)
    assert finding.fix.text.endswith(f"with:\n  {lines}")


@pytest.mark.parametrize(
    ("body", "tracked"),
    [
        (NODE, ()),  # nothing to key it by: a cache would stop the job
        (NODE, ("fixtures/package-lock.json",)),
        (NODE.replace("npm ci", "npm install -g danger"), ("package-lock.json",)),
        (NODE.replace("npm ci", "npm install left-pad"), ("package-lock.json",)),
        (NODE.replace("npm ci", "npm run ci"), ("package-lock.json",)),
        (NODE.replace("npm ci", "echo npm ci"), ("package-lock.json",)),
        (NODE.replace("@v4", "@v4\n  with: {cache: npm}"), ("package-lock.json",)),
        (NODE.replace("steps:", "steps:\n- uses: actions/cache@v4"), ("package-lock.json",)),
        ("steps:\n- run: npm ci", ("package-lock.json",)),
    ],
    ids=range(9),
)
def test_where_no_cache_is_asked_for(body, tracked):
    assert cached(body, *tracked) == []


def test_a_workflow_that_publishes_is_left_alone():
    assert cached(NODE, "package-lock.json", head="on: {release: {types: [published]}}") == []
    assert cached(NODE, "package-lock.json", head="on: {push: {tags: ['v*']}}") == []


@pytest.mark.parametrize(
    ("version", "package", "found"),
    [
        ("v5", b'{"packageManager": "npm@11.0.0"}', 0),
        ("v5", b'{"packageManager": "pnpm@9.0.0"}', 1),
        ("v5", b"{}", 1),
        ("v4", b'{"packageManager": "npm@11.0.0"}', 1),
        ("v5", b"[", 1),
        ("v5", b"[" * 100_000, 1),
        ("v5", b"\xff\0", 1),
        ("v5", Missing(reason=Reason.MISSING_OBJECT, message="x"), 1),
    ],
    ids=range(8),
)
def test_newer_versions_cache_by_themselves(version, package, found):
    assert len(cached(NODE.replace("@v4", f"@{version}"), "package-lock.json", package=package)) == found


# --- retention

NINETY = policy(retention="90d")


def upload(days, name="report", version="v4"):
    kept = f", retention-days: {days}" if days is not None else ""
    return job(f"steps:\n- uses: actions/upload-artifact@{version}\n  with: {{name: {name}{kept}}}")


@pytest.mark.parametrize(
    ("asked", "days", "message"),
    [
        ("90d", 90, None),
        ("90d", "'90'", None),
        ("90d", 30, "the artifact report is kept for 30 days; asked is exactly 90 days"),
        (RetentionBounds(min="90d"), 400, None),
        (RetentionBounds(min="90d"), 7, "the artifact report is kept for 7 days; asked is at least 90 days"),
        (
            RetentionBounds(min="7d", max="30d"),
            90,
            "the artifact report is kept for 90 days; asked is at least 7 and at most 30 days",
        ),
        ("90d", "long", "the artifact report says `retention-days: long`; asked is exactly 90 days"),
        (
            "90d",
            None,
            (
                "the artifact report says no `retention-days`, so that the repository's setting decides (90 days "
                "unless "
                "somebody changed it); asked is exactly 90 days"
            ),
        ),
        (
            "90d",
            0,
            (
                "the artifact report says no `retention-days`, so that the repository's setting decides (90 days "
                "unless "
                "somebody changed it); asked is exactly 90 days"
            ),
        ),
    ],
    ids=str,
)
def test_retention(asked, days, message):
    said = told(retention, policy(retention=asked), upload(days))
    assert [one.message for one in said] == ([] if message is None else [message])
    assert all(one.subject == f"{PATH}:build:report" for one in said)


def test_an_upload_without_inputs():
    (finding,) = told(retention, NINETY, job("steps:\n- uses: actions/upload-artifact@v4"))
    assert finding.subject == f"{PATH}:build:artifact"
    assert finding.fix.text == "write `retention-days: 90` under the `with` of the step"


def test_a_retention_that_a_run_decides_is_unknown():
    (unknown,) = told(retention, NINETY, upload("'${{ vars.DAYS }}'"))
    assert (unknown.control, unknown.reason) == ("retention", Reason.DYNAMIC)


# --- permissions

DECLARED = policy(permissions="declared")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("on: push\npermissions: {}\njobs:\n  a: {runs-on: x}\n", False),
        ("on: push\npermissions: read-all\njobs:\n  a: {runs-on: x}\n", False),
        ("on: push\njobs:\n  a: {runs-on: x, permissions: {contents: read}}\n", False),
        ("on: push\npermissions:\njobs:\n  a: {runs-on: x}\n", True),
        ("on: push\njobs:\n  a: {runs-on: x}\n", True),
    ],
)
def test_permissions(text, found):
    said = told(permissions, DECLARED, {"ci.yml": text})
    expected = "neither ci.yml nor any job of it says `permissions`: the token has what the repository gives to all"
    assert [one.message for one in said] == ([expected] if found else [])


def test_the_job_that_says_nothing_is_named():
    text = "on: push\njobs:\n  a: {runs-on: x, permissions: {}}\n  b: {runs-on: x}\n"
    (finding,) = told(permissions, DECLARED, {"ci.yml": text})
    assert finding.message.startswith("neither ci.yml nor job b says `permissions`")
    assert (finding.subject, finding.location.line) == (PATH, 4)


# --- the policy


@pytest.mark.parametrize(
    ("keys", "place", "message"),
    [
        ({}, (), "nothing is asserted: write timeout"),
        ({"timeout": Timeout(required=False)}, ("timeout",), "nothing is asserted: write `required: true`"),
        ({"timeout": Timeout(max="soon")}, ("timeout", "max"), "`soon` is not a duration"),
        ({"timeout": Timeout(max="30s")}, ("timeout", "max"), "write at least 1m"),
        ({"retention": "90"}, ("retention",), "`90` is not a number of days: write it like 90d"),
        ({"retention": "36h"}, ("retention",), "`36h` is not a number of days"),
        ({"retention": RetentionBounds(min="x")}, ("retention", "min"), "`x` is not a number of days"),
        ({"retention": RetentionBounds()}, ("retention",), "gives no bound"),
        ({"retention": RetentionBounds(min="9d", max="7d")}, ("retention",), "no number is at least 9 and at most 7"),
        (
            {"caches": True, "applies_to": HygieneScope(workflows=("a**",))},
            ("applies_to", "workflows", 0),
            "`**`",
        ),
    ],
    ids=str,
)
def test_what_the_types_cannot_say(keys, place, message):
    ((where, said),) = policy(**keys).problems()
    assert where == place
    assert message in said


@pytest.mark.parametrize(
    ("check", "key"),
    [
        (timeouts, "timeout"),
        (groups, "concurrency"),
        (caches, "caches"),
        (retention, "retention"),
        (permissions, "permissions"),
    ],
    ids=lambda value: getattr(value, "name", value),
)
def test_what_is_left_out_is_not_looked_at(check, key):
    assert check.calls(policy()) == []
    given = {
        "timeout": Timeout(),
        "concurrency": Concurrency(deploys="required"),
        "caches": True,
        "retention": "90d",
        "permissions": "declared",
    }
    assert len(check.calls(policy(**{key: given[key]}))) == 1

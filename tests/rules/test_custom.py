"""Custom policies: what they select, what they say, and which of them are none."""

import json

import pytest

from custom_policies import custom
from govcheck.errors import PolicyError
from govcheck.facts import Missing
from govcheck.facts.change import AddedLines, Change, ChangedPath, ChangeType
from govcheck.facts.commits import Commit, Commits
from govcheck.facts.pull_request import PullRequest
from govcheck.facts.tree import Blobs, ChangedFiles, Tree
from govcheck.findings import Finding, Judged, Reason, Undecided
from govcheck.nodes import examples
from govcheck.nodes.shapes import SHAPES
from govcheck.policy_keys import keys, literals
from govcheck.registry import kind
from govcheck.rules import custom as rule
from govcheck.settings.endpoints import ENVIRONMENTS, REPOSITORY
from govcheck.sources.policy_files import PolicySource, load_policies
from govcheck.sources.policy_plan import decode, encode
from govcheck.sources.workflow_files import read_workflows
from live_answers import answer, live
from live_rulesets import every, tag_ruleset

FILE = "100644"
TREE = Tree({"src/a.py": FILE, "src/B.PY": "100755", "docs/link": "120000", "lib": "160000"})
WORKFLOW = b"""
on: [push, pull_request]
jobs:
  build:
    runs-on: ubuntu-latest
    timeout-minutes: 5
    steps:
      - uses: actions/checkout@v4
      - {name: Test, run: make}
  call: {uses: ./.github/workflows/b.yml}
"""


def said(found):
    return [one for one in found if not isinstance(one, Judged)]


def subjects(found):
    return [one.subject for one in said(found)]


def workflows(**files):
    return read_workflows({f".github/workflows/{name}.yml": text for name, text in files.items()})


def entry(kind, path, previous=None, mode=FILE):
    gone, new = kind is ChangeType.DELETE, kind is ChangeType.ADD
    return ChangedPath(
        type=kind, path=path, previous_path=previous, mode=None if gone else mode, previous_mode=None if new else FILE
    )


CHANGE = Change(
    (
        entry(ChangeType.ADD, "src/new.py"),
        entry(ChangeType.DELETE, "src/gone.py"),
        entry(ChangeType.RENAME, "src/there.py", "src/here.py"),
    )
)


def test_each_may_name_what_has_a_shape():
    (each,) = (key for key in keys(rule.Custom) if key.name == "each")
    assert literals(each.type) == tuple(SHAPES)


@pytest.mark.parametrize(
    ("keys", "found"),
    [
        ({"expr": 'extension != "py"'}, ["src/a.py", "src/B.PY"]),
        ({"expr": 'mode != "executable"'}, ["src/B.PY"]),
        ({"expr": 'mode in ["file", "executable"]'}, ["docs/link", "lib"]),
        ({"expr": 'folder != ""'}, ["lib"]),
        ({"expr": "false", "applies_to": ("src/*.py",)}, ["src/a.py"]),
        ({"assert_": {"properties": {"name": {"pattern": "^[a-z.]+$"}}}}, ["src/B.PY"]),
        ({"expr": "false", "where": {"properties": {"folder": {"const": "docs"}}}}, ["docs/link"]),
    ],
)
def test_tracked_files_by_name(keys, found):
    assert subjects(rule.tracked.judge(custom("file", **keys), TREE)) == found


def test_files_are_read_only_where_a_condition_or_the_message_looks_into_them():
    def facts(policy):
        return {
            fact.__name__ for one in kind("custom").checks for call in one.calls(policy) for fact in one.facts if call
        }

    assert facts(custom("file", expr="path != ''")) == {"Tree", "Change"}
    looking = ({"expr": "size > 0"}, {"expr": "true", "message": "{text}"}, {"expr": "true", "where": {"const": {}}})
    for written in looking:
        assert facts(custom("file", **written)) == {"Tree", "Blobs", "Change", "ChangedFiles"}
    assert "AddedLines" in facts(custom("change", expr="added > 0"))
    assert facts(custom("change", expr="path == 'added'")) == {"Change"}


def test_what_could_not_be_read_is_unknown_unless_nobody_looks_at_it():
    large = Missing(reason=Reason.UNPARSEABLE, message="the file has 99 bytes", size=99)
    lost = Missing(reason=Reason.MISSING_OBJECT, message="not in this clone")
    blobs = Blobs({"src/a.py": large, "src/B.PY": lost})
    (too_large, unread) = said(rule.tracked_contents.judge(custom("file", expr="size < 50"), TREE, blobs))
    assert (too_large.subject, isinstance(too_large, Finding)) == ("src/a.py", True)
    assert (unread.subject, unread.reason) == ("src/B.PY", Reason.MISSING_OBJECT)
    texts = said(rule.tracked_contents.judge(custom("file", expr='!text.contains("x")'), TREE, blobs))
    assert [(one.subject, type(one)) for one in texts] == [("src/a.py", Undecided), ("src/B.PY", Undecided)]


def test_contents_of_files():
    change = Change((entry(ChangeType.ADD, "a"), entry(ChangeType.ADD, "b"), entry(ChangeType.DELETE, "c")))
    contents = ChangedFiles({"a": b"one\ntwo", "b": b"\0\xff\n"})
    policy = custom(
        "file", expr='lines == 1 && !binary || text == "x"', message="{path}: {lines} lines, {size}, {text}"
    )
    found = said(rule.changed_contents.judge(policy, change, contents))
    assert [one.message for one in found] == ["a: 2 lines, 7, one\\ntwo", "b: 1 lines, 3, \\x00�\\n"]


def test_changed_paths():
    policy = custom("change", expr='change == "add" || previous_path.startsWith("src/h")')
    assert subjects(rule.changes.judge(policy, CHANGE)) == ["src/gone.py"]
    assert subjects(rule.changed_files.judge(custom("file", expr="false"), CHANGE)) == ["src/new.py", "src/there.py"]


def test_added_lines():
    lines = AddedLines(
        {
            "src/new.py": ((3, b"print(1)"), (4, b"\xff")),
            "src/there.py": Missing(reason=Reason.MISSING_OBJECT, message="x"),
        }
    )
    policy = custom("change", expr='!added_lines.exists(line, line.contains("print"))', message="{added} lines")
    found, unread = said(rule.changed_lines.judge(policy, CHANGE, lines))
    assert (found.subject, found.message, unread.subject) == ("src/new.py", "2 lines", "src/there.py")


@pytest.mark.parametrize(
    ("each", "expr", "found"),
    [
        ("workflow", '"schedule" in events', [".github/workflows/a.yml"]),
        ("job", 'uses != "" || runs_on == "self-hosted"', [".github/workflows/a.yml:build"]),
        ("job", 'raw["timeout-minutes"] > 3', [".github/workflows/a.yml:call"]),
        ("step", 'name != ""', [".github/workflows/a.yml:build:step 1"]),
        ("step", 'action == "actions/checkout" && version == "v4"', [".github/workflows/a.yml:build:Test"]),
    ],
)
def test_workflows_jobs_and_steps(each, expr, found):
    assert subjects(rule.workflows.judge(custom(each, expr=expr), workflows(a=WORKFLOW))) == found


def test_a_workflow_that_cannot_be_read_is_unknown():
    found = workflows(a=WORKFLOW, broken=b"on: [push\n", other=b"{")
    policy = custom("job", expr="true", applies_to=("**/[ab]*.yml",))
    (told,) = said(rule.workflows.judge(policy, found))
    assert (told.subject, told.location.line) == (".github/workflows/broken.yml", 2)


def test_where_a_workflow_cannot_be_read_nobody_can_tell_that_nothing_is_selected():
    policy, broken = custom("job", expr="true"), workflows(broken=b"jobs: {build: [")
    assert said(rule.selected.judge(policy, broken, TREE)) == []
    (told,) = said(rule.workflows.judge(policy, broken))
    assert (told.control, told.reason) == ("job", Reason.UNPARSEABLE)


def test_a_condition_that_cannot_be_told_is_unknown_and_counts_as_selected():
    policy = custom("job", where="raw.absent == 1", expr="true")
    judged, *told = rule.workflows.judge(policy, workflows(a=WORKFLOW))
    assert judged.subjects == len(told) == 2
    assert {one.reason for one in told} == {Reason.DYNAMIC}
    assert said(rule.selected.judge(policy, workflows(a=WORKFLOW), TREE)) == []


@pytest.mark.parametrize(
    ("keys", "severity"),
    [({}, "warning"), ({"severity": "note"}, "note"), ({"may_be_empty": True}, None)],
)
def test_a_selection_of_nothing_over_a_whole_tree_says_so(keys, severity):
    for found in (
        rule.tracked.judge(custom("file", expr="true", applies_to=("none/**",), **keys), TREE),
        rule.tracked.judge(custom("file", expr="true", where="path == 'none'", **keys), TREE),
        rule.selected.judge(custom("job", expr="true", where="id == 'none'", **keys), workflows(a=WORKFLOW), TREE),
        rule.rulesets.judge(custom("ruleset", expr="true", **keys), every()),
    ):
        told = [one for one in found if isinstance(one, Finding)]
        assert [(one.control, one.severity) for one in told] == ([("selected", severity)] if severity else [])


def test_a_change_that_has_nothing_to_select_is_fine():
    assert said(rule.changed_files.judge(custom("file", expr="true", applies_to=("none/**",)), CHANGE)) == []


def test_pull_requests_and_commits():
    pull = PullRequest(
        number=7,
        title="WIP",
        body="",
        author="mona",
        draft=False,
        base_branch="main",
        base_commit="a",
        head_branch="x",
        head_commit="b",
        from_fork=False,
        labels=("bug",),
    )
    policy = custom("pull-request", expr='!title.startsWith("WIP")', message="{author}: {title}")
    (found,) = said(rule.pull_request.judge(policy, pull))
    assert (found.subject, found.message) == ("#7", "mona: WIP")
    names = {"author_name": "a", "author_email": "a@x.org", "committer_name": "c", "committer_email": "c@x.org"}
    commits = Commits(
        (Commit(id="f" * 40, message="fix\n\nSigned-off-by: a", parents=("e" * 40,), authored_at=None, **names),)
    )
    assert subjects(rule.commits.judge(custom("commit", expr='subject != "fix"'), commits)) == ["f" * 12]


def environment(name, **keys):
    rules = [{"type": "wait_timer", "wait_timer": 10}]
    return {"name": name, "id": 1, "protection_rules": rules, "deployment_branch_policy": None, **keys}


def test_environments_and_what_of_them_is_not_shown():
    found = live(
        {ENVIRONMENTS: {"environments": [environment("production"), environment("test", can_admins_bypass=True)]}}
    )
    assert subjects(rule.environments.judge(custom("environment", expr="wait > 10", applies_to=("p*",)), found)) == [
        "production"
    ]
    hidden, open_to_all = said(
        rule.environments.judge(custom("environment", expr='admin_bypass == "forbidden"'), found)
    )
    assert isinstance(hidden, Undecided)
    assert (open_to_all.subject, open_to_all.plane) == ("test", "live")
    refused = live({ENVIRONMENTS: answer(ENVIRONMENTS, status=403, message="Resource not accessible by integration")})
    (told,) = said(rule.environments.judge(custom("environment", expr="true"), refused))
    assert told.reason is Reason.PERMISSION


def test_rulesets_and_bypass_actors_that_are_kept_back():
    kept = tag_ruleset(
        1, {"type": "deletion"}, name="kept", bypass_actors=[{"actor_type": "Team", "bypass_mode": "always"}]
    )
    hidden = tag_ruleset(2, {"type": "update"}, name="hidden")
    hidden.body.pop("bypass_actors", None)
    policy = custom("ruleset", expr='bypass.all(one, one.bypass_mode != "always")')
    found, told = said(rule.rulesets.judge(policy, every(kept, hidden)))
    assert (found.subject, isinstance(told, Undecided), told.subject) == ("kept", True, "hidden")
    types = custom("ruleset", expr='"deletion" in rules && target == "tag" && include == ["refs/tags/v*"]')
    assert subjects(rule.rulesets.judge(types, every(kept, hidden))) == ["hidden"]


def test_settings():
    policy = custom(
        "setting", applies_to=("repository-settings/wiki", "repository-settings/squash_merge"), expr="value == false"
    )
    ((request,),) = [call for one in kind("custom").checks for call in one.calls(policy)]
    assert REPOSITORY in request.endpoints
    found = list(rule.settings.judge(policy, live({}, {"has_wiki": True})))
    assert found[0].settings == ("repository-settings/squash_merge", "repository-settings/wiki")
    assert {(one.subject, type(one)) for one in said(found)} == {
        ("repository-settings/wiki", Finding),
        ("repository-settings/squash_merge", Undecided),
    }


@pytest.mark.parametrize("globs", [("**",), ("code-security/dependency_graph",)])
def test_every_setting_is_told_or_unknown(globs):
    policy = custom("setting", applies_to=globs, expr="value != 'never'")
    ((request,),) = [call for one in kind("custom").checks for call in one.calls(policy)]
    refused = (one for one in request.endpoints if one != REPOSITORY)
    found = live({one: answer(one, status=403, message="Resource not accessible by integration") for one in refused})
    judged, *rest = rule.settings.judge(policy, found)
    assert judged.subjects == len(judged.settings) > 0
    assert {type(one) for one in rest} == {Undecided}


GOOD = """
kind: custom
id: own
each: file
where: {properties: {extension: {const: md}}}
expr: size <= 10
message: "{path} has {size} bytes"
examples: {pass: [{extension: md, size: 10}, {extension: py, size: 11}], fail: [{extension: md, size: 11}]}
"""


def problems(text):
    with pytest.raises(PolicyError) as refused:
        load_policies([PolicySource("p.yaml", text.encode())])
    return str(refused.value)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("expr: size <= 10", "expr: sizes <= 10", "p.yaml:6:7: `expr`: undeclared reference to 'sizes'"),
        ("expr: size <= 10", "", "nothing is asserted"),
        ("expr: size <= 10", "expr: size <= 10\nassert: {}", "`assert` stands here already"),
        ("expr: size <= 10", "assert: {properties: {sizes: {}}}", "a file has no `sizes`: it has path, folder"),
        ("expr: size <= 10", "assert: {$ref: 'http://a.org/b'}", "p.yaml:6:16: `assert.$ref`: `$ref` leads out"),
        ("{path} has", "{paths} has", "p.yaml:7:10: `message`: a file has no `paths`"),
        ("size: 10}", "size: 11}", "p.yaml:8:19: `examples.pass[0]`: it does not hold, and should"),
        (
            "fail: [{extension: md, size: 11}]",
            "fail: [{extension: md}]",
            "`examples.fail[0]`: it holds, and should not",
        ),
        ("fail: [{extension: md, size: 11}]", "fail: [{size: 11}]", "`where` leaves it out"),
        ("fail: [{extension: md, size: 11}]", "fail: []", "give at least one node that does not hold"),
        (
            "fail: [{extension: md, size: 11}]",
            "fail: [{extension: md, size: big}]",
            "`size` of a file is a whole number",
        ),
        ("fail: [{extension: md, size: 11}]", "fail: [{ext: md}]", "a file has no `ext`"),
        ("pass: [{extension: md, size: 10}, ", "pass: [", "leaves out every one of these"),
        ("each: file", "each: files", "did you mean `file`"),
        ("id: own", "id: own\nfacts: 2", "`facts` must be"),
        ("id: own", "id: own\napplies_to: ['a/**b']", "`applies_to[0]`"),
        ("examples:", "owner: me\n#", "`examples` is missing"),
    ],
)
def test_what_is_wrong_with_a_policy_is_told_at_its_place(old, new, said):
    assert old in GOOD
    assert said in problems(GOOD.replace(old, new))


def test_what_comes_of_examples():
    (loaded,) = load_policies([PolicySource("p.yaml", GOOD.encode())])
    found = [(one.expected, one.number, one.came_to, one.message) for one in examples.run(loaded.policy)]
    assert found == [
        ("pass", 0, "pass", ""),
        ("pass", 1, "left-out", ""),
        ("fail", 0, "fail", " has 11 bytes"),
    ]
    assert examples.first_failing(loaded.policy).number == 0


def test_a_policy_survives_its_plan():
    text = GOOD.replace("expr: size <= 10", "assert: {required: [size], anyOf: [{properties: {size: {maximum: 10}}}]}")
    loaded = load_policies([PolicySource("p.yaml", text.encode())])
    assert decode(encode(loaded, "key"), "key").policies == loaded


def test_findings_have_no_credentials_and_can_be_written_as_json():
    token = "ghp_" + "Secret0" * 5
    contents = ChangedFiles({"a\udcff": f"x {token} y\x1b".encode()})
    policy = custom("file", expr='!text.contains("ghp_")', message="{text}")
    (found,) = said(rule.changed_contents.judge(policy, Change((entry(ChangeType.ADD, "a\udcff"),)), contents))
    assert (found.subject, found.message) == ("a\\xff", f"x xxx_{'xxxxxxx' * 5} y\\x1b")
    assert token not in json.dumps([found.actual, found.expected, found.fix.text])
    schema = custom("file", assert_={"properties": {"text": {"const": "a"}}})
    (found,) = said(rule.changed_contents.judge(schema, Change((entry(ChangeType.ADD, "a\udcff"),)), contents))
    assert token not in f"{found.message}{found.actual}{found.fix.text}"

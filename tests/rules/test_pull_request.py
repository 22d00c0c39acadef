"""What a pull request has to say."""

import pytest

from govcheck.facts import Missing
from govcheck.facts.change import Change, ChangedPath, ChangeType
from govcheck.facts.live import Answer
from govcheck.facts.pull_request import LinkedIssues, PullRequest
from govcheck.facts.tree import Blobs, TrackedFiles
from govcheck.findings import Finding, Reason, Undecided
from govcheck.rules.pull_request import IssueDemand, LabelDemand, PullRequests, RequiredSection, issues, template, text
from govcheck.text.linked_issues import within

TEMPLATE = (
    "## Summary\n- What changed?\n\n## Risk (required)\n- Rollback plan:\n- [ ] Tested\n- [ ] (If streaming) logs\n"
)
NAME = ".github/pull_request_template.md"
HAD = Blobs({NAME: TEMPLATE.encode()})


def policy(**keys) -> PullRequests:
    return PullRequests(id="p", **keys)


def pull_request(body: str = "", **keys) -> PullRequest:
    given = {
        "number": 12, "title": "fix: a tile", "body": body, "author": "octocat", "draft": False, "base_branch": "main",
        "base_commit": "a" * 40, "head_branch": "topic", "head_commit": "b" * 40, "from_fork": False, "labels": (),
        "repository": "Octo/App",
    }  # fmt: skip
    return PullRequest(**{**given, **keys})


def change(*paths: str) -> Change:
    return Change(tuple(ChangedPath(type=ChangeType.ADD, path=one, mode="100644", previous_mode=None) for one in paths))


def controls(demanded: PullRequests, request: PullRequest, *paths: str, had: Blobs = HAD) -> list[tuple[str, str]]:
    _, *said = text.judge(demanded, request, change(*paths), had)
    return [(one.control, one.subject) for one in said]


ISSUE = policy(issue=IssueDemand(draft_keywords=("Refs",), repositories=("octo/plans",)))


@pytest.mark.parametrize(
    ("body", "draft", "wrong"),
    [
        ("Fixes #1", False, []),
        ("closes octo/app#1 and fixes Octo/Plans#2", False, []),
        ("Refs #1", True, []),
        ("Refs #1", False, [("issue", "#12")]),
        ("", False, [("issue", "#12")]),
        ("Fixes other/place#1", False, [("issue-repository", "#12 other/place#1")]),
    ],
)
def test_the_issue(body: str, draft: bool, wrong: list[tuple[str, str]]):  # noqa: FBT001
    assert controls(ISSUE, pull_request(body, draft=draft)) == wrong


def test_a_finding_says_what_to_write():
    _, finding = text.judge(ISSUE, pull_request(), change(), HAD)
    assert finding.message == "The pull request #12 names no issue behind a closing keyword such as `Fixes`"
    assert finding.fix.text == "Write `Fixes #` and its number"


SECTIONS = policy(sections=("Summary", RequiredSection(heading="Risk", paths=("app/**",))))


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        (TEMPLATE, ["#12 Summary", "#12 Risk"]),
        (TEMPLATE.replace("What changed?", "The tile").replace("plan:", "plan: revert"), []),
        ("# summary\nx\n## Deeper\n# RISK:\n```\nrevert\n```", []),
        ("## Summary\n<!-- x -->\n## Risk\n- [ ] mine", ["#12 Summary", "#12 Risk"]),
        ("## Summary\n### Details\nx\n## Risk\n- [x] Tested", []),
        ("## Summary\n## Risk\n---\n...", ["#12 Summary", "#12 Risk"]),
        ("```\n## Summary\nx\n```\n> ## Risk\n> x", ["#12 Summary", "#12 Risk"]),
        ("", ["#12 Summary", "#12 Risk"]),
    ],
)
def test_sections_have_something_of_their_own(body: str, wrong: list[str]):
    assert [subject for _, subject in controls(SECTIONS, pull_request(body), "app/x")] == wrong


def test_a_section_is_needed_where_its_paths_are_touched():
    assert controls(SECTIONS, pull_request("## Summary\nx"), "docs/x") == []


def test_a_template_that_cannot_be_read_leaves_sections_unknown():
    gone = Blobs({NAME: Missing(reason=Reason.MISSING_OBJECT, message="not here")})
    _, doubt = text.judge(SECTIONS, pull_request("## Summary\nx"), change(), gone)
    assert isinstance(doubt, Undecided)


ALL = policy(boxes="all", optional_boxes=("if streaming",))


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ("- [x] Tested", []),
        ("- [ ] Tested", ["#12 Tested"]),
        ("x", ["#12 Tested"]),
        ("- [x] tested\n- [ ] (If streaming) logs\n- [ ] mine", ["#12 mine"]),
        ("- [x] tested\n> - [ ] quoted\n```\n- [ ] code\n```", []),
    ],
)
def test_every_box(body: str, wrong: list[str]):
    assert [subject for _, subject in controls(ALL, pull_request(body))] == wrong


def test_boxes_by_name():
    demanded = policy(boxes=("No  secrets",))
    assert controls(demanded, pull_request("- [X] no secrets committed\n- [ ] other")) == []
    for body in ("- [ ] No secrets committed", "No secrets committed"):
        assert controls(demanded, pull_request(body)) == [("box", "#12 No  secrets")]


def test_labels_title_and_allowed_paths():
    labels = LabelDemand(all_of=("a",), any_of=("b", "c"), none_of=("d",))
    demanded = policy(labels=labels, title="^feat: ", allowed_paths="declared")
    good = pull_request("Allowed paths: app/**", title="feat: x", labels=("A", "c"))
    assert controls(demanded, good) == []
    bad = pull_request("Allowed paths: **", labels=("D",))
    assert controls(demanded, bad) == [
        ("allowed-paths", "#12"),
        ("label", "#12 a"),
        ("label", "#12 any"),
        ("label", "#12 d"),
        ("title", "#12"),
    ]


def test_whom_it_does_not_judge():
    assert controls(policy(title="^x$", drafts="exempt"), pull_request(draft=True)) == []
    assert controls(policy(title="^x$", exempt=("octocat",)), pull_request()) == []


def answer(status: int = 200, body: object = None, message: str = "") -> Answer:
    return Answer(
        endpoint="repos/octo/app/issues/1", status=status, message=message, body=body, permission="issues:read"
    )


def issue(**keys) -> dict[str, object]:
    return {"state": "open", "repository_url": "https://api.github.com/repos/Octo/App", "body": "", **keys}


def live(found: Answer, body: str = "Fixes #1", **keys):
    demanded = policy(issue=IssueDemand(open=True), **keys)
    linked = LinkedIssues("Octo/App", {"octo/app#1": found})
    return list(issues.judge(demanded, pull_request(body), linked))[1:]


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (answer(body=issue()), None),
        (answer(body=issue(state="closed")), "is closed"),
        (answer(body=issue(pull_request={})), "is a pull request"),
        (answer(body=issue(repository_url="https://api.github.com/repos/octo/other")), "in another repository now"),
        (answer(410, message="This issue was deleted"), "was deleted"),
        (answer(301, message="Moved Permanently"), "was moved"),
    ],
)
def test_an_issue_as_github_has_it(found: Answer, said: str | None):
    messages = [one.message for one in live(found) if isinstance(one, Finding)]
    assert (said is None and messages == []) or said in messages[0]


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        (answer(404, message="Not Found"), Reason.PERMISSION),
        (answer(403, message="Resource not accessible by integration"), Reason.PERMISSION),
        (answer(500, message="x"), Reason.API_ERROR),
        (answer(body=[]), Reason.UNPARSEABLE),
    ],
)
def test_an_issue_that_cannot_be_read(found: Answer, reason: Reason):
    (doubt,) = live(found, allowed_paths="as-issue")
    assert isinstance(doubt, Undecided)
    assert doubt.reason is reason


@pytest.mark.parametrize(
    ("of_issue", "declared", "wrong"),
    [
        ("### Allowed paths (fnmatch)\n\napp/** docs/a.md", "app/routes/** docs/a.md", []),
        ("### Allowed paths (fnmatch)\n\napp/**", "app/** supabase/**", ["#12 supabase/**"]),
        ("nothing", "app/**", ["octo/app#1"]),
    ],
)
def test_allowed_paths_agree_with_the_issue(of_issue: str, declared: str, wrong: list[str]):
    said = live(answer(body=issue(body=of_issue)), f"Fixes #1\n\nAllowed paths: {declared}", allowed_paths="as-issue")
    assert [one.subject for one in said] == wrong


@pytest.mark.parametrize(
    ("pattern", "allowed", "fits"),
    [
        ("app/*", ["app/*"], True),
        ("app/**", ["app/*"], False),
        ("app/x", ["app/*"], True),
        ("app/x/**", ["app/**"], True),
        ("apple/**", ["app/**"], False),
        ("app/x/**", ["*/**"], False),
        ("*/x", ["app/**"], False),
    ],
)
def test_what_is_within(pattern: str, allowed: list[str], fits: bool):  # noqa: FBT001
    assert within(pattern, allowed) is fits


DEMANDS = policy(issue=IssueDemand(), allowed_paths="declared", sections=("Risk", "Proof"), boxes=("Tested", "Signed"))


def asked(templates: dict[str, bytes | Missing]) -> list[str]:
    tracked = TrackedFiles(dict.fromkeys(templates, "100644"))
    return [one.subject for one in list(template.judge(DEMANDS, tracked, Blobs(templates)))[1:]]


def test_the_template_asks_for_what_is_demanded():
    assert asked({NAME: TEMPLATE.encode()}) == [
        f"{NAME} issue",
        f"{NAME} allowed-paths",
        f"{NAME} Proof",
        f"{NAME} Signed",
    ]
    whole = f"{TEMPLATE}\n- [ ] Signed\n## Proof\n<!-- Fixes #12 -->\nAllowed paths:\n"
    assert asked({NAME: whole.encode()}) == []
    assert asked({}) == []


def test_two_templates_that_differ_in_case_alone():
    other = ".github/PULL_REQUEST_TEMPLATE.md"
    found = asked({NAME: b"", other: b""})
    assert found[0] == f"{other} names"
    assert len(found) == 1 + 2 * 6


def test_what_the_types_cannot_say():
    places = [place for place, _ in policy().problems()]
    assert places == [()]
    wrong = policy(
        issue=IssueDemand(keywords=()),
        sections=("", RequiredSection(heading="a", paths=("[",))),
        boxes=("",),
        title="(?=x)",
    )
    assert [place for place, _ in wrong.problems()] == [
        ("issue", "keywords"),
        ("sections", 0),
        ("boxes", 0),
        ("title",),
        ("sections", 1, "paths", 0),
    ]
    assert [place for place, _ in policy(allowed_paths="as-issue").problems()] == [("allowed_paths",)]

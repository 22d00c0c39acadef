"""Open issues, by what GitHub answers of them."""

from datetime import UTC, datetime, timedelta

import pytest

from govcheck.facts import Missing
from govcheck.facts.issues import LiveIssues
from govcheck.facts.live import Answer
from govcheck.facts.now import Now
from govcheck.facts.tree import Blobs
from govcheck.findings import Finding, Judged, Reason, Undecided
from govcheck.rules.issues import IssuesPolicy, NamedIn, named, tasks

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
DAY = timedelta(days=1)
WHOLE = "### Agent\n\nqa\n\n### Allowed paths (fnmatch)\n\n`app/**`\n"


def at(ago):
    return (NOW - ago).isoformat().replace("+00:00", "Z")


def issue(number=7, body=WHOLE, ago=DAY, **keys):
    base = {"number": number, "title": "T", "body": body, "labels": ["task"], "assignees": ["m"], "comments": 0}
    return base | {"created_at": at(ago), "html_url": f"https://github.com/o/r/issues/{number}"} | keys


def comment(number, ago):
    return {"issue_url": f"https://api.github.com/repos/o/r/issues/{number}", "created_at": at(ago)}


def answer(body, status=200, **keys):
    return Answer(endpoint="repos/o/r/issues", status=status, message="", body=body, **keys)


def live(*issues, comments=(), **keys):
    said = comments if isinstance(comments, Answer) else answer(list(comments))
    return LiveIssues(opened=keys.get("opened", answer(list(issues))), comments=said)


def said(fact, **keys):
    policy = IssuesPolicy(id="i", label="Task", **keys)
    return [one for one in tasks.judge(policy, fact, Now(NOW)) if not isinstance(one, Judged)]


NESTED = "````\n```\n### Agent\n\nqa\n````\n" + "> ### Agent\n> qa\n" + "<!-- ### Agent\nqa -->\n"


@pytest.mark.parametrize(
    ("body", "lacking"),
    [
        (WHOLE, []),
        (WHOLE.replace("\n", "\r\n"), []),
        ("## agent:\nqa\n# Allowed paths\n- [x] app/**", []),
        ("### Agent\n\n_No response_\n\n### Allowed paths\n\nx", ["Agent"]),
        ("### Agent\n\n### Allowed paths\n\nx", ["Agent"]),
        (NESTED + "### Allowed paths\n\nx", ["Agent"]),
        (None, ["Agent", "Allowed paths"]),
        ("", ["Agent", "Allowed paths"]),
        ("```\n" * 13001 + "### Agent\n\nqa\n", ["Agent", "Allowed paths"]),
        ("[" * 65536, ["Agent", "Allowed paths"]),
        ("> " * 30000 + "\n\n" + WHOLE, []),
    ],
    ids=["whole", "crlf", "marks", "no-response", "empty", "nested", "none", "nothing", "fences", "brackets", "quotes"],
)
def test_the_sections_of_an_issue(body, lacking):
    found = said(live(issue(body=body)), sections=("Agent", "Allowed paths"))
    assert [(one.control, one.subject) for one in found] == [("sections", f"#7 {part}") for part in lacking]


HUNDRED = [comment(1, timedelta(minutes=number)) for number in range(100)]


@pytest.mark.parametrize(
    ("fact", "keys", "expected"),
    [
        (live(issue(assignees=[])), {"assigned": True}, [Finding]),
        (live(issue()), {"assigned": True}, []),
        (live(issue(labels=["bug"], assignees=[])), {"assigned": True}, []),
        (live(issue(assignees=[], pull_request=True)), {"assigned": True}, []),
        (live(issue(ago=2 * DAY)), {"max_age": "2d"}, []),
        (live(issue(ago=3 * DAY)), {"max_age": "2d"}, [Finding]),
        (live(issue(ago=3 * DAY)), {"commented_within": "1d"}, [Finding]),
        (live(issue(ago=DAY / 2)), {"commented_within": "1d"}, []),
        (live(issue(ago=3 * DAY, comments=1), comments=[comment(7, DAY / 2)]), {"commented_within": "1d"}, []),
        (live(issue(ago=3 * DAY, comments=1), comments=[comment(7, 2 * DAY)]), {"commented_within": "1d"}, [Finding]),
        (live(issue(ago=9 * DAY, comments=1), comments=HUNDRED), {"commented_within": "1d"}, [Undecided]),
        (live(issue(ago=9 * DAY, comments=1), comments=HUNDRED), {"commented_within": "1h"}, [Finding]),
        (live(issue(ago=9 * DAY, comments=1), comments=answer(None, 403)), {"commented_within": "1d"}, [Undecided]),
        (live(issue(ago=9 * DAY), comments=answer(None, 403)), {"commented_within": "1d"}, [Finding]),
        (live(issue(), comments=answer([{}])), {"commented_within": "1h"}, [Finding]),
        (live(opened=answer(None, 403, permission="issues:read")), {}, [Undecided]),
        (live(opened=answer([{"number": "7"}])), {}, [Undecided]),
        (live(opened=answer([issue()], complete=False)), {}, [Undecided]),
    ],
)
def test_owners_age_and_movement(fact, keys, expected):
    assert [type(one) for one in said(fact, **keys)] == expected


def about(contents, fact, **keys):
    policy = IssuesPolicy(id="i", named_in=NamedIn(files=("docs/*.md",), pattern="Current Issue: #(\\S+)", **keys))
    return [one for one in named.judge(policy, fact, Blobs(contents)) if not isinstance(one, Judged)]


@pytest.mark.parametrize(
    ("content", "fact", "expected"),
    [
        (b"Current Issue: #7", live(issue()), []),
        (b"a\r\nCurrent Issue: #8", live(issue()), ["docs/a.md names #8, which is no open issue here"]),
        (b"Current Issue: #9", live(issue(9, pull_request=True)), ["docs/a.md names #9, which is a pull request"]),
        (b"nothing", live(), ["docs/a.md names no issue"]),
        (b"Current Issue: #<n>", live(), ["docs/a.md names '<n>', which is no number of an issue"]),
        ("Current Issue: #\u0667".encode(), live(), ["docs/a.md names '\u0667', which is no number of an issue"]),
        (b"\xff\xfe", live(), ["docs/a.md names no issue"]),
        (
            b"Current Issue: #8",
            live(opened=answer([issue()], complete=False)),
            ["whether #8 is open cannot be told: repos/o/r/issues: later pages of the list could not be read"],
        ),
        (Missing(reason=Reason.UNPARSEABLE, message="too large"), live(), ["too large"]),
    ],
)
def test_files_that_name_issues(content, fact, expected):
    assert [one.message for one in about({"docs/a.md": content}, fact)] == expected


def test_a_file_may_be_let_name_none():
    assert about({"docs/a.md": b"nothing"}, live(), optional=True) == []


def test_a_template_names_none():
    assert about({"docs/a.md": b"nothing"}, live(), except_=("docs/a.md",)) == []


def test_a_patterns_group_is_asked_for():
    policy = IssuesPolicy(id="i", named_in=NamedIn(files=("a**b",), pattern="Issue: ["))
    assert [place for place, _ in policy.problems()] == [
        ("named_in", "files", 0),
        ("named_in", "pattern"),
        ("named_in", "pattern"),
    ]

"""References: documents in, what they name and is not there out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcheck.documents.mentions import mentions
from govcheck.facts import Missing
from govcheck.facts.branches import LiveBranches, RemoteBranch, RemoteBranches
from govcheck.facts.issues import LiveIssues
from govcheck.facts.live import Answer
from govcheck.facts.tree import Blobs, TrackedFiles
from govcheck.findings import Finding, Judged, Reason, Undecided
from govcheck.rules.references import References, branches, fetched_branches, named, open_issues
from govcheck.sources.data_files import read_data_files
from govcheck.sources.workflow_files import read_workflows

FILES = ("README.md", "docs/guide.md", "docs/img/a.png", "scripts/ops/sweep.mjs", "app/routes/[id].tsx", "fly.toml")
WORKFLOWS = {
    ".github/workflows/ci.yml": b"name: CI\non: push\njobs: {a: {runs-on: x, steps: [{run: a}]}}",
    ".github/workflows/deploy.yml": b"on: workflow_dispatch\njobs: {a: {runs-on: x, steps: [{run: a}]}}",
}
PACKAGE = b'{"scripts": {"lint": "eslint .", "sweep": "node scripts/ops/sweep.mjs", "gone": "node scripts/gone.mjs"}}'


def said(text, path="docs/runbook.md", ignored=b"", **keys):
    documents = {path: text if isinstance(text, bytes | Missing) else text.encode(), ".gitignore": ignored}
    manifests = {"package.json": PACKAGE.replace(b', "gone": "node scripts/gone.mjs"', b"")}
    tracked = TrackedFiles(dict.fromkeys((path, *FILES, *WORKFLOWS, *manifests), "100644"))
    policy = References(id="p", files=("**/*.md",), **keys)
    judged, *found = named.judge(
        policy, tracked, Blobs(documents), read_data_files(manifests), read_workflows(WORKFLOWS)
    )
    assert isinstance(judged, Judged)
    return found


@pytest.mark.parametrize(
    "text",
    [
        "`fly.toml` `docs/guide.md` `docs/` `guide.md` `./scripts/ops/sweep.mjs` `sweep.mjs:12`",
        "[a](guide.md#part) [b](../README.md) [c](/docs/img/a.png) [d](img/) [e](https://x.y/z.md) [f](#here)",
        "`app/routes/[id].tsx` `docs/guide.md:3-9`",
        "`docs/<agent>.md` `feedback/2025-10-15.md` `docs/**` `.md` `feature/x` `owner/repo` `Node.js` `a.b()`",
        "docs/gone.md in plain words, and scripts/gone.sh",
        "```\nnpm run lint\nnode scripts/ops/sweep.mjs --all\ncd x && npm run other\nnpm --prefix y run other\n```",
        '`gh workflow run deploy.yml` `gh workflow view ci` `gh workflow run "deploy.yml"`',
    ],
)
def test_what_is_there_or_names_nothing(text):
    assert said(text) == []


@pytest.mark.parametrize(
    ("text", "control", "name", "nearest"),
    [
        ("\n\n`docs/giude.md`", "path", "docs/giude.md", "docs/guide.md"),
        ("\n\n`tools/sweep.mjs`", "path", "tools/sweep.mjs", "scripts/ops/sweep.mjs"),
        ("\n\n`docs/gone/`", "path", "docs/gone/", None),
        ("\n\n[x](gone.md)", "link", "docs/gone.md", None),
        ("\n\n[x](../../outside.md)", "link", "../outside.md", None),
        ("\n\n`npm run lnt`", "script", "lnt", None),
        ("```\n\nnode scripts/gone.mjs\n```", "path", "scripts/gone.mjs", None),
        ("\n\n`gh workflow run deplyo.yml`", "workflow", "deplyo.yml", "deploy.yml"),
        ("\n\n`gh workflow run ci`", "workflow", "ci", ".github/workflows/ci.yml with `workflow_dispatch` below `on`"),
    ],
)
def test_what_is_not_there(text, control, name, nearest):
    (found,) = said(text)
    assert (found.control, found.subject) == (control, f"docs/runbook.md: {name}")
    assert found.location.line == 3
    assert nearest is None or found.actual == nearest


def test_what_is_missing_is_told_once_with_every_line():
    (found,) = said("`docs/gone.md`\n\n- `docs/gone.md`\n")
    assert [one.location.line for one in found.evidence] == [3]


def test_what_git_ignores_and_what_the_policy_excuses_is_not_looked_for():
    assert said("`docs/out/a.json` [x](../README.md)", ignored=b"# made\ndocs/out/\n") == []
    assert said("`docs/later.md`", ignore=("docs/later.md",)) == []
    assert said("`docs/gone.md`", names=("link",)) == []


def test_a_document_that_cannot_be_read_is_unknown():
    (found,) = said(Missing(reason=Reason.UNPARSEABLE, message="100 MB"))
    assert (type(found), found.reason) == (Undecided, Reason.UNPARSEABLE)


def test_no_document_is_a_finding():
    policy = References(id="p", files=("docs/*.md",))
    empty = TrackedFiles({"a": "100644"}), Blobs({}), read_data_files({}), read_workflows({})
    (found,) = [one for one in named.judge(policy, *empty) if not isinstance(one, Judged)]
    assert isinstance(found, Finding)


def test_a_script_that_runs_a_file_which_is_gone():
    tracked = TrackedFiles(dict.fromkeys((*FILES, "package.json"), "100644"))
    facts = Blobs({"README.md": b""}), read_data_files({"package.json": PACKAGE}), read_workflows({})
    _, found = named.judge(References(id="p", files=("*.md",)), tracked, *facts)
    assert (found.control, found.subject, found.location.line) == ("path", "package.json: scripts/gone.mjs", 1)


def test_a_broken_manifest_hides_no_script():
    tracked = TrackedFiles({"README.md": "100644"})
    facts = Blobs({"README.md": b"`npm run x`"}), read_data_files({"package.json": b"{"}), read_workflows({})
    _, found = named.judge(References(id="p", files=("*.md",)), tracked, *facts)
    assert isinstance(found, Undecided)


@pytest.mark.parametrize(
    "text",
    [
        "Results: publish them to `docs/status.md`, and the postmortem in `docs/incidents/`",
        "Create `docs/new.md`; archive `docs/old/` to `docs/_archive/x.md`",
        "- **Allowed paths:** `app/gone.ts`, `docs/gone.md`",
        "- Local: `docs/out/`\n  - `key.json`\n  - deeper:\n    - `other.json`\n",
        "- In `docs/img/`\n  - `a.png`\n",
    ],
)
def test_what_need_not_be_there(text):
    assert said(text, ignored=b"docs/out/\n") == []


@pytest.mark.parametrize(
    "text",
    [
        "Keep the log (`docs/log.md`) up to date, and log what you find in `docs/log.md`",
        "The fixtures, which CI writes to; see `docs/log.md`",
        "As it is written in `docs/log.md`",
        "- Paths: `docs/log.md`",
        "- In `docs/out/`\n- `docs/log.md`\n",
        "## `docs/out/`\n\n- `log.md`\n",
    ],
)
def test_what_has_to_be_there_all_the_same(text):
    assert [one.control for one in said(text, ignored=b"docs/out/\n")] == ["path"]


BRANCHES = """
`origin/gone` and `origin/main`

```
git checkout gone && git switch other
git checkout -b new-one
git push origin new-one
gh workflow run ci --ref gone -f a=b
git checkout src/a.py notes
git checkout 1a2b3c4d; git rebase v1.2
git merge feature/<name>
```
"""


def test_the_branches_that_a_text_names():
    found = [(one.name, one.line) for one in mentions("a.md", BRANCHES) if one.sort == "branch"]
    assert found == [("gone", 2), ("main", 2), ("gone", 5), ("other", 5), ("gone", 8)]


def answer(body, status=200, **keys):
    return Answer(endpoint="x", status=status, message="no", body=body, **keys)


def refs(*names, total=None):
    commit = {"oid": "7fd1a60b01f91b314f59955a4e4d4e80d8edf11d", "committedDate": "2026-01-01T00:00:00Z"}
    who = {"name": "m", "user": {"login": "m"}}
    nodes = [{"name": name, "target": commit | {"committer": who, "author": who}} for name in names]
    body = {"totalCount": len(names) if total is None else total, "nodes": nodes}
    return LiveBranches(
        repository=answer({"default_branch": "main"}), refs=answer(body), protected=answer([]), pulls=answer([])
    )


def judged(check, fact, text, **keys):
    found = check.judge(References(id="p", files=("*.md",), **keys), Blobs({"a.md": text.encode()}), fact)
    return [one for one in found if not isinstance(one, Judged)]


def test_branches_that_github_has():
    assert judged(branches, refs("main", "gone", "other"), BRANCHES) == []
    assert judged(branches, refs("main", "other"), BRANCHES, ignore=("gone",)) == []
    (found,) = judged(branches, refs("main", "other"), BRANCHES)
    assert (found.control, found.subject, found.location.line) == ("branch", "a.md: gone", 2)
    assert [one.location.line for one in found.evidence] == [5, 8]


def test_branches_that_nobody_could_list_are_unknown():
    for fact in (refs("main", "other", total=9), LiveBranches(**dict.fromkeys(LIVE, FORBIDDEN))):
        assert {type(one) for one in judged(branches, fact, "`origin/gone`")} == {Undecided}


LIVE = ("repository", "refs", "protected", "pulls")
FORBIDDEN = answer({"message": "Resource not accessible by integration"}, 403)


def fetched(*names):
    branch = (RemoteBranch(name=name, commit="1", committed_at=None, owner="m") for name in names)
    return RemoteBranches(branches=tuple(branch), default="main", fetched_at=None)


def test_branches_that_a_clone_has():
    (found,) = judged(fetched_branches, fetched("other"), BRANCHES)
    assert (found.subject, found.severity) == ("a.md: gone", "warning")
    assert judged(fetched_branches, fetched(), BRANCHES) == []


def issue(number, **keys):
    base = {"title": "T", "body": "", "labels": [], "assignees": [], "comments": 0}
    dated = {"created_at": "2026-01-01T00:00:00Z", "html_url": f"https://github.com/o/r/issues/{number}"}
    return base | dated | {"number": number} | keys


ISSUES = "**Current Issue:** #12, #13\n\nSee #14, `Current Issue: #15`\n\n```\nCurrent Issue: #16\n```\n"


def test_issues_that_are_open():
    def found(*listed, **keys):
        opened = answer(list(listed), **keys)
        return judged(open_issues, LiveIssues(opened=opened, comments=answer([])), ISSUES)

    assert found(issue(12), issue(13)) == []
    assert [one.subject for one in found(issue(12), issue(13, pull_request={}))] == ["a.md: #13"]
    assert [type(one) for one in found(issue(12), complete=False)] == [Undecided]
    assert [type(one) for one in found(status=500)] == [Undecided, Undecided]


@given(st.text())
def test_any_text_can_be_read(text):
    for mention in mentions("docs/a.md", text):
        assert mention.name


def test_a_span_is_between_whole_runs_of_backticks_and_a_page_of_them_ends():
    written = "``src/a.py`` and ```src/b.py`` and `src/c.py`\n\n" + "`" * 200_000 + "\n"
    assert {mention.name for mention in mentions("docs/a.md", written)} == {"src/a.py", "src/c.py"}

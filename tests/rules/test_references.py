"""References: documents in, what they name and is not there out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcheck.documents.mentions import mentions
from govcheck.facts import Missing
from govcheck.facts.tree import Blobs, TrackedFiles
from govcheck.findings import Finding, Judged, Reason, Undecided
from govcheck.rules.references import References, named
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


@given(st.text())
def test_any_text_can_be_read(text):
    for mention in mentions("docs/a.md", text):
        assert mention.name


def test_a_span_is_between_whole_runs_of_backticks_and_a_page_of_them_ends():
    written = "``src/a.py`` and ```src/b.py`` and `src/c.py`\n\n" + "`" * 200_000 + "\n"
    assert {mention.name for mention in mentions("docs/a.md", written)} == {"src/a.py", "src/c.py"}

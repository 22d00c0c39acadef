"""`explain path`, by the real program."""

from pathlib import Path

from program import Govcheck, program
from repositories import Repository

WORKFLOW = """
on:
  push: {paths: ["docs/**"]}
  pull_request: {paths-ignore: ["docs/**"]}
jobs: {a: {runs-on: x, steps: [{run: make}]}}
"""


EVERYTHING = """\
docs/new.md is not tracked
policies: docs-only: docs/new.md is allowed: `docs/**` of allow matches it
policies: owned: docs/new.md must have an owner: `docs/**` of owned matches it
CODEOWNERS: .github/CODEOWNERS:2 (`docs/`) decides: docs/new.md is owned by @b
CODEOWNERS: it overrides .github/CODEOWNERS:1 (`*`), `* @a`
CODEOWNERS: CODEOWNERS is hidden by .github/CODEOWNERS: GitHub does not read it
workflows: .github/workflows/w.yml:3 starts on push: `docs/**` of `paths` lets it in
workflows: .github/workflows/w.yml:4 does not start on pull_request: \
`docs/**` of `paths-ignore` leaves it out, unless another path changes as well
workflows: no filter of paths, so that any path may start them: \
.github/workflows/free.yml (push, pull_request)
How globs are read: in a policy `*` stays within one folder and `**` goes through any number; \
those of CODEOWNERS and of workflows as GitHub reads each of them.
"""


def test_everything_that_governs_a_path(repository: Repository, govcheck: Govcheck):
    repository.write(".github/CODEOWNERS", "* @a\ndocs/ @b\n")
    repository.write("CODEOWNERS", "* @c\n")
    repository.write(".github/workflows/w.yml", WORKFLOW)
    repository.write(".github/workflows/free.yml", "on: [push, pull_request]\njobs: {a: {runs-on: x, steps: []}}\n")
    repository.write("policies/owned.yaml", 'kind: gate-liveness\nid: owned\nowned: ["docs/**"]\n')
    repository.stage()
    ran = govcheck("explain", "path", "./docs/new.md")
    assert (ran.code, ran.out) == (0, EVERYTHING)
    assert govcheck("explain", "path", "docs/a.md").out.startswith("docs/a.md is tracked\n")
    assert "src/x is not allowed: no glob of allow" in govcheck("explain", "path", "src/x").out


def test_a_repository_without_policies_owners_and_workflows(tmp_path: Path):
    bare = Repository(tmp_path / "bare")
    bare.commit_file("README.md")
    ran = program(bare.path)("explain", "path", "README.md")
    assert (ran.code, ran.out.splitlines()) == (
        0,
        [
            "README.md is tracked",
            "policies: no allowed-paths policy governs any path here",
            "CODEOWNERS: there is no CODEOWNERS file: nobody owns it",
            "workflows: no workflow is started by a push or a pull request",
        ],
    )


def test_a_link_and_a_file_that_is_gone_are_said_to_be_so(tmp_path: Path):
    bare = Repository(tmp_path / "bare")
    bare.link(".github/CODEOWNERS", "../OWNERS")
    bare.commit_file("CODEOWNERS", "* @a\n")
    bare.stage()
    assert "cannot tell: it is a symbolic link" in program(bare.path)("explain", "path", "x").out

"""Jobs that cannot go green."""

import pytest

from gates import PATH, gates, steps
from govcheck.liveness.repository_files import Files

MANIFEST = {"package.json": '{"scripts": {"lint": "eslint .", "ci": "npm run lnt && npm run lint"}}'}
CHECKOUT = "- uses: actions/checkout@v4\n"


def never_green(text, files=None, ignoring=None):
    return [gate for gate in gates(text, files, ignoring) if gate.family == "cannot-go-green"]


@pytest.mark.parametrize(
    ("script", "why", "fix"),
    [
        (
            "npm ci",
            "`npm ci` always fails: no package-lock.json or npm-shrinkwrap.json is tracked",
            "commit package-lock.json, or install by `npm install`",
        ),
        (
            "yarn install --immutable",
            "`yarn install` always fails: no yarn.lock is tracked",
            "commit yarn.lock, or install by `yarn install`",
        ),
        (
            "npm run lnt",
            "`npm run lnt` always fails: package.json has no script of that name",
            "add the script, or run one of those that are there: ci, lint",
        ),
        (
            "bash scripts/check.sh",
            "`bash scripts/check.sh` always fails: scripts/check.sh is not tracked",
            "commit scripts/check.sh, or take the step out",
        ),
        (
            "gitleaks detect",
            "`gitleaks` is set up nowhere in job one, and GitHub's runners do not have it",
            "install gitleaks in a step before",
        ),
    ],
)
def test_what_always_fails(script, why, fix):
    files = {**MANIFEST, "scripts/other.sh": ""}
    (gate,) = never_green(steps(f"{CHECKOUT}- run: {script}"), files)
    assert (gate.state, gate.why, gate.fix.text) == ("dead", why, fix)
    assert (gate.subject, gate.location.line) == (f"{PATH}:one:{script}", 7)


def test_a_lock_file_that_git_ignores():
    ignoring = {".gitignore": "# x\nnode_modules\npackage-lock.json\n", "sub/.gitignore": "*\n"}
    (gate,) = never_green(steps("- run: npm ci"), ignoring=ignoring)
    assert gate.fix.text == "commit package-lock.json, and take it out of .gitignore, or install by `npm install`"
    (evidence,) = gate.evidence
    assert (evidence.text, evidence.location.path, evidence.location.line) == (
        "git ignores it by `package-lock.json`",
        ".gitignore",
        3,
    )


def test_the_cache_of_setup_node():
    (gate,) = never_green(steps("- uses: actions/setup-node@v4\n  with: {cache: npm}"))
    assert gate.why == (
        "`cache: npm` fails the step, because no package-lock.json or npm-shrinkwrap.json or yarn.lock is tracked "
        "at the root"
    )
    assert gate.subject == f"{PATH}:one:cache npm"


def test_a_script_of_the_manifest_that_runs_one_that_is_not_there():
    (gate,) = never_green(steps("- name: All\n  run: npm run ci"), MANIFEST)
    assert gate.why == "`npm run lnt` always fails: package.json has no script of that name"
    assert [one.text for one in gate.evidence] == ['the step "All" runs it']


@pytest.mark.parametrize(
    "text",
    [
        steps("- run: npm ci\n  working-directory: ${{ inputs.folder }}"),
        steps("- run: |\n    cd web\n    npm ci"),
        steps("- run: cd web && npm ci"),
        steps("- run: npm ci || npm install"),
        steps("- run: npm ci --prefix web"),
        steps("- run: npm install\n- run: npm ci"),
        steps("- run: npm ci\n  if: hashFiles('package-lock.json') != ''"),
        steps("- uses: actions/checkout@v4\n  with: {repository: other/one}\n- run: npm ci"),
        steps("- run: npm run lint"),
        steps("- run: npm run lnt --if-present"),
        steps("- run: npm run lnt -w web"),
        steps("- run: npm run lnt --workspaces"),
        steps("- run: 'if a; then npm run lnt; fi'"),
        steps("- run: 'echo x > scripts/check.sh; bash scripts/check.sh'"),
        steps("- run: ./scripts/install-tools.sh\n- run: gitleaks detect"),
        steps("- run: curl -L https://x/gitleaks.tgz | tar xz\n- run: gitleaks detect"),
        steps("- uses: jdx/mise-action@v2\n- run: gitleaks detect"),
        steps("- uses: actions/cache@v4\n  with: {path: ~/bin/gitleaks}\n- run: gitleaks detect"),
        steps("- run: pip install -r requirements.txt\n- run: semgrep scan"),
        steps("- run: echo ~/bin >> $GITHUB_PATH\n- run: gitleaks detect"),
        steps("- run: gitleaks detect", job="runs-on: self-hosted"),
        steps(
            "- run: gitleaks detect", job="{runs-on: ubuntu-latest, container: x}".strip("{}").replace(", ", "\n    ")
        ),
        steps("- run: npx danger ci"),
        steps("- run: ./bin/gitleaks detect"),
        steps("- run: command -v gitleaks || exit 0"),
    ],
)
def test_what_may_succeed(text):
    files = {**MANIFEST, "scripts/other.sh": "", "web/package-lock.json": ""}
    found = [gate for gate in never_green(text, files) if "install-tools.sh" not in gate.why]
    assert not found


def test_npm_scripts_find_what_npm_has_installed():
    files = {"package.json": '{"scripts": {"danger": "danger ci"}}'}
    assert not never_green(steps("- run: npm run danger"), files)


def test_files_of_a_submodule_may_be_there():
    files = Files(tracked={"vendor": "160000", "a": "100644"}, ignored={})
    assert files.has("vendor/x.sh")
    assert not files.has("a/x.sh")

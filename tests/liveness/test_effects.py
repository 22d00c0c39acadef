"""What the status of a program tells."""

import pytest

from govcheck.actions.programs import program_of
from govcheck.actions.shell import Script, read
from govcheck.liveness.effects import Effect, effect, in_front

EFFECTS = {
    "never": [
        "echo x",
        "true",
        ":",
        "printf '%s\\n' \"$x\"",
        "printf 'a %-5s %%\\n' x",
        "sleep 5",
        "sleep 0.5m",
        "date",
        "date +%s",
        "date -u +%F",
        "wait",
        "shopt -s nullglob",
        "trap x EXIT",
    ],
    "accident": [
        "cd x",
        "shift",
        "mkdir x",
        "cat x",
        "printf '%d' x",
        "printf $x",
        "printf -v x a",
        "sleep $x",
        "date -d yesterday +%s",
        "date --oops",
        "shopt -s oops",
        "trap x $SIGNAL",
        "sed s/a/b/ x",
        "awk '{print $1}' x",
        "find . -name x",
        "sort x",
        "tar xzf x.tgz",
        "unzip x.zip",
        "base64 x",
        "ls",
        "ls -la .",
        "jq -r '.[0].version'",
        "npm ci",
        "npm install x",
        "yarn install",
        "cargo install x",
        "pip install x",
        "brew install x",
        "git fetch",
        "git diff",
        "git log -n 5",
        "git status --porcelain",
        "git commit -m x",
        "git push",
        "git rev-parse HEAD",
        "git rev-parse --short HEAD",
        "git -C x pull",
        "git --version",
        "git show --stat HEAD",
        "gh pr comment 1 -b x",
        "gh api -X POST x",
        "gh release create v1",
        "gh run list",
        "read -r x",
    ],
    "judgement": [
        "unknown-program",
        "grep x y",
        "curl x",
        'date -d "$x"',
        "wait $pid",
        "shopt -q nullglob",
        "sed -n '/x/q1' y",
        'sed "$program" y',
        "awk '/x/ {exit 1}' y",
        "awk -f x.awk y",
        'awk "$program"',
        "find . -exec check {} +",
        "find dist -name x",
        "sort -c x",
        "tar tzf x.tgz",
        "unzip -t x.zip",
        "gzip -t x.gz",
        "base64 -d x",
        "ls dist",
        "stat x",
        "readlink -e x",
        "id deploy",
        "printenv TOKEN",
        "jq -e .x y",
        "jq empty y.json",
        "jq . y.json",
        "jq 'error(\"x\")'",
        "jq -n --argjson x 1 '$x'",
        "npm test",
        "npm ls",
        "npm",
        'npm "$x"',
        "yarn install --immutable",
        "yarn install --frozen-lockfile",
        "uv sync --locked",
        "pip check",
        "pip install --require-hashes -r x",
        "go mod verify",
        "brew audit x",
        "dnf check-update",
        "pipx run x",
        "git diff --exit-code",
        "git diff --quiet",
        "git merge-base --is-ancestor a b",
        "git rev-parse --verify x",
        "git rev-parse v1",
        'git rev-parse "$x"',
        "git merge --no-commit x",
        "git apply --check x",
        "git pull --ff-only",
        "git push --dry-run",
        "git show HEAD:x",
        "git show v1",
        "git config --get x",
        "git tag -v v1",
        "git -C x diff --check",
        "git verify-commit HEAD",
        'git "$x"',
        "gh pr checks 1",
        "gh release view v1",
        "gh api repos/x",
        "gh api -X GET -f a=b x",
        'gh "$x"',
        "./app --version",
        "docker --version",
    ],
    "rewrites": ["prettier --write .", "black .", "cargo fmt", "go fmt ./...", "shfmt -w .", "clang-format -i x.c"],
}


@pytest.mark.parametrize(
    ("script", "expected"), [(script, expected) for expected, scripts in EFFECTS.items() for script in scripts]
)
def test_what_a_failure_means(script, expected):
    program = program_of(read(script).commands[0])
    assert effect(program).name.lower() == expected


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("true", "never"),
        ("command true", "never"),
        ("sudo true", "accident"),
        ("env A=b true", "accident"),
        ("npx eslint", "accident"),
        ("timeout 5 true", "judgement"),
        ("sudo timeout 5m true", "judgement"),
    ],
)
def test_what_stands_in_front_of_a_program(script, expected):
    assert in_front(program_of(read(script).commands[0])).name.lower() == expected


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("docker compose up", Effect.ACCIDENT),
        ("docker-compose -f ci.yml up --build", Effect.ACCIDENT),
        ("docker compose up --exit-code-from tests", Effect.JUDGEMENT),
        ("docker compose up --abort-on-container-exit", Effect.JUDGEMENT),
        ("docker compose up $OPTIONS", Effect.JUDGEMENT),
        ("docker run image", Effect.JUDGEMENT),
    ],
)
def test_what_compose_heeds_of_its_containers(command, expected):
    script = read(command)
    assert isinstance(script, Script)
    assert effect(program_of(script.commands[0])) is expected

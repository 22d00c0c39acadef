"""What stands around a judge, and options with which it never fails."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gates import PATH, gates, steps, told
from govcheck.actions.programs import program_of
from govcheck.actions.shell import read
from govcheck.liveness.green_options import always_green
from govcheck.liveness.judging_programs import _ALWAYS, _WITH_WORDS, judging, may_judge


def one(script):
    return read(script).commands[0]


_QUIETLY = st.characters(codec="ascii", categories=("L", "Nd"), include_characters=" :-=./")


@pytest.mark.parametrize("name", sorted(_WITH_WORDS))
@settings(max_examples=12)
@given(st.data())
def test_no_program_that_judges_by_what_it_is_told_is_left_unread(name, data):
    call = f"{name} {data.draw(st.from_regex(_WITH_WORDS[name], fullmatch=True, alphabet=_QUIETLY))}"
    assert may_judge(call) or judging(one(call)) is None


@given(st.sampled_from(sorted(_ALWAYS)) | st.from_regex(r"(?:run-|all_)?(?:tests?|lint|typecheck)\.sh", fullmatch=True))
def test_no_program_that_judges_by_its_name_is_left_unread(name):
    assert may_judge(name)


@pytest.mark.parametrize(
    "command",
    [
        "uv run --group dev pytest",
        "uv run --only-group dev -p 3.12 pytest -q",
        "uv --directory x run pytest",
        "poetry run -C x pytest",
        "poetry -C x run pytest",
        "npm --prefix web test",
        "npm --prefix web exec vitest",
        "pnpm -C web test",
        "pnpm --filter web test",
        "pnpm eslint .",
        "yarn workspace web test",
        "yarn run lint",
        "npx vitest run --coverage",
        "./gradlew test",
        "./gradlew :app:test",
        "./mvnw -B verify",
        "turbo run test",
        "pnpm turbo run lint",
        "nx affected -t test",
        "nx affected --target=lint",
        "npx nx run-many -t test",
        "cargo insta test",
        "cargo +beta test --workspace",
        "gotestsum --raw-command -- go test -json ./...",
        "mage test:unit",
        "mise run lint:links --full",
        "snyk container test IMAGE",
        "twine check --strict dist/*",
        "ct lint --all",
        "bazel test //...",
        "deno test",
        "biome ci",
        "helm lint chart",
        "python manage.py test",
        "docker run IMAGE pytest",
        "docker run --rm -v .:/x -w /x IMAGE pytest",
        "docker compose run app pytest",
        "docker compose -f x.yml run --rm app pytest",
        "docker exec -t app pytest",
        "xvfb-run npx jest",
        "xvfb-run -s '-screen 0' npx jest",
        "./test.sh",
        "bash scripts/run-tests.sh",
        "npx eslint . --max-warnings 0",
    ],
)
def test_a_judge_behind_what_stands_in_front(command):
    (gate,) = gates(steps(f"- run: {command} || true"))
    assert (gate.family, gate.state) == ("judge", "dead")


@pytest.mark.parametrize(
    "command",
    [
        "uv run --group pytest build",
        "uv run --with pytest build",
        "npm --prefix test run build",
        "pnpm --filter test build",
        "./gradlew build -x test",
        "mvn install -DskipTests",
        "turbo run build --filter test",
        "nx affected -t build",
        "docker run pytest",
        "docker build -t pytest .",
        "docker run -e test IMAGE build",
        "biome check --write .",
        "python setup.py test-data",
        "./contest.sh",
        "yarn workspace test build",
        "cargo insta test --accept",
        "jest --updateSnapshot",
        "command -v eslint",
        "command -V pytest",
        "snyk monitor",
        "mage build",
        "mise run build",
    ],
)
def test_what_only_looks_like_a_judge(command):
    assert judging(one(command)) is None


@pytest.mark.parametrize(
    "command",
    [
        "ruff check --exit-zero .",
        "flake8 --exit-zero $FILES",
        "bandit -r src --exit-zero",
        "pylint --exit-zero src",
        "trivy image --exit-code 0 $IMAGE",
        "trivy fs --exit-code=0 .",
        "trivy fs .",
        "npm audit --audit-level=none",
        "npm audit --audit-level none",
        "golangci-lint run --issues-exit-code=0",
        "hadolint --no-fail Dockerfile",
        "uv run --group dev ruff check --exit-zero",
        "ruff check --fix-only .",
        "govulncheck -json ./...",
        "semgrep scan --config p/golang",
        "semgrep --config auto .",
        "semgrep scan --config p/golang --no-error",
        "conftest test --no-fail .",
        "make -i test",
        "make test --ignore-errors",
        "knip --no-exit-code",
        "brakeman --no-exit-on-warn",
        "hadolint --failure-threshold none Dockerfile",
        "rspec --failure-exit-code 0",
    ],
)
def test_a_judge_that_its_options_keep_from_failing(command):
    (gate,) = (one for one in gates(steps(f"- name: Lint\n  run: {command}")) if one.family == "judge")
    assert gate.state == "dead"
    assert "as a success whatever it finds" in gate.why
    assert gate.fix.text == "let it fail for what it finds, or take the step out"


@pytest.mark.parametrize(
    "command",
    [
        "ruff check .",
        "trivy image --exit-code 1 x",
        "trivy image --exit-code $CODE x",
        "trivy image --exit-code 0 $TRIVY_ARGS x",
        "trivy --config x.yaml image x",
        "npm audit --audit-level=high",
        "npm test --audit-level=none",
        "checkov -d . --soft-fail --hard-fail-on HIGH",
        "./dist/checkov --soft-fail -d .",
        "ruff check --fix-only --exit-non-zero-on-fix .",
        "zizmor --format github .",
        "zizmor --format $FORMAT .",
        "govulncheck ./...",
        "govulncheck -format text ./...",
        "semgrep scan --config p/golang --error",
        "semgrep scan --config p/golang --error --sarif",
        "semgrep scan --validate --config rules",
        "semgrep ci",
        "semgrep scan $SEMGREP_ARGS",
    ],
)
def test_a_judge_that_can_fail_all_the_same(command):
    assert not always_green(program_of(one(command)))
    assert told(gates(steps(f"- name: Lint\n  run: {command}")), "judge") == [("judge", "alive")]


@pytest.mark.parametrize(
    "command",
    [
        "zizmor --format sarif .",
        "zizmor . --format=sarif",
        "govulncheck -format sarif ./...",
        "govulncheck --format=openvex ./...",
        "mvn -B -fn verify",
    ],
)
def test_a_report_for_others_fails_no_step(command):
    found = gates(steps(f"- name: Lint\n  run: {command}\n- name: Check the code\n  run: {command}"))
    assert told(found, "promise") == [("promise", "dead")]
    assert told(found, "judge") == [("judge", "cannot-tell")]  # the report may be heeded elsewhere


def test_a_configuration_may_say_how_trivy_ends():
    assert told(gates(steps("- run: trivy fs ."), {"trivy.yaml": "exit-code: 1\n"})) == [("judge", "alive")]
    assert told(gates(steps("- run: trivy fs .\n  env: {TRIVY_EXIT_CODE: 1}"))) == [("judge", "alive")]


def test_a_second_look_beside_one_that_can_fail_is_none_of_our_business():
    script = "- name: Lint\n  run: |\n    flake8 . --select=E9\n    flake8 . --exit-zero --max-complexity=10"
    assert told(gates(steps(script))) == [("judge", "alive")]


def test_a_promise_that_its_options_keep_from_failing():
    (gate,) = gates(steps("- name: Verify lint\n  run: flake8 --exit-zero"))
    assert (gate.family, gate.state) == ("promise", "dead")
    assert gate.why == (
        'the step "Verify lint": `--exit-zero` makes flake8 end as a success whatever it finds, '
        "and nothing else in it can fail"
    )


def test_a_promise_that_a_wrapper_swallows():
    (gate,) = gates(steps("- name: Verify build\n  run: ./gradlew check || exit 0"))
    assert gate.why == (
        'the step "Verify build": nothing heeds the status of `./gradlew check`, and nothing else in it can fail'
    )


@pytest.mark.parametrize("command", ["pytest", "npx vitest run", "npx jest", "npm audit", "npx tsc", "mypy src"])
def test_a_pipe_hides_the_failure_of_what_stands_before_it(command):
    assert told(gates(steps(f"- run: {command} | tee out.txt"))) == [("judge", "dead")]
    assert told(gates(steps(f"- shell: bash\n  run: {command} | tee out.txt"))) == [("judge", "alive")]


def test_what_is_uploaded_is_read_only_where_something_fetches():
    upload = "- run: pytest | tee out.txt\n- uses: actions/upload-artifact@v4\n  with: {name: x, path: out.txt}"
    assert told(gates(steps(upload))) == [("judge", "dead")]
    fetched = gates(steps(f"{upload}\n- uses: actions/download-artifact@v4"))
    assert told(fetched) == [("judge", "cannot-tell")]


NEVER = [
    ("pull_request", "if: false", "`if: false`"),
    ("pull_request", "if: ${{ false }}", "`if: ${{ false }}`"),
    ("pull_request", "if: github.event_name == 'push'", "which is false for every event of `on`: `pull_request`"),
    ("[push, schedule]", "if: github.event_name == 'pull_request'", "every event of `on`: `push`, `schedule`"),
    ("pull_request", "if: github.ref == 'refs/heads/main'", "every event of `on`: `pull_request`"),
]


@pytest.mark.parametrize(("on", "condition", "words"), NEVER)
def test_a_gate_in_a_job_that_never_runs(on, condition, words):
    text = steps("- run: pytest\n- name: Verify\n  run: ./judge", on, f"{condition}\n    runs-on: ubuntu-latest")
    found = gates(text)
    assert told(found) == [("judge", "dead"), ("promise", "dead")]
    assert all(gate.why.startswith("its job is always skipped by `if: ") and words in gate.why for gate in found)
    assert found[0].evidence[0].location.line == 4


@pytest.mark.parametrize(
    ("on", "condition"),
    [
        ("[push, pull_request]", "if: github.event_name == 'push'"),
        ("workflow_call", "if: github.event_name == 'push'"),
        ("push", "if: github.ref == 'refs/heads/main'"),
        ("push", "if: github.repository == 'a/b'"),
        ("push", "if: vars.ON == 'yes'"),
        ("push", "if: failure()"),
        ("workflow_dispatch", "if: inputs.all"),
    ],
)
def test_a_job_that_may_run(on, condition):
    assert told(gates(steps("- run: pytest", on, f"{condition}\n    runs-on: ubuntu-latest"))) == [("judge", "alive")]


def test_a_job_that_needs_one_that_never_runs():
    text = steps("- run: true", job="if: false\n    runs-on: x") + (
        "  two:\n    needs: one\n    runs-on: x\n    steps: [{run: pytest}]\n"
        "  three:\n    needs: one\n    if: always()\n    runs-on: x\n    steps: [{run: pytest}]\n"
    )
    two, three = gates(text)
    assert (two.subject, two.state) == (f"{PATH}:two:pytest:pytest", "dead")
    assert two.why == "its job is always skipped by `if: false` of a job that it needs"
    assert three.state == "alive"


@pytest.mark.parametrize(
    ("script", "state"),
    [
        ('echo "$(pytest)"', "cannot-tell"),
        ("f() {\n  local out=$(pytest)\n  echo $out\n}\nf", "cannot-tell"),
        ("out=$(pytest)\necho $out", "alive"),
        ("trap 'exit 0' EXIT\npytest", "cannot-tell"),
        ("trap 'rm -f x' EXIT\npytest", "alive"),
    ],
)
def test_one_that_may_be_heard_another_way_is_not_passed_over(script, state):
    body = "\n".join(f"    {line}" for line in script.split("\n"))
    assert told(gates(steps(f"- run: |\n{body}"))) == [("judge", state)]


WRAPPED = {
    "a shell": ("bash -c 'pytest || true'", "bash -c 'pytest'"),
    "a shell that goes on": ("bash -lc 'pytest; echo done'", "bash -lc 'pytest && echo done'"),
    "a shell that stops": ("bash -c 'pytest; true'", "bash -ec 'pytest; true'"),
    "a pipe in a shell": ("sh -c 'pytest | tee log'", "bash -o pipefail -c 'pytest | tee log'"),
    "a container": ("docker run --rm image sh -c 'pytest; true'", "docker run --rm image sh -c 'pytest'"),
    "a service": ("docker compose exec -T web bash -c 'pytest || :'", "docker compose exec -T web bash -c 'pytest'"),
    "the background": ("docker run -d image pytest", "docker run image pytest"),
    "find": ("find . -name '*.sh' -exec shellcheck {} \\;", "find . -name '*.sh' -exec shellcheck {} +"),
    "xargs": ("git ls-files | xargs sh -c 'shellcheck $0 || true'", "git ls-files | xargs -n 1 shellcheck"),
}


@pytest.mark.parametrize(("deaf", "living"), WRAPPED.values(), ids=WRAPPED)
def test_what_stands_around_a_judge_may_eat_its_failure(deaf, living):
    assert told(gates(steps(f"- run: |\n    {deaf}"))) == [("judge", "dead")]
    assert told(gates(steps(f"- run: |\n    {living}"))) == [("judge", "alive")]


def test_a_container_that_somebody_waits_for():
    text = steps("- run: |\n    docker run -d --name tests image pytest\n    exit $(docker wait tests)")
    assert told(gates(text)) == [("judge", "alive")]


def test_a_check_by_find_asks_for_no_end_of_what_it_runs():
    each, all_ = (f"- name: Validate\n  run: find . -name '*.json' -exec jq -e . {{}} {end}" for end in ("\\;", "+"))
    assert told(gates(steps(each))) == [("promise", "dead")]
    assert told(gates(steps(all_))) == [("promise", "alive")]


@pytest.mark.parametrize("command", ["pytest --co -q", "pytest --collect-only", "npx playwright test --list"])
def test_tests_that_are_only_listed_are_a_remark(command):
    (gate,) = gates(steps(f"- run: {command}"))
    assert (gate.family, gate.state.value, gate.severity) == ("judge", "dead", "note")
    assert not gates(steps("- run: pytest --version"))
    assert told(gates(steps(f"- run: {command} && pytest"))) == [("judge", "alive")]


@pytest.mark.parametrize(
    "command",
    [
        *(
            "typos",
            "vale docs",
            "osv-scanner -r .",
            "python -m unittest",
            "sqlfluff lint .",
            "reuse lint",
            "opa test .",
        ),
        *("flutter test", "dart analyze", "npx ng test", "sbt clean test", "xcodebuild -scheme App test"),
        *("gh attestation verify x", "opa test ."),
    ],
)
def test_more_programs_that_judge(command):
    install = "brew install x"
    assert told(gates(steps(f"- run: {install}\n- run: {command}")), "judge") == [("judge", "alive")]
    assert told(gates(steps(f"- run: {install}\n- run: {command} || true")), "judge") == [("judge", "dead")]
    assert not told(gates(steps(f"- run: {command.split()[0]} --version")), "judge")


def test_what_makes_the_output_of_tests_pretty_does_not_judge():
    piped = "xcodebuild test | xcpretty"
    assert told(gates(steps(f"- run: {piped}"))) == [("judge", "dead")]
    assert told(gates(steps(f"- run: set -o pipefail && {piped}"))) == [("judge", "alive")]

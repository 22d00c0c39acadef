"""Whether a step fails where what it looks at is not as it should be."""

import pytest

from govcheck.actions.verifying import verifies
from written_workflows import with_script, with_step


def answer(found):
    (job,) = found.jobs
    return verifies(found, job, job.steps[0])


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("exit 1", True),
        ("if [ x != y ]; then exit 1; fi", True),
        ('exit "$code"', True),
        ("false", True),
        ("curl --fail https://x.example", True),
        ("curl -sSf https://x.example", True),
        ("curl -s https://x.example | grep -q ok", True),
        ("kubectl rollout status deployment/web", True),
        ("npm run smoke", True),
        ("./scripts/smoke.sh", True),
        ("gh run watch 1 --exit-status", True),
        ("echo fine", False),
        ("exit 0", False),
        ("exit", False),
        ("curl -s https://x.example", False),
        ("curl -f https://x.example || true", False),
        ("flyctl status --app x", False),
        ("sleep 20\ncat x.txt", False),
        ("kubectl get pods", False),
        ("some-tool --check", None),
        ("$CHECK", None),
    ],
)
def test_a_script(script, expected):
    assert answer(with_script(script)) is expected


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        ("- uses: actions/upload-artifact@v4", False),
        ("- uses: some/smoke-test@v1", None),
        ("- {name: Health check, uses: a/b@v1}", None),
        ("- {run: exit 1, continue-on-error: true}", False),
        ("- {run: exit 1, shell: pwsh}", False),
        ("- {run: exit 1, shell: pwsh, name: Verify}", None),
        ("- {run: 'grep x y', shell: 'bash {0}'}", True),
        ("- {run: \"grep x y\\necho z\", shell: 'bash {0}'}", False),
        ("- {name: nothing}", False),
    ],
)
def test_a_step(step, expected):
    assert answer(with_step(step)) is expected

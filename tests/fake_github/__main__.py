"""The fake GitHub from the shell: `python tests/fake_github --state state.json --port 8080`.

The file is read anew for every request, so that editing it changes what is live. Where it does not exist, one with a
repository, a ruleset and two tokens is written first.
"""

import argparse
import json
import sys
import threading
from contextlib import suppress
from pathlib import Path

if __package__ in {None, ""}:
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from fake_github import FakeGitHub, State


def example() -> State:
    """Something to begin with."""
    state = State()
    state.token("demo-admin-token-0001", "classic", role="admin")
    state.token("demo-reader-token-001", "app", permissions={"contents": "read", "checks": "read"})
    repository = state.repository("octo/app")
    repository.protect("main", approvals=2, conversation_resolution=True)
    parameters = {"required_approving_review_count": 2, "dismiss_stale_reviews_on_push": True}
    repository.ruleset("main", [{"type": "pull_request", "parameters": parameters}, {"type": "non_fast_forward"}])
    repository.check_run("main", "build")
    return state


def main() -> None:
    """Answers until it is interrupted."""
    parser = argparse.ArgumentParser(description="A small GitHub for demos, on 127.0.0.1.")
    parser.add_argument("--state", type=Path, required=True, help="the JSON document that says what is live")
    parser.add_argument("--port", type=int, default=0, help="default: a free one")
    parser.add_argument("--prefix", default="", help="/api/v3 makes it a GitHub Enterprise")
    options = parser.parse_args()
    if not options.state.exists():
        options.state.write_text(json.dumps(example().document, indent=2) + "\n")
    # A file with a mistake in it should say so before anybody asks.
    json.loads(options.state.read_text())
    with FakeGitHub(
        lambda: State(json.loads(options.state.read_text())), prefix=options.prefix, port=options.port
    ) as fake:
        print(f"GITHUB_API_URL={fake.url}", flush=True)  # noqa: T201 - what the shell asks for
        with suppress(KeyboardInterrupt):
            threading.Event().wait()


if __name__ == "__main__":
    main()

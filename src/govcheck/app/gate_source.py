"""Whose policies `gate deploy` goes by: in GitHub Actions those of the default branch, whatever is checked out.

Whoever may dispatch a workflow may do so on a branch of their own, with policies of their own.
"""

import json
import shlex
from pathlib import Path

from govcheck.app.options import GateOptions, Setting
from govcheck.app.state import Reading
from govcheck.errors import SourceError, UsageError
from govcheck.sources.git.repository import Repository
from govcheck.sources.git.revisions import resolve
from govcheck.sources.git.states import AtRevision, OnDisk

_REMOTE = "refs/remotes/origin/"
_LARGEST_EVENT = 32 * 1024 * 1024


def in_actions(setting: Setting) -> bool:
    """Whether this is a run of GitHub Actions."""
    return setting.environment.get("GITHUB_ACTIONS") == "true"


def policies_of(options: GateOptions, repository: Repository) -> tuple[Reading, str]:
    """The state whose policies judge, and its name in words.

    Raises:
        UsageError: `--policies-from` names no commit.
        SourceError: the default branch is not known here, or was not fetched.
    """
    if options.policies_from is not None:
        commit = resolve(repository, options.policies_from)
        return Reading(repository, AtRevision(commit)), f"{options.policies_from} ({commit[:12]})"
    if not in_actions(options.setting):
        return Reading(repository, OnDisk()), "the work tree"
    branch = _default_branch(options.setting) or _known_default(repository)
    if branch is None:
        raise SourceError(
            "which branch is the default one cannot be told: neither the event file nor `origin/HEAD` names it",
            "run `git remote set-head origin --auto`, or name the branch with --policies-from",
        )
    try:
        commit = resolve(repository, f"{_REMOTE}{branch}")
    except UsageError as error:
        fetch = f"git fetch --no-tags --depth=1 origin {shlex.quote(f'+refs/heads/{branch}:{_REMOTE}{branch}')}"
        raise SourceError(
            f"the default branch {branch} was not fetched, and its policies are those that count", f"run `{fetch}`"
        ) from error
    return Reading(repository, AtRevision(commit)), f"the default branch {branch} ({commit[:12]})"


def _default_branch(setting: Setting) -> str | None:
    """As the event file has it: https://docs.github.com/en/webhooks/webhook-events-and-payloads.

    Raises:
        SourceError: a file is named, and is not as GitHub writes it.
    """
    name = setting.environment.get("GITHUB_EVENT_PATH")
    if not name:
        return None
    try:
        with Path(name).open("rb") as file:
            event = json.loads(file.read(_LARGEST_EVENT))
    except (OSError, ValueError, RecursionError) as error:
        raise SourceError(f"the event file {name} cannot be read: {error}") from error
    repository = event.get("repository") if isinstance(event, dict) else None
    found = repository.get("default_branch") if isinstance(repository, dict) else None
    return found if isinstance(found, str) and found else None


def _known_default(repository: Repository) -> str | None:
    result = repository.git.ask("symbolic-ref", "--quiet", f"{_REMOTE}HEAD")
    name = result.output.decode("utf-8", "surrogateescape").strip()
    return name.removeprefix(_REMOTE) if not result.code and name.startswith(_REMOTE) else None

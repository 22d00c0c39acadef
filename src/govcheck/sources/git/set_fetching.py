"""Fetches repositories in which policies are shared, so that a pinned commit can be read. A hook never comes here.

The branches and tags are fetched, and the pin has to be on one of them: a server gives the commits of every fork by
their ids, under the name of the repository that was forked.
"""

import os
import resource
import signal
import subprocess
from base64 import b64encode
from collections.abc import Sequence

from govcheck.errors import SourceError, UsageError
from govcheck.policy_sets import Remote
from govcheck.sources.git.set_store import SetStore

LONGEST = 120.0
"""Seconds that one repository may take."""

LARGEST = 256 * 1024 * 1024
"""Bytes of the largest file that git may write: a history of policies is far below it."""

_SETTINGS = (
    "core.hooksPath=/dev/null",
    "core.askPass=",
    "fetch.recurseSubmodules=false",
    "gc.auto=0",
    "http.followRedirects=false",  # a token goes to its own host, and a name that was given away is not followed
    "maintenance.auto=false",
    "transfer.bundleURI=false",
)
_PROTOCOLS = "https:ssh"
"""`ssh` is there for those whose own configuration rewrites addresses (`url.*.insteadOf`)."""


class Server:
    """Where repositories are fetched from, and with which tokens that is tried before it is tried without one."""

    def __init__(self, url: str, tokens: Sequence[str]) -> None:
        self.url = url
        self.tokens = tokens

    @property
    def protocols(self) -> str:
        """Those that git may use; plain http only where the address has it, which is then a loopback address."""
        return f"{_PROTOCOLS}:http" if self.url.startswith("http://") else _PROTOCOLS


def fetch(store: SetStore, server: Server, named: Remote) -> str:
    """Fetches a set, and gives the commit that it stands at.

    Raises:
        SourceError: where the repository cannot be read.
        UsageError: where it has no such commit on a branch or a tag, or no such branch.
    """
    _prepare(store)
    _fetch_all(store, server, named)
    commit = _moved_to(store, named) if named.moving else _pinned(store, named)
    marker = store.marker(named)
    os.makedirs(os.path.dirname(marker), exist_ok=True)
    with open(marker, "w", encoding="ascii") as file:
        file.write(f"{commit}\n")
    return commit


def _prepare(store: SetStore) -> None:
    if not os.path.isdir(store.git_dir):
        os.makedirs(store.folder, mode=0o700, exist_ok=True)
        done = _run(store, ("init", "--quiet", "--bare", "--template=", store.git_dir), {})
        if done.returncode:
            raise SourceError(f"{store.git_dir} cannot be made: {_words(done)}")


def _fetch_all(store: SetStore, server: Server, named: Remote) -> None:
    url = f"{server.url}/{named.repository}"
    space = f"refs/fetched/{named.repository}"
    refs = (f"+refs/heads/*:{space}/heads/*", f"+refs/tags/*:{space}/tags/*")
    arguments = ("fetch", "--quiet", "--no-write-fetch-head", "--no-tags", "--prune", "--", url, *refs)
    for token in (*server.tokens, ""):
        done = _run(store, arguments, _authorised(server, token))
        if not done.returncode:
            return
    raise SourceError(
        f"{url} cannot be fetched: {_words(done)}",
        "a private repository needs a token that may read its contents, in GOVCHECK_TOKEN or GH_TOKEN",
    )


def _pinned(store: SetStore, named: Remote) -> str:
    space = f"refs/fetched/{named.repository}/"
    done = _run(store, ("for-each-ref", "--count=1", f"--contains={named.revision}", space), {})
    if done.returncode or not done.stdout.strip():
        raise UsageError(
            f"{named}: no branch and no tag of {named.repository} has that commit",
            "it is gone, or it is a fork's: pin a commit that the repository itself has",
        )
    return named.revision


def _moved_to(store: SetStore, named: Remote) -> str:
    for kind in ("heads", "tags"):
        name = f"refs/fetched/{named.repository}/{kind}/{named.revision}^{{commit}}"
        done = _run(store, ("rev-parse", "--verify", "--quiet", "--end-of-options", name), {})
        if not done.returncode:
            return done.stdout.decode("ascii").strip()
    raise UsageError(f"{named}: {named.repository} has no branch and no tag `{named.revision}`")


def _authorised(server: Server, token: str) -> dict[str, str]:
    """The token as git sends it to this server alone; not on a command line, where every process could read it."""
    if not token:
        return {"GIT_ALLOW_PROTOCOL": server.protocols}
    basic = b64encode(f"x-access-token:{token}".encode()).decode("ascii")
    given = os.environ.get("GIT_CONFIG_COUNT", "")
    number = int(given) if given.isascii() and given.isdigit() else 0  # behind what the user has given git that way
    return {
        "GIT_ALLOW_PROTOCOL": server.protocols,
        "GIT_CONFIG_COUNT": str(number + 1),
        f"GIT_CONFIG_KEY_{number}": f"http.{server.url}/.extraHeader",
        f"GIT_CONFIG_VALUE_{number}": f"Authorization: Basic {basic}",
    }


def _run(store: SetStore, arguments: Sequence[str], variables: dict[str, str]) -> subprocess.CompletedProcess[bytes]:
    settings = [part for setting in _SETTINGS for part in ("-c", setting)]
    environment = store.environment() | {
        "GIT_ALLOW_PROTOCOL": "",
        "GIT_SSH_COMMAND": os.environ.get("GIT_SSH_COMMAND", "ssh -oBatchMode=yes"),
        "GIT_TERMINAL_PROMPT": "0",
        "LC_ALL": "C",
        **variables,
    }
    try:
        process = subprocess.Popen(
            ["git", *settings, *arguments],  # noqa: S607 - the git that the rest of the program runs
            cwd=store.folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
            preexec_fn=_bounded,  # noqa: PLW1509 - one thread, and the limit has to be git's alone
        )
    except FileNotFoundError:
        raise UsageError("git is not installed, or not on the PATH", "install git and run govcheck again") from None
    try:
        output, errors = process.communicate(timeout=LONGEST)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        raise SourceError(f"git {arguments[0]} did not end within {LONGEST:.0f} seconds") from None
    return subprocess.CompletedProcess(arguments, process.returncode, output, errors)


def _bounded() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST, LARGEST))


def _words(done: subprocess.CompletedProcess[bytes]) -> str:
    lines = [line.strip() for line in done.stderr.decode("utf-8", "replace").splitlines() if line.strip()]
    fatal = [line for line in lines if line.startswith(("fatal:", "error:"))]
    return " / ".join((fatal or lines)[-2:])[:300] or f"git ended with {done.returncode}"

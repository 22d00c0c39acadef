"""`fetch`: gets the sets of policies that other repositories share, so that every later run can do without network."""

from urllib.parse import urlsplit

from govcheck.app.configured import configured
from govcheck.app.options import Setting
from govcheck.app.policies import own_folders
from govcheck.app.sets import resolve
from govcheck.app.state import Reading
from govcheck.errors import UsageError
from govcheck.policy_sets import Remote
from govcheck.sources.git.repository import open_repository
from govcheck.sources.git.revisions import resolve as resolve_revision
from govcheck.sources.git.set_fetching import Server, fetch
from govcheck.sources.git.set_store import SetStore
from govcheck.sources.git.states import AtRevision, OnDisk
from govcheck.sources.github.configuration import from_environment
from govcheck.sources.github.hosts import PUBLIC_API, is_loopback, validated_url

_PUBLIC_SERVER = "https://github.com"
_MOST_ROUNDS = 20
"""How deep sets of other repositories may extend each other: each round may name new ones."""


def run_fetch(setting: Setting, base: str | None = None) -> str:
    """Fetches what a configuration extends and is not here, and what may have moved.

    Args:
        setting: Where.
        base: The revision whose configuration counts, as it does for `check --base`; None: that of the work tree.

    Raises:
        GovcheckError: where a set cannot be had.
    """
    repository = open_repository(setting.directory)
    reading = Reading(repository, OnDisk() if base is None else AtRevision(resolve_revision(repository, base)))
    got = fetch_sets(configured(setting, reading), reading)
    if not got:
        return "every set of policies that is extended is here"
    return "\n".join(f"{named}: fetched, at {commit}" for named, commit in got.items())


def fetch_sets(setting: Setting, reading: Reading) -> dict[Remote, str]:
    """Fetches the sets that a state extends and that are not here, and again those that may have moved.

    Raises:
        GovcheckError: where a set cannot be had, or a set is not valid.
    """
    got: dict[Remote, str] = {}
    if not setting.extends:
        return got
    store = SetStore(reading.repository.common_dir)
    for _ in range(_MOST_ROUNDS):
        found = resolve(setting, reading, own_folders(setting, reading))
        wanted = [named for named in (*found.absent, *found.moving) if named not in got]
        if not wanted:
            return got
        server = _server(setting)
        got |= {named: fetch(store, server, named) for named in dict.fromkeys(wanted)}
    raise UsageError(f"sets of policies extend each other through more than {_MOST_ROUNDS} repositories")


def _server(setting: Setting) -> Server:
    """The server beside the API, and the tokens that are its own."""
    configuration = from_environment(setting.environment, max_wait=0)
    beside = _beside(configuration.api_url)
    given = setting.environment.get("GITHUB_SERVER_URL", "").strip()
    url = validated_url(given) if given else beside
    return Server(url, [token.value for token in configuration.tokens] if _same(url, beside) else [])


def _beside(api: str) -> str:
    if api == PUBLIC_API:
        return _PUBLIC_SERVER
    parts = urlsplit(api)
    host = parts.netloc
    return f"{parts.scheme}://{host.removeprefix('api.') if host.endswith('.ghe.com') else host}"


def _same(url: str, other: str) -> bool:
    """Whether two addresses are one server; on the machine itself, ports may differ."""
    one, two = urlsplit(url), urlsplit(other)
    both_here = is_loopback(one.hostname or "") and is_loopback(two.hostname or "")
    return both_here or (one.scheme, one.netloc) == (two.scheme, two.netloc)

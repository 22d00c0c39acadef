"""`gate deploy`: may a deploy start now?"""

from collections.abc import Iterator

from govcheck.actions.openings import GateAnswer
from govcheck.app.configured import configured
from govcheck.app.options import Setting
from govcheck.app.policies import load
from govcheck.app.state import Reading
from govcheck.app.world import instant
from govcheck.errors import UsageError
from govcheck.policy import LoadedPolicy
from govcheck.rules.deploy_window import gate
from govcheck.sources.git.repository import open_repository
from govcheck.sources.git.states import OnDisk

OPEN, CLOSED = 0, 1


def run_gate(setting: Setting, environment: str, policy: str | None) -> tuple[int, str]:
    """Whether a deploy to an environment may start: 0 open, 1 closed; and the answer in words.

    Raises:
        UsageError: where no policy has a say.
    """
    reading = Reading(open_repository(setting.directory), OnDisk())
    loaded = load(configured(setting, reading), reading).policies
    answer = gate(_chosen(loaded, policy), environment, instant(setting.at))
    if answer is None:
        raise UsageError(
            f"no deploy-window policy has a say in deploys to {environment!r}",
            "a gate without a policy would always be open: write one, or correct --environment",
        )
    return (OPEN if answer.open else CLOSED), "\n".join(_lines(environment, answer))


def _chosen(policies: tuple[LoadedPolicy, ...], name: str | None) -> tuple[LoadedPolicy, ...]:
    if name is None:
        return policies
    chosen = tuple(loaded for loaded in policies if loaded.policy.id == name and loaded.policy.kind == "deploy-window")
    if not chosen:
        known = ", ".join(loaded.policy.id for loaded in policies if loaded.policy.kind == "deploy-window") or "none"
        raise UsageError(f"there is no deploy-window policy {name!r}", f"deploy windows here: {known}")
    return chosen


def _lines(environment: str, answer: GateAnswer) -> Iterator[str]:
    yield f"deploys to {environment} are {'open' if answer.open else 'closed'}"
    yield from (f"  {window}" for window in answer.windows)
    if not answer.open and len(answer.windows) > 1:
        opening = answer.next_open
        yield f"  all of them open {opening:%Y-%m-%d %H:%M} UTC" if opening else "  no common opening is in sight"

"""How far branches are ahead of the default branch: those that no open pull request comes from.

Source: https://docs.github.com/en/rest/commits/commits#compare-two-commits
"""

from concurrent.futures import ThreadPoolExecutor

from govcheck.facts.branches import LiveBranches
from govcheck.facts.live import Answer
from govcheck.facts.open_work import LiveOpenWork
from govcheck.records import replace
from govcheck.settings.branch_tips import default_branch, from_pull_requests, tips
from govcheck.sources.github.client import Client
from govcheck.sources.github.exchange import path

MOST_COMPARISONS = 100

_THREADS = 8
_KEPT = ("ahead_by", "status")


def gather_open_work(client: Client, root: str, branches: LiveBranches) -> LiveOpenWork:
    """What is begun.

    Args:
        client: Asks.
        root: `repos/OWNER/NAME`.
        branches: All branches, and what has an open pull request.
    """
    base = default_branch(branches.repository)
    pulled = from_pull_requests(branches)
    if base is None or pulled.trouble is not None:
        return LiveOpenWork(branches=branches, comparisons=())
    names = [tip.name for tip in tips(branches).tips if tip.name != base and tip.name not in pulled.names]

    def compared(name: str) -> Answer:
        answer = client.get(f"{root}/{path('compare', f'{base}...{name}')}", parameters={"per_page": 1})
        kept = {key: answer.body[key] for key in _KEPT if key in answer.body} if isinstance(answer.body, dict) else None
        return replace(answer, body=kept)

    asked = names[:MOST_COMPARISONS]
    if not asked:
        return LiveOpenWork(branches=branches, comparisons=())
    with ThreadPoolExecutor(min(_THREADS, len(asked))) as pool:
        return LiveOpenWork(branches=branches, comparisons=tuple(zip(asked, pool.map(compared, asked), strict=True)))

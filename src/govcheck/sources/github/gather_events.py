"""What happened in between: the history of rulesets, what went around them, force pushes, branches deleted.

Sources: https://docs.github.com/en/rest/repos/rules#get-repository-ruleset-history,
https://docs.github.com/en/rest/repos/rules#get-repository-ruleset-version,
https://docs.github.com/en/rest/repos/rule-suites and https://docs.github.com/en/rest/repos/repos#list-repository-activities
"""

from concurrent.futures import ThreadPoolExecutor

from govcheck.facts.events import LiveEvents, LiveEventsRequest
from govcheck.facts.live import Answer
from govcheck.settings.ruleset_versions import between
from govcheck.sources.github.client import Client
from govcheck.sources.github.exchange import path

_THREADS = 8


def gather_events(client: Client, repository: str, request: LiveEventsRequest) -> LiveEvents:
    """Everything that happened in `OWNER/NAME`."""
    root = path("repos", *repository.split("/"))

    def history(number: int) -> Answer:
        endpoint = f"{root}/{path('rulesets', number, 'history')}"
        return client.get_list(endpoint, permission="administration:write")

    def version(numbers: tuple[int, int]) -> Answer:
        ruleset, one = numbers
        return client.get(f"{root}/{path('rulesets', ruleset, 'history', one)}", permission="administration:write")

    def activity(kind: str) -> Answer:
        parameters = {"activity_type": kind, "time_period": request.period}
        return client.get_list(f"{root}/activity", parameters=parameters, permission="contents:read")

    def bypasses() -> Answer:
        parameters = {"rule_suite_result": "bypass", "time_period": request.period}
        endpoint = f"{root}/{path('rulesets', 'rule-suites')}"
        return client.get_list(endpoint, parameters=parameters, permission="administration:read")

    with ThreadPoolExecutor(_THREADS) as pool:
        suites = pool.submit(bypasses)
        pushes, deletions = pool.submit(activity, "force_push"), pool.submit(activity, "branch_deletion")
        histories = tuple(zip(request.rulesets, pool.map(history, request.rulesets), strict=True))
        wanted = between(histories, request.since)
        states = pool.map(version, wanted)
        versions = tuple((*numbers, state) for numbers, state in zip(wanted, states, strict=True))
    return LiveEvents(
        histories=histories,
        bypasses=suites.result(),
        force_pushes=pushes.result(),
        deletions=deletions.result(),
        versions=versions,
    )

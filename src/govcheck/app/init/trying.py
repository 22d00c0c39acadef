"""Asks the engine what holds. Every fact is gathered once, however many values are tried."""

from collections.abc import Mapping, Sequence

from govcheck import engine
from govcheck.app.init import writing
from govcheck.app.reporting import stop_watch
from govcheck.app.world import Answers, Gatherer
from govcheck.facts import Fact, Facts, Missing, Request
from govcheck.findings import Json
from govcheck.plan import plan, requests
from govcheck.policy import LoadedPolicy
from govcheck.report import PolicyResult, Stage
from govcheck.sources.policy_files import PolicySource, load_policies


class Trial:
    """One state of one repository, to hold policies to."""

    def __init__(self, gatherer: Gatherer, offered: frozenset[type[Fact]]) -> None:
        self.offered = offered
        self._gatherer = gatherer
        self._answers: Answers = {}

    def fact(self, request: Request) -> Fact | Missing:
        """One fact, for proposers."""
        self._gather([request])
        return self._answers[request]

    def judge(self, policies: Sequence[LoadedPolicy]) -> tuple[PolicyResult, ...]:
        """What the policies come to."""
        planned = plan(policies)
        self._gather(requests(planned, self.offered))
        facts = Facts(offered=self.offered, answers=self._answers)
        return engine.judge(planned, facts, Stage.TREE, stop_watch)

    def hold(self, keys: Mapping[str, Json]) -> PolicyResult:
        """What one policy comes to, read as a file would be.

        Raises:
            PolicyError: where it is not valid.
        """
        text = "".join(f"{writing.scalar(key)}: {writing.value(found)}\n" for key, found in keys.items())
        (result,) = self.judge(load_policies([PolicySource("a proposal", text.encode())]))
        return result

    def _gather(self, wanted: Sequence[Request] | frozenset[Request]) -> None:
        new = [request for request in wanted if request not in self._answers]
        if new:
            self._answers.update(self._gatherer.gather(new))

"""What a run of tests came to. Reporters turn it into text."""

from collections.abc import Mapping
from typing import Literal

from govcheck.policy_tests.comparing import Comparison
from govcheck.records import field, frozen

TestVerdict = Literal["pass", "fail", "unknown"]


@frozen(kw_only=True)
class TestResult:
    """One test, or one example of a policy, and how it came out."""

    name: str
    path: str
    """The file that it stands in, as the user would type it."""

    line: int
    policies: tuple[str, ...]
    """The ids of the policies that it is of."""

    comparison: Comparison = Comparison((), (), ())
    trouble: str = ""
    """Why nothing could be judged at all, with what to do about it."""

    seconds: float = 0.0

    @property
    def verdict(self) -> TestVerdict:
        """Never a pass where something could not be told that the test does not expect."""
        if self.trouble:
            return "unknown"
        if self.comparison.holds:
            return "pass"
        return "unknown" if self.comparison.blind else "fail"


@frozen(kw_only=True)
class TestRun:
    """All tests of a run."""

    results: tuple[TestResult, ...]
    untested: tuple[str, ...]
    """The ids of policies that no passing test shows to fail: what they forbid is shown by nobody."""

    passing: Mapping[str, str] = field(default_factory=dict)
    """The policies that pass in a test that holds: id to that test's `path:line`."""

    def count(self, verdict: TestVerdict) -> int:
        """How many came out so."""
        return sum(result.verdict == verdict for result in self.results)

    @property
    def exit_code(self) -> int:
        """0: all hold; 1: one does not; 3: none of these, but one could not be told."""
        return 1 if self.count("fail") else 3 if self.count("unknown") else 0

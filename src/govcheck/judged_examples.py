"""What came of an example that a policy brings along."""

from govcheck.records import frozen


@frozen(kw_only=True)
class JudgedExample:
    """One example of a policy, and how it came out."""

    name: str
    """What it shows, in a few words."""

    expected: tuple[str, ...]
    """What was to be, a line each."""

    found: tuple[str, ...]
    """What is, likewise; the same lines where the example holds."""

    blind: tuple[str, ...] = ()
    """What could not be told; then nothing is said of the example."""

    line: int = 0
    """Where it stands in the policy's file; 0: where the policy begins."""

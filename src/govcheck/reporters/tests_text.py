"""How tests of policies came out, as text: a line each, a diff where one does not hold, the figures."""

from collections.abc import Iterator

from govcheck.policy_tests.results import TestResult, TestRun
from govcheck.reporters import escape
from govcheck.reporters.wording import counted, said, said_path

_WORDS = {"pass": "ok     ", "fail": "FAILED ", "unknown": "UNKNOWN"}
_COLOURS = {"pass": "32", "fail": "1;31", "unknown": "1;33"}
_OF_DIFF = {"-": "31", "+": "32", "@": "36"}
_LONGEST_LINE = 2000


def render(run: TestRun, *, colour: bool, width: int) -> str:  # noqa: ARG001 - as every report for people
    """The text; plain where it is not for a terminal."""
    return "".join(f"{line}\n" for line in _lines(run, colour=colour))


def _lines(run: TestRun, *, colour: bool) -> Iterator[str]:
    for result in run.results:
        word = _painted(_WORDS[result.verdict], _COLOURS[result.verdict], colour=colour)
        yield f"{word} {said_path(result.path)}:{result.line} {said(result.name)}"
        yield from (f"  {line}" for line in _why(result, colour=colour))
    if run.untested:
        yield f"no test shows that these fail: {', '.join(map(said, run.untested))}"
    yield _total(run)


def _why(result: TestResult, *, colour: bool) -> Iterator[str]:
    if result.trouble:
        yield from (f"could not tell: {said(line)}" for line in result.trouble.splitlines())
        return
    for reason in dict.fromkeys(result.comparison.blind):
        yield f"could not tell: {said(reason)}"
    for line in result.comparison.diff:
        shown = escape.cut(escape.visible(line), _LONGEST_LINE)
        yield _painted(shown, _OF_DIFF.get(line[:1], ""), colour=colour)


def _total(run: TestRun) -> str:
    parts = [f"{run.count('pass')} passed"]
    parts += [f"{run.count('fail')} failed"] if run.count("fail") else []
    parts += [f"{run.count('unknown')} could not be told"] if run.count("unknown") else []
    return f"{counted(len(run.results), 'test')}: {', '.join(parts)}"


def _painted(text: str, code: str, *, colour: bool) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if colour and code else text

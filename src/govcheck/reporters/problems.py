"""What ended a run before anything was judged, in every format that a report has."""

from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import islice

from govcheck.errors import GovcheckError, Problem
from govcheck.errors_document import as_json, kind, problems
from govcheck.findings import Json, Location
from govcheck.policy import LoadedPolicy, Policy
from govcheck.reporters import github, json, junit, sarif
from govcheck.reporters.escape import cut, markdown
from govcheck.reporters.problems_text import masked
from govcheck.reporters.sarif_places import main_place, message
from govcheck.reporters.standing import inside
from govcheck.reporters.wording import counted, said, said_path

RULES = {
    "policy": "Policies and configuration are valid, or nothing is evaluated.",
    "usage": "govcheck is called in a way that it can answer.",
    "source": "What a run rests on can be read.",
}
"""What each kind of error goes against; in SARIF a rule."""

_MOST_LINES = 200
_LONGEST_LINE = 1000
"""Of a step summary, of which GitHub shows one mebibyte."""

_NOWHERE = ".govcheck.yaml"
"""What an error of no file is shown at, where a format wants a file."""


def render(error: GovcheckError, form: str) -> str:
    """The document of a machine's format: `json`, `sarif`, `junit` or `github`."""
    error = masked(error)
    if form == "sarif":
        return json.written(sarif.log(_sarif(error)))
    if form == "junit":
        return _junit(error)
    return _github(error) if form == "github" else json.written(as_json(error))


def summary(error: GovcheckError) -> str:
    """The step summary of a workflow run, in GitHub's Markdown."""
    every = problems(masked(error))
    lines = [
        f"- {markdown(cut(str(problem) if problem.path else problem.message, _LONGEST_LINE))}" for problem in every
    ]
    more = [f"- … and {len(lines) - _MOST_LINES} more"] if len(lines) > _MOST_LINES else []
    hint = [f"\n{markdown(error.hint)}"] if error.hint else []
    head = f"### govcheck: nothing was evaluated\n\n{counted(len(every), 'error')}; exit {error.exit_code}\n"
    return "".join(f"{line}\n" for line in [head, *lines[:_MOST_LINES], *more, *hint])


def _github(error: GovcheckError) -> str:
    every = problems(error)
    lines = [github.error_line(_location(problem), "govcheck judged nothing", problem.message) for problem in every]
    shown = list(islice(lines, github.PER_LEVEL))
    more = len(every) - len(shown)
    told = f"{counted(len(every), 'error')}, and nothing was evaluated — exit {error.exit_code}"
    return "".join(f"{line}\n" for line in [*shown, f"{told}; {more} are not shown here" if more else told])


def _location(problem: Problem) -> Location:
    if not inside(problem.path):
        return Location()
    return Location(path=problem.path, line=problem.line or None, column=problem.column or None)


def _sarif(error: GovcheckError) -> dict[str, Json]:
    name = f"govcheck/invalid-{kind(error)}"
    does: Json = {"text": RULES[kind(error)]}
    rule: Json = {
        "id": name,
        "name": f"Invalid{kind(error).capitalize()}",
        "shortDescription": does,
        "fullDescription": does,
        "help": {"text": error.hint or RULES[kind(error)]},
        "defaultConfiguration": {"level": "error"},
        "properties": {"tags": ["policy"], "precision": "very-high", "problem.severity": "error"},
    }
    results: list[Json] = [
        {
            "ruleId": name,
            "ruleIndex": 0,
            "level": "error",
            "message": message(problem.message),
            "locations": [_sarif_place(problem)],
        }
        for problem in problems(error)[: sarif.MOST_RESULTS]
    ]
    notes: list[Json] = [
        {
            "level": "error",
            "descriptor": {"id": name},
            "message": message(problem.message),
            "locations": [_sarif_place(problem)],
        }
        for problem in problems(error)
    ]
    return {
        "tool": sarif.tool([rule]),
        "automationDetails": {"id": sarif.ERRORS},
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {
                "executionSuccessful": False,
                "exitCode": error.exit_code,
                "toolConfigurationNotifications": notes,
            }
        ],
        "results": results,
    }


def _sarif_place(problem: Problem) -> dict[str, Json]:
    path = problem.path or _NOWHERE
    location = Location(path=path, line=problem.line or None, column=problem.column or None)
    return main_place(location, LoadedPolicy(Policy(kind="govcheck", id="govcheck"), path, problem.line))


def _junit(error: GovcheckError) -> str:
    cases = [
        junit.Case(
            group=f"govcheck.{said_path(problem.path) or kind(error)}",
            name=f"{problem.line}:{problem.column}" if problem.line else "valid",
            said="error",
            type=f"invalid-{kind(error)}",
            message=problem.message,
            details=(str(problem),),
        )
        for problem in problems(error)
    ]
    properties: Mapping[str, str] = {"exit_code": str(error.exit_code)}
    hint = [f"hint: {said(error.hint)}"] if error.hint else []
    return junit.document(cases, started=datetime.now(UTC), seconds=0.0, properties=dict(properties), out=hint)

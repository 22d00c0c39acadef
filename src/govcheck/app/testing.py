"""`test`: holds policies to what their tests expect of them, and to their own examples."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from govcheck.app.configured import configured
from govcheck.app.given import Tested, judge
from govcheck.app.options import STARTER, Setting
from govcheck.app.policies import folders_on_disk, load, read_files
from govcheck.app.policy_folders import TESTS
from govcheck.app.reporting import stop_watch
from govcheck.app.state import Reading
from govcheck.errors import GovcheckError, PolicyError, Problem, SourceError, UsageError
from govcheck.findings import Outcome
from govcheck.policy import LoadedPolicy
from govcheck.policy_tests.comparing import Comparison, compare
from govcheck.policy_tests.results import TestResult, TestRun
from govcheck.policy_tests.suites import example_suites
from govcheck.report import PolicyResult
from govcheck.sources.git.repository import open_repository
from govcheck.sources.git.states import OnDisk
from govcheck.sources.policy_test_files import LoadedTest, WrittenTests, load_tests

_YAML = (".yaml", ".yml")


def run_tests(setting: Setting, paths: tuple[str, ...]) -> TestRun:
    """Runs the tests in files and folders; where none is named, those of `tests/` below each folder of policies.

    Raises:
        PolicyError: where a policy or a test is not valid.
        UsageError: where there is no test at all.
    """
    reading = Reading(open_repository(setting.directory), OnDisk())
    setting = configured(setting, reading)
    tested = _tested(setting, reading)
    files = _files(setting, tested, paths, reading.repository.root)
    loaded = load_tests([WrittenTests(shown, _bytes(path, shown)) for path, shown in files], tested.ids)
    places = {shown: path for path, shown in files}
    _ensure_recordings(loaded, places)
    examples = () if paths else tuple(_examples(tested.loaded))
    if not loaded and not examples:
        where = ", ".join(shown for _, shown in files) or _where(tested, paths)
        raise UsageError(f"no tests found in {where}", "docs/guides/testing-policies.md says how to write one")
    told = [_run(test, places[test.path], tested) for test in loaded]
    results = (*(result for result, _ in told), *examples)
    failing, passing = _came_to(told, Outcome.FAIL), _came_to(told, Outcome.PASS)
    exemplary = {name for result in examples for name in result.policies}
    untested = tuple(one.policy.id for one in tested.loaded if one.policy.id not in failing.keys() | exemplary)
    return TestRun(results=results, untested=untested, passing=passing)


def has_tests(setting: Setting, reading: Reading) -> bool:
    """Whether `run_tests` without a path would find any file."""
    return any(_below(os.path.join(folder, TESTS)) for folder in folders_on_disk(setting, reading))


def _came_to(told: "list[_Told]", outcome: Outcome) -> dict[str, str]:
    """The policies that come to an outcome in a test that holds, each with the first such test."""
    shown: dict[str, str] = {}
    for result, outcomes in told:
        if result.verdict == "pass":
            for name, came in outcomes.items():
                if came is outcome:
                    shown.setdefault(name, f"{result.path}:{result.line}")
    return shown


def _tested(setting: Setting, reading: Reading) -> Tested:
    policies = load(setting, reading)
    names = setting.policies or ("",)
    disks = folders_on_disk(setting, reading)
    folders = tuple(STARTER if name == STARTER else disk for name, disk in zip(names, disks, strict=True))
    return Tested(folders=folders, written=read_files(setting, reading), loaded=policies.policies)


def _files(setting: Setting, tested: Tested, paths: tuple[str, ...], root: str) -> list[tuple[str, str]]:
    """Every file of tests: where it lies, and as the user would type it."""
    here = os.path.realpath(os.path.join(os.getcwd(), setting.directory or ""))
    named = [os.path.join(here, path) for path in paths]
    lost = [shown for path, shown in zip(named, paths, strict=True) if not os.path.exists(path)]
    if lost:
        raise UsageError(f"there is no {', '.join(lost)}", "a relative name counts from -C, if given")
    folders = named if paths else [os.path.join(folder, TESTS) for folder in tested.folders if folder != STARTER]
    found = dict.fromkeys(path for folder in folders for path in _below(folder))
    start = here if paths else root
    return [(path, _shown(path, start)) for path in found]


def _below(path: str) -> list[str]:
    if os.path.isfile(path):
        return [path]
    found = (os.path.join(here, name) for here, _, names in os.walk(path) for name in names)
    return sorted(one for one in found if one.endswith(_YAML) and not os.path.islink(one))


def _shown(path: str, start: str) -> str:
    relative = os.path.relpath(path, start)
    return path if relative.startswith("..") else relative


def _bytes(path: str, shown: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise SourceError(f"the test file {shown} could not be read: {error.strerror}") from error


def _where(tested: Tested, paths: tuple[str, ...]) -> str:
    return ", ".join(paths or (os.path.join(folder, TESTS) for folder in tested.folders))


def _ensure_recordings(loaded: Iterable[LoadedTest], places: dict[str, str]) -> None:
    """A recording that is not there is a mistake of the test, and told before anything runs."""
    lost = []
    for one in loaded:
        name = one.test.given.recording
        if name and not (Path(places[one.path]).parent / name).is_file():
            message = f"`given.recording`: there is no file `{name}` beside this test"
            lost.append(Problem(one.path, one.line, 1, message))
    if lost:
        raise PolicyError(tuple(lost), "`govcheck record FILE` makes one")


_Told = tuple[TestResult, dict[str, Outcome]]
"""How a test came out, and what its policies came to."""


def _run(one: LoadedTest, place: str, tested: Tested) -> _Told:
    start = stop_watch()
    comparison, trouble = Comparison((), (), ()), ""
    results: tuple[PolicyResult, ...] = ()
    try:
        results = judge(one.test, Path(place), tested)
        comparison = compare(one.test.expect, results)
    except GovcheckError as error:
        trouble = f"{error.message}: {error.hint}" if error.hint else error.message
    result = TestResult(
        name=one.test.test,
        path=one.path,
        line=one.line,
        policies=one.test.ids,
        comparison=comparison,
        trouble=trouble,
        seconds=stop_watch() - start,
    )
    return result, {came.policy.policy.id: came.outcome for came in results}


def _examples(policies: Iterable[LoadedPolicy]) -> Iterator[TestResult]:
    for loaded, suite in example_suites(policies):
        for example in suite:
            yield TestResult(
                name=example.name,
                path=loaded.path,
                line=example.line or loaded.line,
                policies=(loaded.policy.id,),
                comparison=Comparison(example.expected, example.found, example.blind),
            )

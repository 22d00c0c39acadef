"""What policies came to the last time, kept under the git directory for runs that would come to the same.

A judgement is a pure function of a policy and of the facts that its checks read. So it is known by the policy as it was
validated, by a name for each of these facts (see `fact_tokens`), by what is on offer, and by the code that judged (see
`code_identity`). A policy that reads what has no such name (the clock, a program, the network) is judged each time.
"""

import json
import os
from collections.abc import Collection, Iterable, Mapping
from hashlib import sha256
from typing import Any

from govcheck.app import judged_form
from govcheck.app.cache import place, prune, replace_file
from govcheck.app.code_identity import code_identity
from govcheck.app.fact_tokens import FOLLOWED, FactTokens, Trails
from govcheck.app.options import Setting
from govcheck.app.state import Reading
from govcheck.facts import Fact, Facts, Missing
from govcheck.findings import Reason
from govcheck.plan import Asked
from govcheck.policy import LoadedPolicy
from govcheck.records import replace
from govcheck.report import PolicyResult
from govcheck.sources.workflow_paths import is_action_path, is_workflow_path

SWITCH = "GOVCHECK_REMEMBER"
"""Set to `no`, every policy is judged anew, and nothing is kept."""

_WHAT = "judged"
_LARGEST = 16 * 1024 * 1024
_MOST = 8
"""How many files are kept: one for each choice of policies, of the work tree and of commits."""

_OF_FILES = frozenset({Reason.DYNAMIC, Reason.UNPARSEABLE, Reason.MISSING_OBJECT})
"""Doubts that lie in the files; every other one may be gone the next time."""

_DAMAGED = (ValueError, KeyError, TypeError, AttributeError, RecursionError, OSError)


class Memory:
    """What one state's policies came to, the last time and now."""

    def __init__(self, reading: Reading, path: str, made: list[str], offered: frozenset[str]) -> None:
        self._path = path
        self._made = made
        self._offered = offered
        self._reading = reading
        before = _read(path, made)
        self._entries: dict[str, list[Any]] = before.get("entries", {})
        self._tokens = FactTokens(reading, before.get("facts", {}))
        self._asked: dict[str, tuple[str, tuple[Asked, ...]]] = {}
        self._known: dict[str, judged_form.Said] = {}

    def knows(self, identity: str, text: str, calls: tuple[Asked, ...]) -> bool:
        """Whether the last run judged this very policy by these very facts.

        Args:
            identity: The policy's id.
            text: All that the policy says.
            calls: What its checks read.
        """
        self._asked[identity] = (text, calls)
        entry = self._entries.get(identity)
        if entry is None or entry[0] != self._key(text, calls):
            return False
        try:
            self._known[identity] = judged_form.decode(entry[1])
        except _DAMAGED:
            return False
        return True

    def result(self, loaded: LoadedPolicy) -> PolicyResult | None:
        """What a policy that is known came to."""
        said = self._known.get(loaded.policy.id)
        return None if said is None else judged_form.result_of(said, loaded)

    def texts(self, named: Collection[str | None]) -> Mapping[str, str]:
        """Text of those files that findings of known policies may stand in, as their facts would have it."""
        found: dict[str, str] = {}
        for fact, globs in self._read_by_known():
            if fact in {"Workflows", "Blobs", "OwnPrograms"}:
                paths = [path for path in self._tokens.files(fact, globs) if path in named]
                if fact == "Workflows":
                    paths = [path for path in paths if is_workflow_path(path) or is_action_path(path)]
                contents = self._reading.blobs(paths)
                read = {path: data for path, data in contents.items() if isinstance(data, bytes)}
                found |= {path: data.decode("utf-8", "replace") for path, data in read.items()}
        return found

    def keep(self, results: Iterable[PolicyResult], facts: Facts) -> None:
        """Remembers what was judged now. What cannot be written costs time, nothing else."""
        fresh = [one for one in results if one.policy.policy.id not in self._known and _lasts(one)]
        if not any(one.policy.policy.id in self._asked for one in fresh):
            return
        gathered = {request.fact.__name__: answer for request, answer in facts.answers.items()}
        self._tokens.follow(gathered, _trails(gathered))
        entries = {one.policy.policy.id: entry for one in fresh if (entry := self._entry(one)) is not None}
        if entries:
            kept = {name: entry for name, entry in self._entries.items() if name in self._asked}
            _write(self._path, {"made": self._made, "facts": self._tokens.kept(), "entries": kept | entries})

    def _entry(self, result: PolicyResult) -> list[Any] | None:
        asked = self._asked.get(result.policy.policy.id)
        key = self._key(*asked) if asked is not None else None
        if key is None:
            return None
        try:
            encoded = judged_form.encode(result)
        except TypeError:
            return None
        again = judged_form.result_of(judged_form.decode(json.loads(json.dumps(encoded))), result.policy)
        return [key, encoded] if replace(again, duration_ms=result.duration_ms) == result else None

    def _key(self, text: str, calls: tuple[Asked, ...]) -> str | None:
        read = []
        for check, asks in calls:
            if self._offered.issuperset(fact for fact, _ in asks):
                tokens = [self._tokens.of(fact, globs) for fact, globs in asks]
                if None in tokens:
                    return None
                read.append((check, tokens))
        return sha256(json.dumps([text, sorted(self._offered), read]).encode()).hexdigest()

    def _read_by_known(self) -> frozenset[tuple[str, tuple[str, ...] | None]]:
        calls = (call for identity in self._known for call in self._asked[identity][1])
        return frozenset(ask for _, asks in calls if self._offered.issuperset(fact for fact, _ in asks) for ask in asks)


def memory(setting: Setting, reading: Reading, offered: frozenset[str], *, revision: bool) -> Memory | None:
    """The memory of runs like this one; None where there is to be none.

    Args:
        setting: Which policies. In CI nothing is remembered: its clone is new, or somebody else's cache.
        reading: The state that is judged.
        offered: The facts that are on offer, by name.
        revision: Whether a commit is judged, and not the work tree.
    """
    environment = setting.environment
    if setting.record is not None or environment.get("CI") or environment.get(SWITCH, "").lower() in {"no", "0", "off"}:
        return None
    try:
        made = [code_identity(), json.dumps([setting.policies, setting.configuration, revision])]
    except OSError:
        return None
    return Memory(reading, place(reading.repository.git_dir, _WHAT, made[1]), made, offered)


def _lasts(result: PolicyResult) -> bool:
    return all(one.undecided.reason in _OF_FILES for one in result.unknowns)


def _trails(found: Mapping[str, Fact | Missing]) -> Trails:
    """Which files the followed facts have read: each of them says so itself."""
    trails = {}
    for name in FOLLOWED:
        contents = getattr(found.get(name), "contents", None)
        if isinstance(contents, Mapping):
            trails[name] = tuple(contents)
    if "ScannerCanaries" in found and _is_untried(found):
        trails["ScannerCanaries"] = ()
    return trails


def _is_untried(found: Mapping[str, Fact | Missing]) -> bool:
    """Whether no program was asked about a configuration: what one said is not remembered.

    Which scanners are installed is part of the name of the fact.
    """
    from govcheck.facts.scanners import ScannerCanaries, ScannerFiles  # noqa: PLC0415 - loaded already where it is needed
    from govcheck.facts.tree import OwnPrograms  # noqa: PLC0415 - as above
    from govcheck.facts.workflows import Workflows  # noqa: PLC0415 - as above
    from govcheck.liveness.scanner_configurations import used  # noqa: PLC0415 - as above
    from govcheck.liveness.scanner_steps import scans  # noqa: PLC0415 - as above
    from govcheck.sources.scanner_canaries import NOT_INSTALLED  # noqa: PLC0415 - as above

    workflows, programs, files = (found.get(name) for name in ("Workflows", "OwnPrograms", "ScannerFiles"))
    if not (isinstance(workflows, Workflows) and isinstance(programs, OwnPrograms) and isinstance(files, ScannerFiles)):
        return False
    canaries = found["ScannerCanaries"]
    if isinstance(canaries, ScannerCanaries) and canaries.trouble == NOT_INSTALLED:
        return True
    return not used(tuple(scans(workflows, programs)), files)


def _read(path: str, made: list[str]) -> dict[str, Any]:
    try:
        with open(path, "rb") as file:
            data = file.read(_LARGEST + 1)
        checksum, _, content = data.partition(b"\n")
        if len(data) > _LARGEST or checksum.decode("ascii") != sha256(content).hexdigest():
            return {}
        document = json.loads(content)
        return document if _is_whole(document, made) else {}
    except _DAMAGED:
        return {}


def _is_whole(document: dict[str, Any], made: list[str]) -> bool:
    """Whether it was made by and for this, and has the form that `keep` gives it."""
    facts = document["facts"]
    places = [place for spans in facts["globs"].values() for start, end in spans for place in (start, end)]
    paths = [path for trail in facts["trails"].values() for path in trail]
    keys = [key for key, _ in document["entries"].values()]
    is_formed = all(type(one) is int for one in places) and all(type(one) is str for one in (*paths, *keys))
    return is_formed and bool(document["made"] == made)


def _write(path: str, document: dict[str, Any]) -> None:
    content = json.dumps(document, separators=(",", ":")).encode()
    if len(content) < _LARGEST - 100:
        replace_file(path, sha256(content).hexdigest().encode() + b"\n" + content)
        prune(os.path.dirname(path), _WHAT, _MOST)

"""`waive`: writes one waiver, of a finding that is there."""

import json
import os
from datetime import timedelta

from govcheck.app.check import run_check
from govcheck.app.configured import configured
from govcheck.app.options import DEFAULT_FOLDER, CheckOptions, schema_line
from govcheck.app.state import Reading
from govcheck.app.why import only_fingerprint
from govcheck.app.world import instant
from govcheck.errors import SourceError, UsageError
from govcheck.policy import Policy
from govcheck.records import frozen
from govcheck.report import ReportedFinding, ReportedUnknown
from govcheck.sources.git.repository import open_repository
from govcheck.sources.git.states import OnDisk
from govcheck.sources.waiver_files import load_waivers

FILE = "waivers.yaml"
_LONGEST_VALUE = 2000


@frozen(kw_only=True)
class Terms:
    """On what terms something is excused."""

    reason: str
    length: timedelta
    owner: str | None
    approved_by: str
    ticket: str
    any_value: bool
    write: bool
    """False: it is only shown."""


def run_waive(options: CheckOptions, wanted: str, terms: Terms) -> str:
    """Writes the waiver, and says what it wrote.

    Raises:
        UsageError: where nothing has such a fingerprint, or what has it cannot be waived like that.
        SourceError: where the file cannot be written.
    """
    report = run_check(options)
    every: list[ReportedFinding | ReportedUnknown] = [*report.findings, *report.unknowns]
    name = only_fingerprint((one.fingerprint for one in every), wanted)
    found = [one for one in every if one.fingerprint == name]
    known = found[0].waiver
    if known is not None:
        raise UsageError(f"{name} is waived already, until {known.expires}: {known.reason}", "change that waiver")
    policy = found[0].policy.policy
    _ensure_allowed(policy, terms)
    path = _file(options)
    entry = _entry(found, policy, terms, options)
    shown = os.path.relpath(path)
    if terms.write:
        _append(path, entry)
    done = "Wrote to" if terms.write else "Would write to"
    counts = "`check` counts it at once, a commit once it is staged, a pull request once its base has it."
    return f"{done} {shown}:\n\n{entry}\n{counts}\n"


def _ensure_allowed(policy: Policy, terms: Terms) -> None:
    if not policy.waivable or policy.id in {"govcheck", "waivers"}:
        raise UsageError(f"what the policy {policy.id} says cannot be waived", "mend what it found")
    limit = policy.longest_waiver()
    if terms.length > limit:
        raise UsageError(
            f"the policy {policy.id} allows a waiver of {limit.days} days at most", f"write --for {limit.days}d or less"
        )
    if not (terms.owner or policy.owner):
        raise UsageError("nobody answers for this waiver", "give --owner: a person, or a team")
    if not terms.reason.strip():
        raise UsageError("a waiver needs a reason", "give --reason")


def _file(options: CheckOptions) -> str:
    """In the first folder of policies that lies in the repository."""
    reading = Reading(open_repository(options.setting.directory), OnDisk())
    setting = configured(options.setting, reading)
    root = reading.repository.root
    start = os.path.join(os.getcwd(), options.setting.directory or "")
    for name in setting.policies or (os.path.join(root, DEFAULT_FOLDER),):
        folder = os.path.realpath(os.path.join(start, name))
        if folder == root or folder.startswith(f"{root}/"):
            return os.path.join(folder, FILE)
    raise UsageError(
        "the policies come from outside of the repository, so that there is no file for its waivers",
        f"write {FILE} into the folder of the policies by hand",
    )


def _entry(found: list[ReportedFinding | ReportedUnknown], policy: Policy, terms: Terms, options: CheckOptions) -> str:
    first = found[0]
    said = first.finding if isinstance(first, ReportedFinding) else first.undecided
    today = instant(options.setting.at)
    keys: dict[str, object] = {"policy": policy.id, "control": said.control, "subject": said.subject}
    if "*" in said.subject or not said.subject.isprintable():
        keys = {"fingerprint": first.fingerprint, "policy": policy.id, "control": said.control}
    actual = first.finding.actual if isinstance(first, ReportedFinding) and not terms.any_value else None
    if actual is not None and len(found) == 1 and len(json.dumps(actual)) <= _LONGEST_VALUE:
        keys["actual"] = actual
    if len(found) > 1:
        keys["count"] = len(found)
    keys |= {"reason": terms.reason.strip(), "owner": terms.owner or policy.owner}
    keys |= {
        key: value for key, value in (("approved_by", terms.approved_by), ("ticket", terms.ticket)) if value.strip()
    }
    keys |= {"created": today.date().isoformat(), "expires": (today + terms.length).date().isoformat()}
    lines = [f"{key}: {_scalar(value)}" for key, value in keys.items()]
    return "- " + "\n  ".join(lines) + "\n"


def _scalar(value: object) -> str:
    """JSON is YAML, and says the same in every dialect; words that cannot be anything else stand bare."""
    if isinstance(value, str) and value.replace("-", "").replace("_", "").isalpha() and value.isascii():
        bare = value.lower() not in {"true", "false", "null", "yes", "no", "on", "off", "y", "n"}
        return value if bare and not value.startswith("-") else json.dumps(value)
    return json.dumps(value, ensure_ascii=True)


def _append(path: str, entry: str) -> None:
    old = ""
    try:
        if os.path.lexists(path):
            with open(path, encoding="utf-8", newline="") as file:
                old = file.read()
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"{path} could not be read: {error}") from error
    new = (old or f"{schema_line('waivers')}\n") + ("" if not old or old.endswith("\n") else "\n") + entry
    before, after = (load_waivers([(path, text.encode())]) for text in (old, new))
    if len(after.waivers) != len(before.waivers) + 1 or len(after.problems) > len(before.problems):
        problem = next(iter(after.problems), None)
        raise UsageError(
            f"no waiver can be appended to {path}" + (f": {problem.message}" if problem else ""), "mend it"
        )
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8", newline="") as file:
            file.write(new)
    except OSError as error:
        raise SourceError(f"{path} could not be written: {error.strerror}") from error

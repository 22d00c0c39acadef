"""`explain path`: everything that governs one path, each line with the dialect of globs that decided it."""

from collections.abc import Iterator

from govcheck.actions.path_filters import Filtered, filtered
from govcheck.app.configured import configured
from govcheck.app.options import Setting
from govcheck.app.policies import load, read_files
from govcheck.app.state import Reading
from govcheck.app.world import workflows_of
from govcheck.codeowners.explaining import explain
from govcheck.codeowners.parsing import LOCATIONS
from govcheck.globs import compile_globs
from govcheck.paths import decode, display
from govcheck.policy import LoadedPolicy
from govcheck.rules.allowed_paths import AllowedPaths
from govcheck.rules.gate_liveness import GateLiveness
from govcheck.sources.git.repository import open_repository
from govcheck.sources.git.states import OnDisk

_HOW = (
    "How globs are read: in a policy `*` stays within one folder and `**` goes through any number; those of CODEOWNERS "
    "and of workflows as GitHub reads each of them."
)
_WORDS = {True: "starts", False: "does not start", None: "cannot tell"}


def explain_path(setting: Setting, name: str) -> str:
    """What the policies, CODEOWNERS and the workflows' filters make of a path, whether it exists or not."""
    path = decode(name.encode("utf-8", "surrogateescape")).removeprefix("./")
    reading = Reading(open_repository(setting.directory), OnDisk())
    lines = [_tracked(reading, path)]
    lines += [f"policies: {said}" for said in _policies(setting, reading, path)]
    lines += [f"CODEOWNERS: {said}" for said in explain(path, _contents(reading))]
    lines += [f"workflows: {said}" for said in _workflows(reading, path)]
    if any("`" in line for line in lines[1:]):
        lines.append(_HOW)
    return "\n".join(lines)


def _tracked(reading: Reading, path: str) -> str:
    return f"{display(path)} is {'tracked' if path in reading.listing().modes else 'not tracked'}"


def _policies(setting: Setting, reading: Reading, path: str) -> Iterator[str]:
    setting = configured(setting, reading)
    loaded = load(setting, reading).policies if read_files(setting, reading) else ()
    said = [line for one in loaded for line in _policy(one, path)]
    yield from said or ["no allowed-paths policy governs any path here"]


def _policy(loaded: LoadedPolicy, path: str) -> Iterator[str]:
    policy = loaded.policy
    if isinstance(policy, AllowedPaths):
        read_as = "" if policy.dialect == "govcheck" else f" (globs as {policy.dialect} has them)"
        yield f"{policy.id}{read_as}: {_allowed(policy, path)}"
    elif isinstance(policy, GateLiveness) and (pattern := compile_globs(policy.owned).which(path)) is not None:
        yield f"{policy.id}: {display(path)} must have an owner: `{pattern}` of owned matches it"


def _allowed(policy: AllowedPaths, path: str) -> str:
    shown = display(path)
    governed = compile_globs(policy.applies_to, policy.dialect).which(path) if policy.applies_to else "**"
    if governed is None:
        return f"does not govern {shown}"
    denied = compile_globs(policy.deny, policy.dialect).which(path)
    if denied is not None:
        return f"{shown} is not allowed: `{denied}` of deny matches it"
    if policy.allow is None:
        return f"{shown} is allowed where the pull request declares it"
    allowed = compile_globs(policy.allow, policy.dialect).which(path)
    if allowed is not None:
        return f"{shown} is allowed: `{allowed}` of allow matches it"
    return f"{shown} is not allowed: no glob of allow matches it"


def _contents(reading: Reading) -> dict[str, bytes | str]:
    """The CODEOWNERS files; a symbolic link has no bytes."""
    modes = reading.listing().modes
    there = [path for path in LOCATIONS if path in modes]
    read = reading.blobs(there)
    found: dict[str, bytes | str] = {}
    for path in there:
        content = read.get(path)
        if isinstance(content, bytes):
            found[path] = content
        elif content is not None or modes[path].startswith("12"):
            found[path] = content.message if content is not None else "it is a symbolic link"
    return found


def _workflows(reading: Reading, path: str) -> Iterator[str]:
    """Those with a filter one by one, the others in one line."""
    judged = list(filtered(workflows_of(reading), path))
    yield from (_filtered(one) for one in judged if one.filtered)
    free: dict[str, list[str]] = {}
    for one in judged:
        if not one.filtered:
            free.setdefault(display(one.path), []).append(one.event)
    if free:
        names = ", ".join(f"{file} ({', '.join(events)})" for file, events in free.items())
        yield f"no filter of paths, so that any path may start them: {names}"
    if not judged:
        yield "no workflow is started by a push or a pull request"


def _filtered(one: Filtered) -> str:
    place = display(one.path) + (f":{one.location.line}" if one.location.line else "")
    on = f" on {one.event}" if one.event else ""
    return f"{place} {_WORDS[one.starts]}{on}: {one.why}"

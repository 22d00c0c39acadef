"""An earlier sweep under the names of today: of a default branch and of a repository that were renamed. Pure.

GitHub tells a renamed or transferred repository by its number. Of a branch it tells nothing of the sort: where the
default branch has another name, and no sweep sees both, the one is held against the other. It was renamed where all
that guarded the old one guards it, or the old one is gone.
"""

from collections.abc import Mapping

from govcheck.findings import Json, fingerprint
from govcheck.records import replace
from govcheck.settings.places import encoded, setting
from govcheck.snapshot import Entry, Setting, Snapshot, own_answer
from govcheck.snapshot.document import canonical, hash_of

DEFAULT_BRANCH = "repository-settings/default_branch"
"""The setting that tells it in one line."""

_NOT_FOUND = 404


def as_now(before: Snapshot, after: Snapshot) -> Snapshot:
    """The earlier of two sweeps as it would be with the names that the later one has; its hash stays its own."""
    other = _of_repository(before, after)
    branch = successor(other, after)
    if branch is not None:
        other = _of_branch(other, after, *branch)
    return before if other is before else replace(other, written_as=hash_of(before))


def adopted(before: Snapshot, after: Snapshot) -> Snapshot:
    """An earlier sweep that is known to be of the same repository, under the name that it has now."""
    old, new = before.repository or "", after.repository or ""
    if old.lower() == new.lower():
        return before
    roots = {f"repos/{old}": f"repos/{new}"}
    owners = old.partition("/")[0], new.partition("/")[0]
    roots |= {f"{kind}/{owners[0]}": f"{kind}/{owners[1]}" for kind in ("orgs", "organizations", "users")}
    answers = tuple(replace(answer, endpoint=_moved(answer.endpoint, roots)) for answer in before.answers)
    moved = replace(_called(before, after, old, new), repository=after.repository, answers=answers)
    return replace(moved, written_as=hash_of(before))


def successor(before: Snapshot, after: Snapshot) -> tuple[str, str] | None:
    """What the default branch was called, and is called now; None where it is the same, or a sweep knows both."""
    old, new = (own_answer(side).get("default_branch") for side in (before, after))
    if not isinstance(old, str) or not isinstance(new, str) or old == new:
        return None
    if _known(before, new) or _known(after, old):  # both are there: another branch is the default one now
        return None
    return old, new


def is_renamed(before: Snapshot, after: Snapshot, old: str, new: str) -> bool:
    """Whether the default branch is the same one under another name, as far as is known."""
    was, is_ = _known(before, old), _known(after, new)
    same = bool(was.keys() & is_.keys()) and all(was[key] == is_[key] for key in was.keys() & is_.keys())
    return same or _is_gone(after, old)


def _of_repository(before: Snapshot, after: Snapshot) -> Snapshot:
    numbers = [own_answer(side).get("id") for side in (before, after)]
    return before if numbers[0] is None or numbers[0] != numbers[1] else adopted(before, after)


def _of_branch(before: Snapshot, after: Snapshot, old: str, new: str) -> Snapshot:
    scopes = {setting(old): setting(new)}
    roots = {
        f"repos/{before.repository}/{kind}/{encoded(old)}": f"repos/{before.repository}/{kind}/{encoded(new)}"
        for kind in ("branches", "rules/branches", "commits")
    }
    kept = {name: one for name, one in before.settings.items() if not name.startswith(f"{setting(new)}/")}
    kept = {_moved(name, scopes): one for name, one in kept.items()}
    answers = tuple(replace(answer, endpoint=_moved(answer.endpoint, roots)) for answer in before.answers)
    return replace(_called(before, after, old, new), settings=kept, answers=answers)


def _called(before: Snapshot, after: Snapshot, old: str, new: str) -> Snapshot:
    """With another subject, where the later sweep speaks of it."""
    named = {
        fingerprint(str(entry["policy"]), str(entry["control"]), old): str(entry["fingerprint"])
        for entry in (*after.findings, *after.unknowns)
        if entry["subject"] == new
    }

    def called(entry: Entry) -> Entry:
        name = named.get(str(entry["fingerprint"]))
        return entry if name is None else {**entry, "subject": new, "fingerprint": name}

    return replace(
        before,
        findings=tuple(map(called, before.findings)),
        unknowns=tuple(map(called, before.unknowns)),
        open_since={named.get(name, name): since for name, since in before.open_since.items()},
        fixed={named.get(name, name): times for name, times in before.fixed.items()},
    )


def _moved(name: str, roots: Mapping[str, str]) -> str:
    for old, new in roots.items():
        if name.lower() == old.lower() or name.lower().startswith(f"{old}/".lower()):
            return f"{new}{name[len(old) :]}"
    return name


def _known(snapshot: Snapshot, branch: str) -> dict[str, bytes]:
    """What is known of a branch that is there, by the name below it."""
    if _is_gone(snapshot, branch):
        return {}
    scope = setting(branch, "")
    return {
        name.removeprefix(scope): _written(one)
        for name, one in snapshot.settings.items()
        if name.startswith(scope) and one.unknown is None
    }


def _written(one: Setting) -> bytes:
    value: Json = one.value
    return canonical({"": value})


def _is_gone(snapshot: Snapshot, branch: str) -> bool:
    end = f"/branches/{encoded(branch)}"
    return any(answer.endpoint.endswith(end) and answer.status == _NOT_FOUND for answer in snapshot.answers)

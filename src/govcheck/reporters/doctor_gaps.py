"""What the tokens at hand cannot decide: once for each permission that is missing, with everything that misses it."""

import re
from collections.abc import Iterable, Iterator

from govcheck.diagnosis import Diagnosis, Gap
from govcheck.findings import Reason
from govcheck.records import frozen
from govcheck.reporters.page import Page
from govcheck.reporters.wording import counted, said

_MOST_CONTROLS = 4
_MOST_ENDPOINTS = 3
_SHORT = 7
_OK = 200
_COMMIT = re.compile(r"[0-9a-f]{40,64}")
_TEMPLATE = "{owner}/{repo}"


@frozen
class _Cause:
    """Why several things are not decided: a permission with all its endpoints, or an endpoint where none is named."""

    permission: str | None
    proven: bool
    endpoint: str
    why: str


def needs(page: Page, diagnosis: Diagnosis) -> None:
    """What would be asked, by the permission that reads it."""
    asked: dict[str, dict[str, None]] = {}
    wanting: dict[str, set[str]] = {}
    for reach in diagnosis.policies:
        for need in reach.needs:
            asked.setdefault(need.permission, {})[_short(need.endpoint, _TEMPLATE)] = None
            wanting.setdefault(need.permission, set()).add(reach.policy.policy.id)
    if not asked:
        return
    page.gap()
    page.line("What would be asked, by the permission that reads it", role="bold")
    for permission in sorted(asked):
        policies = counted(len(wanting[permission]), "policy", "policies")
        page.paragraph(", ".join(sorted(asked[permission])), indent=2, label=f"{permission} ({policies}):")


def gaps(page: Page, diagnosis: Diagnosis) -> None:
    """What is not decided, and why."""
    grouped: dict[_Cause, dict[str, list[Gap]]] = {}
    for reach in diagnosis.policies:
        for gap in reach.together.gaps:
            grouped.setdefault(_cause(gap), {}).setdefault(reach.policy.policy.id, []).append(gap)
    if not grouped and diagnosis.nothing is None:
        return
    page.gap()
    page.line("Not decided" if diagnosis.asked else "Out of reach", role="unknown")
    if diagnosis.nothing is not None:
        page.paragraph(f"everything: {said(diagnosis.nothing)}", indent=2)
        return
    root = diagnosis.repository if diagnosis.asked and diagnosis.repository else _TEMPLATE
    for cause, policies in grouped.items():
        every = [gap for found in policies.values() for gap in found]
        label, why = _words(cause, every, root)
        page.paragraph(f"{why}: {', '.join(_of_policies(policies))}", indent=2, label=label, role="unknown")


def _cause(gap: Gap) -> _Cause:
    if gap.permission is not None:
        return _Cause(gap.permission, gap.proven, "", "")
    return _Cause(None, gap.proven, gap.endpoint or "", _answered(gap) if gap.endpoint else said(gap.message))


def _words(cause: _Cause, found: list[Gap], root: str) -> tuple[str, str]:
    """The permission or the endpoint, and what is the matter with it."""
    if cause.permission is None:
        return (f"{_short(cause.endpoint, root)}:", cause.why) if cause.endpoint else ("", cause.why)
    endpoints = _listed(dict.fromkeys(_short(gap.endpoint, root) if gap.endpoint else "an endpoint" for gap in found))
    answered = " or ".join(dict.fromkeys(map(_answered, found)))
    if cause.proven:
        return f"{endpoints}:", f"{answered}, though a token has {said(cause.permission)}: it may not be there"
    accepted = " or ".join(dict.fromkeys(_accepted(cause.permission, found)))
    more = f"; GitHub would accept {accepted}" if accepted else ""
    return said(cause.permission), f"is missing for {endpoints} ({answered}{more})"


def _accepted(permission: str, found: list[Gap]) -> Iterator[str]:
    """What GitHub names as enough, where that is something else."""
    for gap in found:
        if gap.accepted and gap.accepted.replace("=", ":") != permission:
            yield said(gap.accepted)


def _listed(endpoints: Iterable[str]) -> str:
    every = list(endpoints)
    more = f" and {len(every) - _MOST_ENDPOINTS} more" if len(every) > _MOST_ENDPOINTS else ""
    return ", ".join(every[:_MOST_ENDPOINTS]) + more


def _short(endpoint: str, root: str) -> str:
    """An endpoint as it stands below the repository, without its query."""
    path = endpoint.partition("?")[0]
    if path == f"repos/{root}":
        return "the repository itself"
    return said(_COMMIT.sub(lambda found: found[0][:_SHORT], path.removeprefix(f"repos/{root}/")))


def _answered(gap: Gap) -> str:
    if gap.status is None:
        return said(gap.message)
    if gap.status == _OK and gap.reason in {Reason.REDACTED, Reason.PERMISSION}:
        return "left out of the answer"
    return f"answered {gap.status}" + ("" if gap.reason is Reason.PERMISSION else f" ({gap.reason.value})")


def _of_policies(policies: dict[str, list[Gap]]) -> Iterator[str]:
    """Policies with what of them is not decided; those of which nothing is, by their names alone."""
    for name, found in policies.items():
        controls = _controls(found)
        yield f"{said(name)} ({controls})" if controls else said(name)


def _controls(found: list[Gap]) -> str:
    names = list(dict.fromkeys(said(gap.control) for gap in found if gap.control))
    more = f" and {len(names) - _MOST_CONTROLS} more" if len(names) > _MOST_CONTROLS else ""
    return ", ".join(names[:_MOST_CONTROLS]) + more

"""The least that policies need, ready to be copied for each kind of token."""

from collections.abc import Iterable, Iterator

from govcheck.diagnosis import Diagnosis, Grant, for_fine_grained, for_workflow, grants, workflow_key
from govcheck.reporters.page import Page
from govcheck.reporters.wording import counted, said
from govcheck.settings.permissions import title

_LEVELS = {"read": "read-only", "write": "read and write"}
_MOST_POLICIES = 3


def least(page: Page, diagnosis: Diagnosis) -> None:
    """What to tick, and what no ticking gives."""
    found = grants(diagnosis.policies)
    if not found:
        return
    page.gap()
    page.line("The least that these policies need", role="bold")
    given, never = for_fine_grained(found)
    page.paragraph(_ticked(given), indent=2, label="fine-grained token:")
    for grant in never:
        beside = "only a workflow run's own token, an App or a classic token can"
        page.paragraph(f"it can never have {title(grant.name)}, {beside}: {_named(grant)}", indent=4, role="faint")
    same = f"the same{''.join(f', and {_ticked([grant])}' for grant in never)}"
    page.paragraph(same if given else _ticked(found), indent=2, label="GitHub App:")
    for grant in found:
        for line in _raised(grant):
            page.paragraph(line, indent=4, role="faint")
    _workflow(page, diagnosis)


def _ticked(found: Iterable[Grant]) -> str:
    """Permissions by their level, in the order and the words of GitHub's pages."""
    by_level: dict[str, list[str]] = {}
    for grant in sorted(found, key=lambda grant: title(grant.name)):
        by_level.setdefault(grant.level, []).append(title(grant.name))
    return "; ".join(f"{_LEVELS[level]} {', '.join(names)}" for level, names in sorted(by_level.items()))


def _raised(grant: Grant) -> Iterator[str]:
    if grant.raised:
        why = f": {grant.raised_why}" if grant.raised_why else ""
        which = ", ".join(map(said, grant.raised_for))
        yield f"{_LEVELS[grant.raised]} {title(grant.name)}, only for {which}{why}"


def _workflow(page: Page, diagnosis: Diagnosis) -> None:
    given, never = for_workflow(grants(reach for reach in diagnosis.policies if reach.in_ci))
    page.line("workflow (check --base --live):", indent=2)
    keys = ", ".join(f"{workflow_key(grant.name)}: {grant.level}" for grant in given)
    page.paragraph(f"permissions: {{{keys}}}", indent=4)
    if never:
        told = ", ".join(f"{grant.name} ({_named(grant)})" for grant in never)
        page.paragraph(f"GITHUB_TOKEN can never have {told}", indent=4, role="faint")


def _named(grant: Grant) -> str:
    names = [said(name) for name in grant.policies]
    return ", ".join(names) if len(names) <= _MOST_POLICIES else counted(len(names), "policy", "policies")

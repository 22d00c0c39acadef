"""What `doctor` has to say, for a person: the tokens, what they can decide, what is missing, what the least is."""

from collections.abc import Iterable, Iterator

from govcheck.diagnosis import (
    Diagnosis,
    Gap,
    Grant,
    PolicyReach,
    Reach,
    SeenToken,
    for_fine_grained,
    for_workflow,
    grants,
    workflow_key,
)
from govcheck.reporters.page import Page
from govcheck.reporters.wording import counted, said
from govcheck.settings.permissions import title

_LEVELS = {"read": "read-only", "write": "read and write"}
_MOST_CONTROLS = 4
_MOST_POLICIES = 6
_MOST_NAMED = 2


def render(diagnosis: Diagnosis, *, colour: bool = False, width: int = 100) -> str:
    """The whole of it."""
    page = Page(colour=colour, width=width)
    _head(page, diagnosis)
    for note in diagnosis.notes:
        page.paragraph(said(note), label="note:", role="note")
    _tokens(page, diagnosis.tokens)
    if not diagnosis.asked:
        _needs(page, diagnosis)
    elif diagnosis.nothing is None:
        _reaches(page, diagnosis)
    _gaps(page, diagnosis)
    _least(page, diagnosis)
    page.gap()
    page.paragraph(_end(diagnosis), role="good" if diagnosis.exit_code == 0 else "unknown")
    return page.text()


def _head(page: Page, diagnosis: Diagnosis) -> None:
    where = f" of {said(diagnosis.repository)}" if diagnosis.repository else ""
    reading = counted(len(diagnosis.policies), "policy", "policies")
    verb = "reads" if len(diagnosis.policies) == 1 else "read"
    how = "" if diagnosis.asked else "; nothing was asked (--offline)"
    version = f", API version {', '.join(map(said, diagnosis.api_versions))}" if diagnosis.api_versions else ""
    silent = f"; {diagnosis.silent} more read nothing from GitHub" if diagnosis.silent else ""
    page.paragraph(f"{reading}{where} {verb} from {said(diagnosis.api_url)}{version}{silent}{how}", role="bold")


def _tokens(page: Page, tokens: Iterable[SeenToken]) -> None:
    page.gap()
    page.line("Tokens", role="bold")
    for token in tokens:
        told = [said(token.name)]
        if token.scopes is not None:
            told.append(f"scopes {', '.join(map(said, token.scopes)) or 'none'}")
        if token.expires:
            told.append(f"ends {said(token.expires)}")
        if token.trouble:
            told.append(said(token.trouble))
        page.paragraph("; ".join(told), indent=2, role="unknown" if token.trouble else None)


def _reaches(page: Page, diagnosis: Diagnosis) -> None:
    if not diagnosis.policies:
        return
    page.gap()
    together = len(diagnosis.tokens) > 1
    heads = [said(token.short) for token in diagnosis.tokens] + (["together"] if together else [])
    rows = [
        [said(reach.policy.policy.id), *map(_words, (*reach.by_token, *([reach.together] if together else [])))]
        for reach in diagnosis.policies
    ]
    _table(page, ["What they can decide", *heads], rows)


def _needs(page: Page, diagnosis: Diagnosis) -> None:
    asked: dict[tuple[str, str], list[str]] = {}
    for reach in diagnosis.policies:
        for need in reach.needs:
            asked.setdefault((need.endpoint, need.permission), []).append(said(reach.policy.policy.id))
    if not asked:
        return
    page.gap()
    rows = [[endpoint, permission, _some(names)] for (endpoint, permission), names in sorted(asked.items())]
    _table(page, ["What would be asked", "permission", "for"], rows)


def _some(names: list[str]) -> str:
    return ", ".join(names) if len(names) <= _MOST_NAMED else f"{len(names)} policies"


def _table(page: Page, heads: list[str], rows: list[list[str]]) -> None:
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    page.line(_row(heads, [widths[0] + 2, *widths[1:]]), role="bold")
    for row in rows:
        page.line(_row(row, widths), indent=2)


def _row(cells: list[str], widths: list[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()


def _words(reach: Reach) -> str:
    if not reach.gaps:
        return f"all {reach.subjects}" if reach.subjects else "all"
    return f"{reach.decided} of {reach.subjects}" if reach.decided else "none"


def _gaps(page: Page, diagnosis: Diagnosis) -> None:
    grouped: dict[str, dict[str, list[Gap]]] = {}
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
    for cause, policies in grouped.items():
        page.paragraph(cause, indent=2)
        named = {name: _controls(found) for name, found in policies.items()}
        whole = ", ".join(said(name) for name, controls in named.items() if not controls)
        for line in (whole, *(f"{said(name)}: {controls}" for name, controls in named.items() if controls)):
            if line:
                page.paragraph(line, indent=4, role="faint")


def _cause(gap: Gap) -> str:
    endpoint = said(gap.endpoint) if gap.endpoint else ""
    if gap.permission is None:
        return said(gap.message) if not endpoint else f"{endpoint}: {_answered(gap)}"
    if gap.proven:
        return f"{endpoint}: answered {gap.status}, though a token has {said(gap.permission)}: it may not be there"
    accepted = f"; GitHub would accept {said(gap.accepted)}" if gap.accepted else ""
    return f"{said(gap.permission)} is missing for {endpoint or 'an endpoint'}: {_answered(gap)}{accepted}"


def _answered(gap: Gap) -> str:
    if gap.status is None:
        return said(gap.message)
    if gap.reason.value == "redacted":
        return f"answered {gap.status}, but keeps it back"
    return f"answered {gap.status} ({gap.reason.value})"


def _controls(found: list[Gap]) -> str:
    names = list(dict.fromkeys(said(gap.control) for gap in found if gap.control))
    more = f" and {len(names) - _MOST_CONTROLS} more" if len(names) > _MOST_CONTROLS else ""
    return ", ".join(names[:_MOST_CONTROLS]) + more


def _least(page: Page, diagnosis: Diagnosis) -> None:
    found = grants(diagnosis.policies)
    if not found:
        return
    page.gap()
    page.line("The least that these policies need", role="bold")
    given, never = for_fine_grained(found)
    listed = "; ".join(f"{title(grant.name)}: {_LEVELS[grant.level]}" for grant in _by_title(given))
    page.paragraph(listed, indent=2, label="fine-grained token:")
    for grant in never:
        beside = "needs a workflow run's own token, an App or a classic token beside it"
        page.paragraph(f"it can never have {title(grant.name)}, and {beside}: {_named(grant)}", indent=4, role="faint")
    app = "; ".join(f"{title(grant.name)}: {_LEVELS[grant.level]}" for grant in _by_title(found))
    page.paragraph(app, indent=2, label="GitHub App:")
    for grant in found:
        for line in _raised(grant):
            page.paragraph(line, indent=4, role="faint")
    _workflow(page, diagnosis)


def _by_title(found: Iterable[Grant]) -> list[Grant]:
    """In the order of GitHub's pages."""
    return sorted(found, key=lambda grant: title(grant.name))


def _raised(grant: Grant) -> Iterator[str]:
    if grant.raised:
        why = f": {grant.raised_why}" if grant.raised_why else ""
        which = ", ".join(map(said, grant.raised_for))
        yield f"{title(grant.name)}: {_LEVELS[grant.raised]}, only for {which}{why}"


def _workflow(page: Page, diagnosis: Diagnosis) -> None:
    in_ci = [reach for reach in diagnosis.policies if reach.in_ci]
    given, never = for_workflow(grants(in_ci))
    page.line("workflow (check --base --live):", indent=2)
    page.line("permissions:", indent=4)
    for grant in given:
        page.line(f"{workflow_key(grant.name)}: {grant.level}", indent=6)
    if not given:
        page.line("{}", indent=6)
    for grant in never:
        page.paragraph(f"GITHUB_TOKEN can never have {grant.name}: {_named(grant)}", indent=4, role="faint")


def _named(grant: Grant) -> str:
    names = [said(name) for name in grant.policies]
    more = f" and {len(names) - _MOST_POLICIES} more" if len(names) > _MOST_POLICIES else ""
    return ", ".join(names[:_MOST_POLICIES]) + more


def _end(diagnosis: Diagnosis) -> str:
    short = [reach for reach in diagnosis.policies if reach.together.gaps]
    if not diagnosis.asked:
        if short:
            return f"exit 3: {_count(short)} out of reach of what is at hand; without --offline GitHub is asked"
        return "exit 0: nothing is ruled out by the kind of token; only GitHub can say that it is enough"
    if short:
        return f"exit 3: {_count(short)} not wholly decided by what is at hand"
    if not diagnosis.policies:
        return "exit 0: no policy reads from GitHub"
    return "exit 0: every policy can be decided"


def _count(short: list[PolicyReach]) -> str:
    return f"{counted(len(short), 'policy is', 'policies are')}"

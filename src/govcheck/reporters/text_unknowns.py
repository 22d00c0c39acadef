"""What could not be told, as text: one entry for each thing that would settle it."""

from govcheck.findings import Undecided
from govcheck.reporters.groups import FIRST, UnknownGroup
from govcheck.reporters.page import Page
from govcheck.reporters.wording import counted, place, said

_UNAUTHORIZED = 401


def entry(page: Page, group: UnknownGroup, *, verbose: bool) -> None:
    """A group: what is missing, which controls wait for it, what was tried."""
    controls = list(group.controls())
    page.paragraph(headline(group), label=f"unknown[{group.reason.value}]", role="unknown")
    for policy, waiting in controls:
        page.paragraph(said(waiting), indent=2, label=f"{said(policy)}:", role="bold")
    messages = () if group.cause and not verbose else group.messages()
    shown = messages if verbose else messages[:FIRST]
    for unknown in shown:
        page.paragraph(tried(unknown.undecided), indent=4, label="=")
    if len(messages) > len(shown):
        page.line(f"… and {len(messages) - len(shown)} more (all with --verbose)", indent=4, role="faint")
    if told := advice(group):
        page.paragraph(told, indent=2, label="fix:", role="good")


def headline(group: UnknownGroup) -> str:
    """One line: how much could not be told, and what is missing."""
    number = counted(len(group.unknowns), "control")
    if group.permission:
        return f"{number} could not be told: the token lacks {said(group.permission)}"
    return f"{number} could not be told" + (f": {said(group.cause)}" if group.cause else "")


def advice(group: UnknownGroup) -> str:
    """What to do about a missing permission, or about a token that is missing or not taken; else empty."""
    if not group.permission:
        refused = all(unknown.undecided.status == _UNAUTHORIZED for unknown in group.unknowns)
        return "Give a token that GitHub takes, as GH_TOKEN or GOVCHECK_TOKEN." if refused else ""
    if all(not unknown.undecided.grantable for unknown in group.unknowns):
        return f"No token of this class can have {said(group.permission or '')}: give another one as GOVCHECK_TOKEN."
    return f"Use a token with {said(group.permission or '')}, as GH_TOKEN or GOVCHECK_TOKEN."


def tried(undecided: Undecided) -> str:
    """What stood in the way, with endpoint, status and place."""
    status = f"HTTP {undecided.status}" if undecided.status is not None else ""
    message = said(undecided.message)
    told = undecided.endpoint is not None and f"{undecided.endpoint} answered {undecided.status}:" in undecided.message
    parts = [place(undecided.location)] if told else [undecided.endpoint, status, place(undecided.location)]
    source = ", ".join(said(part) for part in parts if part and part not in undecided.message)
    return f"{message} ({source})" if source else message

"""What `doctor` has to say, for a person: the tokens, what they can decide, what is missing, what the least is.

All of it is meant for one screen: what is alike is told once. The JSON document has every policy and endpoint apart.
"""

from collections.abc import Iterable

from govcheck.diagnosis import Diagnosis, PolicyReach, SeenToken
from govcheck.reporters.doctor_gaps import gaps, needs
from govcheck.reporters.doctor_least import least
from govcheck.reporters.doctor_reach import reaches
from govcheck.reporters.page import Page
from govcheck.reporters.wording import counted, said


def render(diagnosis: Diagnosis, *, colour: bool = False, width: int = 100) -> str:
    """The whole of it."""
    page = Page(colour=colour, width=width)
    _head(page, diagnosis)
    for note in diagnosis.notes:
        page.paragraph(said(note), label="note:", role="note")
    _tokens(page, diagnosis.tokens)
    if not diagnosis.asked:
        needs(page, diagnosis)
    elif diagnosis.nothing is None:
        reaches(page, diagnosis)
    gaps(page, diagnosis)
    least(page, diagnosis)
    _beside(page, diagnosis)
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


def _beside(page: Page, diagnosis: Diagnosis) -> None:
    """What is asked of others than GitHub, and by another command."""
    asked = [f"{one.title} by {one.found}: {_names(one.policies)}" for one in diagnosis.services if one.found]
    unasked = [
        f"{one.title} ({' or '.join(one.variables)}): {_names(one.policies)}"
        for one in diagnosis.services
        if not one.found
    ]
    if not (asked or unasked or diagnosis.gates):
        return
    page.gap()
    if asked:
        page.paragraph("; ".join(asked), label="Other services:")
    if unasked:
        page.paragraph("; ".join(unasked), label="Not asked, because no variable is set:")
    for gate in diagnosis.gates:
        page.paragraph(f"{said(gate.policy)} takes {', '.join(gate.permissions)} where it runs", label="gate deploy:")


def _names(policies: Iterable[str]) -> str:
    return ", ".join(map(said, policies))


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

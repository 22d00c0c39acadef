"""The rules of a SARIF run: one for each control of each policy that something was said of."""

import re
from collections.abc import Iterable
from urllib.parse import quote

from govcheck.findings import Json, Severity
from govcheck.policy import LoadedPolicy
from govcheck.registry import kind
from govcheck.report import Report
from govcheck.report_json import text
from govcheck.reporters.escape import cut, markdown, visible
from govcheck.reporters.sarif_places import address
from govcheck.reporters.standing import inside

_LONGEST_TITLE = 255
_LONGEST_ID = 255
_WEB = re.compile(r"https?://[A-Za-z0-9.:\[\]-]+(?:[/?#][A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]*)?")
_REPOSITORY = re.compile(r"[A-Za-z0-9._-]+/[A-Za-z0-9._-]+")
_PROBLEM = {"error": "error", "warning": "warning", "note": "recommendation"}


def rule_id(policy: LoadedPolicy, control: str) -> str:
    """`main-protected/approvals`: what GitHub files an alert under; it has to stay the same from run to run."""
    return cut(visible(f"{policy.policy.id}/{control}"), _LONGEST_ID)


def rule(policy: LoadedPolicy, control: str, severity: Severity, home: str | None) -> dict[str, Json]:
    """A control of a policy, with everything that its owners wrote about it.

    Args:
        policy: The policy.
        control: What it asserts.
        severity: How much its findings weigh.
        home: Where the repository's files can be seen at the commit that was judged.
    """
    written = policy.policy
    found = kind(written.kind)
    does = found.text.partition("\n")[0] if found else "What govcheck has to say itself."
    facts = list(_facts(policy))
    described: dict[str, Json] = {
        "id": rule_id(policy, control),
        "name": _pascal_case(rule_id(policy, control)),
        "shortDescription": {"text": cut(visible(f"{written.id}: {control}"), _LONGEST_TITLE)},
        "fullDescription": {"text": cut(visible(written.why.strip()) or does, 1000)},
        "help": {
            "text": "\n".join([does, *(f"{name}: {visible(value)}" for name, value in facts)]),
            "markdown": "\n\n".join([markdown(does), *(f"**{name}**: {markdown(value)}" for name, value in facts)]),
        },
        "defaultConfiguration": {"level": severity},
        "properties": {
            "tags": ["policy", cut(visible(written.kind), 100)],
            "precision": "very-high",
            "problem.severity": _PROBLEM[severity],
        },
    }
    if told := _help_uri(policy, home):
        described["helpUri"] = told
    return described


def home_of(report: Report, server: str) -> str | None:
    """Where the files of the commit can be seen, where repository and commit are known."""
    if repository_of(report, server) is None or report.commit is None:
        return None
    return f"{repository_of(report, server)}/blob/{quote(text(report.commit), safe='')}"


def repository_of(report: Report, server: str) -> str | None:
    """The repository's address."""
    name = report.repository
    return f"{server}/{name}" if name is not None and _REPOSITORY.fullmatch(name) else None


def _facts(policy: LoadedPolicy) -> Iterable[tuple[str, str]]:
    written = policy.policy
    values = (("Why", written.why.strip()), ("Owner", written.owner), ("Links", " ".join(written.links)))
    yield from ((name, cut(value, 1000)) for name, value in values if value)
    yield "Policy", f"{written.id} ({written.kind})"


def _help_uri(policy: LoadedPolicy, home: str | None) -> str | None:
    """What the owners link to, else the policy itself."""
    for link in policy.policy.links:
        if _WEB.fullmatch(link):
            return link
    if home is None or not inside(policy.path):
        return None
    return f"{home}/{address(policy.path)}" + (f"#L{policy.line}" if policy.line else "")


def _pascal_case(identifier: str) -> str:
    words = re.findall(r"[A-Za-z0-9]+", identifier)
    return "".join(word[:1].upper() + word[1:] for word in words) or "Policy"

"""The section `environments` of a settings file: what is sent to make or change an environment.

Source: https://docs.github.com/en/rest/deployments/environments#create-or-update-an-environment
"""

from collections.abc import Iterator

from govcheck.app.init.importing.told import Left, Source, identity, key_left, left
from govcheck.app.init.proposal import Proposal
from govcheck.facts.document import Mapping, Node, Scalar, Sequence, plain
from govcheck.findings import Json


def read(node: Node, source: Source) -> Iterator[Proposal | Left]:
    """One policy for each environment."""
    for entry in node if isinstance(node, Sequence) else ():
        name = entry.get("name") if isinstance(entry, Mapping) else None
        if isinstance(entry, Mapping) and isinstance(name, Scalar) and isinstance(name.value, str) and name.value:
            yield from _environment(entry, name.value, source)
        else:
            yield left(source, entry, "environments", "an entry without a name")


def _environment(entry: Mapping, name: str, source: Source) -> Iterator[Proposal | Left]:
    keys: dict[str, Json] = {"environment": name, "exists": True, "used": False}
    for key, node in entry.items():
        value = plain(node)
        if key == "wait_timer" and isinstance(value, int) and not isinstance(value, bool):
            keys |= {"wait": {"min": f"{value}m"}} if value > 0 else {}
        elif key == "prevent_self_review" and isinstance(value, bool):
            keys |= {"self_review": "forbidden"} if value else {}
        elif key == "reviewers" and isinstance(value, list):
            keys |= {"min_reviewers": len(value)} if value else {}
            if value:
                yield key_left(
                    source, entry, key, "they are numbers, and no policy names people by numbers; how many is held"
                )
        elif key == "deployment_branch_policy" and isinstance(value, dict | None):
            branches = _branches(value or {})
            keys |= {"branches": branches} if branches is not None else {}
        elif key != "name":
            yield key_left(source, entry, key, "no policy holds it")
    yield Proposal(
        kind="environment-protection",
        id=identity("environment", name),
        file="environments.yaml",
        why=f"As {source.name} says.",
        fixed=keys,
        explained=(f"Imported from {source.name}.",),
        tighten=("take `used: false` away, so that a workflow has to name it.",),
        declared=True,
    )


def _branches(policy: dict[str, object]) -> Json:
    """None where every branch may deploy."""
    custom = policy.get("custom_branches")
    if policy.get("protected_branches") is True:
        return "protected"
    if isinstance(custom, list) and custom:
        return {"subset_of": [str(one.get("name", "") if isinstance(one, dict) else one) for one in custom]}
    return None

"""Whether the names of teams have to be asked for: a ruleset has a team by its number only."""

from govcheck.facts.live import Answer
from govcheck.findings import Json


def names_a_team(answer: Answer) -> bool:
    """Whether a ruleset has a team by its number: as a bypass actor, or in a rule."""
    return "/rulesets/" in answer.endpoint and _has_team(answer.body)


def _has_team(value: Json) -> bool:
    if isinstance(value, dict):
        return "Team" in (value.get("actor_type"), value.get("type")) or any(map(_has_team, value.values()))
    return isinstance(value, list) and any(map(_has_team, value))

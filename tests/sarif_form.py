"""The part of SARIF 2.1.0 that govcheck writes, as the standard and GitHub's limits have it, written down by hand.

Everything is closed: a key that is not here is a mistake. Sources: OASIS SARIF 2.1.0 (Errata 01), sections 3.13 to
3.58; GitHub's "SARIF support for code scanning".
"""

from jsonschema import Draft202012Validator


def closed(properties, *required):
    return {"type": "object", "additionalProperties": False, "properties": properties, "required": list(required)}


TEXT = {"type": "string"}
NUMBER = {"type": "integer", "minimum": 1}
INDEX = {"type": "integer", "minimum": 0}
LEVEL = {"enum": ["none", "note", "warning", "error"]}
TIME = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z$"}
RELATIVE = {"type": "string", "pattern": "^(?!/)([A-Za-z0-9._~/-]|%[0-9A-F]{2})+$"}
WEB = {"type": "string", "pattern": "^https?://[!-~]+$"}
MESSAGE = closed({"text": {"type": "string", "minLength": 1}, "markdown": TEXT}, "text")
BAG = {"type": "object"}

PHYSICAL = closed(
    {
        "artifactLocation": closed({"uri": RELATIVE, "uriBaseId": {"const": "SRCROOT"}}, "uri", "uriBaseId"),
        "region": closed({"startLine": NUMBER, "startColumn": NUMBER}, "startLine"),
    },
    "artifactLocation",
    "region",
)
LOGICAL = closed({"fullyQualifiedName": TEXT, "kind": TEXT, "properties": BAG}, "fullyQualifiedName")
PLACE = {"physicalLocation": PHYSICAL, "logicalLocations": {"type": "array", "items": LOGICAL}}
LOCATION = closed(PLACE, "physicalLocation")
RELATED = closed({"id": INDEX, **PLACE, "message": MESSAGE}, "id", "message")

RULE = closed(
    {
        "id": {"type": "string", "minLength": 1, "maxLength": 255},
        "name": {"type": "string", "pattern": "^[A-Za-z0-9]+$"},
        "shortDescription": MESSAGE,
        "fullDescription": MESSAGE,
        "help": MESSAGE,
        "helpUri": WEB,
        "defaultConfiguration": closed({"level": LEVEL}, "level"),
        "properties": closed(
            {
                "tags": {"type": "array", "items": TEXT, "maxItems": 10, "uniqueItems": True},
                "precision": {"enum": ["very-high"]},
                "problem.severity": {"enum": ["error", "warning", "recommendation"]},
            }
        ),
    },
    "id",
    "shortDescription",
    "fullDescription",
    "help",
)

RESULT = closed(
    {
        "ruleId": TEXT,
        "ruleIndex": INDEX,
        "kind": {"enum": ["open", "fail"]},
        "level": LEVEL,
        "message": MESSAGE,
        "locations": {"type": "array", "items": LOCATION, "minItems": 1, "maxItems": 1},
        "relatedLocations": {"type": "array", "items": RELATED, "minItems": 1, "maxItems": 100},
        "partialFingerprints": {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                name: {"type": "string", "pattern": "^[0-9a-f]{16}$"}
                for name in ("govcheck/v1", "primaryLocationLineHash")
            },
            "required": ["govcheck/v1"],
        },
        "baselineState": {"enum": ["new", "unchanged"]},
        "suppressions": {
            "type": "array",
            "minItems": 1,
            "items": closed(
                {"kind": {"const": "external"}, "status": {"const": "accepted"}, "justification": TEXT}, "kind"
            ),
        },
        "properties": BAG,
    },
    "ruleId",
    "ruleIndex",
    "level",
    "message",
    "locations",
)
# Section 3.27.10: what is neither a failure nor left out has no level.
RESULT["if"] = {"properties": {"kind": {"const": "open"}}, "required": ["kind"]}
RESULT["then"] = {"properties": {"level": {"const": "none"}}}
RESULT["else"] = {"properties": {"level": {"enum": ["note", "warning", "error"]}}}

NOTIFICATION = closed(
    {
        "level": LEVEL,
        "message": MESSAGE,
        "descriptor": closed({"id": TEXT}, "id"),
        "associatedRule": closed({"id": TEXT, "index": INDEX}, "id"),
        "locations": {"type": "array", "items": LOCATION},
    },
    "message",
)
NOTIFICATIONS = {"type": "array", "items": NOTIFICATION}

RUN = closed(
    {
        "tool": closed(
            {
                "driver": closed(
                    {"name": TEXT, "semanticVersion": TEXT, "rules": {"type": "array", "items": RULE}}, "name"
                )
            },
            "driver",
        ),
        "automationDetails": closed({"id": TEXT}, "id"),
        "columnKind": {"const": "unicodeCodePoints"},
        "originalUriBaseIds": closed({"SRCROOT": closed({"description": MESSAGE}, "description")}, "SRCROOT"),
        "versionControlProvenance": {
            "type": "array",
            "minItems": 1,
            "items": closed(
                {
                    "repositoryUri": WEB,
                    "revisionId": TEXT,
                    "mappedTo": closed({"uriBaseId": {"const": "SRCROOT"}}, "uriBaseId"),
                },
                "repositoryUri",
            ),
        },
        "invocations": {
            "type": "array",
            "minItems": 1,
            "maxItems": 1,
            "items": closed(
                {
                    "executionSuccessful": {"type": "boolean"},
                    "exitCode": {"enum": [0, 1, 2, 3]},
                    "exitCodeDescription": TEXT,
                    "startTimeUtc": TIME,
                    "endTimeUtc": TIME,
                    "toolExecutionNotifications": NOTIFICATIONS,
                    "toolConfigurationNotifications": NOTIFICATIONS,
                },
                "executionSuccessful",
            ),
        },
        "results": {"type": "array", "items": RESULT, "maxItems": 25_000},
    },
    "tool",
    "invocations",
    "results",
)

LOG = closed(
    {
        "$schema": WEB,
        "version": {"const": "2.1.0"},
        "runs": {"type": "array", "items": RUN, "minItems": 1, "maxItems": 2},
    },
    "$schema",
    "version",
    "runs",
)

_VALIDATOR = Draft202012Validator(LOG)


def mistakes(log):
    """Everything in a log that the standard or GitHub would refuse."""
    found = [f"{error.json_path}: {error.message}" for error in _VALIDATOR.iter_errors(log)]
    if found:
        return found
    categories = [run["automationDetails"]["id"] for run in log["runs"]]
    if len(set(categories)) < len(categories):
        found.append("GitHub takes one run of a category")
    return found + [mistake for run in log["runs"] for mistake in _of_run(run)]


def _of_run(run):
    found = []
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    if len(set(rules)) < len(rules):
        found.append("a rule stands twice")
    found += [
        f"{result['ruleId']} is not rule {result['ruleIndex']}"
        for result in run["results"]
        if rules[result["ruleIndex"]] != result["ruleId"]
    ]
    states = {"baselineState" in result for result in run["results"]}
    if len(states) > 1:
        found.append("some results have a state, and some do not")
    return found

"""What a live finding rests on: which endpoint was asked, what it answered, and what stands in the field. Pure."""

import json

from govcheck.facts.live import Answer
from govcheck.findings import Evidence, Json
from govcheck.settings.bodies import Body, UnexpectedShapeError, part

_LONGEST = 120


def answered(answer: Answer, field: str = "") -> Evidence:
    """What an endpoint answered: `GET repos/o/r answered 200, and allow_squash_merge is false`.

    Args:
        answer: Its answer.
        field: Keys joined by dots, of the document.
    """
    said = f"GET {answer.endpoint} {status_words(answer)}"
    if not field or not isinstance(answer.body, dict) or not answer.good:
        return Evidence(text=said)
    return Evidence(text=f"{said}, and `{field}` {_value(answer.body, field)}")


def status_words(answer: Answer) -> str:
    """`answered 404: Branch not protected`."""
    if answer.status is None:
        return f"was not answered ({answer.failure or answer.message})"
    return f"answered {answer.status}" + (f": {answer.message}" if answer.message else "")


def _value(body: Body, field: str) -> str:
    try:
        found = part(body, field)
    except UnexpectedShapeError as error:
        return f"is not as documented ({error})"
    return "is absent" if found is None else f"is {shown(found)}"


def shown(value: Json) -> str:
    """A value of a document as JSON, if it is short."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    if len(text) <= _LONGEST:
        return text
    return f"{len(value)} entries" if isinstance(value, list | dict) else f"{text[:_LONGEST]}…"

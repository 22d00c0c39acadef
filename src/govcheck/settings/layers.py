"""What one layer says about one control, or why it could not be read. The mechanisms' modules say; a fold adds up."""

from collections.abc import Iterator

from govcheck.facts.live import Answer
from govcheck.findings import Reason
from govcheck.records import frozen
from govcheck.settings.actors import Passer
from govcheck.settings.answers import Trouble, unparseable
from govcheck.settings.bodies import Body, UnexpectedShapeError
from govcheck.settings.control import Control
from govcheck.settings.readers import NotToldError, Reader, Surroundings
from govcheck.settings.strength import Value


@frozen
class Source:
    """A layer, by its name and its place."""

    name: str
    """`classic protection`, `ruleset "main" (42) of o/r`, `repository settings`."""

    url: str | None = None
    """Where a person can see it."""

    ruleset: int | None = None


@frozen
class Passers:
    """Who may go around a layer."""

    known: frozenset[Passer] = frozenset()
    trouble: Trouble | None = None
    """Set where there may be more of them."""

    admins_told: bool = True
    """Whether it is known all the same if administrators are among them."""


NOBODY = Passers()


@frozen(kw_only=True)
class Given:
    """What one layer says about one control: always more than nothing."""

    control: str
    value: Value
    source: Source
    passers: Passers = NOBODY


@frozen(kw_only=True)
class Unread:
    """A layer that may say something about these controls, and could not be read."""

    source: Source
    controls: frozenset[str]
    trouble: Trouble
    passers: Passers | None = None
    """Who may go around whatever it says, where that much is known."""


Said = Given | Unread


@frozen
class Document:
    """One document that layers are read from."""

    body: Body
    answer: Answer
    """The answer that it came in, or is a part of."""

    around: Surroundings
    source: Source


def say(control: Control, read: Reader, document: Document, passers: Passers) -> Iterator[Said]:
    """What a document says about a control: a value, nothing where it is the weakest one, or why it cannot be told."""
    answer, source = document.answer, document.source
    try:
        value = read(document.body, document.around)
    except UnexpectedShapeError as error:
        trouble = unparseable(answer, str(error))
    except NotToldError as error:
        trouble = not_told(answer, error)
    else:
        if value != control.strength.weakest:
            yield Given(control=control.key, value=value, source=source, passers=passers)
        return
    yield Unread(source=source, controls=frozenset({control.key}), trouble=trouble, passers=passers)


def not_told(answer: Answer, error: NotToldError) -> Trouble:
    """What GitHub keeps back in an answer that is good otherwise."""
    told_by = error.answer or answer
    return kept_back(told_by, str(error), error.permission, grantable=error.permission is not None, reason=error.reason)


def kept_back(
    answer: Answer,
    message: str,
    permission: str | None = None,
    *,
    grantable: bool = False,
    reason: Reason = Reason.REDACTED,
) -> Trouble:
    """The same by its parts."""
    return Trouble(
        reason=reason,
        message=message,
        permission=permission,
        endpoint=answer.endpoint,
        status=answer.status,
        grantable=grantable,
    )

r"""What is said in several places is the same in all of them, and what a policy was written from still stands.

```yaml
kind: agreement
id: one-list-of-checks
why: Six documents name the required checks, and nobody compared them.
places:
  - {file: policies/main-checks.yaml, at: "[id=main-checks].checks.*.context"}
  - {file: docs/branch_protection.md, list_below: "Required checks"}
  - {file: docs/APPLY.md, capture: "required checks\\*\\* on `main`: ([^.]+)", split: ","}
quotes:
  - {file: docs/RULES.md, quote: "Gitleaks runs on every PR"}
```

The first of `places` is what the others are held to. A place is a file and one of

- `at`: values in JSON, YAML or TOML, as `structured-file` finds them; so that policies are places as well,
- `list_below`: the items of the list below a heading, or below a line with these words,
- `code_below`: the lines of the block of code there,
- `capture`: what the first group of a regular expression (RE2) matches, wherever it does.

`split` takes one value for several. Of each value `item` keeps what its first group matches, and leaves out values that
do not match. Marks of Markdown and blanks around a value do not count.

`relation` is `same` (the same values, in any order), `subset` (every value is one of the first place's) or `equal`
(each place says one thing, or says it several times, and it is what the first place says). Case counts, unless
`ignore_case: true`.

There is a finding for each value that a place lacks or has too many, at its line; for a place where nothing stands any
more; and for a quote that is gone. A quote may be broken into lines otherwise, and is looked for without marks.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, ClassVar, Literal

from govcheck.documents.markdown import plain_words
from govcheck.documents.places import Place, Value, values
from govcheck.documents.texts import Unsaid, text_of
from govcheck.facts import Request
from govcheck.facts.data_files import DataFiles
from govcheck.facts.tree import Blobs, BlobsRequest
from govcheck.findings import Evidence, Finding, Fix, Judged, Location, Undecided
from govcheck.paths import display
from govcheck.policy import MODEL_CONFIGURATION, Policy
from govcheck.records import frozen, replace
from govcheck.registry import Said, check


@frozen(kw_only=True)
class Quote:
    """Words that a policy rests on."""

    __pydantic_config__: ClassVar[dict[str, Any]] = MODEL_CONFIGURATION

    file: str
    """The file, from the repository's root."""

    quote: str
    """The words that have to stand in it."""


@frozen(kw_only=True)
class Agreement(Policy):
    """Which places have to say the same."""

    kind: Literal["agreement"] = "agreement"

    places: tuple[Place, ...] = ()
    """Where it is said; the first is what the others are held to."""

    relation: Literal["same", "subset", "equal"] = "same"
    """How the others stand to the first: the same values, some of its values, or the one value of all."""

    ignore_case: bool = False
    """Whether `Danger` and `danger` are the same."""

    quotes: tuple[Quote, ...] = ()
    """Words that have to stand in a document, because something rests on them."""

    def problems(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """What the types cannot say: the place in the document, and what is wrong there."""
        if not self.quotes and not self.places:
            yield (), "compares nothing: give `places`, `quotes` or both"
        if len(self.places) == 1 and self.relation != "equal":
            yield (
                ("places",),
                "one place agrees with itself: name another, or let `relation: equal` compare what it says",
            )
        for number, place in enumerate(self.places):
            yield from ((("places", number, *where), said) for where, said in place.problems())
        for number, quote in enumerate(self.quotes):
            if not plain_words(quote.quote):
                yield ("quotes", number, "quote"), "says nothing"


def _read(policy: Agreement) -> Iterable[tuple[Request, ...]]:
    data = tuple(dict.fromkeys(place.file for place in policy.places if place.at))
    texts = [place.file for place in policy.places if not place.at] + [quote.file for quote in policy.quotes]
    return [(BlobsRequest(Blobs, tuple(dict.fromkeys(texts))), BlobsRequest(DataFiles, data))]


@check(wants=_read)
def places(policy: Agreement, blobs: Blobs, data: DataFiles) -> Iterator[Said]:
    """Every place against the first, and every quote against its document."""
    yield Judged(len(policy.places) + len(policy.quotes))
    found = [(place, values(place, blobs, data)) for place in policy.places]
    for place, said in found:
        if isinstance(said, Unsaid):
            yield _unsaid(place, said)
    told = [(place, said) for place, said in found if not isinstance(said, Unsaid)]
    if found and not isinstance(found[0][1], Unsaid):
        for place, said in told[1:]:
            yield from _compared(policy, told[0], (place, said))
    if policy.relation == "equal" and told and told[0][0] is policy.places[0]:
        yield from _compared(policy, (told[0][0], told[0][1][:1]), told[0])
    for quote in policy.quotes:
        yield from _quoted(quote, blobs)


_Told = tuple[Place, Sequence[Value]]


def _unsaid(place: Place, said: Unsaid) -> Said:
    location = Location(path=place.file, line=said.line)
    if said.reason is not None:
        message = f"what `{place.name}` says cannot be told: {said.why}"
        return Undecided(control="place", subject=place.name, reason=said.reason, message=message, location=location)
    return Finding(
        control="place",
        subject=place.name,
        message=f"`{place.name}` says nothing that could be compared: {said.why}",
        plane="repo",
        location=location,
        fix=Fix(text="Correct the place in the policy, or write there what belongs there"),
    )


def _compared(policy: Agreement, first: _Told, other: _Told) -> Iterator[Finding]:
    ours = {_key(policy, value): value for value in reversed(first[1])}
    theirs = {_key(policy, value): value for value in reversed(other[1])}
    for key in dict.fromkeys(_key(policy, value) for value in other[1]):
        if key not in ours:
            yield _too_many(policy, first, other, theirs[key])
    if policy.relation == "same":
        for key in dict.fromkeys(_key(policy, value) for value in first[1]):
            if key not in theirs:
                yield _lacking(first, other, ours[key])


def _key(policy: Agreement, value: Value) -> str:
    return value.text.casefold() if policy.ignore_case else value.text


def _too_many(policy: Agreement, first: _Told, other: _Told, value: Value) -> Finding:
    what, place = _shown(value), display(other[0].file)
    if policy.relation == "equal":
        message = f"{place} says {what}, and {_where(first[0], first[1][0])} says {_shown(first[1][0])}"
    else:
        message = f"{place} has {what}, and {display(first[0].file)} has not"
    return _finding(message, first, other, value)


def _lacking(first: _Told, other: _Told, value: Value) -> Finding:
    message = f"{display(other[0].file)} has not {_shown(value)}, and {_where(first[0], value)} has"
    return replace(_finding(message, first, other, value), location=_at(other[0], other[1][0]))


def _at(place: Place, value: Value) -> Location:
    return Location(path=place.file, line=value.line, column=value.column)


def _finding(message: str, first: _Told, other: _Told, value: Value) -> Finding:
    return Finding(
        control="agreement",
        subject=f"{other[0].name}: {_shown(value).strip('`')}",
        message=message,
        plane="repo",
        location=_at(other[0], value),
        fix=Fix(text="Make the two say the same: correct the one that is wrong"),
        evidence=(
            Evidence(
                text=f"{first[0].name} says {', '.join(_shown(one) for one in first[1][:10])}",
                location=Location(path=first[0].file, line=first[1][0].line),
            ),
        ),
    )


def _shown(value: Value) -> str:
    from govcheck.nodes.messages import on_one_line  # noqa: PLC0415 - only where something differs

    return f"`{on_one_line(value.text, 100)}`"


def _where(place: Place, value: Value) -> str:
    return f"{display(place.file)}:{value.line}"


def _quoted(quote: Quote, blobs: Blobs) -> Iterator[Said]:
    text = text_of(quote.file, blobs)
    subject = f"{quote.file}: {quote.quote[:100]}"
    if isinstance(text, Unsaid) and text.reason is not None:
        message = f"whether {quote.file} still says so cannot be told: {text.why}"
        place = Location(path=quote.file)
        yield Undecided(control="quote", subject=subject, reason=text.reason, message=message, location=place)
    elif isinstance(text, Unsaid) or plain_words(quote.quote) not in plain_words(text):
        gone = text.why if isinstance(text, Unsaid) else "it does not say so any more"
        yield Finding(
            control="quote",
            subject=subject,
            message=f"`{quote.quote[:100]}` is quoted from {display(quote.file)}: {gone}",
            plane="repo",
            location=Location(path=None if isinstance(text, Unsaid) else quote.file),
            fix=Fix(text="Ask what counts now, and correct what was built on these words"),
        )

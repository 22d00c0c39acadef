"""Files of JSON, YAML and TOML say what they have to: whole, or at a path, by a JSON Schema or an expression.

```yaml
kind: structured-file
id: customers-meet-people
why: What an AI writes to a customer, a person has read.
files: [app/agents/config/*.json]
at: agents.ai-customer
assert:
  required: [human_review, reviewers]
  properties:
    human_review: {const: true}
    reviewers: {type: array, minItems: 1}
```

`at` is a path into each document: keys and numbers apart by dots, `*` for every item or value, `"a.b"` for a key with
dots, `[name=ci]` for what has that value under that key. Left out, it is the whole document. Where it leads to nothing
there is a finding, unless `optional: true` says that it need not be there.

Every value there is held to `assert`, a JSON Schema (2020-12; nothing is fetched, patterns are RE2's), and to `expr`, a
CEL expression over `value` (the extra `cel`): `value.size() > 0 && value.all(r, r.startsWith("user:"))`. `const: true`
holds for `true` alone: a text `"true"` and a `1` are something else. A finding stands at the line and column of what
does not hold.

Of a YAML file with several documents each is judged; `at: "[kind=Deployment].spec"` picks among them. Dates of TOML are
texts. A key that stands twice is a finding, as is a file that is not what its name says; a file too large to be parsed
is unknown. `files` that match no tracked file are a finding as well.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal

from govcheck import globs
from govcheck.documents.data_paths import DataPathError, Found, at_steps, select, steps_of
from govcheck.facts import Request
from govcheck.facts.data_files import DataFile, DataFiles
from govcheck.facts.document import Node, plain
from govcheck.facts.tree import BlobsRequest
from govcheck.facts.workflows import Unreadable
from govcheck.findings import Finding, Fix, Judged, Location, Reason, Undecided
from govcheck.paths import display
from govcheck.policy import Policy
from govcheck.records import frozen
from govcheck.registry import Said, check


@frozen(kw_only=True)
class StructuredFile(Policy):
    """What data files have to say."""

    kind: Literal["structured-file"] = "structured-file"

    files: tuple[str, ...]
    """Globs of the files: `.json`, `.jsonc`, `.yaml`, `.yml`, `.toml`; `.jsonl`, `.ndjson`; front matter in `.md`."""

    at: str = ""
    """The path of what is judged in each document; left out: all of it."""

    assert_: Mapping[str, Any] | None = None
    """The JSON Schema that it is held to."""

    expr: str | None = None
    """The CEL expression over `value` that has to be true of it."""

    optional: bool = False
    """Whether files without anything at that path are fine."""

    def problems(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """What the types cannot say: the place in the document, and what is wrong there."""
        from govcheck.nodes.conditions import ConditionError, compile_condition  # noqa: PLC0415 - brings engines along

        if not self.files:
            yield ("files",), "an empty list governs nothing"
        for number, pattern in enumerate(self.files):
            if problem := globs.problems(pattern):
                yield ("files", number), f"`{pattern}`: {problem}"
        try:
            steps_of(self.at)
        except DataPathError as error:
            yield ("at",), str(error)
        if self.assert_ is None and self.expr is None and self.optional:
            yield (), "asks for nothing: give `assert` or `expr`, or leave `optional` out"
        for key, written in (("assert", _wrapped(self.assert_)), ("expr", self.expr)):
            try:
                if written is not None:
                    compile_condition(written, "value")
            except ConditionError as error:
                yield (key, *error.place[2:]), str(error)


def _wrapped(schema: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """The schema of a value, as one of a node that has it under `value`."""
    if schema is None:
        return None
    definitions = {key: schema[key] for key in ("$defs", "definitions") if key in schema}
    return {"properties": {"value": schema}, **definitions}


def _files(policy: StructuredFile) -> Iterable[tuple[Request, ...]]:
    return [(BlobsRequest(DataFiles, policy.files),)]


@check(wants=_files)
def contents(policy: StructuredFile, data: DataFiles) -> Iterator[Said]:
    """Every file, held to the policy."""
    yield Judged(len(data.files) or 1)
    if not data.files:
        yield _no_file(policy)
    for file in data.files.values():
        if isinstance(file.document, Unreadable):
            yield _unreadable(file, file.document)
        else:
            yield from _file(policy, file, file.document)


def _no_file(policy: StructuredFile) -> Finding:
    named = ", ".join(f"`{pattern}`" for pattern in policy.files[:5])
    return Finding(
        control="file",
        subject=policy.files[0],
        message=f"no tracked file matches {named}",
        plane="repo",
        fix=Fix(text=f"Add the file, or correct `files` of the policy `{policy.id}`"),
    )


def _unreadable(file: DataFile, document: Unreadable) -> Said:
    place = Location(path=file.path, line=document.line or None, column=document.column or None)
    name = display(file.path)
    if document.reason is not None:
        message = f"what `{name}` says cannot be told: {document.message}"
        return Undecided(control="file", subject=name, reason=document.reason, message=message, location=place)
    return Finding(
        control="file",
        subject=name,
        message=f"`{name}` cannot be parsed: {document.message}",
        plane="repo",
        location=place,
        fix=Fix(text="Correct the file at that place"),
    )


def _file(policy: StructuredFile, file: DataFile, documents: tuple[Node, ...]) -> Iterator[Said]:
    several = len(documents) > 1
    found = [
        (f"#{number}" if several else "", one)
        for number, document in enumerate(documents, 1)
        for one in select((document,), policy.at)
    ]
    if not found and not policy.optional:
        yield _nothing_there(policy, file)
    for which, one in found:
        yield from _value(policy, file, f"{display(file.path)}{which}{':' * bool(one.path)}{one.path}", one)


def _nothing_there(policy: StructuredFile, file: DataFile) -> Finding:
    what = f"nothing at `{policy.at}`" if policy.at else "no document"
    return Finding(
        control="value",
        subject=f"{display(file.path)}:{policy.at}",
        message=f"`{display(file.path)}` has {what}",
        plane="repo",
        location=Location(path=file.path),
        fix=Fix(text=f"Write it, or correct `at` of the policy `{policy.id}`"),
    )


def _value(policy: StructuredFile, file: DataFile, subject: str, found: Found) -> Iterator[Said]:
    from govcheck.nodes.conditions import ConditionError, tell  # noqa: PLC0415 - brings engines along
    from govcheck.nodes.schemas import compile_schema  # noqa: PLC0415 - as above

    value = plain(found.node)
    place = Location(path=file.path, line=found.node.line, column=found.node.column)
    try:
        wrong = compile_schema(_wrapped(policy.assert_) or {}).worst({"value": value})
        if wrong is not None:
            steps, why = wrong
            yield _failing(file, subject, found, steps[1:], why)
        if policy.expr is not None and not tell(policy.expr, "value", {"value": value}).holds:
            yield _failing(file, subject, found, (), f"`{policy.expr}` is not true of it")
    except (ConditionError, ArithmeticError, RecursionError) as error:
        reason = error.reason if isinstance(error, ConditionError) else Reason.DYNAMIC
        message = f"whether `{subject}` is as the policy says cannot be told: {error}"
        yield Undecided(control="value", subject=subject, reason=reason, message=message, location=place)


def _failing(file: DataFile, subject: str, found: Found, steps: tuple[str | int, ...], why: str) -> Finding:
    from govcheck.nodes.messages import on_one_line  # noqa: PLC0415 - most runs of the hook find nothing

    node = at_steps(found.node, steps)
    deeper = ".".join(map(str, steps))
    where = f", at `{deeper}`" if deeper else ""
    return Finding(
        control="value",
        subject=subject,
        message=f"`{subject}` is not as the policy says{where}: {on_one_line(why)}",
        plane="repo",
        location=Location(path=file.path, line=node.line, column=node.column),
        fix=Fix(text="Correct the value, or what the policy asserts"),
    )

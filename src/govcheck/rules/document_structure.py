"""Documents of one sort have one form: fields at their top, headings, a list of changes, and nothing left to fill in.

```yaml
kind: document-structure
id: directions-have-their-form
why: Who reads one direction knows where to look in all of them.
files: ["docs/directions/*.md"]
template: docs/directions/agenttemplate.md
fields:
  owner: {one_of: [manager, Manager Agent]}
  version: {pattern: "[0-9]+[.][0-9]+"}
  effective: {max_age: 30d}
changelog: Change Log
version_bump: true
placeholders: [TODO, TBD]
```

Read are the Markdown files that `files` match and `except` does not; the template is never one of them.

- `fields`: keys of the front matter, or of lines such as `- **Owner:** manager` before the second heading. Case, `_`
  and `-` make no difference in a key. Each has to be there and to say something; `optional: true` lets it be left out.
  `one_of` and `pattern` (RE2) are held against the whole value without marks, `one_of` without regard to case; `{path}`
  and `{name}` in it are the document's own path, and its name without ending. `max_age` reads the value as a date.
- `headings`: these have to be there, in this order, with something below each. `template` takes those of another
  document, but not its title. A placeholder in a heading (`<Agent Name>`) is anything. A remark in parentheses makes no
  difference. `other_headings: false` allows no others of the levels that the template has.
- `changelog`: words of the heading or line above the list of changes. One of its entries has to have the document's
  version, and none may be of a later date or a higher version. So the newest may stand first or last.
- `version_bump`: in a change, whoever changes the text changes the line of the version.
- `last_item`: the last item of a list has to match a pattern.
- `placeholders`: words that nobody left in, such as `TODO`; and with a template every `<placeholder>` that it has.

A line from which a shell took something is told in any case: a backslash that stands alone, a link to nothing, a path
in code with an empty part (`feedback//.md`). Code is not looked into otherwise.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, ClassVar, Literal

from govcheck import globs
from govcheck.documents.changelogs import newer_entry
from govcheck.documents.headers import Said as Told
from govcheck.documents.headers import name_of, said_in_text, said_of_itself, without_front_matter
from govcheck.documents.headings import Fault, faults, wanted_of
from govcheck.documents.markdown import Line, introduced, lines
from govcheck.documents.placeholders import eaten, in_angles, unfilled
from govcheck.documents.texts import Unsaid, text_of
from govcheck.documents.unread import no_document, unreadable, untold
from govcheck.facts import Missing, Request
from govcheck.facts.change import AddedLines, Change, ChangeType, RemovedLines
from govcheck.facts.data_files import DataFiles
from govcheck.facts.now import Now
from govcheck.facts.tree import Blobs, BlobsRequest, ChangedFiles, ChangedFilesRequest
from govcheck.facts.workflows import Unreadable
from govcheck.findings import Finding, Fix, Judged, Location, Undecided
from govcheck.globs import compile_globs
from govcheck.paths import display
from govcheck.patterns import compile_python
from govcheck.policy import MODEL_CONFIGURATION, Policy
from govcheck.records import field, frozen
from govcheck.registry import Said, check
from govcheck.text.document_fields import Field, pattern_problems, wrong

_LONGEST = 80


@frozen(kw_only=True)
class LastItem:
    """How a list ends."""

    __pydantic_config__: ClassVar[dict[str, Any]] = MODEL_CONFIGURATION

    below: str
    """Words of the heading or line that the list stands below."""

    pattern: str
    """A regular expression (RE2) that has to match somewhere in the last item."""


@frozen(kw_only=True)
class DocumentStructure(Policy):
    """The form that documents have."""

    kind: Literal["document-structure"] = "document-structure"

    files: tuple[str, ...]
    """Globs of the Markdown files."""

    except_: tuple[str, ...] = ()
    """Globs of files among them that have another form."""

    fields: Mapping[str, Field] = field(default_factory=dict)
    """What they say of themselves at their top, by key."""

    headings: tuple[str, ...] = ()
    """Headings that they have, in this order."""

    template: str = ""
    """A file of the repository whose headings they have, and whose placeholders they have not."""

    other_headings: bool = True
    """Whether they may have other headings as well."""

    changelog: str = ""
    """Words of the heading or line above the list of changes."""

    version: str = "version"
    """The field that has the version."""

    version_bump: bool = False
    """Whether whoever changes the text has to change the version."""

    last_item: tuple[LastItem, ...] = ()
    """How lists end."""

    placeholders: tuple[str, ...] = ()
    """Words that may not be left in the text."""

    def problems(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """What the types cannot say: the place in the document, and what is wrong there."""
        if not self.files:
            yield ("files",), "an empty list governs nothing"
        written = (("files", self.files), ("except", self.except_))
        yield from (((key, number), said) for key, patterns in written for number, said in globs.problems_of(patterns))
        if self.template and (globs.literal(self.template) != self.template or globs.problems(self.template)):
            yield ("template",), "a file, from the repository's root: no glob"
        if self.template and self.headings:
            yield ("headings",), "the template has the headings: leave one of the two out"
        if not self.other_headings and not (self.template or self.headings):
            yield ("other_headings",), "no heading is named by `template` or `headings`"
        for key, words in (("headings", self.headings), ("placeholders", self.placeholders)):
            if not all(word.strip() for word in words):
                yield (key,), "an empty word is everywhere"
        for key, one in self.fields.items():
            yield from ((("fields", key, *where), said) for where, said in one.problems())
        for number, item in enumerate(self.last_item):
            yield from ((("last_item", number, "pattern"), said) for said in pattern_problems(item.pattern))


def _read(policy: DocumentStructure) -> Iterable[tuple[Request, ...]]:
    blobs = (*policy.files, globs.literal(policy.template)) if policy.template else policy.files
    return [(BlobsRequest(Blobs, blobs), BlobsRequest(DataFiles, policy.files))]


@frozen(kw_only=True)
class _Document:
    path: str
    fields: Mapping[str, Told]
    lines: tuple[Line, ...]


@check(wants=_read)
def form(policy: DocumentStructure, blobs: Blobs, front: DataFiles, now: Now) -> Iterator[Said]:
    """Every document."""
    documents = list(_documents(policy, blobs, front))
    yield Judged(len(documents) or 1)
    if not documents:
        yield no_document(policy.files, policy.id)
    template: tuple[Line, ...] = ()
    if policy.template:
        text = text_of(policy.template, blobs)
        if isinstance(text, Unsaid):
            yield _no_template(policy, text)
        else:
            template = lines(without_front_matter(text))
    for document in documents:
        if isinstance(document, _Document):
            yield from _fields(policy, document, now)
            yield from _headings(policy, document, template)
            yield from _changelog(policy, document)
            yield from _last_items(policy, document)
            yield from _left(policy, document, template)
        else:
            yield document


def _held(policy: DocumentStructure, blobs: Blobs) -> list[str]:
    left_out = compile_globs(policy.except_)
    wanted = compile_globs(policy.files).accepted(blobs.contents)
    return [path for path in wanted if path != policy.template and not left_out.matches(path)]


def _documents(policy: DocumentStructure, blobs: Blobs, front: DataFiles) -> Iterator[_Document | Finding | Undecided]:
    for path in _held(policy, blobs):
        text = text_of(path, blobs)
        file = front.files.get(path)
        if isinstance(text, Unsaid):
            yield untold(path, text, f"what {display(path)} has")
        elif file is not None and isinstance(file.document, Unreadable):
            yield unreadable("front-matter", file, file.document, "the front matter")
        else:
            shown = lines(without_front_matter(text))
            documents = file.document if file is not None and not isinstance(file.document, Unreadable) else ()
            yield _Document(path=path, fields=said_of_itself(documents, shown), lines=shown)


def _no_template(policy: DocumentStructure, unsaid: Unsaid) -> Finding | Undecided:
    if unsaid.reason is not None:
        return untold(policy.template, unsaid, f"what the template {policy.template} has", "template")
    message = f"the template {display(policy.template)} cannot be read: {unsaid.why}"
    mend = Fix(text="Correct `template`, or add the file")
    return Finding(control="template", subject=display(policy.template), message=message, plane="repo", fix=mend)


def _fields(policy: DocumentStructure, document: _Document, now: Now) -> Iterator[Finding]:
    for key, wanted in policy.fields.items():
        told = document.fields.get(name_of(key))
        if told is None or not told.value:
            if not wanted.optional:
                what = "does not say" if told is None else "says nothing of"
                message = f"{display(document.path)} {what} its `{key}`"
                yield _finding("field", document, key, message, f"Write `{key}:` and its value at the top", told)
            continue
        for fault in wrong(wanted, told.value, document.path, now.instant):
            message = f"`{key}` of {display(document.path)} is `{_short(told.value)}`: {fault}"
            yield _finding("field", document, key, message, "Correct it", told, actual=told.value)


def _headings(policy: DocumentStructure, document: _Document, template: tuple[Line, ...]) -> Iterator[Finding]:
    wanted = wanted_of(template) if policy.template else policy.headings
    if wanted:
        levels = {line.level for line in template if line.kind == "heading"} - {1} or {2}
        for fault in faults(document.lines, wanted, others=policy.other_headings, levels=levels):
            yield _heading(document, fault)


def _heading(document: _Document, fault: Fault) -> Finding:
    message = f"{display(document.path)} {fault.message}"
    return _finding(fault.control, document, fault.heading, message, fault.mend, fault.line)


def _changelog(policy: DocumentStructure, document: _Document) -> Iterator[Finding]:
    version = document.fields.get(name_of(policy.version))
    if not policy.changelog or version is None or not version.value:
        return
    entries = introduced(document.lines, policy.changelog, "item")
    told = newer_entry(entries, version.value) if entries else f"no list stands below `{policy.changelog}`"
    if isinstance(told, Line):
        message = f"`{_short(told.plain)}` is a newer change than version {version.value}"
        yield _finding("changelog", document, version.value, message, "Write the newest version at the top", version)
    elif told is not None:
        message = f"{display(document.path)} is of version {version.value}, and its list of changes does not go with it"
        mend = f"Add an entry for {version.value}, or correct the version"
        yield _finding("changelog", document, version.value, f"{message}: {told}", mend, next(iter(entries), version))


def _last_items(policy: DocumentStructure, document: _Document) -> Iterator[Finding]:
    for wanted in policy.last_item:
        items = introduced(document.lines, wanted.below, "item")
        last = items[-1] if items else None
        if last is None or not compile_python(wanted.pattern).found(last.raw):
            ends = f"ends with `{_short(last.plain)}`" if last else "is not there"
            message = f"the list below `{wanted.below}` {ends}, and its last item has to match `{wanted.pattern}`"
            yield _finding("last-item", document, wanted.below, message, "Add that item at the end of the list", last)


def _left(policy: DocumentStructure, document: _Document, template: tuple[Line, ...]) -> Iterator[Finding]:
    placeholders = dict.fromkeys((*policy.placeholders, *in_angles(template)))
    for line, word in unfilled(document.lines, placeholders):
        message = f"{display(document.path)} still has `{word}`"
        yield _finding("placeholder", document, f"{word} in {_short(line.plain)}", message, "Fill it in", line)
    for line, gone in eaten(document.lines):
        message = f"something is gone from `{_short(line.plain)}`: `{gone.strip()}` leads nowhere"
        yield _finding("eaten", document, _short(line.plain), message, "Write again what a shell took out", line)


def _changed(policy: DocumentStructure) -> Iterable[tuple[Request, ...]]:
    return [(ChangedFilesRequest(ChangedFiles, policy.files),)] if policy.version_bump else []


@check(wants=_changed)
def bumped(
    policy: DocumentStructure, change: Change, left: ChangedFiles, added: AddedLines, removed: RemovedLines
) -> Iterator[Said]:
    """In a change: whoever changes the text changes the version."""
    modified = {entry.path for entry in change.paths if entry.type is ChangeType.MODIFY}
    texts = Blobs({path: content for path, content in left.contents.items() if path in modified})
    held = _held(policy, texts)
    yield Judged(len(held))
    for path in held:
        text, rows = text_of(path, texts), added.lines.get(path, ())
        asked = f"whether the version of {display(path)} is raised"
        if isinstance(text, Unsaid):
            yield untold(path, text, asked, "version-bump")
        elif isinstance(rows, Missing):
            yield untold(path, Unsaid(why=rows.message, reason=rows.reason), asked, "version-bump")
        elif rows or removed.counts.get(path):
            document = _Document(path=path, fields=said_in_text(text), lines=())
            yield from _unbumped(policy, document, {number for number, _ in rows})


def _unbumped(policy: DocumentStructure, document: _Document, rows: Collection[int]) -> Iterator[Finding]:
    version = document.fields.get(name_of(policy.version))
    if version is not None and version.line not in rows:
        message = f"{display(document.path)} is changed, and is still of version {version.value}"
        yield _finding("version-bump", document, "", message, "Raise its version", version)


def _finding(  # noqa: PLR0917 - what, where, how to mend it: each once
    control: str,
    document: _Document,
    subject: str,
    message: str,
    mend: str,
    at: Line | Told | None,
    actual: str | None = None,
) -> Finding:
    line = at.number if isinstance(at, Line) else at.line if at is not None else None
    return Finding(
        control=control,
        subject=f"{display(document.path)}: {subject}" if subject else display(document.path),
        message=message,
        plane="repo",
        location=Location(path=document.path, line=line),
        actual=actual,
        fix=Fix(text=mend),
    )


def _short(text: str) -> str:
    from govcheck.nodes.messages import on_one_line  # noqa: PLC0415 - only where something is wrong

    return on_one_line(text, _LONGEST)

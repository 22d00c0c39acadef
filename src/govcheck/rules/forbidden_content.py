"""Nothing is written into files that must not stand there; a secret's value is never shown.

```yaml
kind: forbidden-content
id: no-keys
why: A key in a file is a key that everybody has.
patterns:
  - {name: environment-key, assigned: [PUBLER_API_KEY, FLY_API_TOKEN]}
  - {name: private-key, literal: "-----BEGIN RSA PRIVATE KEY-----"}
  - {name: service-role, regex: "eyJ[A-Za-z0-9_-]{20,}[.][A-Za-z0-9_-]{20,}"}
except: ["docs/examples/**"]
```

At pre-commit and in CI the lines that the change adds are judged. With `scope: tree` a whole tree and a sweep judge
every line of the files that `paths` names as well.

- `literal` is found as it is written, `regex` by RE2, both within one line.
- `assigned` finds a name that is given a value: `KEY=...`, `"KEY": "..."`, `KEY: ...`. The bare name is no finding, nor
  is a reference such as `process.env.KEY`, `${KEY}` or `${{ secrets.KEY }}`, a variable in code, or what plainly stands
  in a value's place: `<your key>`, `changeme`, `xxxx`.

A finding names the file, its lines and the pattern. Neither the value nor the line is printed, whatever it looks like.
Zero bytes are passed over, so that UTF-16 hides nothing. A file that is too large to be read is unknown.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, ClassVar, Literal, TypeVar

from govcheck import globs
from govcheck.facts import Missing, Request
from govcheck.facts.change import AddedLines
from govcheck.facts.tree import Blobs, BlobsRequest, Tree
from govcheck.findings import Evidence, Finding, Fix, Judged, Location, Undecided
from govcheck.globs import compile_globs
from govcheck.paths import display
from govcheck.policy import MODEL_CONFIGURATION, Policy
from govcheck.records import frozen
from govcheck.registry import Said, check

Lines = Iterable[tuple[int, bytes]]
Test = Callable[[str, str], str | None]
"""From a line and its file's path to what of the pattern was found there; None: nothing."""

_Content = TypeVar("_Content")
_OF_THE_WHOLE = re.compile(r"\\[AzZ]|\(\?[a-zA-Z]*-")
"""What means another thing in a whole file than in one of its lines."""

_SHOWN = 20
_MASK = "****"
_ROTATE = "Take it out, and rotate the secret if it was one: what was pushed is known"
_MAY_BE_SECRET = re.compile(r"key|secret|token|password|credential|auth|private", re.IGNORECASE)


@frozen(kw_only=True)
class ContentPattern:
    """One thing that must not stand in a line; exactly one of `literal`, `regex` and `assigned` is given."""

    __pydantic_config__: ClassVar[dict[str, Any]] = MODEL_CONFIGURATION

    name: str
    """How findings name it: `private-key`."""

    literal: str | None = None
    """Text that is found as it is written."""

    regex: str | None = None
    """A regular expression (RE2)."""

    assigned: tuple[str, ...] | None = None
    """Names that must not be given a value: `FLY_API_TOKEN`."""


@frozen(kw_only=True)
class ForbiddenContent(Policy):
    """What must not be written into files."""

    kind: Literal["forbidden-content"] = "forbidden-content"

    patterns: tuple[ContentPattern, ...]
    """What must not stand there."""

    paths: tuple[str, ...] = ("**",)
    """Globs of the files that are looked into; all, where it is left out."""

    except_: tuple[str, ...] = ()
    """Globs of files among them that are not."""

    scope: Literal["added", "tree"] = "added"
    """`added`: lines that a change adds. `tree`: over a whole tree and in a sweep every line as well."""

    def problems(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """What the types cannot say: the place in the document, and what is wrong there."""
        if not self.patterns:
            yield ("patterns",), "an empty list forbids nothing: write at least one pattern"
        names = [pattern.name for pattern in self.patterns]
        for number, pattern in enumerate(self.patterns):
            if names.index(pattern.name) != number:
                yield ("patterns", number, "name"), f"`{pattern.name}` is the name of another pattern"
            yield from (((("patterns", number, *place)), said) for place, said in _wrong(pattern))
        for key, patterns in (("paths", self.paths), ("except", self.except_)):
            for number, one in enumerate(patterns):
                if problem := globs.problems(one):
                    yield (key, number), f"`{one}`: {problem}"


def _wrong(pattern: ContentPattern) -> Iterator[tuple[tuple[str | int, ...], str]]:
    given = [one for one in (pattern.literal, pattern.regex, pattern.assigned) if one is not None]
    if len(given) != 1:
        yield (), "give exactly one of `literal`, `regex` and `assigned`"
    elif not given[0] or (pattern.assigned is not None and not all(pattern.assigned)):
        yield (), "what is empty is found in every line: write what must not stand there"
    elif pattern.regex is not None:
        from govcheck import patterns  # noqa: PLC0415 - loads RE2

        try:
            if patterns.compile_python(pattern.regex).found(""):
                yield ("regex",), f"`{pattern.regex}` is found in every line, the empty one too"
        except patterns.PatternError as error:
            yield ("regex",), f"`{pattern.regex}`: {error}"


def _whole_tree(policy: ForbiddenContent) -> Iterable[tuple[Request, ...]]:
    return [(BlobsRequest(Blobs, policy.paths),)] if policy.scope == "tree" else []


@check()
def added_lines(policy: ForbiddenContent, added: AddedLines) -> Iterator[Said]:
    """The lines that the change adds."""
    wanted = compile_globs(policy.paths)
    left = _not_excepted(policy, {path: lines for path, lines in added.lines.items() if wanted.matches(path)})
    yield Judged(len(left))
    tests = [(pattern, _test(pattern)) for pattern in policy.patterns]
    for path, lines in left.items():
        if isinstance(lines, Missing):
            yield _unread(path, lines)
        else:
            yield from _of_file(path, lines, tests, "adds")


@check(wants=_whole_tree)
def tracked_lines(policy: ForbiddenContent, tree: Tree, blobs: Blobs) -> Iterator[Said]:
    """Every line of the files, over a whole tree and in a sweep."""
    judged = [(pattern, _test(pattern), _presence(pattern)) for pattern in policy.patterns]
    files = {path: content for path, content in blobs.contents.items() if path in tree.modes}
    left = _not_excepted(policy, files)
    yield Judged(len(left))
    for path, content in left.items():
        if isinstance(content, Missing):
            yield _unread(path, content)
            continue
        bare = content.replace(b"\0", b"") if b"\0" in content else content
        tests = [(pattern, test) for pattern, test, may_have in judged if may_have(bare)]
        if tests:
            yield from _of_file(path, enumerate(content.split(b"\n"), start=1), tests, "has")


def _not_excepted(policy: ForbiddenContent, files: Mapping[str, _Content]) -> dict[str, _Content]:
    excepted = compile_globs(policy.except_)
    return {path: content for path, content in files.items() if not excepted.matches(path)}


def _presence(pattern: ContentPattern) -> Callable[[bytes], bool]:
    """Whether the pattern may be found in some line of a file, by its bytes without zeros: never False where it is."""
    said = pattern.assigned or ((pattern.literal,) if pattern.literal else ())
    # What is no text, and what bytes that are no text are read as, is not to be found in a file as it stands here.
    if said and all(one and one.isprintable() and "\ufffd" not in one for one in said):
        hints = tuple(one.encode() for one in said)
        return lambda content: any(hint in content for hint in hints)
    if said or pattern.regex is None or _OF_THE_WHOLE.search(pattern.regex):
        return lambda _: True
    from govcheck import patterns  # noqa: PLC0415 - loads RE2

    try:
        of_lines = patterns.compile_python(f"(?m){pattern.regex}")
    except patterns.PatternError:  # it is as long as it may be
        return lambda _: True
    return lambda content: of_lines.found(content.decode("utf-8", "replace"))


def _of_file(path: str, lines: Lines, tests: list[tuple[ContentPattern, Test]], verb: str) -> Iterator[Finding]:
    found: dict[str, list[tuple[int, str]]] = {}
    for number, raw in lines:
        line = raw.replace(b"\0", b"").decode("utf-8", "replace")
        for pattern, test in tests:
            what = test(line, path)
            if what is not None:
                found.setdefault(pattern.name, []).append((number, what))
    for name, places in found.items():
        yield _finding(path, name, places, verb)


def _test(pattern: ContentPattern) -> Test:
    if pattern.literal is not None:
        literal = pattern.literal
        return lambda line, _: _MASK if literal in line else None
    if pattern.assigned is not None:
        from govcheck.text.assignments import assigned  # noqa: PLC0415 - only where it is asked for

        names = pattern.assigned
        return lambda line, path: next((f"{name} = {_MASK}" for name in assigned(line, names, path)), None)
    from govcheck import patterns  # noqa: PLC0415 - loads RE2

    compiled = patterns.compile_python(pattern.regex or "")
    return lambda line, _: _MASK if compiled.found(line) else None


def _finding(path: str, name: str, places: list[tuple[int, str]], verb: str) -> Finding:
    first, what = places[0]
    shown = display(path)
    others = len(places) - 1
    more = f", and in {others} more line{'s' if others > 1 else ''}" if others else ""
    named = f" (`{what}`)" if what != _MASK else ""
    return Finding(
        control=name,
        subject=shown,
        message=f"`{shown}` {verb} what `{name}` forbids in line {first}{named}{more}",
        plane="repo",
        location=Location(path=path, line=first),
        actual=len(places),
        fix=Fix(text=_ROTATE if what != _MASK or _MAY_BE_SECRET.search(name) else "Take it out"),
        evidence=tuple(
            Evidence(text=f"`{name}` again", location=Location(path=path, line=number))
            for number, _ in places[1 : _SHOWN + 1]
        ),
        quotable=False,
    )


def _unread(path: str, missing: Missing) -> Undecided:
    return Undecided(
        control="content",
        subject=display(path),
        reason=missing.reason,
        message=f"`{display(path)}` is not looked into: {missing.message}",
        location=Location(path=path),
    )

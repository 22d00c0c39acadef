"""What documents name is there: files, folders, npm scripts, workflows.

```yaml
kind: references
id: documents-name-what-is-there
why: A checklist that names a script which is gone is ticked all the same.
files: [README.md, "docs/**/*.md"]
except: ["docs/_archive/**"]
names: [path, link, script, workflow]
```

Read are the Markdown files that `files` match and `except` does not. Only code and links name something:

- `path`: a path in `code`, or one that a command runs (`node scripts/a.mjs`). A tracked file or folder has to have it,
  from the root or from the document's folder.
- `link`: a link that leads into the repository. The same, from the document's folder.
- `script`: `npm run lint` (pnpm and yarn as well). A tracked `package.json` has to have that script; and the files that
  its scripts run have to be there.
- `workflow`: `gh workflow run ci`. A workflow has to have that file's name or that title, and to be run it needs
  `workflow_dispatch`.

A word in code counts as a path where it begins with a folder or file that the repository has at its root, or where its
name ends as files do (`.md`, `.sh`, `.yml`, ...); without a folder it may lie anywhere. Patterns, placeholders
(`<agent>`, dates) and addresses name no path. What git ignores is made, not kept, and is not looked for.

Each thing that is missing is told once for each document, with every line and the nearest that is there.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Literal

from govcheck import globs
from govcheck.actions.workflow import Workflow, read
from govcheck.documents.data_paths import select
from govcheck.documents.mentions import Mention, Sort, commands, mentions
from govcheck.documents.texts import Unsaid, text_of
from govcheck.facts import Request
from govcheck.facts.data_files import DataFiles
from govcheck.facts.document import Scalar
from govcheck.facts.tree import Blobs, BlobsRequest, TrackedFiles
from govcheck.facts.workflows import Unreadable, Workflows
from govcheck.findings import Evidence, Finding, Fix, Judged, Location, Reason, Undecided
from govcheck.globs import compile_globs
from govcheck.paths import display
from govcheck.policy import Policy
from govcheck.records import frozen
from govcheck.registry import Said, check

_IGNORE = ".gitignore"
_NAMES: tuple[Sort, ...] = ("path", "link", "script", "workflow")
_FILE_ENDS = (".cjs", ".json", ".jsonl", ".md", ".mjs", ".sh", ".sql", ".toml", ".yaml", ".yml")
_SOURCE_ENDS = (".css", ".js", ".jsx", ".py", ".ts", ".tsx")
"""Without a folder these may be the name of something else: `Node.js`."""

_EVERYWHERE = frozenset({"README.md", "package.json", "index.ts", "index.js", "index.md"})
"""Names of files that say nothing of which one is meant."""

_SHOWN = 5
_MOST_COMPARED = 20_000


@frozen(kw_only=True)
class References(Policy):
    """Which documents are read, and what they name."""

    kind: Literal["references"] = "references"

    files: tuple[str, ...]
    """Globs of the Markdown files."""

    except_: tuple[str, ...] = ()
    """Globs of files among them that are not read: archives."""

    names: tuple[Sort, ...] = _NAMES
    """What is looked for."""

    ignore: tuple[str, ...] = ()
    """Globs of paths and names that need not be there."""

    def problems(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """What the types cannot say: the place in the document, and what is wrong there."""
        for key in ("files", "names"):
            if not getattr(self, key):
                yield (key,), "an empty list looks at nothing"
        for key, patterns in (("files", self.files), ("except", self.except_), ("ignore", self.ignore)):
            for number, pattern in enumerate(patterns):
                if problem := globs.problems(pattern):
                    yield (key, number), f"`{pattern}`: {problem}"


def _read(policy: References) -> Iterable[tuple[Request, ...]]:
    return [(BlobsRequest(Blobs, (*policy.files, _IGNORE)), BlobsRequest(DataFiles, ("**/package.json",)))]


@check(wants=_read)
def named(
    policy: References, tracked: TrackedFiles, blobs: Blobs, manifests: DataFiles, workflows: Workflows
) -> Iterator[Said]:
    """Every document, with what it names."""
    left_out = compile_globs(policy.except_)
    wanted = compile_globs(policy.files)
    paths = [path for path in blobs.contents if wanted.matches(path) and not left_out.matches(path)]
    yield Judged(len(paths))
    if not paths:
        yield _no_document(policy)
    there = _There(policy, tracked, blobs, manifests, workflows)
    for path in paths:
        text = text_of(path, blobs)
        if isinstance(text, Unsaid):
            yield _untold(path, text)
        else:
            yield from _document(policy, path, text, there)
    if "script" in policy.names:
        yield from _run_by_scripts(manifests, there)


class _There:
    """What the repository has."""

    def __init__(
        self, policy: References, tracked: TrackedFiles, blobs: Blobs, manifests: DataFiles, workflows: Workflows
    ) -> None:
        self.files = tracked.modes
        self.folders = {path[:at] for path in tracked.modes for at, mark in enumerate(path) if mark == "/"}
        self.roots = {path.partition("/")[0] for path in tracked.modes}
        self.names = {path.rpartition("/")[2] for path in (*tracked.modes, *self.folders)}
        self.scripts = dict(_scripts(manifests))
        self.blind = any(isinstance(file.document, Unreadable) for file in manifests.files.values())
        self.workflows = [read(file) for file in workflows.files]
        ignored = blobs.contents.get(_IGNORE)
        lines = ignored.decode("utf-8", "replace").splitlines() if isinstance(ignored, bytes) else []
        rules = [line.rstrip() for line in lines if line.strip() and not line.startswith("#")]
        self._ignored = compile_globs([rule for rule in rules if not globs.problems(rule, "gitignore")], "gitignore")
        self._not_looked_for = compile_globs(policy.ignore)

    def is_excused(self, name: str) -> bool:
        """Whether git ignores it, or the policy says that it need not be there."""
        bare = name.rstrip("/")
        return self._ignored.matches(bare) or self._ignored.matches(f"{bare}/x") or self._not_looked_for.matches(bare)

    def has(self, name: str) -> bool:
        """Whether a file or a folder has that path."""
        bare = name.rstrip("/")
        return bare in {"", "."} or bare in self.folders or (bare in self.files and not name.endswith("/"))


def _scripts(manifests: DataFiles) -> Iterator[tuple[str, str]]:
    for path, file in manifests.files.items():
        if not isinstance(file.document, Unreadable):
            yield from ((one.path.removeprefix("scripts."), path) for one in select(file.document, "scripts.*"))


def _document(policy: References, path: str, text: str, there: _There) -> Iterator[Said]:
    lines: Mapping[tuple[Sort, str], list[Mention]] = defaultdict(list)
    for mention in mentions(path, text):
        if mention.sort in policy.names:
            lines[mention.sort, mention.name].append(mention)
    for (sort, name), found in lines.items():
        if there.is_excused(name):
            continue
        if sort in {"path", "link"}:
            yield from _path(path, name, found, there)
        elif sort == "script":
            yield from _script(path, name, found, there)
        else:
            yield from _workflow(path, name, found, there)


def _path(document: str, name: str, found: list[Mention], there: _There) -> Iterator[Finding]:
    folder = document.rpartition("/")[0]
    if there.has(name) or (folder and there.has(f"{folder}/{name}")):
        return
    if found[0].sort == "path":
        is_rooted = "/" in name.rstrip("/") and name.partition("/")[0] in there.roots
        is_file = name.endswith(_FILE_ENDS) or ("/" in name and name.endswith(_SOURCE_ENDS))
        if not (is_rooted or is_file) or ("/" not in name and name in there.names):
            return
    what = "leads to" if found[0].sort == "link" else "names"
    yield _missing(document, name, found, f"{what} `{display(name)}`, which is not there", _nearest(name, there.files))


def _script(document: str, name: str, found: list[Mention], there: _There) -> Iterator[Said]:
    if name in there.scripts:
        return
    if there.blind:
        message = f"whether there is a script `{name}` cannot be told: a package.json cannot be read"
        yield Undecided(
            control="script",
            subject=f"{display(document)}: {name}",
            reason=Reason.UNPARSEABLE,
            message=message,
            location=Location(path=document, line=found[0].line),
        )
        return
    told = f"names the npm script `{name}`, which no package.json has"
    yield _missing(document, name, found, told, _nearest(name, there.scripts))


def _run_by_scripts(manifests: DataFiles, there: _There) -> Iterator[Finding]:
    """Files that the scripts of a package.json run."""
    for path, file in manifests.files.items():
        folder = path.rpartition("/")[0]
        for script in [] if isinstance(file.document, Unreadable) else select(file.document, "scripts.*"):
            command = script.node.text if isinstance(script.node, Scalar) else ""
            for mention in commands(command, script.node.line):
                name = f"{folder}/{mention.name}" if folder else mention.name
                if mention.sort == "path" and not there.has(name) and not there.is_excused(name):
                    told = f"runs `{display(name)}` in its script `{script.path.removeprefix('scripts.')}`"
                    yield _missing(path, name, [mention], f"{told}, which is not there", _nearest(name, there.files))


def _workflow(document: str, name: str, found: list[Mention], there: _There) -> Iterator[Finding]:
    workflow = next((one for one in there.workflows if name.casefold() in map(str.casefold, _called(one))), None)
    if workflow is None:
        known = [called for one in there.workflows for called in _called(one)]
        yield _missing(document, name, found, f"names the workflow `{name}`, which is not there", _nearest(name, known))
    elif any(one.runs for one in found) and _cannot_be_run(workflow):
        told = f"starts the workflow `{name}`, which has no `workflow_dispatch`"
        yield _missing(document, name, found, told, f"{workflow.path} with `workflow_dispatch` below `on`")


def _cannot_be_run(workflow: Workflow) -> bool:
    is_read = not isinstance(workflow.file.document, Unreadable)
    return is_read and workflow.trigger("workflow_dispatch") is None


def _called(workflow: Workflow) -> tuple[str, ...]:
    """What `gh workflow` knows it by, without regard to case: https://cli.github.com/manual/gh_workflow_run."""
    name = workflow.path.rpartition("/")[2]
    return (name, workflow.path, workflow.title)


def _last(path: str) -> str:
    return path.rpartition("/")[2].casefold()


def _nearest(name: str, known: Collection[str]) -> str:
    """What was perhaps meant: the same name elsewhere, or one that is spelled alike."""
    last = name.rstrip("/").rpartition("/")[2]
    elsewhere = next((one for one in known if _last(one) == last.casefold() and last not in _EVERYWHERE), "")
    if elsewhere or len(known) > _MOST_COMPARED:
        return elsewhere
    same_folder = [one for one in known if one.rpartition("/")[0] == name.rpartition("/")[0]]
    close = get_close_matches(name, same_folder, 1, 0.75) or get_close_matches(name, known, 1, 0.85)
    return close[0] if close else ""


def _missing(document: str, name: str, found: list[Mention], told: str, nearest: str) -> Finding:
    lines = list(dict.fromkeys(one.line for one in found))
    meant = f"Is `{display(nearest)}` meant? " if nearest else ""
    return Finding(
        control=found[0].sort,
        subject=f"{display(document)}: {display(name)}",
        message=f"{display(document)} {told}",
        plane="repo",
        location=Location(path=document, line=lines[0]),
        actual=nearest or None,
        fix=Fix(text=f"{meant}Correct the text, or add what it names"),
        evidence=tuple(
            Evidence(text="named here as well", location=Location(path=document, line=line))
            for line in lines[1 : _SHOWN + 1]
        ),
    )


def _untold(path: str, text: Unsaid) -> Undecided:
    return Undecided(
        control="document",
        subject=display(path),
        reason=text.reason or Reason.MISSING_OBJECT,
        message=f"what `{display(path)}` names cannot be told: {text.why}",
        location=Location(path=path),
    )


def _no_document(policy: References) -> Finding:
    return Finding(
        control="document",
        subject=policy.files[0],
        message=f"no tracked file matches {', '.join(f'`{pattern}`' for pattern in policy.files[:_SHOWN])}",
        plane="repo",
        fix=Fix(text=f"Correct `files` of the policy `{policy.id}`"),
    )

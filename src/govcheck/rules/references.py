"""What documents name is there: files, folders, npm scripts, workflows, branches, open issues.

```yaml
kind: references
id: documents-name-what-is-there
why: A checklist that names a script which is gone is ticked all the same.
files: [README.md, "docs/**/*.md"]
except: ["docs/_archive/**"]
names: [path, link, script, workflow, branch, issue]
```

Read are the Markdown files that `files` match and `except` does not. Only code and links name something:

- `path`: a path in `code`, or one that a command runs (`node scripts/a.mjs`). A tracked file or folder has to have it,
  from the root or from the document's folder.
- `link`: a link that leads into the repository. The same, from the document's folder.
- `script`: `npm run lint` (pnpm and yarn as well). A tracked `package.json` has to have that script; and the files that
  its scripts run have to be there.
- `workflow`: `gh workflow run ci`. A workflow has to have that file's name or that title, and to be run it needs
  `workflow_dispatch`.

- `branch`: `origin/x`, `git checkout x`, `gh workflow run ci --ref x`. The repository has to have it: as GitHub tells
  it, and offline, where it is a warning, as the clone last fetched it. A branch that the text makes need not be there.
- `issue`: `#12` on a line that begins with one of `issue_words`. GitHub has to list it among the open ones; offline
  and in a change nobody asks.

A word in code counts as a path where it begins with a folder or file that the repository has at its root, or where its
name ends as files do (`.md`, `.sh`, `.yml`, ...); without a folder it may lie anywhere. Patterns, placeholders
(`<agent>`, dates) and addresses name no path. What git ignores is made, not kept, and is not looked for. Nor is what
the text orders to make (`publish it in ...`, `create ...`) or to take away (`archive ...`), and what stands on a line
that begins with one of `allowances`, which list what may be there. A file without a folder is looked for in the folder
of the list's item above it as well.

Each thing that is missing is told once for each document, with every line and the nearest that is there.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Literal

from govcheck import globs
from govcheck.actions.workflow import Workflow
from govcheck.documents.data_paths import select
from govcheck.documents.mentions import Mention, Sort, commands, mentions
from govcheck.documents.texts import Unsaid, text_of
from govcheck.documents.unread import no_document, untold
from govcheck.facts import Request
from govcheck.facts.branches import LiveBranches, RemoteBranches
from govcheck.facts.data_files import DataFiles
from govcheck.facts.document import Scalar
from govcheck.facts.issues import LiveIssues
from govcheck.facts.tree import Blobs, BlobsRequest, TrackedFiles
from govcheck.facts.workflows import Unreadable, Workflows
from govcheck.findings import Evidence, Finding, Fix, Judged, Location, Reason, Undecided
from govcheck.globs import compile_globs
from govcheck.paths import display
from govcheck.policy import Policy
from govcheck.records import frozen, replace
from govcheck.registry import Said, check
from govcheck.settings import branch_tips
from govcheck.settings.issues import issues
from govcheck.text.repository_names import Alike, Names

_IGNORE = ".gitignore"
_NAMES: tuple[Sort, ...] = ("path", "link", "script", "workflow", "branch", "issue")
_FILE_ENDS = (".cjs", ".json", ".jsonl", ".md", ".mjs", ".sh", ".sql", ".toml", ".yaml", ".yml")
_SOURCE_ENDS = (".css", ".js", ".jsx", ".py", ".ts", ".tsx")
"""Without a folder these may be the name of something else: `Node.js`."""

_SHOWN = 5


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

    allowances: tuple[str, ...] = ("Allowed paths",)
    """Beginnings of lines that list what may be there, and need not."""

    issue_words: tuple[str, ...] = ("Current Issue",)
    """Beginnings of lines that name the issue which somebody works on."""

    def problems(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """What the types cannot say: the place in the document, and what is wrong there."""
        for key in ("files", "names"):
            if not getattr(self, key):
                yield (key,), "an empty list looks at nothing"
        for key, patterns in (("files", self.files), ("except", self.except_), ("ignore", self.ignore)):
            yield from (((key, number), said) for number, said in globs.problems_of(patterns))


def _read(policy: References) -> Iterable[tuple[Request, ...]]:
    return [(BlobsRequest(Blobs, (*policy.files, _IGNORE)), BlobsRequest(DataFiles, ("**/package.json",)))]


@check(wants=_read)
def named(
    policy: References, tracked: TrackedFiles, blobs: Blobs, manifests: DataFiles, workflows: Workflows
) -> Iterator[Said]:
    """Every document, with what it names."""
    paths = _documents(policy, blobs)
    yield Judged(len(paths))
    if not paths:
        yield no_document(policy.files, policy.id)
    there = Names(policy.ignore, tracked, blobs.contents.get(_IGNORE), manifests, workflows)
    for path in paths:
        text = text_of(path, blobs)
        if isinstance(text, Unsaid):
            yield untold(path, text, f"what `{display(path)}` names")
        else:
            yield from _document(policy, path, text, there)
    if "script" in policy.names:
        yield from _run_by_scripts(manifests, there)


def _documents(policy: References, blobs: Blobs) -> list[str]:
    wanted, left_out = compile_globs(policy.files), compile_globs(policy.except_)
    return [path for path in blobs.contents if wanted.matches(path) and not left_out.matches(path)]


def _document(policy: References, path: str, text: str, there: Names) -> Iterator[Said]:
    lines: Mapping[tuple[Sort, str], list[Mention]] = defaultdict(list)
    for mention in mentions(path, text):
        if mention.sort in policy.names and not _need_not_be(policy, mention):
            lines[mention.sort, mention.name].append(mention)
    for (sort, name), found in lines.items():
        if there.is_excused(name) or any(there.is_known(one) for one in found):
            continue
        if sort in {"path", "link"}:
            yield from _path(path, name, found, there)
        elif sort == "script":
            yield from _script(path, name, found, there)
        elif sort == "workflow":
            yield from _workflow(path, name, found, there)


def _need_not_be(policy: References, mention: Mention) -> bool:
    """Whether it is to be made or taken away, or only may be there."""
    return mention.is_ordered or any(mention.label.startswith(words.casefold()) for words in policy.allowances)


def _path(document: str, name: str, found: list[Mention], there: Names) -> Iterator[Finding]:
    folder = document.rpartition("/")[0]
    if there.has(name) or (folder and there.has(f"{folder}/{name}")):
        return
    if found[0].sort == "path":
        is_rooted = "/" in name.rstrip("/") and name.partition("/")[0] in there.roots
        is_file = name.endswith(_FILE_ENDS) or ("/" in name and name.endswith(_SOURCE_ENDS))
        if not (is_rooted or is_file) or ("/" not in name and name in there.names):
            return
    what = "leads to" if found[0].sort == "link" else "names"
    yield _missing(
        document, name, found, f"{what} `{display(name)}`, which is not there", there.like_files.nearest(name)
    )


def _script(document: str, name: str, found: list[Mention], there: Names) -> Iterator[Said]:
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
    yield _missing(document, name, found, told, there.like_scripts.nearest(name))


def _run_by_scripts(manifests: DataFiles, there: Names) -> Iterator[Finding]:
    """Files that the scripts of a package.json run."""
    for path, file in manifests.files.items():
        folder = path.rpartition("/")[0]
        for script in [] if isinstance(file.document, Unreadable) else select(file.document, "scripts.*"):
            command = script.node.text if isinstance(script.node, Scalar) else ""
            for mention in commands(command, script.node.line):
                name = f"{folder}/{mention.name}" if folder else mention.name
                if mention.sort == "path" and not there.has(name) and not there.is_excused(name):
                    told = f"runs `{display(name)}` in its script `{script.path.removeprefix('scripts.')}`"
                    yield _missing(path, name, [mention], f"{told}, which is not there", there.like_files.nearest(name))


def _workflow(document: str, name: str, found: list[Mention], there: Names) -> Iterator[Finding]:
    workflow = next((one for one in there.workflows if name.casefold() in map(str.casefold, _called(one))), None)
    if workflow is None:
        known = [called for one in there.workflows for called in _called(one)]
        yield _missing(
            document, name, found, f"names the workflow `{name}`, which is not there", Alike(known).nearest(name)
        )
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


def _texts(sort: Sort) -> Callable[[References], Iterable[tuple[Request, ...]]]:
    return lambda policy: [(BlobsRequest(Blobs, policy.files),)] if sort in policy.names else []


def _named(policy: References, blobs: Blobs, sort: Sort) -> Iterator[tuple[str, list[Mention]]]:
    """Each document with everything of one sort that it names, by name; what cannot be read `named` tells."""
    words = [one.casefold() for one in policy.issue_words]
    for path in _documents(policy, blobs):
        text = text_of(path, blobs)
        by_name: dict[str, list[Mention]] = defaultdict(list)
        for mention in () if isinstance(text, Unsaid) else mentions(path, text, words):
            if mention.sort == sort:
                by_name[mention.name].append(mention)
        yield from ((path, found) for found in by_name.values())


@check(wants=_texts("branch"))
def branches(policy: References, blobs: Blobs, live: LiveBranches) -> Iterator[Said]:
    """Live: the branches that documents name."""
    told = branch_tips.tips(live)
    known = {tip.name for tip in told.tips} | {*told.odd}
    ignored = compile_globs(policy.ignore)
    yield Judged(len(_documents(policy, blobs)))
    for path, found in _named(policy, blobs, "branch"):
        name = found[0].name
        if name in known or ignored.matches(name):
            continue
        if told.trouble is not None:
            subject = f"{display(path)}: {display(name)}"
            message = f"whether there is a branch {display(name)} cannot be told: {told.trouble.message}"
            yield told.trouble.undecided("branch", subject, message, Location(path=path, line=found[0].line))
        else:
            said = f"names the branch `{display(name)}`, which is not there"
            yield _missing(path, name, found, said, Alike(known).nearest(name))


@check(wants=_texts("branch"))
def fetched_branches(policy: References, blobs: Blobs, clone: RemoteBranches) -> Iterator[Said]:
    """Offline: the same, of what the clone last saw."""
    known = {branch.name for branch in clone.branches} | ({clone.default} if clone.default else set())
    ignored = compile_globs(policy.ignore)
    yield Judged(len(_documents(policy, blobs)) if clone.branches else 0)
    for path, found in _named(policy, blobs, "branch") if clone.branches else ():
        name = found[0].name
        if name not in known and not ignored.matches(name):
            said = f"names the branch `{display(name)}`, which the clone has not fetched"
            told = _missing(path, name, found, said, Alike(known).nearest(name))
            yield replace(told, severity="note" if policy.severity == "note" else "warning")


@check(wants=_texts("issue"))
def open_issues(policy: References, blobs: Blobs, live: LiveIssues) -> Iterator[Said]:
    """Live: the issues that documents name."""
    told = issues(live)
    known = {str(one.number) for one in told.found if not one.is_pull_request}
    yield Judged(len(_documents(policy, blobs)))
    for path, found in _named(policy, blobs, "issue"):
        name = found[0].name
        if name in known:
            continue
        if told.trouble is not None:
            message = f"whether #{name} is open cannot be told: {told.trouble.message}"
            place = Location(path=path, line=found[0].line)
            yield told.trouble.undecided("issue", f"{display(path)}: #{name}", message, place)
        else:
            yield _missing(path, f"#{name}", found, f"names #{name}, which is no open issue", "")

"""The commands, jobs and scripts of a `lefthook.yml`: whether each can run, and stop anything.

Sources: https://lefthook.dev/configuration/ ("commands", "jobs", "scripts", "skip", "glob", "source_dir")
"""

import posixpath
import re
from collections.abc import Iterator, Mapping

from govcheck.actions.programs import programs
from govcheck.actions.shell import Command, Script, Unread, read
from govcheck.facts.document import Mapping as MappingNode
from govcheck.facts.document import Node, Scalar, Sequence
from govcheck.facts.tree import TrackedFiles
from govcheck.findings import Evidence, Fix, Location
from govcheck.liveness.gate import Gate, State
from govcheck.liveness.green_options import always_green
from govcheck.liveness.hook_scripts import nearest, refusal, runs_anything, script_words, untracked
from govcheck.records import frozen

_PLACEHOLDER = re.compile(r"\{(?:staged_files|push_files|all_files|files|cmd|lefthook_job_name|[0-9]+)\}")
_GLOB = re.compile(r"\*{2,}/?|\*|\?|\{[^{}]*\}|\[[^\]]*\]|\\?.", re.DOTALL)
_DEEPEST = 5


@frozen(kw_only=True)
class _Job:
    """One thing that a hook runs."""

    path: str
    """The configuration's."""

    hook: str
    name: str
    place: Node
    node: MappingNode
    script: str | None
    """The script's name, where it runs one of `source_dir`."""

    skipped: Node | None
    """The `skip: true` that holds for it."""

    @property
    def run(self) -> Scalar | None:
        value = self.node.get("run")
        return value if isinstance(value, Scalar) and isinstance(value.value, str) else None


def gates(path: str, document: MappingNode, hooks: frozenset[str], tracked: TrackedFiles) -> Iterator[Gate]:
    """Everything that a configuration runs where its failure would stop git.

    Args:
        path: The configuration's.
        document: What it says.
        hooks: Names of the hooks that can stop something.
        tracked: Every tracked path.
    """
    source = document.get("source_dir")
    folder = source.text if isinstance(source, Scalar) and source.text else ".lefthook"
    for hook in sorted(hooks & document.entries.keys()):
        body = document.get(hook)
        if isinstance(body, MappingNode):
            for job in _jobs(path, hook, body, _skip(body), _DEEPEST):
                yield _judged(job, folder, tracked)


def _jobs(path: str, hook: str, body: MappingNode, skipped: Node | None, deeper: int) -> Iterator[_Job]:
    for key in ("commands", "scripts"):
        named = body.get(key)
        for name, node in named.items() if isinstance(named, MappingNode) else ():
            if isinstance(node, MappingNode):
                yield _Job(
                    path=path,
                    hook=hook,
                    name=name,
                    place=named.key(name) if isinstance(named, MappingNode) else node,
                    node=node,
                    script=name if key == "scripts" else None,
                    skipped=skipped or _skip(node),
                )
    listed = body.get("jobs")
    for index, node in enumerate(listed.items if isinstance(listed, Sequence) else ()):
        group = node.get("group") if isinstance(node, MappingNode) else None
        if isinstance(node, MappingNode) and isinstance(group, MappingNode) and deeper:
            yield from _jobs(path, hook, group, skipped or _skip(node), deeper - 1)
        elif isinstance(node, MappingNode):
            called, script = node.get("name"), node.get("script")
            yield _Job(
                path=path,
                hook=hook,
                name=called.text if isinstance(called, Scalar) else f"job {index + 1}",
                place=node,
                node=node,
                script=script.text if isinstance(script, Scalar) else None,
                skipped=skipped or _skip(node),
            )


def _skip(node: MappingNode) -> Node | None:
    """A `skip: true`; what only holds for branches or while rebasing is none."""
    value = node.get("skip")
    return value if isinstance(value, Scalar) and value.value is True else None


def _judged(job: _Job, folder: str, tracked: TrackedFiles) -> Gate:
    if job.skipped is not None:
        return _gate(job, State.DEAD, "`skip: true` switches it off", job.skipped, fix="remove `skip`, or the hook")
    globs = tuple(_globs(job.node))
    if globs and not any(_matches(one.text, tracked.modes) for one in globs):
        why = f"its `glob` `{globs[0].text}` matches no tracked file, so that it never runs"
        return _gate(job, State.DEAD, why, globs[0], fix="correct the pattern")
    if job.script is not None:
        return _of_script(job, posixpath.normpath(f"{folder}/{job.hook}/{job.script}"), tracked)
    if job.run is None:
        return _gate(job, State.UNTOLD, "it says no `run`; another file may")
    return _of_command(job, _PLACEHOLDER.sub("x", job.run.text), job.run, tracked)


def _of_script(job: _Job, path: str, tracked: TrackedFiles) -> Gate:
    if untracked(path, tracked):
        why = f"it runs `{path}`, and no such file is tracked: it judges nothing"
        return _gate(job, State.DEAD, why, fix=f"add `{path}`, or name the script that is meant")
    return _gate(job, State.ALIVE, f"it runs `{path}`, whose failure stops git")


def _of_command(job: _Job, source: str, run: Scalar, tracked: TrackedFiles) -> Gate:
    gone = next((word for word in script_words(source) if untracked(word, tracked)), None)
    if gone is not None and job.node.get("root") is None:
        other = nearest(gone, tracked)
        evidence = Evidence(text=f"{other}: a file of that name is tracked here") if other else None
        why = f"it runs `{gone}`, and no such file is tracked: it can only fail, and judges nothing"
        return _gate(
            job, State.DEAD, why, run, fix=f"add `{gone}`, or name the script that is meant", evidence=evidence
        )
    if not runs_anything(source):
        return _gate(job, State.ALIVE, "it only says something")
    answer = refusal(source, errexit=False)
    if isinstance(answer, Unread):
        return _gate(job, State.UNTOLD, answer.message, run)
    if answer is None:
        why = "no command's failure stops anything in it: it ends well always"
        return _gate(job, State.DEAD, why, run, fix="take `|| true` and `exit 0` out")
    soft = _soft(source)
    if soft:
        return _gate(job, State.DEAD, soft, run, fix="take the option out, so that it fails for what it finds")
    return _gate(job, State.ALIVE, f"the failure of `{_shown(answer)}` stops git", run)


def _soft(source: str) -> str:
    """Why the one command that it runs never fails, by its own options."""
    script = read(source)
    found = list(programs(script)) if isinstance(script, Script) else []
    return always_green(found[0]) if len(found) == 1 else ""


def _shown(command: Command) -> str:
    return " ".join(word.shown for word in command.words)[:80].replace("\n", " ")


def _globs(node: MappingNode) -> Iterator[Scalar]:
    value = node.get("glob")
    for one in value.items if isinstance(value, Sequence) else (value,):
        if isinstance(one, Scalar) and one.text:
            yield one


def _matches(glob: str, paths: Mapping[str, str]) -> bool:
    """Whether a glob may match any path: lefthook has two dialects, and this takes in what either does."""
    pattern = re.compile("".join(map(_translated, _GLOB.findall(glob))), re.DOTALL | re.IGNORECASE)
    return any(pattern.search(path) for path in paths)


def _translated(part: str) -> str:
    if part.startswith(("*", "[", "{")):
        return ".*"
    return "." if part == "?" else re.escape(part.removeprefix("\\") or part)


def _gate(
    job: _Job, state: State, why: str, at: Node | None = None, *, fix: str = "", evidence: Evidence | None = None
) -> Gate:
    node = at or job.place
    return Gate(
        family="pre-commit",
        subject=f"{job.path}:{job.hook}:{job.name}",
        state=state,
        why=f"the {job.hook} command `{job.name}`: {why}" if state is State.DEAD else why,
        location=Location(path=job.path, line=node.line, column=node.column),
        plane="repo",
        fix=Fix(text=fix) if fix else None,
        evidence=(evidence,) if evidence else (),
    )

"""What a deploy deploys to: the Fly.io app, the Kubernetes namespace, the folder of Terraform, ...

A name is read from the command's options, from variables of the environment, or from an action's inputs. Where nothing
says it, the file that does is its name: two deploys by one `fly.toml` have one target. What only a run can tell stays
as it is written, and is not `certain`.
"""

import posixpath
from collections.abc import Mapping
from functools import lru_cache

from govcheck.actions import deploy_target_table as table
from govcheck.actions.deploys import Deploy, deploys
from govcheck.actions.own_programs import folder_of
from govcheck.actions.programs import Program, program_of, programs
from govcheck.actions.shell import Part, Script, Word, read
from govcheck.actions.workflow import Job, Step, Workflow, text
from govcheck.facts.document import Scalar
from govcheck.records import frozen, replace

MOST = 50
"""How many deploys of one job are looked at."""

_DEPTH = 3
_REMOTE_WORDS = 2
_FILES = {naming.file for naming in table.PROGRAMS.values()} - {""}


@frozen
class Target:
    """What something deploys to."""

    platform: str
    """For people: `Fly.io app`; empty where nobody can tell."""

    name: str
    """Its name; with `${{ }}` and `$` where a run decides; empty where nothing names it."""

    certain: bool
    """Whether the same name is the same target in every workflow of the repository."""

    @property
    def shown(self) -> str:
        """For people."""
        return f"{self.platform} {self.name}".strip() or "a target that nothing names"

    @property
    def known(self) -> bool:
        """Whether it has a name at all, as far as the files tell."""
        return bool(self.name) or self.platform in table.ONLY_ONE


UNKNOWN = Target("", "", certain=False)


@frozen(kw_only=True)
class Site:
    """One deploy with its place and its target."""

    workflow: Workflow
    job: Job
    deploy: Deploy
    target: Target

    @property
    def environment(self) -> str:
        """The environment of its job, as it is written; empty where there is none."""
        return text(self.job.environment.name).strip() if self.job.environment is not None else ""


@lru_cache(maxsize=1024)
def sites(workflow: Workflow, job: Job) -> tuple[Site, ...]:
    """What a job deploys, and to what, in order."""
    found: list[Site] = []
    for deploy in deploys(workflow, job):
        if len(found) == MOST:
            break
        target = _target(workflow, job, deploy)
        found.append(Site(workflow=workflow, job=job, deploy=deploy, target=target))
    return tuple(found)


def same_target(one: Site, other: Site) -> bool | None:
    """Whether two deploys have one target; None where nobody can tell.

    What a run decides is the same where it is written the same way in one file.
    """
    first, second = one.target, other.target
    if not first.known or not second.known:
        return None
    named = first.name == second.name and first.platform == second.platform
    sure = first.certain and second.certain
    if named and (sure or (one.workflow is other.workflow and not _elsewhere(one, other))):
        return True if not (_is_file(first) and _elsewhere(one, other)) else None
    if named or not sure or (first.platform == second.platform and _is_file(first) != _is_file(second)):
        return None
    return False


def _elsewhere(one: Site, other: Site) -> bool:
    """Whether their jobs name two environments, which may give the same words another meaning."""
    return bool(one.environment and other.environment) and one.environment.casefold() != other.environment.casefold()


def _is_file(target: Target) -> bool:
    return posixpath.basename(target.name) in _FILES


def _target(workflow: Workflow, job: Job, deploy: Deploy) -> Target:
    step = deploy.step
    if step is None:
        return UNKNOWN
    if deploy.command is not None:
        program = _program(step, deploy)
        return _of_program(program, _Look(workflow, job, step)) if program is not None else UNKNOWN
    return _of_action(_Look(workflow, job, step))


def _program(step: Step, deploy: Deploy) -> Program | None:
    script = read(text(step.run)) if step.run is not None else None
    found = programs(script) if isinstance(script, Script) else ()
    return next((one for one in found if deploy.command and one.command.offset == deploy.command.offset), None)


@frozen
class _Look:
    """Where names are looked up."""

    workflow: Workflow
    job: Job
    step: Step

    @property
    def folder(self) -> str:
        return folder_of(self.workflow, self.job, self.step)

    def variable(self, name: str) -> Scalar | None:
        """What `env` says of a variable."""
        for mapping in (self.step.env, self.job.env, self.workflow.env):
            node = mapping.get(name) if mapping is not None else None
            if isinstance(node, Scalar):
                return node
        return None

    def assigned(self, name: str) -> Word | None:
        """The one value that the script gives a variable."""
        script = read(text(self.step.run)) if self.step.run is not None else None
        values = script.assignments.get(name, ()) if isinstance(script, Script) else ()
        return values[0] if len(values) == 1 else None


def _of_program(program: Program, look: _Look) -> Target:
    naming = table.PROGRAMS.get(program.name)
    if naming is None:
        return _of_remote(program, look)
    first = _first(program, naming, look) or _by_file(program, naming, look)
    parts = [first] if first is not None else []
    parts += [_value(word, look) for names in _others(naming) if (word := _option(program, names)) is not None]
    if naming.stages:
        parts.append((_stage(program, naming), True))
    target = _made(naming.platform, parts)
    return target if first is not None else replace(target, certain=False)


def _of_remote(program: Program, look: _Look) -> Target:
    """`git push heroku main`, and what has no name at all."""
    words = [word for word in program.arguments if not (word.literal or "").startswith("-")]
    if program.name != "git" or len(words) < _REMOTE_WORDS:
        return UNKNOWN
    return _made("Git remote", [_value(words[1], look)])


def _first(program: Program, naming: table.Naming, look: _Look) -> tuple[str, bool] | None:
    """What the command, or a variable, says of the name's first part."""
    word = _bare_word(program) if naming.word else _option(program, naming.options[0] if naming.options else ())
    if word is not None:
        return _value(word, look)
    node = next(filter(None, map(look.variable, naming.variables)), None)
    return _text_value(text(node), look, _DEPTH) if node is not None else None


def _others(naming: table.Naming) -> tuple[tuple[str, ...], ...]:
    return naming.options if naming.word else naming.options[1:]


def _by_file(program: Program, naming: table.Naming, look: _Look) -> tuple[str, bool] | None:
    """The file, or the folder, that says the name where the command does not."""
    word = _option(program, naming.file_options)
    if word is None and not naming.file:
        return None
    name, certain = _value(word, look) if word is not None else (naming.file, True)
    path = posixpath.normpath(posixpath.join(look.folder, name))
    return path, certain and naming.file != "."


def _stage(program: Program, naming: table.Naming) -> str:
    return "production" if any(word in naming.stages for word in program.texts()) else "preview"


def _of_action(look: _Look) -> Target:
    uses = look.step.uses
    name = text(uses).partition("@")[0].strip().casefold() if uses is not None else ""
    if name in table.RUNS_A_PROGRAM:
        program, key = table.RUNS_A_PROGRAM[name]
        script = read(f"{program} {_input(look, key)[0]}")
        command = script.commands[0] if isinstance(script, Script) and script.commands else None
        return _of_program(program_of(command), look) if command is not None else UNKNOWN
    platform, inputs = table.ACTIONS.get(name, ("", ()))
    found = [value for keys in inputs for value in [_input(look, *keys)] if value[0]]
    return _made(platform, found) if found or platform in table.ONLY_ONE else Target(platform, "", certain=False)


def _input(look: _Look, *keys: str) -> tuple[str, bool]:
    given = look.step.with_.items() if look.step.with_ is not None else ()
    for key, node in given:
        if key.casefold() in keys and isinstance(node, Scalar):
            return _text_value(text(node), look, _DEPTH)
    return "", True


def _made(platform: str, parts: list[tuple[str, bool]]) -> Target:
    certain = platform in table.UNIQUE and all(certain for _, certain in parts)
    return Target(platform, "/".join(name for name, _ in parts), certain=certain)


def _bare_word(program: Program) -> Word | None:
    """The first word behind the command's own that is no option and no option's value."""
    words = list(program.arguments)
    skipped = 0
    while words:
        literal = words[0].literal
        if literal is not None and literal.startswith("-"):
            takes_value = "=" not in literal and len(words) > 1 and literal in _TAKE_VALUE
            words = words[2 if takes_value else 1 :]
        elif skipped < _COMMAND_WORDS.get(program.name, 1):
            skipped, words = skipped + 1, words[1:]
        else:
            return words[0]
    return None


_COMMAND_WORDS: Mapping[str, int] = {"gcloud": 2}
_TAKE_VALUE = frozenset({"-n", "--namespace", "--kube-context", "-f", "--values", "--set", "--project", "--region"})


def _option(program: Program, names: tuple[str, ...]) -> Word | None:
    """The value of an option: `--app x`, `--app=x`."""
    for index, word in enumerate(program.arguments):
        if word.literal in names:
            return program.arguments[index + 1] if index + 1 < len(program.arguments) else None
        start = word.parts[0] if word.parts else None
        name, equals, rest = (start.text if start and start.kind == "text" else "").partition("=")
        if start is not None and equals and name in names:
            first = (Part("text", rest, start.offset + len(name) + 1),) if rest else ()
            return Word((*first, *word.parts[1:]), word.offset)
    return None


def _value(word: Word, look: _Look, depth: int = _DEPTH) -> tuple[str, bool]:
    """A word's text, its variables filled in, and whether that is all of it."""
    pieces: list[str] = []
    certain = True
    for part in word.parts:
        known = part.text, part.kind == "text"
        if part.kind == "variable":
            known = _of_variable(part.text, look, depth)
        elif part.kind == "expression":
            known = _text_value(f"${{{{ {part.text} }}}}", look, depth)
        pieces.append(known[0])
        certain = certain and known[1]
    return "".join(pieces), certain


def _of_variable(name: str, look: _Look, depth: int) -> tuple[str, bool]:
    assigned, node = look.assigned(name), look.variable(name)
    if depth and assigned is not None:
        return _value(assigned, look, depth - 1)
    if depth and node is not None:
        return _text_value(text(node), look, depth - 1)
    return f"${name}", False


def _text_value(written: str, look: _Look, depth: int) -> tuple[str, bool]:
    """A text in which `${{ env.NAME }}` is filled in."""
    if "${{" not in written:
        return written.strip(), True
    inner = written.strip().removeprefix("${{").removesuffix("}}").strip()
    name = inner.partition("env.")[2] if inner.startswith("env.") else ""
    node = look.variable(name) if name.replace("_", "").isalnum() else None
    if depth and node is not None:
        return _text_value(text(node), look, depth - 1)
    return " ".join(written.split()), False

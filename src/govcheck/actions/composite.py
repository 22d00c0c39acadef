"""Steps of the repository's own composite actions, put where a job calls them.

A step with `uses: ./.github/actions/deploy` runs that action's steps as steps of the job: what deploys, sends, scans or
refuses in them does so in the job. They stand behind the step that calls them, and at its place, because that is the
line of this file which runs them; their names tell where they are written. Inputs are what the call gives or the action
presets; a condition of the call is one of every step. Actions in JavaScript and in containers are not read.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/metadata-syntax#runs-for-composite-actions
"""

import posixpath
import re
from collections.abc import Iterator
from collections.abc import Mapping as Names
from itertools import islice

from govcheck.actions.steps import Step, mapping_at, step_of, steps_of, text
from govcheck.facts.document import Mapping, Node, Scalar, Sequence
from govcheck.facts.workflows import ActionFile, Unreadable
from govcheck.paths import display
from govcheck.records import frozen, replace

MOST = 300
"""Steps of one job, those of its actions with them; a job's own steps are all there."""

_DEEPEST = 10
_EXPRESSION = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)
_WORDS = re.compile(
    r"""(?P<quoted>'(?:[^']|'')*')
      | (?<![\w.-])inputs(?:\.(?P<input>[A-Za-z_][\w-]*)|\[\s*'(?P<indexed>[^']*)'\s*\])
      | (?<![\w.-])steps\.(?P<step>[A-Za-z_][\w-]*)
      | (?<![\w.-])(?P<folder>github\.action_path)(?![\w.-])""",
    re.VERBOSE | re.IGNORECASE,
)
_STATUS = re.compile(r"\b(?:always|failure|cancelled|success)\s*\(\s*\)", re.IGNORECASE)
_FOLDER = re.compile(r"\$GITHUB_ACTION_PATH\b|\$\{GITHUB_ACTION_PATH\}")


def folder_named(uses: str) -> str | None:
    """The folder of this repository that a `uses` names, without a slash at its end; None where it names none."""
    written = uses.strip()
    if not written.startswith("./") or "${{" in written:
        return None
    folder = posixpath.normpath(written)
    if folder == ".." or folder.startswith("../"):
        return None
    return "" if folder == "." else folder


def with_inner(steps: tuple[Step, ...], actions: Names[str, ActionFile]) -> tuple[Step, ...]:
    """The steps of a job with those of the actions that it calls, numbered anew.

    Beyond `MOST` nothing more of actions is read: ten small files can call each other's steps 50 to the power of ten
    times. A job's own steps stay, so that a long action hides nothing behind it.

    Args:
        steps: As the job has them.
        actions: The repository's own actions, by their folders.
    """
    if not actions or not any(step.uses is not None and _called(step, actions) for step in steps):
        return steps
    found: list[Step] = []
    left = max(MOST - len(steps), 0)
    for step in steps:
        inside = tuple(islice(_inside(step, actions, ()), left))
        left -= len(inside)
        found += [step, *inside]
    return tuple(replace(step, index=index) for index, step in enumerate(found))


def _inside(step: Step, actions: Names[str, ActionFile], above: tuple[str, ...]) -> Iterator[Step]:
    action = _called(step, actions)
    if action is None or action.path in above or len(above) == _DEEPEST:
        return
    call = _Call(step, action, dict(_inputs(step, action)))
    for inner in own_steps(action):
        moved = call.moved(inner)
        yield moved
        yield from _inside(moved, actions, (*above, action.path))


def own_steps(action: ActionFile) -> tuple[Step, ...]:
    """The steps of a composite action, as it has them; none where it is no such action, or cannot be read."""
    runs = action.document.get("runs") if isinstance(action.document, Mapping) else None
    using = runs.get("using") if isinstance(runs, Mapping) else None
    is_composite = isinstance(using, Scalar) and text(using).strip().casefold() == "composite"
    return steps_of(runs) if is_composite and isinstance(runs, Mapping) else ()


def _called(step: Step, actions: Names[str, ActionFile]) -> ActionFile | None:
    folder = folder_named(text(step.uses)) if step.uses is not None else None
    return actions.get(folder) if folder is not None else None


def _inputs(step: Step, action: ActionFile) -> Iterator[tuple[str, str]]:
    """What each input is, by its name in small letters."""
    declared = action.document.get("inputs") if not isinstance(action.document, Unreadable) else None
    for name, node in declared.items() if isinstance(declared, Mapping) else ():
        preset = node.get("default") if isinstance(node, Mapping) else None
        yield name.casefold(), text(preset) if isinstance(preset, Scalar) else ""
    for name, node in step.with_.items() if step.with_ is not None else ():
        if isinstance(node, Scalar):
            yield name.casefold(), text(node)


@frozen(eq=False)
class _Call:
    """One call of an action."""

    step: Step
    action: ActionFile
    inputs: Names[str, str]

    def moved(self, inner: Step) -> Step:
        """A step of the action, as one of the job."""
        node = self._node(inner.node)
        entries = dict(node.entries if isinstance(node, Mapping) else {})
        entries["name"] = self._entry("name", self._named(inner))
        if inner.id is not None:
            entries["id"] = self._entry("id", self._id(text(inner.id)))
        condition = self._condition(inner)
        if condition is not None:
            entries["if"] = self._entry("if", condition)
        if self.step.continue_on_error is not None:
            entries["continue-on-error"] = (self._scalar("continue-on-error"), self.step.continue_on_error)
        if self.step.env is not None:
            own = mapping_at(inner.node, "env")
            env = self._node(own) if own is not None else None
            merged = self.step.env.entries | (env.entries if isinstance(env, Mapping) else {})
            entries["env"] = (self._scalar("env"), Mapping(merged, *self._place))
        return replace(step_of(self.step.index, Mapping(entries, *self._place)), origin=self._origin(inner))

    @property
    def _place(self) -> tuple[int, int]:
        node = self.step.uses or self.step.node
        return node.line, node.column

    def _scalar(self, said: str) -> Scalar:
        return Scalar(said, said, "folded", *self._place, -1)

    def _entry(self, key: str, said: str) -> tuple[Scalar, Node]:
        return self._scalar(key), self._scalar(said)

    def _named(self, inner: Step) -> str:
        node = inner.name or inner.uses or inner.run
        lines = self._filled(text(node)).strip().splitlines() if node is not None else []
        return f"{lines[0][:80] if lines else 'a step'} ({self._origin(inner)})"

    def _origin(self, inner: Step) -> str:
        return f"{display(self.action.path)}:{inner.node.line}"

    def _id(self, written: str) -> str:
        """An action's ids are its own: those of the job mean other steps."""
        return f"{written}-of-{self.step.index}"

    def _condition(self, inner: Step) -> str | None:
        """When the step runs: when the action is called, and as it says itself.

        How things went is how they went within the action there, and within the job outside: what is asked of it in
        the action may be so.
        """
        outer = _bare(text(self.step.condition)) if self.step.condition is not None else ""
        own = _STATUS.sub("true", _bare(text(inner.condition))) if inner.condition is not None else ""
        said = [part for part in (outer, self._expression(own)) if part]
        if not said:
            return None
        return f"({said[0]}) && ({said[1]})" if len(said) > 1 else said[0]

    def _node(self, node: Node) -> Node:
        line, column = self._place
        if isinstance(node, Scalar):
            written = node.text if not isinstance(node.value, str) else node.value
            filled = _FOLDER.sub(self._folder, self._filled(written))
            value = node.value if filled == written else filled
            return Scalar(value, node.text if filled == written else filled, "folded", line, column, -1)
        if isinstance(node, Sequence):
            return Sequence(tuple(map(self._node, node.items)), line, column)
        moved = {key: (self._scalar(key), self._node(value)) for key, value in node.items()}
        return Mapping(moved, line, column)

    @property
    def _folder(self) -> str:
        """The action's folder, as a path from where the job runs."""
        return f"./{posixpath.dirname(self.action.path)}".removesuffix("/")

    def _filled(self, written: str) -> str:
        """A value with what the call makes of its expressions."""
        if "${{" not in written:
            return written
        return _EXPRESSION.sub(lambda found: self._segment(found[1]), written)

    def _segment(self, expression: str) -> str:
        found = _WORDS.fullmatch(expression.strip())
        name = (found["input"] or found["indexed"]) if found is not None else None
        if name is not None:
            return self.inputs.get(name.casefold(), "")
        if found is not None and found["folder"]:
            return self._folder
        return f"${{{{{self._expression(expression)}}}}}"

    def _expression(self, expression: str) -> str:
        return _WORDS.sub(self._word, expression)

    def _word(self, found: re.Match[str]) -> str:
        name = found["input"] or found["indexed"]
        if name is not None:
            return _as_expression(self.inputs.get(name.casefold(), ""))
        if found["step"]:
            return f"steps.{self._id(found['step'])}"
        return found[0] if found["quoted"] else _quoted(self._folder)


def _bare(condition: str) -> str:
    """A condition without the `${{ }}` that may stand around all of it."""
    written = condition.strip()
    found = _EXPRESSION.fullmatch(written)
    return found[1].strip() if found is not None else written


def _as_expression(value: str) -> str:
    """A text that may have expressions in it, as one expression."""
    parts = _EXPRESSION.split(value)
    if len(parts) == 1:
        return _quoted(value)
    if len(parts) == 3 and not parts[0] and not parts[2]:  # noqa: PLR2004 - nothing, the expression, nothing
        return f"({parts[1].strip()})"
    texts, expressions = parts[::2], parts[1::2]
    pattern = "".join(
        part.replace("{", "{{").replace("}", "}}") + (f"{{{number}}}" if number < len(expressions) else "")
        for number, part in enumerate(texts)
    )
    return f"format({_quoted(pattern)}, {', '.join(f'({one.strip()})' for one in expressions)})"


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"

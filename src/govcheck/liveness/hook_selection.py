"""Which tracked files a hook is given: by the patterns and types of its configuration.

Source: https://pre-commit.com/#filtering-files-with-types; patterns are Python's and are searched for, not anchored.
"""

import posixpath
import re
from collections.abc import Mapping as MappingOf
from collections.abc import Sequence

from govcheck.facts.document import Mapping, Node, Scalar
from govcheck.facts.tree import Mode
from govcheck.liveness.hook_shape import Hook
from govcheck.patterns import Looks, Pattern, PatternError, compile_python_looks
from govcheck.records import frozen

_SUFFIXES: dict[str, tuple[str, ...]] = {
    "c": (".c", ".h"),
    "c++": (".cc", ".cpp", ".cxx", ".hpp", ".hxx", ".hh", ".h", ".ipp", ".tpp"),
    "css": (".css",),
    "dockerfile": (".dockerfile", "Dockerfile", "Containerfile"),
    "go": (".go",),
    "html": (".html", ".htm"),
    "java": (".java",),
    "javascript": (".js", ".mjs", ".cjs"),
    "json": (".json", ".webmanifest", ".ipynb", ".geojson", ".topojson", ".sarif", ".avsc", ".jsonld"),
    "jsx": (".jsx",),
    "jupyter": (".ipynb",),
    "markdown": (".md", ".markdown", ".mdx"),
    "python": (".py", ".pyi", ".pyw", ".pyx", ".pxd", ".pyz", ".ipynb"),
    "rst": (".rst",),
    "ruby": (".rb", ".gemspec", ".rake", "Gemfile", "Rakefile", "Vagrantfile", "Fastfile", "Podfile"),
    "rust": (".rs",),
    "scss": (".scss",),
    "shell": (".sh", ".bash", ".bats", ".zsh", ".ksh", ".csh", ".fish", ".envrc", ".bashrc", ".profile"),
    "sql": (".sql",),
    "swift": (".swift",),
    "terraform": (".tf", ".tfvars", ".hcl"),
    "toml": (".toml", "Cargo.lock", "poetry.lock", "uv.lock", "Pipfile", "Gopkg.lock", "pdm.lock"),
    "ts": (".ts", ".mts", ".cts"),
    "tsx": (".tsx",),
    "vue": (".vue",),
    "xml": (".xml",),
    "yaml": (".yaml", ".yml", ".clang-format", ".clang-tidy", ".clangd", ".cff", ".yamllint"),
}
"""Type to the endings that files of it may have. Generous: a type is found to match nothing only by these."""

_LOOKS = re.compile(r"\(\?<?[!=]")
_BY_FIRST_LINE = frozenset({"javascript", "python", "ruby", "shell", "swift"})
"""Types that an executable file without an ending may have by its `#!`."""


@frozen
class Nothing:
    """A selection that no tracked file is in."""

    why: str
    node: Node


@frozen
class Untold:
    """A selection that cannot be evaluated."""

    why: str
    node: Node


@frozen(kw_only=True)
class _Filter:
    """One pattern that paths have to pass."""

    key: str
    node: Scalar
    pattern: Pattern | Looks
    wanted: bool
    """Whether a path has to match it, or must not."""

    whole: bool
    """Whether it is the whole file's."""

    def lets(self, path: str) -> bool:
        """Whether it lets a path through."""
        return self.pattern.found(path) is self.wanted


def selection(document: Mapping, hook: Hook, modes: MappingOf[str, str]) -> Nothing | Untold | None:
    """Why no tracked file is given to the hook, as far as its configuration says; None where one may be."""
    filters: list[_Filter] = []
    for owner in (document, hook.node):
        for key, wanted in (("files", True), ("exclude", False)):
            value = owner.get(key)
            if not isinstance(value, Scalar) or not isinstance(value.value, str) or not value.value:
                continue
            try:
                filters.append(
                    _Filter(
                        key=key,
                        node=value,
                        pattern=compile_python_looks(value.value),
                        wanted=wanted,
                        whole=owner is document,
                    )
                )
            except PatternError as error:
                return Untold(_why_untold(key, value.value, error), value)
    paths = [path for path, mode in modes.items() if mode != Mode.SUBMODULE]
    chosen = (path for path in paths if all(one.lets(path) for one in filters))
    if filters and next(chosen, None) is None:
        return _culprit(filters, paths)
    return _by_type(hook, filters, paths, modes)


def shut_out(document: Mapping, hook: Hook, modes: MappingOf[str, str]) -> Nothing | None:
    """The `exclude`, of the hook or of the file, that leaves out every tracked file; None where none certainly does."""
    paths = [path for path, mode in modes.items() if mode != Mode.SUBMODULE]
    for owner in (document, hook.node):
        value = owner.get("exclude")
        if not isinstance(value, Scalar) or not isinstance(value.value, str) or not value.value:
            continue
        try:
            pattern = compile_python_looks(value.value)
        except PatternError:
            continue
        if all(map(pattern.found, paths)):
            whose = "the file's" if owner is document else "its"
            return Nothing(f"{whose} `exclude`, `{' '.join(value.text.split())[:80]}`, leaves out every file", value)
    return None


def _why_untold(key: str, pattern: str, error: PatternError) -> str:
    if _LOOKS.search(pattern) is None:
        return f"`{key}` needs Python's own engine to be evaluated ({error})"
    return (
        f"`{key}` looks around (`(?!...)` or its like) other than right behind a `^`, which only an engine that may "
        "run for ever can tell: write it as `files` and `exclude`, each without looking around"
    )


def _culprit(filters: Sequence[_Filter], paths: Sequence[str]) -> Nothing | None:
    """The pattern that leaves nothing."""
    for one in filters:
        paths = [path for path in paths if one.lets(path)]
        if not paths:
            return Nothing(_said(one), one.node)
    return None


def _said(one: _Filter) -> str:
    shown = " ".join(one.node.text.split())[:80]
    where = f"the file's `{one.key}`" if one.whole else f"its `{one.key}`"
    if one.wanted:
        glob = ": it is a regular expression, not a glob" if "/*" in shown or shown.startswith("*") else ""
        return f"{where}, `{shown}`, matches no tracked file{glob}"
    return f"{where}, `{shown}`, leaves out every tracked file that is left"


def _by_type(
    hook: Hook, filters: Sequence[_Filter], paths: Sequence[str], modes: MappingOf[str, str]
) -> Nothing | None:
    for key, every in (("types", True), ("types_or", False)):
        names = hook.texts(key) or ()
        if not names or any(name not in _SUFFIXES for name in names):
            continue
        missing = [name for name in names if not any(_given(path, name, filters, modes) for path in paths)]
        if missing and (every or len(missing) == len(names)):
            shown = ", ".join(missing)
            return Nothing(
                f"its `{key}` asks for {shown}, and no tracked file that it looks at is one", hook.place(key)
            )
    return None


def _given(path: str, name: str, filters: Sequence[_Filter], modes: MappingOf[str, str]) -> bool:
    return _may_be(path, name, modes[path]) and all(one.lets(path) for one in filters)


def _may_be(path: str, name: str, mode: str) -> bool:
    base = posixpath.basename(path)
    if base.lower().endswith(_SUFFIXES[name]) or base.endswith(_SUFFIXES[name]):
        return True
    return (name == "dockerfile" and base.startswith("Dockerfile")) or (
        name in _BY_FIRST_LINE and mode == Mode.EXECUTABLE and "." not in base
    )

"""Which modules a source file imports, by the plain form that its language has for it; no language is parsed."""

import re
from collections.abc import Iterator

from govcheck.patterns import compile_python
from govcheck.records import frozen

_SCRIPT = r"""(?:\bfrom|\brequire\s*\(|\bimport\s*\(?)\s*["'\x60]([^"'\x60\n]{1,300})["'\x60]"""
_PYTHON = r"(?m)^[ \t]*(?:from[ \t]+([\w.]+)[ \t]+import\b|import[ \t]+([\w., \t]+))"
_GO = r"""(?m)^[ \t]*(?:import[ \t]+)?(?:[\w.]+[ \t]+)?"([^"\s]{1,300})"[ \t]*\r?$"""
_RUBY = r"""(?m)^[ \t]*require[ \t(]+["']([^"'\n]{1,300})["']"""
_JVM = r"(?m)^[ \t]*import[ \t]+(?:static[ \t]+)?([\w.]+)"
_CSHARP = r"(?m)^[ \t]*(?:global[ \t]+)?using[ \t]+(?:static[ \t]+)?([\w.]+)[ \t]*;"
_PHP = r"(?m)^[ \t]*use[ \t]+\\?([\w\\]+)"
_RUST = r"(?m)^[ \t]*(?:pub[ \t]+)?use[ \t]+([\w:]+)"

_FORMS = {
    **dict.fromkeys((".js", ".jsx", ".ts", ".tsx", ".mjs", ".cjs", ".mts", ".cts", ".vue", ".svelte"), _SCRIPT),
    **dict.fromkeys((".py", ".pyi"), _PYTHON),
    **dict.fromkeys((".java", ".kt", ".kts", ".scala"), _JVM),
    ".go": _GO,
    ".rb": _RUBY,
    ".cs": _CSHARP,
    ".php": _PHP,
    ".rs": _RUST,
}
_BETWEEN = re.compile(r"[/.:\\]+")


@frozen
class Imported:
    """One module that is imported."""

    module: str
    """As it is written: `@sentry/node/init`, `ddtrace.contrib`."""

    line: int

    @property
    def names(self) -> Iterator[str]:
        """Every name that a package could have of which it is a part, in lower case, the shortest first."""
        folded = self.module.casefold()
        for separator in _BETWEEN.finditer(folded):
            if separator.start():
                yield folded[: separator.start()]
        yield folded


def imported(path: str, text: str) -> Iterator[Imported]:
    """The modules that a file imports; none where nobody knows its language. Comments and texts may look like imports.

    Args:
        path: Its ending says which language it is.
        text: The file, or some lines of it.
    """
    form = _FORMS.get(path[path.rfind(".") :].lower() if "." in path else "")
    if form is None:
        return
    for match in compile_python(form).matches(text):
        line = text.count("\n", 0, match.start + len(match.groups[0]) - len(match.groups[0].lstrip())) + 1
        for written in match.groups[1:]:
            for module in written.split(","):
                if name := module.strip().partition(" ")[0]:
                    yield Imported(name, line)

"""Formatters that mend what they find in place, instead of failing because of it."""

import re

from govcheck.actions.programs import Program

_ONLY_ASKS = frozenset({"--version", "--help", "-V"})
_REWRITERS: dict[str, tuple[re.Pattern[str] | None, re.Pattern[str]]] = {
    "prettier": (re.compile(r"--write|-w"), re.compile(r"--check|-c|--list-different|-l")),
    "black": (None, re.compile(r"--check|--diff")),
    "isort": (None, re.compile(r"--check(-only)?|-c|--diff")),
    "gofmt": (re.compile(r"-w"), re.compile(r"(?!)")),
    "goimports": (re.compile(r"-w"), re.compile(r"(?!)")),
    "shfmt": (re.compile(r"--write|-w"), re.compile(r"--diff|-d")),
    "clang-format": (re.compile(r"-i"), re.compile(r"--dry-run|-n|--Werror")),
    "rustfmt": (None, re.compile(r"--check")),
}
"""An option with which each rewrites, None where it does by itself, and one with which it judges after all.

A word that is computed is the empty text, and may be such an option.
"""

_REWRITING_WORDS: dict[tuple[str, str], frozenset[str]] = {
    ("ruff", "format"): frozenset({"--check", "--diff"}),
    ("cargo", "fmt"): frozenset({"--check"}),
    ("go", "fmt"): frozenset(),
    ("terraform", "fmt"): frozenset({"-check", "--check", "-check=true"}),
    ("tofu", "fmt"): frozenset({"-check", "--check", "-check=true"}),
    ("deno", "fmt"): frozenset({"--check"}),
    ("biome", "format"): frozenset({"--check"}),
}
"""Program and first word to the options with which it judges after all."""


FORMATTERS = re.compile(r"\b(?:prettier|black|isort|gofmt|goimports|shfmt|clang-format|rustfmt|format|fmt)\b")
"""What a script says that may run one of them."""

FORMATTER_WORDS = frozenset({"prettier", "black", "isort", "gofmt", "goimports", "shfmt", "rustfmt", "format", "fmt"})
"""Of these one stands in each such script: `clang-format` has one in it."""


def rewrites(program: Program) -> bool:
    """Whether a formatter mends what it finds in place, so that it never fails because of it."""
    texts = program.texts()
    if _ONLY_ASKS.intersection(texts):
        return False
    words = [word for word in texts if not word.startswith("-")]
    judging = _REWRITING_WORDS.get((program.name, words[0])) if words else None
    if judging is not None:
        return judging.isdisjoint(texts) and "" not in texts
    rewriting, checking = _REWRITERS.get(program.name, (None, None))
    if checking is None or any(map(checking.fullmatch, texts)):
        return False
    return any(map(rewriting.fullmatch, texts)) if rewriting is not None else "" not in texts

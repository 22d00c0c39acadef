r"""Whether a word can stand in a workflow file at all: one look at the file's text spares the way through its nodes.

What a value says stands in the text as it is, but for what YAML's double quotes may spell otherwise: letters as
`\x61`, `\u0061` and `\U00000061`, `/` as `\/`, and a backslash before a line end, which joins two halves of a word.
Source: https://yaml.org/spec/1.2.2/#57-escaped-characters.
"""

import re
from functools import lru_cache

from govcheck.facts.workflows import WorkflowFile

_MAY_HIDE = re.compile(r"\\[xuU/\r\n]")


def may_run(file: WorkflowFile, words: tuple[str, ...]) -> bool:
    """The same of everything that a workflow runs, steps of the repository's own actions among it.

    Inputs are filled into these, so that a word may be made of two halves: with actions nobody can tell by the texts.
    """
    return bool(file.actions) or may_hold(file.text, words)


def may_hold(source: str, words: tuple[str, ...]) -> bool:
    """Whether some value of a file's text can have one of these words in it, in letters of either case.

    Args:
        source: The file's text; of an empty one, which was not kept, nobody can tell.
        words: In lower case, of ASCII without blanks, quotes and backslashes.
    """
    folded = _folded(source)
    if folded is None:
        return True
    for word in words:  # noqa: SIM110 - this looks through every file there is, and a generator takes thrice as long
        if word in folded:
            return True
    return False


@lru_cache(maxsize=256)
def _folded(source: str) -> str | None:
    return source.casefold() if source and _MAY_HIDE.search(source) is None else None

"""The options of a shell, as `set -Eeuo pipefail`, `bash -ec '...'` and the first line of a script give them.

Source: https://www.gnu.org/software/bash/manual/html_node/The-Set-Builtin.html
"""

from collections.abc import Mapping, Sequence

from govcheck.records import frozen

_LETTERS = {"e": "errexit", "u": "nounset"}
_NAMES = frozenset({"errexit", "nounset", "pipefail"})


@frozen
class Options:
    """What was set, and where the options end."""

    settings: Mapping[str, bool]
    """`errexit`, `nounset`, `pipefail`: on or off; what is left out stays as it was."""

    operand: int
    """The index of the first word that is no option."""

    inline: bool
    """Whether `-c` is given."""

    known: bool
    """Whether every option could be read."""


def shell_options(words: Sequence[str | None]) -> Options:  # noqa: C901 - one turn for each word
    """Reads options; None is a word that is not known."""
    settings: dict[str, bool] = {}
    index, inline = 0, False
    while index < len(words):
        word = words[index]
        if word is None:
            return Options(settings, index, inline, known=False)
        if word in {"-", "--"}:
            index += 1
            break
        if len(word) < 2 or word[0] not in "-+":  # noqa: PLR2004 - a sign and a letter
            break
        index += 1
        if word.startswith("--"):
            continue
        for letter in word[1:]:
            if letter in _LETTERS:
                settings[_LETTERS[letter]] = word[0] == "-"
            elif letter == "c":
                inline = True
            elif letter in "oO":
                name = words[index] if index < len(words) else ""
                index += 1
                if name is None:
                    return Options(settings, index, inline, known=False)
                if name in _NAMES:
                    settings[name] = word[0] == "-"
    return Options(settings, index, inline, known=True)

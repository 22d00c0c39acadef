"""Policy files as layers: those of each set together, then the repository's own."""

from collections.abc import Sequence

from govcheck.app.policy_folders import Written
from govcheck.errors import PolicyError, Problem, UsageError
from govcheck.packaged_sets import DESCRIPTION
from govcheck.sources.policy_files import PolicySource
from govcheck.sources.policy_layers import Disabled, Layer, Merged, merge
from govcheck.sources.set_files import UNDESCRIBED, SetFile, load_set_file


def merged(written: Sequence[Written], disabled: Disabled) -> tuple[Merged, ...]:
    """The policies that the files come to, each key with its place.

    Raises:
        PolicyError: with every problem of every file.
        UsageError: where there is no policy in any of them.
    """
    problems: list[Problem] = []
    layers = [_layer(name, written, problems) for name in dict.fromkeys(file.set for file in written if file.set)]
    own = Layer("", tuple(PolicySource(file.path, file.data) for file in written if not file.set))
    try:
        found = merge((*layers, own), disabled)
    except PolicyError as error:
        raise PolicyError((*problems, *error.problems), error.hint) from None
    if problems:
        raise PolicyError(tuple(problems))
    if not found:
        raise UsageError("the sets that are extended have no policy left", "leave fewer of them out, or write one")
    return found


def _layer(name: str, written: Sequence[Written], problems: list[Problem]) -> Layer:
    described, sources = UNDESCRIBED, []
    for file in written:
        if file.set != name:
            continue
        if file.path.rpartition("/")[2] == DESCRIPTION:
            described = _described(file, problems)
        else:
            sources.append(PolicySource(file.path, file.data))
    return Layer(name, tuple(sources), described)


def _described(file: Written, problems: list[Problem]) -> SetFile:
    try:
        return load_set_file(file.path, file.data)
    except PolicyError as error:
        problems += error.problems
        return UNDESCRIBED

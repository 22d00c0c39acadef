"""The docstrings under the fields of a model: written once, read as docs, schema descriptions and in messages."""

import ast
import inspect
import textwrap
from collections.abc import Iterator
from dataclasses import is_dataclass
from functools import cache
from itertools import pairwise

from govcheck.policy import yaml_key


def descriptions(model: type) -> dict[str, str]:
    """Every key of a model, in YAML's spelling, with its text in one line; a key without a docstring is missing."""
    return _descriptions(model)


@cache
def _descriptions(model: type) -> dict[str, str]:
    parents = [parent for parent in reversed(model.__mro__) if is_dataclass(parent)]
    return {key: text for parent in parents for key, text in _own(parent)}


def _own(model: type) -> Iterator[tuple[str, str]]:
    """What stands in the class itself."""
    (tree,) = ast.parse(textwrap.dedent(inspect.getsource(model))).body
    for field, text in pairwise(tree.body if isinstance(tree, ast.ClassDef) else ()):
        match field, text:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(described))):
                yield yaml_key(name), " ".join(described.split())
            case _:
                pass

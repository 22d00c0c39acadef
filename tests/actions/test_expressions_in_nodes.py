"""Whether an expression stands in a part of a document: told without evaluating it."""

from hypothesis import given
from hypothesis import strategies as st

from govcheck.actions.evaluation import Scope
from govcheck.actions.matrix import expand
from govcheck.actions.templates import has_expressions
from govcheck.actions.values import Unknown
from govcheck.facts.document import Mapping, Scalar, Sequence, plain

_SCALARS = st.builds(
    lambda value: Scalar(value, str(value), "plain", 1, 1),
    st.sampled_from(["${{ matrix.a }}", "x ${{", "$", "{{", "a", "", 1, True, None]),
)


def _mapping(values):
    return Mapping({key: (Scalar(key, key, "plain", 1, 1), value) for key, value in values.items()}, 1, 1)


_KEYS = st.sampled_from(["matrix", "include", "a", "b", "${{ k }}", "$"])
_NODES = st.recursive(
    _SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: Sequence(tuple(items), 1, 1))
        | st.dictionaries(_KEYS, inner, max_size=3).map(_mapping)
    ),
    max_leaves=8,
)


@given(_NODES)
def test_it_is_what_the_plain_document_shows(node):
    assert has_expressions(node) == ("${{" in str(plain(node)))


@given(_NODES)
def test_without_an_expression_a_matrix_is_the_same_in_every_scope(node):
    if has_expressions(node):
        return
    first, second = (
        expand(_mapping({"matrix": node}), scope) for scope in (Scope({}), Scope({"github": Unknown(expression="x")}))
    )
    assert (first is None) == (second is None)
    if first is not None and second is not None:
        assert [leg.named for leg in first.legs] == [leg.named for leg in second.legs]
        assert first.open == second.open

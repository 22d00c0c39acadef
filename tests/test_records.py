"""Records are what dataclasses would be: the same behaviour, held against the standard library's."""

import copy
import dataclasses
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from govcheck.records import field, frozen, mutable, names, replace


@frozen(kw_only=True)
class Root:
    """At the bottom."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid", "strict": True}

    name: str
    rest: tuple[int, ...] = ()


@frozen(kw_only=True)
class Leaf(Root):
    name: str = "leaf"
    size: int


@frozen
class Pair:
    left: object
    right: object = None
    known: Mapping[str, int] = field(default_factory=dict)
    note: str | None = field(default=None, compare=False, repr=False)


@dataclasses.dataclass(frozen=True, slots=True)
class StandardPair:
    left: object
    right: object = None
    known: Mapping[str, int] = dataclasses.field(default_factory=dict)
    note: str | None = dataclasses.field(default=None, compare=False, repr=False)


@mutable
class Tally:
    words: list[str] = field(default_factory=list)
    count: int = 0

    def __post_init__(self) -> None:
        self.count += len(self.words)


@frozen(eq=False)
class Itself:
    value: int


@frozen
class Nothing:
    pass


VALUES = st.none() | st.booleans() | st.integers(0, 2) | st.floats() | st.sampled_from(["", "a"])


@given(st.tuples(VALUES, VALUES, VALUES), st.tuples(VALUES, VALUES, VALUES))
def test_two_are_equal_where_the_standard_librarys_are(one, other):
    ours = Pair(one[0], one[1], note=one[2]) == Pair(other[0], other[1], note=other[2])
    theirs = StandardPair(one[0], one[1], note=one[2]) == StandardPair(other[0], other[1], note=other[2])
    assert ours == theirs


@given(VALUES, VALUES)
def test_it_is_written_as_the_standard_library_writes_it(left, right):
    assert repr(Pair(left, right, note="x")) == repr(StandardPair(left, right, note="x")).replace("Standard", "")


def test_what_is_equal_has_one_hash():
    assert len({Root(name="a"), Root(name="a"), Root(name="b"), Leaf(name="a", size=1)}) == 3
    assert {Nothing(): 1}[Nothing()] == 1


def test_another_class_is_never_equal():
    @frozen(kw_only=True)
    class Twin:
        name: str
        rest: tuple[int, ...] = ()

    assert Root(name="a") != Twin(name="a")
    assert Root(name="a") != "a"


def test_with_eq_off_each_is_equal_to_itself_alone():
    one = Itself(1)
    assert one == one  # noqa: PLR0124 - this is what is asked
    assert one != Itself(1)
    assert {one: 1} != {Itself(1): 1}


def test_nothing_can_be_written_to_a_frozen_one():
    one = Root(name="a")
    with pytest.raises(dataclasses.FrozenInstanceError, match="`name`"):
        one.name = "b"
    with pytest.raises(dataclasses.FrozenInstanceError, match="`other`"):
        one.other = "b"
    with pytest.raises(dataclasses.FrozenInstanceError, match="`name`"):
        del one.name
    assert one.name == "a"


def test_a_mutable_one_has_slots_and_no_hash():
    one = Tally(["a"])
    one.count = 5
    assert one == Tally(["a"], 4)
    with pytest.raises(AttributeError):
        one.other = 1
    with pytest.raises(TypeError, match="unhashable"):
        hash(one)


def test_a_factory_makes_one_for_each_instance():
    Tally().words.append("a")
    assert Tally().words == []


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Root("a"), r"Root.__init__\(\) takes 1 positional argument but 2 were given"),
        (Root, r"Root.__init__\(\) missing 1 required keyword-only argument: 'name'"),
        (lambda: Pair(1, size=1), r"Pair.__init__\(\) got an unexpected keyword argument 'size'"),
    ],
    ids=["positional", "missing", "unknown"],
)
def test_a_wrong_call_is_refused_in_pythons_own_words(make, message):
    for _ in range(2):
        with pytest.raises(TypeError, match=message):
            make()


def test_it_inherits_fields_and_may_redefine_them():
    assert names(Leaf) == ("name", "rest", "size")
    assert repr(Leaf(size=1)) == "Leaf(name='leaf', rest=(), size=1)"
    assert Leaf.__slots__ == ("size",)
    assert not hasattr(Leaf(size=1), "__dict__")


def test_a_subclass_that_is_no_record_is_made_like_its_parent():
    class Child(Leaf):
        pass

    assert Child(size=3).size == 3
    with pytest.raises(TypeError, match="is not a record"):
        names(Child)


def test_patterns_take_its_fields_in_order():
    match Pair(1, 2):
        case Pair(left, right):
            assert (left, right) == (1, 2)
    assert Root.__match_args__ == ()


def test_a_default_that_all_would_share_is_refused():
    with pytest.raises(ValueError, match="default_factory"):

        @mutable
        class _Shared:
            words: list[str] = []  # noqa: RUF012 - this is what is refused


def test_a_constructor_of_its_own_is_refused():
    with pytest.raises(TypeError, match="__post_init__"):

        @frozen
        class _Own:
            def __init__(self) -> None:
                pass


def test_the_first_instances_may_be_made_by_several_threads_at_once():
    @frozen
    class Fresh:
        value: int

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(Fresh, range(100))) == [Fresh(number) for number in range(100)]


def test_it_cannot_inherit_from_a_dataclass_whose_fields_it_would_lose():
    with pytest.raises(TypeError, match="StandardPair is a dataclass"):

        @frozen
        class _Lost(StandardPair):
            pass


@pytest.mark.parametrize("one", [Leaf(name="a", size=1), Pair(1, (2,)), Tally(["a"], 3)], ids=repr)
def test_copies_are_equal(one):
    assert replace(one) == dataclasses.replace(one)
    if not isinstance(one, Tally):  # whose constructor counts
        assert copy.copy(one) == copy.deepcopy(one) == replace(one) == one
    assert copy.deepcopy(one) == one


def test_a_copy_takes_other_values_and_no_other_names():
    assert replace(Leaf(size=1), size=2, name="b") == Leaf(name="b", size=2)
    with pytest.raises(TypeError, match="unexpected keyword argument 'other'"):
        replace(Leaf(size=1), other=2)


def test_to_the_standard_library_it_is_a_dataclass():
    assert dataclasses.is_dataclass(Leaf)
    assert [one.name for one in dataclasses.fields(Leaf)] == ["name", "rest", "size"]
    assert dataclasses.asdict(Leaf(size=1, rest=(2,))) == {"name": "leaf", "rest": (2,), "size": 1}
    assert dataclasses.replace(Leaf(size=1), size=2) == Leaf(size=2)
    for ours, theirs in zip(dataclasses.fields(Pair), dataclasses.fields(StandardPair), strict=True):
        assert repr(ours) == repr(theirs)
    assert Leaf.__dataclass_params__.frozen
    assert not Tally.__dataclass_params__.frozen


def test_a_dataclass_may_inherit_from_it():
    @dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
    class Grown(Root):
        more: int = 0

    assert repr(Grown(name="a", more=1)).endswith("Grown(name='a', rest=(), more=1)")
    assert Grown(name="a") == Grown(name="a")


def test_pydantic_validates_it():
    adapter = TypeAdapter(Leaf)
    assert adapter.validate_json('{"size": 1, "rest": [1, 2]}') == Leaf(size=1, rest=(1, 2))
    with pytest.raises(ValidationError, match="size"):
        adapter.validate_json("{}")
    with pytest.raises(ValidationError, match="other"):
        adapter.validate_json('{"size": 1, "other": 2}')

"""Names of contexts: the rules of GitHub's own builder."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcheck.actions.job_names import LONGEST, could_be, default_name
from govcheck.actions.values import Unknown, to_text
from workflow_texts import contexts, jobs, levels

X = Unknown(expression="x")


def names(text, **more):
    return list(levels(contexts(ci=jobs(text), **more)))


@pytest.mark.parametrize(
    ("job", "expected"),
    [
        ("build: {runs-on: x}", ["build"]),
        ("build: {runs-on: x, name: Build it}", ["Build it"]),
        ("build: {runs-on: x, name: ''}", ["build"]),
        ("build: {runs-on: x, name: }", ["build"]),
        ("build: {runs-on: x, name: 1.10}", ["1.1"]),
        ("build: {runs-on: x, name: yes}", ["yes"]),
        ("build: {runs-on: x, name: TRUE}", ["true"]),
        ("build: {runs-on: x, strategy: {fail-fast: true}}", ["build"]),
        ("b: {runs-on: x, strategy: {matrix: {v: [3.10, 1.0, true, False, 2022-11-28, 3:30]}}}",
         ["b (3.1)", "b (1)", "b (true)", "b (false)", "b (2022-11-28)", "b (3:30)"]),
        ("b: {runs-on: x, name: B, strategy: {matrix: {os: [l, m], v: [1]}}}", ["B (l, 1)", "B (m, 1)"]),
        ("b: {runs-on: x, strategy: {matrix: {v: [null, '']}}}", ["b"]),
        ("b: {runs-on: x, strategy: {matrix: {c: [{os: l, deep: [1, 2]}]}}}", ["b (l, 1, 2)"]),
        ("b: {runs-on: x, strategy: {matrix: {o: [l], include: [{o: l, more: 1}, {o: z, more: 2}, {own: q, o: y}]}}}",
         ["b (l)", "b (z, 2)", "b (y, q)"]),
        ("b: {runs-on: x, name: 'T ${{ matrix.os }}', strategy: {matrix: {os: [l, m]}}}", ["T l", "T m"]),
        ("b: {runs-on: x, name: '${{ matrix.none }}', strategy: {matrix: {os: [l]}}}", ["b (l)"]),
        ("b: {runs-on: x, name: '${{ ''text'' }}', strategy: {matrix: {os: [l]}}}", ["text (l)"]),
        ("b: {runs-on: x, name: '${{ matrix.v }}', strategy: {matrix: {v: [1.0, true]}}}", ["1", "true"]),
        ("b: {runs-on: x, name: '${{ strategy.job-index }}/${{ strategy.job-total }}', strategy: {matrix: {v: [1]}}}",
         ["0/1"]),
        ("b: {runs-on: x, name: '${{ github.event_name }} to ${{ github.base_ref }}'}", ["pull_request to main"]),
        ("b: {runs-on: x, name: '${{ inputs.x || ''none'' }}'}", ["none"]),
        ("b: {runs-on: x, name: 'on ${{ vars.OS }}'}", ["on *"]),
        ("b: {runs-on: x, strategy: {matrix: '${{ fromJSON(needs.a.outputs.m) }}'}}", ["b (*)"]),
        ("b: {runs-on: x, name: 'T ${{ matrix.os }}', strategy: {matrix: {os: '${{ fromJSON(vars.x) }}'}}}", ["T *"]),
        ("b: {runs-on: x, name: '${{ broken'}", ["*"]),
    ],
)  # fmt: skip
def test_a_name(job, expected):
    assert names(job) == expected


def test_a_long_default_name_is_cut():
    long = "n" * 99
    assert default_name(long, ()) == long
    assert default_name(long + "n", ()) == long + "n"
    assert default_name(long + "nn", ()) == "n" * 97 + "..."
    assert default_name(long, ("v",)) == "n" * 97 + "..."


def test_length_counts_as_the_server_counts():
    assert default_name("\U0001f600" * 50, ()) == "\U0001f600" * 50
    assert default_name("\U0001f600" * 51, ()) == "\U0001f600" * 48 + "\ufffd..."


def test_an_evaluated_name_is_not_cut():
    (name,) = names("b: {runs-on: x, name: '${{ format(''{0}'', ''" + "n" * 120 + "'') }}'}")
    assert name == "n" * 120


@given(
    st.text("ab", min_size=1, max_size=60),
    st.lists(st.one_of(st.text("cd", min_size=1, max_size=30), st.none()), min_size=1, max_size=4),
    st.data(),
)
def test_a_name_that_is_known_in_part_could_be_what_it_becomes(base, values, data):
    doubtful = default_name(base, tuple(X if value is None else value for value in values))
    real = tuple(data.draw(st.text("ef", min_size=1, max_size=40)) if value is None else value for value in values)
    assert could_be(doubtful, to_text(default_name(base, real)))


def test_a_name_whose_known_part_is_longer_than_the_cut_could_be_what_is_left_of_it():
    doubtful = default_name("a" * 60, ("c" * 40, X))
    assert could_be(doubtful, to_text(default_name("a" * 60, ("c" * 40, "e"))))


def test_a_name_that_is_known_in_part_is_not_anything():
    doubtful = default_name("test", ("linux", X))
    assert could_be(doubtful, "test (linux, 3.12)")
    assert not could_be(doubtful, "test (mac, 3.12)")
    assert not could_be(doubtful, "test")
    assert not could_be(doubtful, "best (linux, 3.12)")


def test_the_cut_is_where_github_cuts():
    assert LONGEST == 100


CALLED = """
on:
  workflow_call:
    inputs:
      os: {type: string, default: linux}
      count: {type: number}
      on: {type: boolean}
jobs:
  test: {runs-on: x, name: "test ${{ inputs.os }} ${{ inputs.count }} ${{ inputs.on }}"}
  plain: {runs-on: x, strategy: {matrix: {v: [1, 2]}}}
"""


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("c: {uses: ./.github/workflows/called.yml}", ["c / test linux 0 false", "c / plain (1)", "c / plain (2)"]),
        ("c: {uses: $/.github/workflows/called.yml}", ["c / test linux 0 false", "c / plain (1)", "c / plain (2)"]),
        ("c: {name: Call, uses: ./.github/workflows/called.yml, with: {OS: mac, count: 2, 'on': true}}",
         ["Call / test mac 2 true", "Call / plain (1)", "Call / plain (2)"]),
        ("c: {uses: ./.github/workflows/called.yml, strategy: {matrix: {os: [a, b]}}, with: {os: '${{ matrix.os }}'}}",
         ["c (a) / test a 0 false", "c (a) / plain (1)", "c (a) / plain (2)",
          "c (b) / test b 0 false", "c (b) / plain (1)", "c (b) / plain (2)"]),
        ("c: {uses: o/r/.github/workflows/x.yml@v1}", ["c / *"]),
        ("c: {uses: ./.github/workflows/called.yml, with: {os: '${{ vars.OS }}'}}",
         ["c / test * 0 false", "c / plain (1)", "c / plain (2)"]),
    ],
)  # fmt: skip
def test_a_reusable_workflow(call, expected):
    assert names(call, called=CALLED) == expected


def test_calls_nest():
    outer = jobs("o: {uses: ./.github/workflows/middle.yml}")
    middle = jobs("m: {uses: ./.github/workflows/called.yml, with: {os: '${{ inputs.x }}'}}", on="workflow_call")
    found = levels(contexts(ci=outer, middle=middle, called=CALLED))
    assert list(found) == ["o / m / test  0 false", "o / m / plain (1)", "o / m / plain (2)"]

"""Names with placeholders."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcheck.text.templates import PLACEHOLDERS, example, matches, problem

WORDS = {"agent": ("qa", "ai.customer")}


@pytest.mark.parametrize(
    ("template", "name", "fits"),
    [
        ("batch-{timestamp}/{slug}", "batch-20251017T033137Z/chatwoot-health", True),
        ("batch-{timestamp}/{slug}", "batch-20251017/chatwoot-health", False),
        ("batch-{timestamp}", "batch-20251317T033137Z", False),
        ("{date}", "2025-02-31", True),
        ("{date}", "2025-02-32", False),
        ("agent/{agent}/{day}-{slug}", "agent/qa/20251016-build-fixes", True),
        ("agent/{agent}/{day}-{slug}", "agent/pm/20251016-build-fixes", False),
        ("{agent}", "aiXcustomer", False),
        ("{slug}", "Build", False),
        ("{slug}", "a--b", False),
        ("{id}", "M10401-stub", True),
        ("dependabot/**", "dependabot/npm/x-1.2", True),
        ("release/*", "release/1/2", False),
        ("fix+{number}", "fix+12", True),
        ("fix+{number}", "fixx12", False),
        ("{slug}", "a\n", False),
        ("{number}", "\u0661", False),
        ("**", "x" * 256, False),
    ],
)
def test_a_name_fits_or_does_not(template: str, name: str, fits: bool):  # noqa: FBT001
    assert matches(name, template, WORDS) is fits


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("", "empty"),
        ("{slog}", "`{slog}` is no placeholder"),
        ("a{b", "`{` stands alone"),
        ("x" * 300, "300 characters"),
    ],
)
def test_a_template_that_means_nothing(template: str, said: str):
    assert said in (problem(template, WORDS) or "")


@given(
    st.lists(
        st.sampled_from([f"{{{name}}}" for name in [*PLACEHOLDERS, "agent"]] + ["/", "*", "**", "a.b", "-"]), min_size=1
    )
)
def test_the_example_of_a_template_is_a_name_that_it_matches(parts):
    template = "".join(parts)
    assert problem(template, WORDS) is None
    name = example(template, WORDS)
    assert len(name) > 255 or matches(name, template, WORDS)


@given(st.text(min_size=1, max_size=255))
def test_plain_text_matches_itself_alone(text):
    template = re.sub(r"[{}*]", "", text)
    if template:
        assert matches(template, template, {})
        assert not matches(f"{template}x", template, {})


def test_a_template_of_many_placeholders_takes_no_time():
    assert not matches("a-" * 127, "{id}{slug}**" * 20, {})
    assert matches("a-b" * 80, "{id}{slug}**" * 20, {})

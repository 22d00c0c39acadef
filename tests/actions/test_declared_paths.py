import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcheck.actions.declared_paths import Declaration, declarations, faults, too_wide


def patterns(text):
    return [list(found.patterns) for found in declarations(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Allowed paths: app/** packages/**", ["app/**", "packages/**"]),
        ("allowed PATHS: app/**, docs/*.md", ["app/**", "docs/*.md"]),
        ("Allowed path: app/x.ts", ["app/x.ts"]),
        ("allowed-paths:app/**", ["app/**"]),
        ("Allowed paths: `app/**`, `my file.md`", ["app/**", "my file.md"]),
        ("Allowed paths: app/** `docs/**`", ["app/**", "docs/**"]),
        ("Allowed paths: `app/**` the routes only", ["app/**"]),
        ("Allowed paths: app/** - the routes only", ["app/**"]),
        ("Allowed paths: app/** (and nothing/else)", ["app/**"]),
        ("Allowed paths: app/**, docs/**.", ["app/**", "docs/**"]),
        ("Allowed paths: app/\\*\\*", ["app/**"]),
        ("Allowed paths: `app/\\[id].tsx`", ["app/\\[id].tsx"]),
        ("Allowed paths: **", ["**"]),
        ("**Allowed paths:** app/**", ["app/**"]),
        ("**Allowed paths**: app/**", ["app/**"]),
        ("__Allowed paths:__ app/**", ["app/**"]),
        ("`Allowed paths:` app/**", ["app/**"]),
        ("- Allowed paths: app/**", ["app/**"]),
        ("## Allowed paths: app/**", ["app/**"]),
        ("## Allowed paths\n\n- app/**\n- docs/**\n", ["app/**", "docs/**"]),
        ("## **Allowed paths**\n* `app/**` the routes\n* `docs/**`", ["app/**", "docs/**"]),
        ("### Allowed paths ###\n1. app/**\n2. docs/**", ["app/**", "docs/**"]),
        ("**Allowed paths**\n- app/**", ["app/**"]),
        ("Allowed paths:\r\n- app/**\r\n- docs/**\r\n\r\nMore text", ["app/**", "docs/**"]),
        ("Allowed paths:\n- [x] app/**\n- [ ] docs/**", ["app/**", "docs/**"]),
        ("- Allowed paths:\n  - app/**\n\n  - docs/**", ["app/**", "docs/**"]),
        ("- **`app/**`**\n\nAllowed paths:\n- **`app/**`**", ["app/**"]),
        ("Allowed paths:\n```\napp/**\ndocs/*.md, x\n```\nlib/**", ["app/**", "docs/*.md", "x"]),
        ("## Allowed paths\n~~~text\napp/**\n```\n~~~", ["app/**", "```"]),
        ("Allowed paths:\n```\napp/**", ["app/**"]),
        ("## Allowed paths\napp/** docs/**\nlib/x.py\n\nnot/this", ["app/**", "docs/**", "lib/x.py"]),
        ("## Allowed paths\n<!-- one glob a line -->\n- app/**", ["app/**"]),
        ("Allowed paths: app/** <!-- docs/** -->", ["app/**"]),
        ("Allowed paths:", []),
        ("## Allowed paths\n\n## Risk\n- app/**", []),
        ("## Allowed paths\nOnly what we need here", []),
        ("Allowed paths: <!-- app/** -->", []),
    ],
)
def test_one_declaration(text, expected):
    assert patterns(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "The allowed paths are app/**",
        "Please name the Allowed paths: app/**",
        "Allowed paths are in the policy",
        "## Allowed paths policy\n- app/**",
        "**Allowed paths** app/**",
        "Disallowed paths: app/**",
        "> Allowed paths: app/**",
        "<!-- Allowed paths: app/** -->",
        "<!--\nAllowed paths: app/**\n-->",
        "<!-- never closed\nAllowed paths: app/**",
        "```\nAllowed paths: app/**\n```",
        "~~~\nAllowed paths: app/**",
        "````\n```\nAllowed paths: app/**\n````",
    ],
)
def test_no_declaration(text):
    assert declarations(text) == ()


def test_a_comment_in_a_code_block_hides_nothing_after_it():
    assert patterns("```\n<!--\n```\nAllowed paths: app/**") == [["app/**"]]


def test_code_in_one_line_opens_no_block():
    assert patterns("```x```\nAllowed paths: app/**") == [["app/**"]]


def test_every_declaration_is_told_with_its_line():
    text = "Allowed paths: app/**\n\n<!-- one\ntwo -->\n## Allowed paths\n- docs/**\n- Allowed paths: lib/**"
    assert declarations(text) == (
        Declaration(1, ("app/**",)),
        Declaration(5, ("docs/**",)),
        Declaration(7, ("lib/**",)),
    )


@pytest.mark.parametrize("pattern", ["**", "*", "/", "/**", "**/*", "*/**", "**/*.*", "./**", ".", "[a-z]*", "?*/**"])
def test_too_wide(pattern):
    assert too_wide(pattern)


@pytest.mark.parametrize("pattern", ["app/**", "*.md", "**/*.md", "x", ".github/**"])
def test_not_too_wide(pattern):
    assert not too_wide(pattern)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "declares no allowed paths"),
        ("Allowed paths:", "declares allowed paths and names none (line 1 of its text)"),
        ("Allowed paths: **", "declares `**`, which names no path in particular"),
        ("Allowed paths: a**", "declares `a**`, which is not valid: `**` stands for whole segments"),
        ("Allowed paths: a\nAllowed paths: b", "declares its allowed paths 2 times, and differently (lines 1, 2 of"),
    ],
)
def test_faults(text, fault):
    (found,) = faults(declarations(text))
    assert found.startswith(fault)


def test_the_same_declaration_twice_is_no_fault():
    assert not list(faults(declarations("Allowed paths: a b\n\nAllowed paths: b, a")))


NAMES = st.lists(st.text("abc*", min_size=1, max_size=4), min_size=1, max_size=3).map(
    lambda parts: "x/" + "/".join(parts)
)


@given(st.lists(NAMES, min_size=1, max_size=5))
def test_all_forms_say_the_same(names):
    forms = [
        "Allowed paths: " + " ".join(names),
        "Allowed paths: " + ", ".join(f"`{name}`" for name in names),
        "## Allowed paths\n" + "\n".join(f"- {name}" for name in names),
        "**Allowed paths**\n\n" + "\n".join(f"* `{name}` remark" for name in names),
        "Allowed paths:\n```\n" + "\n".join(names) + "\n```",
    ]
    assert [patterns(form) for form in forms] == [[names]] * len(forms)


PARTS = [
    "Allowed paths:",
    "## Allowed paths",
    "\n",
    "- ",
    "```",
    "`",
    "<!--",
    "-->",
    "> ",
    "**",
    "app/**",
    " ",
    ",",
    "\\",
    "é\udc80",
]


@given(st.lists(st.sampled_from(PARTS), max_size=40).map("".join))
def test_any_text_is_read_and_told(text):
    found = declarations(text)
    assert all(1 <= declaration.line <= text.count("\n") + 1 for declaration in found)
    assert all(pattern for declaration in found for pattern in declaration.patterns)
    assert found or list(faults(found)) == ["declares no allowed paths"]


@pytest.mark.parametrize(
    "unit", ["`", "<!--", "Allowed paths:\n", "- Allowed paths:\n\n", "Allowed paths: `\n", "```\n", "- ", "* \n", "#"]
)
def test_a_text_of_githubs_greatest_length_ends(unit):
    assert isinstance(declarations("Allowed paths:\n" + unit * (65_536 // len(unit))), tuple)

"""Imports of source files."""

import pytest

from govcheck.documents.imports import imported


@pytest.mark.parametrize(
    ("path", "text", "found"),
    [
        ("a.tsx", "import {\n  a,\n} from '@s/node'\nexport * from \"b\"", [("@s/node", 3), ("b", 4)]),
        ("a.mjs", "require( 'a' ); import(\n 'b')\nimport`c`", [("a", 1), ("b", 1), ("c", 3)]),
        ("a.PY", "import a.b as c, d\n  from e.f import g\nimportant = 1", [("a.b", 1), ("d", 1), ("e.f", 2)]),
        ("a.go", 'import (\n\tx "a.b/c"\n\t"d"\n)\nx := "e" + y\n', [("a.b/c", 2), ("d", 3)]),
        ("a.rb", "require 'a/b'\nrequire_relative 'c'", [("a/b", 1)]),
        ("a.java", "import static io.a.B;\n", [("io.a.B", 1)]),
        ("a.cs", "global using A.B;\nusing (x) {}\n", [("A.B", 1)]),
        ("a.php", "use \\A\\B;\n", [("A\\B", 1)]),
        ("a.rs", "pub use a::b;\n", [("a::b", 1)]),
        ("a.md", "import a", []),
        ("Makefile", "import a", []),
    ],
)
def test_modules(path, text, found):
    assert [(one.module, one.line) for one in imported(path, text)] == found


def test_every_package_that_a_module_may_be_of():
    (one,) = imported("a.ts", 'import "@Sentry/node/init"')
    assert list(one.names) == ["@sentry", "@sentry/node", "@sentry/node/init"]
    (relative,) = imported("a.ts", 'import "./sentry"')
    assert "sentry" not in set(relative.names)


@pytest.mark.parametrize("text", ["import" + " " * 200_000, "from " * 50_000, "\n" * 200_000])
def test_a_long_text_is_read_to_its_end(text):
    assert list(imported("a.ts", text)) == []
    assert list(imported("a.py", text)) == []

"""Which variables programs read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcheck.facts import Missing
from govcheck.findings import Reason
from govcheck.settings.code_reads import reads


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"const a = process.env.SUPABASE_URL!;", ["SUPABASE_URL"]),
        (b"process.env['A'] ?? process.env[\"B\"]", ["A", "B"]),
        (b"process.env?.A; import.meta.env.VITE_A", ["A", "VITE_A"]),
        (b"os.environ['A'], os.environ.get('B', ''), os.getenv(\"C\")", ["A", "B", "C"]),
        (b"Deno.env.get('A')", ["A"]),
        (b"// process.env.A\n * process.env.B\n# os.getenv('C')", []),
        (b"process.env[`A_${x}`]; process.env; const {A} = process.env", []),
        (b"\r\nx\r\nprocess.env.A\r\n", ["A"]),
        (b"process.env.A" + b" " * 20_000, []),
        (b"\xff\xfe process.env.A", ["A"]),
    ],
)
def test_what_is_read(text, expected):
    assert [one.name for one in reads({"a.ts": text})] == expected


@pytest.mark.parametrize(
    ("text", "needed"),
    [
        (b"process.env.A", True),
        (b"process.env.A!", True),
        (b"process.env.A ?? 5", False),
        (b"process.env['A'] || ''", False),
        (b"os.getenv('A', '5')", False),
        (b"os.getenv('A')", True),
    ],
)
def test_what_has_something_in_its_place_is_not_needed(text, needed):
    assert [one.needed for one in reads({"a.ts": text})] == [needed]


def test_where():
    (found,) = reads({"a.ts": b"\n\nprocess.env.A", "b.ts": Missing(reason=Reason.UNPARSEABLE, message="too large")})
    assert (found.path, found.line) == ("a.ts", 3)


@given(st.binary())
def test_whatever_is_written_is_read(text):
    assert all(one.name.isascii() for one in reads({"a": b"process.env" + text}))

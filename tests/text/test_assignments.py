"""Names that are given a value."""

import pytest

from govcheck.text.assignments import assigned


@pytest.mark.parametrize(
    "line",
    [
        "FLY_API_TOKEN=fo1_abc123",
        "export FLY_API_TOKEN='fo1_abc123'",
        '  "FLY_API_TOKEN": "fo1_abc123",',
        "FLY_API_TOKEN: fo1_abc123",
        "FLY_API_TOKEN := fo1_abc123",
        "FLY_API_TOKEN = fo1_abc123 # comment",
        'process.env["FLY_API_TOKEN"] = "fo1_abc123"',
        "VITE_FLY_API_TOKEN=fo1_abc123",
        "fly secrets set FLY_API_TOKEN=fo1_abc123",
        "FLY_API_TOKEN=eyJhbGciOi.eyJpc3Mi.c2lnbmF0dXJl",
    ],
)
def test_a_value(line: str):
    assert list(assigned(line, ("FLY_API_TOKEN",), "x.env")) == ["FLY_API_TOKEN"]


@pytest.mark.parametrize(
    "line",
    [
        "FLY_API_TOKEN",
        "FLY_API_TOKEN=",
        'FLY_API_TOKEN=""',
        "FLY_API_TOKEN: ${{ secrets.FLY_API_TOKEN }}",
        'FLY_API_TOKEN="${FLY_API_TOKEN}"',
        "FLY_API_TOKEN=$TOKEN",
        "FLY_API_TOKEN=<your token>",
        "FLY_API_TOKEN=your-token-here",
        "FLY_API_TOKEN=xxxxxxxx",
        "FLY_API_TOKEN=changeme",
        'FLY_API_TOKEN: "api-token"',
        "FLY_API_TOKEN={{vault:fly/token}}",
        'FLY_API_TOKEN: "test-token"',
        "FLY_API_TOKEN=...\\n",
        "FLY_API_TOKEN: process.env.FLY_API_TOKEN!",
        'if (FLY_API_TOKEN == "x")',
        "FLY_API_TOKEN_FILE=/run/secrets/x",
    ],
)
def test_no_value(line: str):
    assert list(assigned(line, ("FLY_API_TOKEN",), "x.env")) == []


@pytest.mark.parametrize(("path", "found"), [("a.ts", []), ("a.py", []), (".env", ["KEY"]), ("a.yml", ["KEY"])])
def test_a_bare_word_is_a_variable_in_code(path: str, found: list[str]):
    assert list(assigned("KEY: apiKey", ("KEY",), path)) == found


def test_one_long_line_is_no_trouble():
    assert list(assigned('KEY="' * 100_000, ("KEY",), "a.js")) != ["x"]

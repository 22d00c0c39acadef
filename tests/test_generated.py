import json
import re
from pathlib import Path

import jsonschema
import pytest

from govcheck import generate
from govcheck.generate import pages
from govcheck.registry import kinds

ROOT = Path(__file__).parents[1]
FILES = generate.files(ROOT)


def test_the_committed_files_are_what_the_code_says():
    assert generate.stale(ROOT) == [], "run `govcheck generate`"


def test_every_kind_has_a_page_and_a_branch():
    files = FILES
    assert {f"docs/rules/{name}.md" for name in kinds()} < set(files)
    schema = json.loads(files["schemas/policy.schema.json"])
    assert schema["properties"]["kind"]["enum"] == list(kinds())
    assert set(kinds()) < set(schema["$defs"])


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith(".json")])
def test_every_schema_is_one(name):
    schema = json.loads(FILES[name])
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema.Draft202012Validator.check_schema(schema)
    for reference in re.findall(r'"\$ref": "(.*?)"', FILES[name]):
        target = schema
        for step in reference.removeprefix("#/").split("/"):
            target = target[step]


def test_writing_mends_what_is_missing_changed_or_left_over(tmp_path: Path):
    (tmp_path / "README.md").write_text("# x\n<!-- kinds -->\nold\n<!-- /kinds -->\nend\n")
    assert generate.write(tmp_path) == sorted(["README.md", *FILES])
    assert generate.write(tmp_path) == []
    (tmp_path / "schemas" / "config.schema.json").write_text("{}")
    (tmp_path / "docs" / "rules" / "gone.md").write_text("left over")
    (tmp_path / "docs" / "rules" / "index.md").unlink()
    stale = ["docs/rules/gone.md", "docs/rules/index.md", "schemas/config.schema.json"]
    assert generate.stale(tmp_path) == stale
    assert generate.write(tmp_path) == stale
    assert generate.stale(tmp_path) == []
    assert not (tmp_path / "docs" / "rules" / "gone.md").exists()


def test_readme_changes_between_its_marks_only(tmp_path: Path):
    new = pages.readme("before\n<!-- kinds -->\nstale row\n<!-- /kinds -->\nafter\n")
    assert new.startswith("before\n<!-- kinds -->\n\n| kind |")
    assert new.endswith("|\n\n<!-- /kinds -->\nafter\n")
    assert "stale row" not in new
    assert pages.readme(new) == new
    assert pages.readme("no marks") == "no marks"
    generate.write(tmp_path)
    assert not (tmp_path / "README.md").exists()

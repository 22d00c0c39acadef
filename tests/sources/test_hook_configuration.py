"""Which files say what hooks a repository has."""

import pytest

from govcheck.facts import Missing
from govcheck.facts.document import Mapping
from govcheck.facts.workflows import Unreadable
from govcheck.findings import Reason
from govcheck.sources.hook_configuration import is_hook_configuration, read_hook_configuration


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (".pre-commit-config.yaml", True),
        ("pre-commit-config.yaml", True),
        ("a/b/.pre-commit-config.yml", True),
        (".Pre-Commit-Config.YAML", True),
        ("precommit.yml", True),
        ("lefthook.yml", True),
        (".lefthook-local.yaml", True),
        (".pre-commit-hooks.yaml", False),
        (".github/workflows/pre-commit.yml", False),
        ("my-pre-commit-config.yaml", False),
        (".pre-commit-config.yaml.bak", False),
    ],
)
def test_which_paths_are_configuration(path, expected):
    assert is_hook_configuration(path) is expected


def read(contents):
    def blobs(paths):
        return {path: contents[path] for path in paths if path in contents}

    return read_hook_configuration(dict.fromkeys(contents, "100644"), blobs)


def test_what_hooks_and_installers_name_is_read_as_well():
    found = read(
        {
            ".pre-commit-config.yaml": b"repos: []  # ./tools/a.sh\n",
            "scripts/install-hooks.sh": b'ln -s "$ROOT/tools/b.sh" .git/hooks/pre-push\n',
            "README.md": b"see tools/c.sh\n",
            "tools/a.sh": b"",
            "tools/b.sh": b"",
            "tools/c.sh": b"",
            "src/app.py": b"",
        }
    )
    assert sorted(found.contents) == [
        ".pre-commit-config.yaml",
        "README.md",
        "scripts/install-hooks.sh",
        "tools/a.sh",
        "tools/b.sh",
    ]
    assert isinstance(found.files[0].document, Mapping)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"a: [\n", None),
        (b"- 1\n", None),
        (b"a: 1\na: 2\n", Reason.UNPARSEABLE),
        (b"#" * (1024 * 1024 + 1), Reason.UNPARSEABLE),
        (b"a: \xff\n", Reason.UNPARSEABLE),
        (Missing(reason=Reason.MISSING_OBJECT, message="not there"), Reason.MISSING_OBJECT),
    ],
)
def test_what_cannot_be_read_and_by_whom(content, reason):
    (file,) = read({"lefthook.yml": content}).files
    assert isinstance(file.document, Unreadable)
    assert file.document.reason is reason

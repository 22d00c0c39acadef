"""Workflow files as GitHub finds and reads them, and the held corpus of real ones."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcheck.actions.contexts import derive
from govcheck.actions.values import Unknown
from govcheck.facts import Missing
from govcheck.facts.workflows import Unreadable, Workflows
from govcheck.findings import Reason
from govcheck.sources.workflow_files import read_workflows
from govcheck.sources.workflow_paths import is_workflow_path

CORPUS = Path(__file__).parents[3] / "shared" / "data" / "workflow-corpus.tar.gz"
GOOD = b"on: push\njobs:\n  b:\n    runs-on: x\n"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (".github/workflows/ci.yml", True),
        (".github/workflows/ci.yaml", True),
        (".github/workflows/.test.yml", True),
        (".github/workflows/.yml", True),
        (".github/workflows/a b\n.yml", True),
        (".github/workflows/sub/ci.yml", False),
        (".github/workflows/ci.YML", False),
        (".github/workflows/ci.json", False),
        (".github/Workflows/ci.yml", False),
        (".github/ci.yml", False),
        ("app/.github/workflows/ci.yml", False),
    ],
)
def test_which_paths_are_workflows(path, expected):
    assert is_workflow_path(path) is expected


def test_files_are_in_order_and_others_are_left_out():
    found = read_workflows({".github/workflows/b.yml": GOOD, "a.md": b"", ".github/workflows/a.yml": GOOD})
    assert [file.path for file in found.files] == [".github/workflows/a.yml", ".github/workflows/b.yml"]
    assert found.files[0].text == GOOD.decode()


def one(content):
    (file,) = read_workflows({".github/workflows/ci.yml": content}).files
    return file


def test_a_blob_that_the_clone_does_not_have():
    missing = Missing(reason=Reason.MISSING_OBJECT, message="the clone lacks it")
    assert one(missing).document == Unreadable("the clone lacks it", 0, 0, Reason.MISSING_OBJECT)


def test_what_github_rejects_as_well():
    document = one(b"on: push\njobs:\n\tb: x\n").document
    assert isinstance(document, Unreadable)
    assert document.line == 3
    assert one(b"on: push\n" + b"#" * 1024 * 1024).document.reason is None


def test_what_perhaps_only_we_cannot_read():
    document = one(b"on: push\njobs: {b: {runs-on: \xff}}\n").document
    assert isinstance(document, Unreadable)
    assert document.reason is Reason.UNPARSEABLE


def test_on_is_a_key_and_yes_is_text():
    document = one(b"on: push\nname: yes\njobs: {b: {runs-on: x, timeout-minutes: 1:30}}\n").document
    assert not isinstance(document, Unreadable)
    assert document.get("name").value == "yes"


@given(st.binary(max_size=200))
def test_no_bytes_are_a_crash(content):
    derive(Workflows((one(content),)), "main")


@pytest.fixture(scope="module")
def corpus():
    if not CORPUS.is_file():
        pytest.skip("the held corpus of workflow files is not beside this checkout")
    import tarfile  # noqa: PLC0415 - only where there is something to read

    repositories = {}
    with tarfile.open(CORPUS) as archive:
        for member in archive:
            parts = member.name.split("/.github/workflows/")
            if member.isfile() and len(parts) == 2 and is_workflow_path(f".github/workflows/{parts[1]}"):
                files = repositories.setdefault(parts[0], {})
                files[f".github/workflows/{parts[1]}"] = archive.extractfile(member).read()
    return {name: read_workflows(files) for name, files in repositories.items()}


def test_every_real_file_is_read(corpus):
    assert sum(len(found.files) for found in corpus.values()) > 600
    refused = [
        (name, file.path, file.document.message)
        for name, found in corpus.items()
        for file in found.files
        if isinstance(file.document, Unreadable)
    ]
    assert refused == []


def test_nearly_all_real_contexts_are_exact(corpus):
    names = []
    for found in corpus.values():
        derived = derive(found, "main")
        assert derived.complete
        assert derived.broken == ()
        names += [one.name for one in derived.reported if one.event.startswith("pull_request")]
    exact = [name for name in names if not isinstance(name, Unknown)]
    assert len(names) > 1500
    assert len(exact) / len(names) > 0.94

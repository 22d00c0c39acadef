"""A repository with a policy, and the real program run in it."""

from pathlib import Path

import pytest

from program import Govcheck, governed, program
from repositories import Repository


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return governed(tmp_path / "repository")


@pytest.fixture
def govcheck(repository: Repository) -> Govcheck:
    return program(repository.path)

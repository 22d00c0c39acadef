"""Where a repository comes from, by the address of its remote."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcheck.sources.git.origin import origin
from govcheck.sources.git.remote_names import RemoteName, parse
from govcheck.sources.git.repository import open_repository
from repositories import Repository, isolate

_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
owners = st.from_regex(r"[A-Za-z0-9](-?[A-Za-z0-9]){0,20}", fullmatch=True)
names = st.from_regex(r"[A-Za-z0-9_.-]{1,20}", fullmatch=True).filter(
    lambda name: name not in {".", ".."} and not name.endswith(".git")
)
hosts = st.sampled_from(["github.com", "ghe.example.com", "git.corp.internal"])
ends = st.sampled_from(["", ".git", "/", ".git/"])
credentials = st.text(_LETTERS + "-_.:%", min_size=1, max_size=20)
FORMS = [
    "https://{host}/{owner}/{name}",
    "https://{host}:8443/{owner}/{name}",
    "https://{secret}@{host}/{owner}/{name}",
    "http://{secret}:x-oauth-basic@{host}/{owner}/{name}",
    "ssh://git@{host}/{owner}/{name}",
    "ssh://git@{host}:2222/{owner}/{name}",
    "git://{host}/{owner}/{name}",
    "git@{host}:{owner}/{name}",
    "{host}:{owner}/{name}",
]


@pytest.fixture(autouse=True)
def _isolated(monkeypatch: pytest.MonkeyPatch):
    isolate(monkeypatch)


@given(st.sampled_from(FORMS), st.builds(RemoteName, hosts, owners, names), credentials, ends)
def test_every_form_names_the_same_repository(form: str, remote: RemoteName, secret: str, end: str):
    assert parse(form.format(secret=secret, **remote._asdict()) + end) == remote


@given(st.text(max_size=60))
def test_anything_else_is_nothing_and_no_crash(address: str):
    found = parse(address)
    assert found is None or (found.host and found.owner and found.name)


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("ssh://git@ssh.github.com:443/octo/app.git", RemoteName("github.com", "octo", "app")),
        ("https://www.github.com/octo/app", RemoteName("github.com", "octo", "app")),
        ("HTTPS://GitHub.com/Octo/App.git", RemoteName("github.com", "Octo", "App")),
        ("https://me:p@ss@github.com/octo/app", RemoteName("github.com", "octo", "app")),
        ("https://github.com/octo/.github", RemoteName("github.com", "octo", ".github")),
        ("/srv/git/app.git", None),
        ("../app", None),
        ("C:/code/app", None),
        ("file:///srv/octo/app.git", None),
        ("https://github.com/octo", None),
        ("https://github.com/octo/app/tree/main", None),
        ("https://github.com/octo/..", None),
        ("", None),
    ],
)
def test_forms_one_by_one(address: str, name: RemoteName | None):
    assert parse(address) == name


def test_the_remote_of_a_repository(tmp_path: Path):
    made = Repository(tmp_path / "made")
    made.run("remote", "add", "origin", "https://x:ghp_secret@github.com/octo/app.git")
    found = origin(open_repository(str(made.path)))
    assert found is not None
    assert (found.host, str(found)) == ("github.com", "octo/app")
    assert "ghp_secret" not in repr(found)


def test_an_address_rewritten_by_configuration(tmp_path: Path):
    made = Repository(tmp_path / "made")
    made.run("remote", "add", "origin", "work:octo/app")
    made.run("config", "url.git@ghe.example.com:.insteadOf", "work:")
    assert origin(open_repository(str(made.path))) == RemoteName("ghe.example.com", "octo", "app")


def test_no_remote(tmp_path: Path):
    made = Repository(tmp_path / "made", object_format="sha256")
    assert origin(open_repository(str(made.path))) is None


def test_variables_of_another_repository_do_not_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    made = Repository(tmp_path / "made")
    made.run("remote", "add", "origin", "git@github.com:octo/app.git")
    other = Repository(tmp_path / "other")
    other.run("remote", "add", "origin", "git@github.com:octo/other.git")
    monkeypatch.setenv("GIT_DIR", str(other.path / ".git"))
    assert str(origin(open_repository(str(made.path)))) == "octo/app"

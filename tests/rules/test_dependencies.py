"""Dependencies: manifests in, packages that may not be there out."""

import pytest

from govcheck.facts import Missing
from govcheck.facts.tree import Blobs
from govcheck.findings import Judged, Reason, Undecided
from govcheck.rules.dependencies import Dependencies, packages
from govcheck.sources.data_files import read_data_files

PACKAGE = (
    '{\n  "dependencies": {\n    "@remix-run/node": "1",\n    "react": "1"\n  },\n  "devDependencies": {"ai": "2"}\n}'
)
LOCK = '{"packages": {"": {}, "node_modules/a": {}, "node_modules/a/node_modules/@x/b": {}}}'
PYPROJECT = """[project]
dependencies = ["Zope_Interface>=1", "requests[socks]==2"]
[project.optional-dependencies]
x = ["mysql.client"]
[tool.poetry.dependencies]
python = "^3"
Django = "5"
"""
TEXTS = {
    "requirements.txt": "# none\n-r base.txt\nGoogle.Cloud_storage==1 ; python_version > '3'\n",
    "go.mod": "module x.y/z\n\nrequire (\n\tgithub.com/a/b v1.2.3\n)\nrequire cloud.google.com/go v0.1.0\n",
    "yarn.lock": '"@google-cloud/storage@^1.0.0":\n  version "1"\nleft-pad@1, left-pad@2:\n',
    "pnpm-lock.yaml": "packages:\n  '@a/b@1.0.0':\n    x: 1\n  /c@2.0.0:\n",
}


def said(path, text, **keys):
    content = text if isinstance(text, Missing) else text.encode()
    is_data = path.endswith((".json", ".toml"))
    data, blobs = ({path: content}, {}) if is_data else ({}, {path: content})
    policy = Dependencies(id="p", **keys)
    return [one for one in packages.judge(policy, read_data_files(data), Blobs(blobs)) if not isinstance(one, Judged)]


def names(path, text, **keys):
    return [(one.subject.rpartition(": ")[2], one.location.line) for one in said(path, text, **keys)]


@pytest.mark.parametrize(
    ("path", "text", "found"),
    [
        ("a/package.json", PACKAGE, [("@remix-run/node", 3), ("react", 4), ("ai", 6)]),
        ("package-lock.json", LOCK, [("a", 1), ("@x/b", 1)]),
        ("pyproject.toml", PYPROJECT, [("zope-interface", 2), ("requests", 2), ("mysql-client", 4), ("django", 7)]),
        ("requirements.txt", TEXTS["requirements.txt"], [("google-cloud-storage", 3)]),
        ("go.mod", TEXTS["go.mod"], [("github.com/a/b", 4), ("cloud.google.com/go", 6)]),
        ("yarn.lock", TEXTS["yarn.lock"], [("@google-cloud/storage", 1), ("left-pad", 3)]),
        ("pnpm-lock.yaml", TEXTS["pnpm-lock.yaml"], [("@a/b", 2), ("c", 4)]),
    ],
)
def test_every_package_of_a_manifest(path, text, found):
    assert names(path, text, deny=("**",)) == found


def test_what_is_denied_and_what_is_not_allowed():
    assert names("package.json", PACKAGE, deny=("@remix-run/*",)) == [("@remix-run/node", 3)]
    assert names("package.json", PACKAGE, allow=("react", "@*/**")) == [("ai", 6)]
    assert names("package.json", PACKAGE, allow=("**",), deny=("ai",)) == [("ai", 6)]


def test_what_is_left_out():
    assert said("node_modules/x/package.json", PACKAGE, deny=("**",)) == []
    assert said("package-lock.json", LOCK, deny=("**",), direct_only=True) == []


@pytest.mark.parametrize("path", ["package.json", "requirements.txt"])
def test_what_cannot_be_read_is_unknown(path):
    (found,) = said(path, Missing(reason=Reason.UNPARSEABLE, message="100 MB"), deny=("x",))
    assert isinstance(found, Undecided)
    (broken,) = said("package.json", "{", deny=("x",))
    assert isinstance(broken, Undecided)

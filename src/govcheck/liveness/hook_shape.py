"""What pre-commit takes for its configuration, and what it refuses or warns of.

Source: https://pre-commit.com/#adding-pre-commit-plugins-to-your-project; the rules are those of pre-commit 4.7
(`pre_commit/clientlib.py` of https://github.com/pre-commit/pre-commit).
"""

from collections.abc import Iterator
from typing import Literal

from govcheck.facts.document import Mapping, Node, Scalar, Sequence
from govcheck.patterns import refused_by_python
from govcheck.records import frozen

Shape = Literal["text", "truth", "texts", "pattern", "stages", "language", "hook types", "mapping", "repos"]

HOOK_TYPES = (
    *("commit-msg", "post-checkout", "post-commit", "post-merge", "post-rewrite", "pre-commit", "pre-merge-commit"),
    *("pre-push", "pre-rebase", "prepare-commit-msg"),
)
"""The git hooks that pre-commit can install."""

OLD_STAGES = {"commit": "pre-commit", "merge-commit": "pre-merge-commit", "push": "pre-push"}
"""Names of stages that pre-commit still takes, with a warning, and what they are called now."""

_LANGUAGES = frozenset(
    (
        *("conda", "coursier", "dart", "docker", "docker_image", "dotnet", "fail", "golang", "haskell", "julia", "lua"),
        *("node", "perl", "pygrep", "python", "r", "ruby", "rust", "swift", "unsupported", "unsupported_script"),
        *("system", "script"),
    )
)
_ROOT: dict[str, Shape] = {
    "repos": "repos",
    "default_install_hook_types": "hook types",
    "default_language_version": "mapping",
    "default_stages": "stages",
    "files": "pattern",
    "exclude": "pattern",
    "fail_fast": "truth",
    "minimum_pre_commit_version": "text",
    "ci": "mapping",
}
_REPO = frozenset({"repo", "rev", "hooks"})
_HOOK: dict[str, Shape] = {
    **dict.fromkeys(("id", "name", "entry", "alias", "description", "language_version", "log_file"), "text"),
    "minimum_pre_commit_version": "text",
    "language": "language",
    "files": "pattern",
    "exclude": "pattern",
    **dict.fromkeys(("types", "types_or", "exclude_types", "additional_dependencies", "args"), "texts"),
    **dict.fromkeys(("always_run", "fail_fast", "pass_filenames", "require_serial", "verbose"), "truth"),
    "stages": "stages",
}
_LOCAL_NEEDS = ("id", "name", "entry", "language")
_TRUTHS = frozenset({"yes", "no", "on", "off", "y", "n", "true", "false"})
"""Words that YAML 1.1, which pre-commit reads, takes for true or false as well."""

_MERGE = "<<"


@frozen
class Problem:
    """One thing that pre-commit refuses the whole file for, or only warns of."""

    message: str
    """A clause that says what is there and what is legal."""

    node: Node
    fatal: bool = True


@frozen(eq=False)
class Hook:
    """One hook of one repository."""

    id: str
    repo: str
    node: Mapping

    @property
    def local(self) -> bool:
        """Whether the file defines it whole; otherwise it only changes what the repository's manifest says."""
        return self.repo == "local"

    def text(self, key: str) -> str | None:
        """The text of a key, or None."""
        value = self.node.get(key)
        return value.value if isinstance(value, Scalar) and isinstance(value.value, str) else None

    def texts(self, key: str) -> tuple[str, ...] | None:
        """The list of a key, or None where there is no such key."""
        value = self.node.get(key)
        return _texts(value) if isinstance(value, Sequence) else None

    def truth(self, key: str) -> bool | None:
        """Whether a switch is on; None where it is not given."""
        value = self.node.get(key)
        if not isinstance(value, Scalar) or value.value is None:
            return None
        return value.value is True or value.text.casefold() in {"yes", "on", "y"}

    def place(self, key: str) -> Node:
        """Where a key's value stands; the hook's own place where it has no such key."""
        return self.node.get(key) or self.node.get("id") or self.node


def problems(document: Mapping) -> Iterator[Problem]:
    """Everything that pre-commit refuses or warns of, in the order of the file."""
    if "repos" not in document.entries:
        yield Problem("the key `repos` is missing: it is the list of repositories whose hooks are run", document)
    for key, (place, value) in document.entries.items():
        shape = _ROOT.get(key)
        if shape is None:
            yield Problem(f"the key `{key}` means nothing to pre-commit", place, fatal=False)
        else:
            yield from _misshapen(key, value, shape)
    repos = document.get("repos")
    for repo in repos if isinstance(repos, Sequence) else ():
        yield from _repo(repo)


def hooks(document: Mapping) -> Iterator[Hook]:
    """Every hook that has an id."""
    repos = document.get("repos")
    for repo in repos if isinstance(repos, Sequence) else ():
        name = repo.get("repo") if isinstance(repo, Mapping) else None
        listed = repo.get("hooks") if isinstance(repo, Mapping) else None
        for node in listed if isinstance(listed, Sequence) else ():
            id_ = node.get("id") if isinstance(node, Mapping) else None
            if isinstance(node, Mapping) and isinstance(id_, Scalar) and isinstance(id_.value, str):
                yield Hook(id_.value, name.text if isinstance(name, Scalar) else "", node)


def stages(value: Node | None) -> tuple[str, ...]:
    """The stages that a list names, by the names that they have now."""
    return tuple(OLD_STAGES.get(name, name) for name in _texts(value)) if isinstance(value, Sequence) else ()


def _repo(repo: Node) -> Iterator[Problem]:
    if not isinstance(repo, Mapping):
        yield Problem("an entry of `repos` is not a mapping with `repo` and `hooks`", repo)
        return
    name = repo.get("repo")
    if _MERGE not in repo.entries:
        if not isinstance(name, Scalar) or not isinstance(name.value, str):
            yield Problem("an entry of `repos` has no `repo`: write its URL, `local` or `meta`", name or repo)
        if not isinstance(repo.get("hooks"), Sequence):
            yield Problem("an entry of `repos` has no list `hooks`", repo.get("hooks") or repo)
    own = isinstance(name, Scalar) and name.value in {"local", "meta"}
    yield from _revision(repo, own=own)
    for key in repo.entries.keys() - _REPO - {_MERGE}:
        yield Problem(f"the key `{key}` means nothing to pre-commit here", repo.key(key), fatal=False)
    listed = repo.get("hooks")
    for hook in listed if isinstance(listed, Sequence) else ():
        yield from _hook(hook, local=isinstance(name, Scalar) and name.value == "local")


def _revision(repo: Mapping, *, own: bool) -> Iterator[Problem]:
    revision = repo.get("rev")
    if own and revision is not None:
        yield Problem("`rev` cannot stand here: `local` and `meta` have no revisions", repo.key("rev"))
    elif not own and revision is None and _MERGE not in repo.entries:
        yield Problem("`rev` is missing: write the tag or commit of that repository", repo.get("repo") or repo)
    elif revision is not None and not own:
        yield from _misshapen("rev", revision, "text")


def _hook(hook: Node, *, local: bool) -> Iterator[Problem]:
    if not isinstance(hook, Mapping):
        yield Problem("an entry of `hooks` is not a mapping with `id`", hook)
        return
    if _MERGE not in hook.entries:
        for key in _LOCAL_NEEDS if local else ("id",):
            if key not in hook.entries:
                what = "a local hook needs `id`, `name`, `entry` and `language`" if local else "a hook needs `id`"
                yield Problem(f"`{key}` is missing: {what}", hook.get("id") or hook)
    for key, value in hook.items():
        if key in _HOOK:
            yield from _misshapen(key, value, _HOOK[key])


def _misshapen(key: str, value: Node, shape: Shape) -> Iterator[Problem]:
    if shape in {"texts", "stages", "hook types", "repos"} and not isinstance(value, Sequence):
        yield Problem(f"`{key}` is not a list", value)
    elif shape == "mapping" and not isinstance(value, Mapping):
        yield Problem(f"`{key}` is not a mapping", value)
    elif isinstance(value, Sequence):
        yield from _items(key, value, shape)
    elif isinstance(value, Scalar):
        yield from _scalar(key, value, shape)
    elif shape != "mapping":
        yield Problem(f"`{key}` is not a single value", value)


def _items(key: str, value: Sequence, shape: Shape) -> Iterator[Problem]:
    if shape not in {"texts", "stages", "hook types", "repos"}:
        yield Problem(f"`{key}` is a list and should be a single value", value)
        return
    for item in value if shape != "repos" else ():
        if not isinstance(item, Scalar) or not isinstance(item.value, str):
            yield Problem(f"`{key}` holds something that is not text: put it into quotes", item)
        elif shape == "stages" and item.value in OLD_STAGES:
            now = OLD_STAGES[item.value]
            message = f"`{item.value}` is the old name of the stage `{now}`, and pre-commit will stop to know it"
            yield Problem(message, item, fatal=False)
        elif shape != "texts" and item.value not in HOOK_TYPES and (shape, item.value) != ("stages", "manual"):
            legal = ", ".join((*HOOK_TYPES, *(("manual",) if shape == "stages" else ())))
            yield Problem(f"`{key}` names `{item.value}`, and legal are only {legal}", item)


def _scalar(key: str, value: Scalar, shape: Shape) -> Iterator[Problem]:
    if shape == "truth":
        if not isinstance(value.value, bool) and (value.style != "plain" or value.text.casefold() not in _TRUTHS):
            yield Problem(f"`{key}` is neither true nor false", value)
    elif not isinstance(value.value, str):
        yield Problem(f"`{key}` is not text: put it into quotes", value)
    elif shape == "language" and value.value not in _LANGUAGES:
        yield Problem(f"pre-commit 4.7 knows no language `{value.value}`: {', '.join(sorted(_LANGUAGES))}", value)
    elif shape == "pattern" and (said := refused_by_python(value.value)) is not None:
        yield Problem(f"`{key}` is no regular expression of Python's: {said}", value)


def _texts(value: Sequence) -> tuple[str, ...]:
    return tuple(item.text for item in value if isinstance(item, Scalar))

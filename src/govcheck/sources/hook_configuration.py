"""Reads what a repository has of hooks, one file at a time, so that a broken file is never the end of a run.

Sources: https://pre-commit.com/#adding-pre-commit-plugins-to-your-project, https://typicode.github.io/husky/ and
https://lefthook.dev/configuration/
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from govcheck.facts import Missing
from govcheck.facts.document import Mapping as MappingNode
from govcheck.facts.hooks import HookConfiguration, HookFile
from govcheck.facts.workflows import Unreadable
from govcheck.findings import Reason
from govcheck.sources.yaml_document import WORKFLOW, load_one
from govcheck.sources.yaml_errors import YamlError

_CONFIGURATION = re.compile(r"(?:.*/)?[._]?(?:pre-?commit(?:-config)?|lefthook(?:-local)?)\.ya?ml", re.IGNORECASE)
_HOOK = (
    r"(?:applypatch-msg|pre-applypatch|post-applypatch|pre-commit|pre-merge-commit|prepare-commit-msg|commit-msg"
    r"|post-commit|pre-rebase|post-checkout|post-merge|pre-push|post-rewrite|pre-auto-gc)"
)
_RUNNING = re.compile(
    rf"(?:.*/)?{_HOOK}(?:\.\w+)?"
    r"|(?:.*/)?(?:install|setup|link|init|enable|configure)[-_.]?(?:git)?[-_.]?hooks?(?:\.\w+)?"
    r"|(?:[^/]+/){0,2}package\.json"
)
"""Hook files, scripts that install hooks, and manifests: what these name is read as well."""

_TELLING = re.compile(
    r"(?:\.github/|docs/)?(?:CONTRIBUTING|DEVELOPMENT|DEVELOPING|HACKING|README)(?:\.\w+)?"
    r"|GNUmakefile|[Mm]akefile|\.?[Jj]ustfile|Taskfile\.ya?ml|tox\.ini|noxfile\.py|pyproject\.toml"
)
_SKIPPED = re.compile(r"(?:^|/)(?:node_modules|vendor|third_party)/")
_WORD = re.compile(r"[\w@.+/-]+", re.ASCII)
_MOST = 500
"""How many files are read in all."""

_BOUNDS = re.compile(r"^the key `|^the file is larger|nested more than")
"""What only our reader refuses: pre-commit's has no bounds, and lets duplicate keys pass."""


def is_hook_configuration(path: str) -> bool:
    """Whether a file is named as a hook manager's configuration, or nearly so; workflows are not."""
    return _CONFIGURATION.fullmatch(path) is not None and not path.startswith(".github/")


def read_hook_configuration(
    tracked: Mapping[str, str], blobs: Callable[[Iterable[str]], Mapping[str, bytes | Missing]]
) -> HookConfiguration:
    """Everything about hooks.

    Args:
        tracked: The paths of the state that is judged.
        blobs: Reads the bytes of paths in that state.
    """
    configured = sorted(filter(is_hook_configuration, tracked))[:_MOST]
    running = [path for path in tracked if _RUNNING.fullmatch(path) and not _SKIPPED.search(path)][:_MOST]
    contents = dict(blobs(dict.fromkeys((*configured, *running))))
    named = {path for data in contents.values() if isinstance(data, bytes) for path in _named(data, tracked)}
    telling = filter(_TELLING.fullmatch, tracked)
    contents.update(blobs(sorted({*named, *telling} - contents.keys())[:_MOST]))
    files = tuple(read_file(path, contents[path]) for path in configured if path in contents)
    return HookConfiguration(files, contents)


def _named(data: bytes, tracked: Mapping[str, str]) -> Iterator[str]:
    """Tracked files that a text names; what may stand for the root (`$ROOT/x.sh`) is tried without its first part."""
    for match in _WORD.finditer(data.decode("utf-8", "replace")):
        word = match.group().removeprefix("./")
        for path in (word, word.partition("/")[2]):
            if path in tracked:
                yield path


def read_file(path: str, content: bytes | Missing) -> HookFile:
    """One configuration file of a hook manager, or why it is none."""
    if isinstance(content, Missing):
        return HookFile(path, Unreadable(content.message, 0, 0, content.reason), "")
    text = content.decode("utf-8", "replace")
    try:
        document = load_one(content, WORKFLOW)
    except YamlError as error:
        refused = error.github_rejects and not _BOUNDS.search(error.message)
        reason = None if refused else Reason.UNPARSEABLE
        return HookFile(path, Unreadable(error.message, error.line, error.column, reason), text)
    if isinstance(document, MappingNode):
        return HookFile(path, document, text)
    message = "the file is not a mapping of keys to values"
    return HookFile(path, Unreadable(message, document.line, document.column, None), text)

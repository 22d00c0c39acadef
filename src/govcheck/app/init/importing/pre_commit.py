"""`.pre-commit-config.yaml`: what each hook holds on one machine and a policy can hold for all."""

import re
from collections.abc import Iterator

from govcheck.app.init.importing.told import Left, Source, identity, left
from govcheck.app.init.proposal import Proposal
from govcheck.facts.document import Mapping, Node, Scalar, Sequence

_BRANCHES = ("main", "master")
"""What `no-commit-to-branch` guards where it is not told: https://github.com/pre-commit/pre-commit-hooks."""

_LARGEST = 500
"""Kilobytes, of `check-added-large-files` where it is not told."""

_SECRETS = frozenset(
    {"gitleaks", "gitleaks-docker", "gitleaks-system", "detect-secrets", "trufflehog", "ggshield", "betterleaks"}
)
_KILOBYTES = 1024


def read(document: Mapping, source: Source) -> Iterator[Proposal | Left]:
    """Hook by hook; and that each of them can start."""
    hooks = [*_hooks(document)]
    for hook in hooks:
        name = _text(hook, "id") or "a hook without an id"
        args = [*_arguments(hook)]
        if name == "check-added-large-files":
            yield _large(args, source)
        elif name == "no-commit-to-branch":
            yield from _branches(args, hook, source)
        elif name in _SECRETS:
            yield left(
                source, hook, name, "a policy of kind secret-scanning holds the scan in CI, which nobody can skip"
            )
        elif name == "govcheck":
            continue
        else:
            yield left(
                source, hook, name, "no policy does what it does; the policy `hooks-start` holds that it can fail"
            )
    if hooks:
        yield Proposal(
            kind="gate-liveness",
            id="hooks-start",
            file="gates.yaml",
            why=f"Each hook of {source.name} is able to stop a commit.",
            fixed={"families": ["pre-commit"]},
            explained=(f"Imported from {source.name}.",),
            declared=True,
        )


def _large(args: list[str], source: Source) -> Proposal:
    found = next(
        (match for match in (re.fullmatch(r"--maxkb[= ]?([0-9]{1,9})", one) for one in _joined(args)) if match), None
    )
    kilobytes = int(found[1]) if found else _LARGEST
    megabytes = max(1, -(-kilobytes // _KILOBYTES))
    return Proposal(
        kind="push-rules",
        id="no-large-files",
        file="refs.yaml",
        why="What is pushed once is in every clone for good.",
        fixed={"max_file_size": {"max": megabytes}},
        explained=(
            f"Imported from {source.name}: check-added-large-files stops {kilobytes} KB where the hook is installed.",
            "GitHub counts in MB, and stops everybody.",
        ),
        declared=True,
    )


def _branches(args: list[str], hook: Node, source: Source) -> Iterator[Proposal | Left]:
    named: list[str] = []
    for option in _joined(args):
        key, _, value = option.replace("=", " ", 1).partition(" ")
        if key in {"-b", "--branch"} and value:
            named.append(value)
        elif key in {"-p", "--pattern"}:
            yield left(source, hook, f"no-commit-to-branch {option}", "no policy reads regular expressions of branches")
    for branch in named or _BRANCHES[:1]:
        yield Proposal(
            kind="branch-protection",
            id=identity("no commits to", branch),
            file="branches.yaml",
            why="Changes come by pull request.",
            fixed={"branch": branch, "pull_requests": True},
            explained=(f"Imported from {source.name}: no-commit-to-branch, held where nobody can skip it.",),
            declared=True,
        )


def _joined(args: list[str]) -> list[str]:
    """Options with their values: `--maxkb 5` is two arguments."""
    found: list[str] = []
    for one in args:
        if found and found[-1] in {"--maxkb", "--branch", "-b", "--pattern", "-p"}:
            found[-1] += f" {one}"
        else:
            found.append(one)
    return found


def _hooks(document: Mapping) -> Iterator[Mapping]:
    for entry in _list(document.get("repos")):
        for hook in _list(entry.get("hooks") if isinstance(entry, Mapping) else None):
            if isinstance(hook, Mapping):
                yield hook


def _arguments(hook: Mapping) -> Iterator[str]:
    for one in _list(hook.get("args")):
        if isinstance(one, Scalar):
            yield one.text


def _list(node: Node | None) -> tuple[Node, ...]:
    return node.items if isinstance(node, Sequence) else ()


def _text(hook: Mapping, key: str) -> str:
    found = hook.get(key)
    return found.text if isinstance(found, Scalar) else ""

"""`settings.yml` of the apps that set a repository by a file: safe-settings, repository-settings.

Sources: https://github.com/github/safe-settings/blob/main-enterprise/docs/sample-settings/settings.yml and
https://github.com/repository-settings/app/blob/master/docs/configuration.md
"""

from collections.abc import Callable, Iterator

from govcheck.app.init.importing import environments, people, protection, repository, ruleset
from govcheck.app.init.importing.told import Left, Source, key_left, left
from govcheck.app.init.proposal import Proposal
from govcheck.facts.document import Mapping, Node, Scalar, Sequence
from govcheck.facts.live import DEFAULT_BRANCH

_NO_POLICY = {
    "labels": "no policy holds labels",
    "milestones": "no policy holds milestones",
    "validator": "it checks the name of a new repository, before there is one",
    "repositories": "it names other repositories: import each one's own settings",
    "variables": "no policy holds variables",
    "_extends": "another file is inherited from: import that one too",
    "include": "which repositories it is for is not looked at",
    "exclude": "which repositories it is for is not looked at",
}


def read(document: Mapping, source: Source) -> Iterator[Proposal | Left]:
    """Every section."""
    for key, node in document.items():
        reader = _SECTIONS.get(key)
        if reader is not None:
            if key != "repository" and not _is_empty(node) and not isinstance(node, Sequence):
                yield key_left(source, document, key, "it is no list")
            elif not _is_empty(node):
                yield from reader(node, source)
        else:
            yield key_left(source, document, key, _NO_POLICY.get(key, "no such section is known"))


def _branches(node: Node, source: Source) -> Iterator[Proposal | Left]:
    for entry in node if isinstance(node, Sequence) else ():
        name = entry.get("name") if isinstance(entry, Mapping) else None
        rules = entry.get("protection") if isinstance(entry, Mapping) else None
        if not isinstance(name, Scalar) or not isinstance(name.value, str):
            yield left(source, entry, "branches", "an entry without a name")
        elif not isinstance(rules, Mapping):
            yield left(source, entry, f"branches {name.value}", "it asks for no protection, which no policy demands")
        else:
            # safe-settings calls the default branch `default`.
            yield from protection.of_branch(rules, DEFAULT_BRANCH if name.value == "default" else name.value, source)


def _rulesets(node: Node, source: Source) -> Iterator[Proposal | Left]:
    for entry in node if isinstance(node, Sequence) else ():
        if isinstance(entry, Mapping):
            yield from ruleset.read(entry, source)
        else:
            yield left(source, entry, "rulesets", "an entry that is no ruleset")


def _is_empty(node: Node) -> bool:
    return isinstance(node, Scalar) and node.value in (None, "")


_SECTIONS: dict[str, Callable[[Node, Source], Iterator[Proposal | Left]]] = {
    "repository": repository.read,
    "branches": _branches,
    "rulesets": _rulesets,
    "collaborators": people.collaborators,
    "teams": people.teams,
    "autolinks": people.autolinks,
    "environments": environments.read,
    "custom_properties": repository.properties,
}

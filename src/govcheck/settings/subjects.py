"""What a policy speaks of, by its names in findings, messages and settings: a branch, branches, tags, pushes."""

from govcheck.records import frozen, replace
from govcheck.settings.control import Target
from govcheck.settings.places import encoded, setting
from govcheck.settings.ref_patterns import is_pattern
from govcheck.settings.ref_views import ALL, RefView

PUSHES = "pushes"


@frozen(kw_only=True)
class Subject:
    """What is judged."""

    name: str
    """As findings name it: `main`, `v*`."""

    words: str
    """As fixes name it: `main`, `tags v*`."""

    example: str = ""
    """One of several, where they are not all guarded in the same way."""

    place: str
    """Where its settings are: `branches/main`, `tags/v%2A`."""

    target: Target = "branch"
    is_branch: bool = True
    """Whether it is one branch that GitHub has an endpoint for."""

    @classmethod
    def of_branch(cls, name: str) -> "Subject":
        """One branch."""
        return cls(name=name, words=name, place=setting(name))

    @classmethod
    def of_pattern(cls, target: Target, pattern: str) -> "Subject":
        """Branches or tags that a pattern means."""
        several = pattern == ALL or is_pattern(pattern)
        kind = ("branches" if target == "branch" else "tags") if several else target
        folder = "branches" if target == "branch" else "tags"
        words = f"all {kind}" if pattern == ALL else f"{kind} {pattern}"
        return cls(name=pattern, words=words, place=f"{folder}/{encoded(pattern)}", target=target, is_branch=False)

    @classmethod
    def of_pushes(cls) -> "Subject":
        """Every push."""
        return cls(name=PUSHES, words=PUSHES, place=PUSHES, target="push", is_branch=False)

    def seen_at(self, view: RefView) -> "Subject":
        """The same where only some of the refs are guarded in this way: with one of them for an example."""
        return self if view.alone else replace(self, example=view.witness)

    def setting(self, key: str) -> str:
        """A setting's name in reports."""
        return f"{self.place}/{key}"

    @property
    def label(self) -> str:
        """As messages name it: `main`, `tags v* (such as v1)`."""
        return f"{self.words} (such as {self.example})" if self.example else self.words

    @property
    def on(self) -> str:
        """Behind what a message tells of it: nothing for pushes, whose controls say so themselves."""
        return "" if self.target == "push" else f" on {self.label}"

    @property
    def of(self) -> str:
        """What a rule is for, in words: nothing for pushes, which a ruleset has no conditions for."""
        return "" if self.target == "push" else f" for {self.words}"

    @property
    def page(self) -> str:
        """The page of the repository where it is set, where no layer is at hand that has its own."""
        return "settings/branches" if self.target == "branch" else "settings/rules"

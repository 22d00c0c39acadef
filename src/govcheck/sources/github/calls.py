"""The endpoints that live facts are asked of, each with how it is asked."""

from govcheck.findings import Json
from govcheck.records import frozen
from govcheck.sources.github import protection_queries
from govcheck.sources.github.exchange import NO_PARTS, path

_WITH_PARENTS = (("includes_parents", "true"),)


@frozen
class Call:
    """One endpoint, with how it is asked. `key` and `parameters` as the client has them."""

    endpoint: str
    is_list: bool = False
    key: str | None = None
    parameters: tuple[tuple[str, str], ...] = ()
    query: str = ""
    """Of GraphQL; then `variables` are its own."""

    variables: tuple[tuple[str, Json], ...] = ()


@frozen
class Calls:
    """The endpoints below one repository."""

    root: str
    """`repos/OWNER/NAME`."""

    def summary(self, branch: str) -> Call:
        """The branch itself."""
        return Call(f"{self.root}/{path('branches', branch)}")

    def protection(self, branch: str) -> Call:
        """Its classic protection."""
        return Call(f"{self.root}/{path('branches', branch, 'protection')}")

    def rules(self, branch: str) -> Call:
        """The rules of all rulesets that apply to it."""
        return Call(f"{self.root}/{path('rules', 'branches', branch)}", is_list=True)

    def codeowners(self) -> Call:
        """What is wrong with CODEOWNERS."""
        return Call(f"{self.root}/{path('codeowners', 'errors')}")

    def workflows(self) -> Call:
        """The workflows that GitHub knows."""
        return Call(f"{self.root}/{path('actions', 'workflows')}", is_list=True, key="workflows")

    def protected_branches(self) -> Call:
        """The branches that something protects."""
        return Call(f"{self.root}/{path('branches')}", is_list=True, parameters=(("protected", "true"),))

    def ruleset(self, number: int) -> Call:
        """One ruleset, whole."""
        return Call(f"{self.root}/{path('rulesets', number)}", parameters=_WITH_PARENTS)

    def listed(self) -> Call:
        """Every ruleset, without what it does."""
        return Call(f"{self.root}/rulesets", is_list=True, parameters=_WITH_PARENTS)

    def teams(self) -> Call:
        """The teams that have access, with their numbers and names."""
        return Call(f"{self.root}/teams", is_list=True)

    def query(self, text: str, branch: str | None = None) -> Call:
        """What is asked by GraphQL."""
        variables = tuple(protection_queries.variables(self.root, branch).items())
        return Call("graphql", query=text, variables=variables)

    def reports_of(self, ref: str) -> tuple[Call, Call]:
        """What reported on a commit: check runs and statuses."""
        runs = f"{self.root}/{path('commits', ref, 'check-runs')}"
        statuses = f"{self.root}/{path('commits', ref, 'status')}"
        return (
            Call(runs, is_list=True, key="check_runs", parameters=(("filter", "latest"),)),
            Call(statuses, is_list=True, key="statuses"),
        )


def shown(branch: str) -> str:
    """A branch's name as a path can have it, even one that none can."""
    return "(no name)" if branch in NO_PARTS else branch

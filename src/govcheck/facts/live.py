"""What GitHub's API answered: kept raw, with status and message. `govcheck.settings` says what it means.

Nothing is dropped and nothing is made up: a setting that GitHub has and this govcheck does not know stays in the body.
"""

from govcheck.facts import Fact, Request
from govcheck.findings import Json
from govcheck.records import field, frozen

DEFAULT_BRANCH = "~DEFAULT_BRANCH"
"""The name under which policies and rulesets mean the repository's default branch."""


@frozen(kw_only=True)
class Answer:
    """One answer of the API, all pages of a list joined; or why there is none."""

    endpoint: str
    """The path below the API's root, as in GitHub's docs but filled in: `repos/o/r/branches/main/protection`."""

    status: int | None
    """The HTTP status; None where no answer came (no network, time out, rate limit, not asked)."""

    message: str
    """GitHub's `message` of a refusal, or ours where no answer came; empty for a good answer."""

    body: Json
    """The JSON document; None where there is none, or where it was not JSON. Not to be written to."""

    complete: bool = True
    """False where a list's later pages could not be had."""

    failure: str | None = None
    """Why there is no answer, where `status` is None: `network`, `timeout`, `rate-limited`, `not-json`, `no-token`,
    `no-repository`, `not-asked`; where only a list's later pages are missing: why those."""

    permission: str | None = None
    """The token permission that reads this endpoint: `administration:read`."""

    grantable: bool = True
    """False where no token of the class at hand can ever hold that permission."""

    token_class: str | None = field(default=None, compare=False)
    """The class of token that was answered: `classic`, `fine-grained`, `actions`, `app-installation`, `oauth`,
    `unknown`, `none`. Evidence only: who asked changes nothing about what was answered."""

    at: str | None = field(default=None, compare=False)
    """When it was answered, in UTC: `2026-11-23T17:02:00Z`. Evidence only."""

    @property
    def good(self) -> bool:
        """Whether this is a complete document."""
        return self.status == 200 and self.complete  # noqa: PLR2004 - HTTP's own number


@frozen
class LiveRepository(Fact):
    """The repository itself: `GET /repos/{owner}/{repo}`."""

    answer: Answer


@frozen
class CodeownersErrors(Fact):
    """What is wrong with the default branch's CODEOWNERS: `GET /repos/{owner}/{repo}/codeowners/errors`."""

    answer: Answer


@frozen
class LiveWorkflows(Fact):
    """The workflows that GitHub knows, with their states: `GET /repos/{owner}/{repo}/actions/workflows`."""

    answer: Answer


@frozen
class LiveRulesetsRequest(Request):
    """The rulesets for some targets, whatever they are named after. Its answer is a `LiveRulesets`."""

    targets: tuple[str, ...]
    """`branch`, `tag`, `push`: whose rulesets are read whole."""


@frozen(kw_only=True)
class LiveRulesets(Fact):
    """The repository's rulesets, and those of its organisation and enterprise that reach it."""

    repository: Answer
    """`repos/{owner}/{repo}`."""

    listed: Answer
    """`repos/{owner}/{repo}/rulesets`: all of them, without rules, conditions and bypass actors."""

    rulesets: tuple[Answer, ...]
    """`repos/{owner}/{repo}/rulesets/{id}`, for every active one of the targets that are wanted."""

    classic: Answer | None = None
    """Classic protection's rules as GraphQL tells them, with their patterns; None where they are not wanted."""

    teams: Answer | None = None
    """`repos/{owner}/{repo}/teams`, which have the names of teams; None where no ruleset has one by its number."""


@frozen
class LiveBranchRequest(Request):
    """Everything that guards one branch. Its answer is a `LiveBranch`."""

    branch: str
    """A branch's name, or `~DEFAULT_BRANCH`."""

    beyond_rest: bool = False
    """Whether what only GraphQL tells of classic protection is wanted."""

    pushes: bool = False
    """Whether the rulesets that guard every push are wanted."""

    pattern: bool = False
    """Whether `branch` is a pattern of names, which GitHub answers nothing about."""


@frozen(kw_only=True)
class LiveBranch(Fact):
    """Everything that guards one branch, by every mechanism."""

    branch: str
    """The branch's own name; `~DEFAULT_BRANCH` is resolved, or stays where the repository could not be read."""

    repository: Answer
    """`repos/{owner}/{repo}`."""

    summary: Answer
    """`repos/{owner}/{repo}/branches/{branch}`."""

    protection: Answer
    """`repos/{owner}/{repo}/branches/{branch}/protection`: classic protection."""

    rules: Answer
    """`repos/{owner}/{repo}/rules/branches/{branch}`: the active rules of all rulesets that apply."""

    rulesets: tuple[Answer, ...]
    """`repos/{owner}/{repo}/rulesets/{id}`, for every ruleset that a rule of `rules` comes from."""

    beyond_rest: Answer | None = None
    """What GraphQL tells of the branch's classic protection; None where it is not wanted."""

    pushes: LiveRulesets | None = None
    """The rulesets that guard every push; None where they are not wanted."""

    every: LiveRulesets | None = None
    """Where `branch` is a pattern of names: every ruleset for branches, and the rules of classic protection. Nothing
    else was asked then."""

    teams: Answer | None = None
    """`repos/{owner}/{repo}/teams`, which have the names of teams; None where no ruleset has one by its number."""


@frozen
class HeadChecksRequest(Request):
    """What reported on a branch's newest commit. Its answer is a `HeadChecks`."""

    branch: str
    """A branch's name, or `~DEFAULT_BRANCH`."""


@frozen(kw_only=True)
class HeadChecks(Fact):
    """What reported on a branch's newest commit."""

    branch: str
    commit: str | None
    """None where the branch could not be read."""

    summary: Answer
    """`repos/{owner}/{repo}/branches/{branch}`, which names the commit."""

    check_runs: Answer
    """`repos/{owner}/{repo}/commits/{sha}/check-runs`."""

    statuses: Answer
    """`repos/{owner}/{repo}/commits/{sha}/status`: the newest status of each context."""

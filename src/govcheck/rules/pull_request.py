r"""Pull requests say what this repository wants to know of them, and their template asks for it.

```yaml
kind: pull-request
id: pull-requests
why: Whoever reviews a change knows what it is for and how to take it back.
issue: {draft_keywords: [Refs]}
allowed_paths: as-issue
sections: [Summary, {heading: Rollback plan, paths: ["app/**", "supabase/**"]}]
boxes: [No secrets committed]
labels: {none_of: [do-not-merge]}
title: '^(feat|fix|docs)(\([a-z-]+\))?: '
```

The pull request's text is read as GitHub shows it. Comments, code and quotations name no issue. A section is filled
where somebody wrote something below its heading: what the template had there already, a comment and a box that is not
ticked are no content. Headings are found by their words; case and a remark in parentheses do not count.

- **Issue.** A closing keyword (`Fixes #12`, `closes: octo/app#12`, a URL) has to name an issue of this repository, or
  of one that `repositories` lists. GitHub closes nothing by it where the pull request goes to another branch than the
  default one. With `--live` the issue is read: it has to exist, to be no pull request, and with `open: true` to be
  open.
- **Allowed paths.** `declared` asks for a valid declaration, in the form that the kind `allowed-paths` reads.
  `as-issue` also asks that the issue declares them, and that the pull request's are within the issue's; that is read
  with `--live`.
- **Boxes.** `all` means every box of the text and every one that the template has; a list names boxes by some of their
  words. `optional_boxes` may stay open.
- **Template.** The text that a new pull request begins with has to have each section, box, keyword and `Allowed paths`
  that this policy demands. Two templates whose names differ in case alone are a finding: on some systems one of them
  hides the other, and no rule says which one GitHub takes. With `template: ignored` it is not judged.

Where the pull request's text is edited, a workflow has to name `edited` among the `types` of `pull_request` to see it.
"""

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar, Literal

from govcheck import globs
from govcheck.facts import Missing, Request
from govcheck.facts.change import Change
from govcheck.facts.pull_request import LinkedIssues, LinkedIssuesRequest, PullRequest
from govcheck.facts.tree import Blobs, BlobsRequest, TrackedFiles
from govcheck.findings import Judged
from govcheck.globs import compile_globs
from govcheck.policy import MODEL_CONFIGURATION, Policy
from govcheck.records import frozen
from govcheck.registry import Said, check
from govcheck.text.issue_links import CLOSING
from govcheck.text.request_templates import GLOBS, texts


@frozen(kw_only=True)
class IssueDemand:
    """How a pull request names the issue that it is for."""

    __pydantic_config__: ClassVar[dict[str, Any]] = MODEL_CONFIGURATION

    keywords: tuple[str, ...] = CLOSING
    """Words that an issue stands behind, in any case; GitHub's closing ones, where it is left out."""

    draft_keywords: tuple[str, ...] = ()
    """More words that will do as long as the pull request is a draft: `Refs`."""

    repositories: tuple[str, ...] = ()
    """`OWNER/NAME` of other repositories whose issues count."""

    open: bool = False
    """Whether the issue has to be open; read with `--live`."""


@frozen(kw_only=True)
class RequiredSection:
    """A section that the text has to have."""

    __pydantic_config__: ClassVar[dict[str, Any]] = MODEL_CONFIGURATION

    heading: str
    """Its heading's words: `Rollback plan`."""

    paths: tuple[str, ...] = ("**",)
    """Globs; it is needed where the change touches one of these paths."""


@frozen(kw_only=True)
class LabelDemand:
    """Which labels a pull request has."""

    __pydantic_config__: ClassVar[dict[str, Any]] = MODEL_CONFIGURATION

    all_of: tuple[str, ...] = ()
    """Labels that it needs."""

    any_of: tuple[str, ...] = ()
    """Labels of which it needs one."""

    none_of: tuple[str, ...] = ()
    """Labels that it must not have."""


@frozen(kw_only=True)
class PullRequests(Policy):
    """What a pull request has to say."""

    kind: Literal["pull-request"] = "pull-request"

    issue: IssueDemand | None = None
    """How it names the issue that it is for; `{}` asks for a closing keyword and an issue."""

    allowed_paths: Literal["declared", "as-issue"] | None = None
    """Whether it declares `Allowed paths`, and whether the issue has to agree."""

    sections: tuple[str | RequiredSection, ...] = ()
    """Headings below which something has to be written."""

    boxes: Literal["all"] | tuple[str, ...] | None = None
    """Boxes that have to be ticked: `all`, or some words of each."""

    optional_boxes: tuple[str, ...] = ()
    """Boxes that may stay open, by some of their words."""

    labels: LabelDemand | None = None
    """Which labels it has."""

    title: str | None = None
    """A regular expression (RE2) that its title has to match."""

    drafts: Literal["judged", "exempt"] = "judged"
    """Whether drafts are judged."""

    exempt: tuple[str, ...] = ()
    """Logins of authors whose pull requests are not judged: `dependabot[bot]`."""

    template: Literal["checked", "ignored"] = "checked"
    """Whether the template has to ask for what this policy demands."""

    def problems(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """What the types cannot say: the place in the document, and what is wrong there."""
        demands = (self.issue, self.allowed_paths, self.sections, self.boxes, self.labels, self.title)
        if all(demand is None or demand == () for demand in demands):
            yield (), "it demands nothing: give `issue`, `sections`, `boxes` or another demand"
        if self.allowed_paths == "as-issue" and self.issue is None:
            yield ("allowed_paths",), "`as-issue` needs to know the issue: set `issue: {}` as well"
        if self.issue is not None and not self.issue.keywords:
            yield ("issue", "keywords"), "an empty list names no issue: leave the key out for GitHub's own words"
        yield from self._texts()
        for number, one in enumerate(self.sections):
            for place, pattern in enumerate(one.paths if isinstance(one, RequiredSection) else ()):
                if problem := globs.problems(pattern):
                    yield ("sections", number, "paths", place), f"`{pattern}`: {problem}"

    def _texts(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        lists = (
            ("sections", [one.heading if isinstance(one, RequiredSection) else one for one in self.sections]),
            ("boxes", self.boxes if isinstance(self.boxes, tuple) else ()),
            ("optional_boxes", self.optional_boxes),
        )
        for key, given in lists:
            yield from (((key, number), "write some words") for number, text in enumerate(given) if not text.strip())
        if self.title is not None:
            from govcheck import patterns  # noqa: PLC0415 - loads RE2

            try:
                patterns.compile_python(self.title)
            except patterns.PatternError as error:
                yield ("title",), f"`{self.title}`: {error}"


def _templates(_: PullRequests) -> Iterable[tuple[Request, ...]]:
    return [(BlobsRequest(Blobs, GLOBS),)]


def _checked_templates(policy: PullRequests) -> Iterable[tuple[Request, ...]]:
    return _templates(policy) if policy.template == "checked" else []


def _issues(policy: PullRequests) -> Iterable[tuple[Request, ...]]:
    if policy.issue is None:
        return []
    keywords = (*policy.issue.keywords, *policy.issue.draft_keywords)
    return [(LinkedIssuesRequest(LinkedIssues, policy.issue.repositories, keywords),)]


@check(wants=_templates)
def text(policy: PullRequests, pull_request: PullRequest, change: Change, templates: Blobs) -> Iterator[Said]:
    """What the pull request's own text, title and labels say."""
    if _is_exempt(policy, pull_request):
        yield Judged(0)
        return
    from govcheck.documents.markdown import lines  # noqa: PLC0415 - see above
    from govcheck.text import request_texts as said  # noqa: PLC0415 - the hook knows no pull request

    yield Judged(1)
    subject = f"#{pull_request.number}"
    written = lines(pull_request.body)
    unread = next((content for content in templates.contents.values() if isinstance(content, Missing)), None)
    if unread is not None and (policy.sections or policy.boxes == "all"):
        yield said.no_template(subject, unread)
        return
    had = [lines(one) for one in texts(templates.contents).values()]
    if policy.issue is not None:
        demand = policy.issue
        yield from said.issue(subject, written, _keywords(demand, pull_request), _repositories(demand, pull_request))
    if policy.allowed_paths is not None:
        yield from said.allowed_paths(subject, pull_request.body)
    yield from said.sections(subject, written, _needed(policy, change), had)
    if policy.boxes is not None:
        wanted = None if policy.boxes == "all" else policy.boxes
        yield from said.boxes(subject, written, wanted, policy.optional_boxes, had[:1])
    if policy.labels is not None:
        demand_of_labels = (policy.labels.all_of, policy.labels.any_of, policy.labels.none_of)
        yield from said.labels(subject, pull_request.labels, *demand_of_labels)
    if policy.title is not None:
        yield from said.title(subject, pull_request.title, policy.title)


@check(wants=_issues)
def issues(policy: PullRequests, pull_request: PullRequest, linked: LinkedIssues) -> Iterator[Said]:
    """The issues that it names, as GitHub has them."""
    yield Judged(0)
    if policy.issue is None or _is_exempt(policy, pull_request):
        return
    from govcheck.documents.markdown import lines  # noqa: PLC0415 - see above
    from govcheck.text import linked_issues  # noqa: PLC0415 - the hook knows no pull request
    from govcheck.text.issue_links import issue_links  # noqa: PLC0415 - see above

    named = issue_links(lines(pull_request.body), _keywords(policy.issue, pull_request))
    counting = _repositories(policy.issue, pull_request)
    own = [link.name(linked.repository) for link in named if link.repository in counting]
    names = tuple(dict.fromkeys(own))
    yield from linked_issues.judge(linked, names, must_be_open=policy.issue.open)
    if policy.allowed_paths == "as-issue":
        yield from linked_issues.agree(linked, names, pull_request)


@check(wants=_checked_templates)
def template(policy: PullRequests, tracked: TrackedFiles, templates: Blobs) -> Iterator[Said]:
    """What the template asks for."""
    from govcheck.text import request_template_demands as demands  # noqa: PLC0415 - the hook knows no pull request

    yield Judged(len(templates.contents))
    yield from demands.judge(
        tracked.modes,
        templates.contents,
        keywords=policy.issue.keywords if policy.issue else (),
        allowed_paths=policy.allowed_paths is not None,
        sections=tuple(one.heading if isinstance(one, RequiredSection) else one for one in policy.sections),
        boxes=policy.boxes if isinstance(policy.boxes, tuple) else (),
    )


def _is_exempt(policy: PullRequests, pull_request: PullRequest) -> bool:
    return pull_request.author in policy.exempt or (pull_request.draft and policy.drafts == "exempt")


def _keywords(demand: IssueDemand, pull_request: PullRequest) -> tuple[str, ...]:
    return (*demand.keywords, *(demand.draft_keywords if pull_request.draft else ()))


def _repositories(demand: IssueDemand, pull_request: PullRequest) -> tuple[str, ...]:
    """Whose issues count, in small letters; the empty name stands for the pull request's own repository."""
    own = [pull_request.repository] if pull_request.repository else []
    return ("", *(name.lower() for name in (*own, *demand.repositories)))


def _needed(policy: PullRequests, change: Change) -> tuple[str, ...]:
    """The headings of the sections that this change needs."""
    paths = [path for entry in change.paths for path in (entry.path, entry.previous_path) if path is not None]
    return tuple(
        one if isinstance(one, str) else one.heading
        for one in policy.sections
        if isinstance(one, str) or any(compile_globs(one.paths).accepted(paths))
    )

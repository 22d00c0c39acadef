"""What the fake GitHub knows: one JSON document, with builders for the parts that tests change.

The document is the whole truth, so that a demo can keep it in a file and edit it by hand:

    {"tokens": {TOKEN: {"class": ..., "role": ..., "permissions": {...}, "repositories": [...], "remaining": ...}},
     "repositories": {"o/r": {"private": ..., "plan": ..., "default_branch": ..., "branches": ..., "rulesets": ...,
                              "codeowners_errors": ..., "workflows": ...}},
     "renamed": {"old/name": "new/name"},
     "apps": {ISSUER: {"installations": {"o/r": 42}, "permissions": {...}, "lasts": ..., "minted": ...}},
     "faults": [{"path": ..., "kind": ..., "times": ...}],
     "graphql": ...}
"""

import hashlib
from dataclasses import dataclass, field
from typing import Any

Document = dict[str, Any]

GITHUB_ACTIONS = 15368
"""The id of GitHub's own app for Actions."""

PROTECTION_DEFAULTS: Document = {
    "approvals": None,
    "dismiss_stale_reviews": False,
    "code_owner_reviews": False,
    "last_push_approval": False,
    "bypass_allowances": None,
    "dismissal_restrictions": None,
    "checks": None,
    "strict": False,
    "enforce_admins": False,
    "signatures": False,
    "linear_history": False,
    "force_pushes": False,
    "deletions": False,
    "block_creations": False,
    "conversation_resolution": False,
    "lock_branch": False,
    "fork_syncing": False,
    "restrictions": None,
}
"""Classic protection, flat. `approvals: None` means that no pull request is required; `checks` is a list of
`{"context": ..., "app_id": ...}`; actors are `{"users": [...], "teams": [...], "apps": [...]}`."""


def sha_of(text: str) -> str:
    """A made-up commit."""
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


@dataclass(slots=True)
class Repository:
    """One repository of the document."""

    name: str
    document: Document

    def branch(self, name: str) -> Document:
        """The branch; made where there is none."""
        new = {"sha": sha_of(name), "protection": None, "check_runs": [], "statuses": []}
        branch: Document = self.document["branches"].setdefault(name, new)
        return branch

    def protect(self, branch: str, **settings: Any) -> None:
        """Sets classic protection, keeping what it had; keys are those of `PROTECTION_DEFAULTS`."""
        unknown = settings.keys() - PROTECTION_DEFAULTS.keys()
        if unknown:
            raise ValueError(f"no such setting of classic protection: {sorted(unknown)}")
        place = self.branch(branch)
        place["protection"] = {**PROTECTION_DEFAULTS, **(place["protection"] or {}), **settings}

    def unprotect(self, branch: str) -> None:
        """Takes classic protection away."""
        self.branch(branch)["protection"] = None

    def ruleset(
        self,
        name: str,
        rules: list[Document],
        *,
        include: tuple[str, ...] = ("~DEFAULT_BRANCH",),
        exclude: tuple[str, ...] = (),
        bypass_actors: tuple[Document, ...] = (),
        enforcement: str = "active",
        source_type: str = "Repository",
        target: str = "branch",
    ) -> Document:
        """A new ruleset, which can be changed afterwards."""
        rulesets: list[Document] = self.document["rulesets"]
        ruleset = {
            "id": 1000 + len(rulesets),
            "name": name,
            "rules": rules,
            "include": list(include),
            "exclude": list(exclude),
            "bypass_actors": list(bypass_actors),
            "enforcement": enforcement,
            "source_type": source_type,
            "target": target,
        }
        rulesets.append(ruleset)
        return ruleset

    def codeowners(self, *errors: Document) -> None:
        """A CODEOWNERS file on the default branch, with these errors: `line`, `column`, `source`, `kind`; `path`."""
        self.document["codeowners_errors"] = list(errors)

    def set(self, **keys: Any) -> None:
        """Keys of the repository's own document, over those that it has; None leaves a key out."""
        self.document["body"].update(keys)

    def merging(self, **keys: Any) -> None:
        """The same for keys that only those see who may write."""
        self.document["merging"].update(keys)

    def graphql(self) -> None:
        """From now on GraphQL tells how is merged, and what REST leaves out of a branch's classic protection."""
        self.document["tells_by_graphql"] = True

    def answer(
        self,
        path: str,
        body: Any,
        *,
        permission: str = "",
        status: int = 200,
        key: str | None = None,
        cursor: bool = False,
    ) -> None:
        """What an endpoint below the repository answers, as GitHub writes it.

        Args:
            path: Below `repos/o/r/`: `actions/permissions`; with a query, it answers what is asked with that too. Or
                one of the owner: `orgs/o/actions/permissions`.
            body: The document; a list is answered in pages.
            permission: What the token needs, without `:read`; without it GitHub's refusal is answered.
            status: For documents that are refusals.
            key: The member of an envelope that has the list.
            cursor: Whether the pages of a list are named by cursors, not by numbers.
        """
        self.document["answers"][path] = {
            "body": body,
            "permission": permission,
            "status": status,
            "key": key,
            "cursor": cursor,
        }

    def tip(self, branch: str, committed_at: str, login: str | None = "mona", **more: Any) -> None:
        """A branch that GraphQL lists, with its newest commit; `more` are keys of the commit."""
        who = {"name": "Mona", "user": {"login": login} if login else None}
        commit = {"oid": sha_of(branch), "committedDate": committed_at, "committer": who, "author": who, **more}
        self.document.setdefault("tips", []).append({"name": branch, "target": commit})

    def check_run(self, branch: str, name: str, conclusion: str | None = "success", **more: Any) -> Document:
        """A check run on the branch's head; `more`: `app_id`, `app_slug`, `status`, `started_at`, `completed_at`."""
        run = {"name": name, "conclusion": conclusion, **more}
        self.branch(branch)["check_runs"].append(run)
        return run

    def workflow(self, path: str, state: str = "active") -> Document:
        """A workflow that GitHub knows, by its path or its file's name; made where there is none."""
        path = path if "/" in path else f".github/workflows/{path}"
        workflows: list[Document] = self.document.setdefault("workflows", [])
        found = next((one for one in workflows if one["path"] == path), None)
        if found is None:
            found = {"path": path, "runs": []}
            workflows.append(found)
        found["state"] = state
        return found

    def workflow_run(self, path: str, created_at: str, conclusion: str = "success", **jobs: Document) -> Document:
        """A run of a workflow that is older than those before it; jobs by name: `started_at`, `completed_at`, ..."""
        runs: list[Document] = self.workflow(path)["runs"]
        named = [{"name": name, **job} for name, job in jobs.items()]
        run = {"id": 5000 + len(runs), "created_at": created_at, "conclusion": conclusion, "jobs": named}
        runs.append(run)
        return run

    def status(self, branch: str, context: str, state: str = "success") -> Document:
        """A commit status on the branch's head."""
        status = {"context": context, "state": state}
        self.branch(branch)["statuses"].append(status)
        return status


@dataclass(slots=True)
class State:
    """The whole document."""

    document: Document = field(default_factory=dict)

    def __post_init__(self) -> None:
        for key, empty in (("tokens", {}), ("repositories", {}), ("renamed", {}), ("faults", [])):
            self.document.setdefault(key, empty)
        for name in self.document["repositories"]:
            self.repository(name)

    def repository(self, name: str, **settings: Any) -> Repository:
        """A repository, made where there is none; settings: `private`, `plan`, `default_branch`, `owner_type`."""
        defaults: Document = {"private": False, "plan": "pro", "default_branch": "main", "owner_type": "Organization"}
        document = self.document["repositories"].setdefault(name, {})
        for key, value in {
            **defaults,
            "branches": {},
            "rulesets": [],
            "codeowners_errors": None,
            "workflows": [],
            "answers": {},
            "body": {},
            "merging": {},
        }.items():
            document.setdefault(key, value)
        document.update(settings)
        found = Repository(name, document)
        if not document["branches"]:
            found.branch(document["default_branch"])
        for branch in document["branches"].values():
            branch.setdefault("sha", sha_of(name))
            for key, empty in (("protection", None), ("check_runs", []), ("statuses", [])):
                branch.setdefault(key, empty)
        return found

    def organisation(self, path: str, body: Any, *, permission: str = "", key: str | None = None) -> None:
        """What an endpoint of an organisation answers, as `Repository.answer` has it; `path` is below `orgs/`."""
        answer = {"body": body, "permission": permission, "status": 200, "key": key}
        self.document.setdefault("organisations", {})[path] = answer

    def token(self, value: str, token_class: str = "classic", **settings: Any) -> Document:
        """A token that GitHub takes.

        Args:
            value: The token itself.
            token_class: `classic`, `fine-grained` or `app` (an installation, or a workflow run's own).
            settings: `role` of a classic token's user (`admin`, `write`, `read`); `permissions` of the others
                (`{"administration": "read"}`); `repositories` that it reaches (all, if not given); `remaining`
                requests, and `reset`, an instant in seconds since 1970; `scopes` and `expires`, as the headers have
                them.
        """
        token = {"class": token_class, "role": "admin", "permissions": {}, "repositories": None, **settings}
        self.document["tokens"][value] = token
        return token

    def app(
        self, issuer: str = "4711", *, installations: Document, lasts: float = 3600, **permissions: str
    ) -> Document:
        """A GitHub App that GitHub knows.

        Args:
            issuer: Its id.
            installations: `{"octo/app": 42}`: on which repository it is installed, by which number.
            lasts: How many seconds its tokens are good for.
            permissions: Of its installations: `administration="read"`.
        """
        app = {"installations": installations, "permissions": permissions, "lasts": lasts, "minted": 0}
        self.document.setdefault("apps", {})[issuer] = app
        return app

    def fault(self, path: str, kind: str, times: int | None = None, **more: Any) -> Document:
        """Trouble for every request whose path and query contain `path`, so many times (always, if not given)."""
        fault = {"path": path, "kind": kind, "times": times, **more}
        self.document["faults"].append(fault)
        return fault

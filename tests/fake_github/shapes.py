"""Documents as GitHub writes them. `tests/sources/test_github_fake.py` holds them to GitHub's own description."""

from urllib.parse import quote

from fake_github.state import Document, sha_of

_LONG_AGO = "2011-01-26T19:01:12Z"

_REPOSITORY_LINKS = [
    "archive",
    "assignees",
    "blobs",
    "branches",
    "collaborators",
    "comments",
    "commits",
    "compare",
    "contents",
    "contributors",
    "deployments",
    "downloads",
    "events",
    "forks",
    "git_commits",
    "git_refs",
    "git_tags",
    "hooks",
    "issue_comment",
    "issue_events",
    "issues",
    "keys",
    "labels",
    "languages",
    "merges",
    "milestones",
    "notifications",
    "pulls",
    "releases",
    "stargazers",
    "statuses",
    "subscribers",
    "subscription",
    "tags",
    "teams",
    "trees",
]
_USER_LINKS = [
    "events",
    "followers",
    "following",
    "gists",
    "html",
    "organizations",
    "received_events",
    "repos",
    "starred",
    "subscriptions",
]


def user(login: str, kind: str = "User") -> Document:
    """A simple user."""
    url = f"https://api.github.com/users/{login}"
    return {
        "login": login,
        "id": number(login),
        "node_id": sha_of(login)[:16],
        "avatar_url": f"https://github.com/images/{login}.gif",
        "gravatar_id": "",
        "url": url,
        "type": kind,
        "site_admin": False,
        **{f"{name}_url": f"{url}/{name}" for name in _USER_LINKS},
    }


def repository(root: str, name: str, document: Document, *, may_see_merging: bool, may_see_security: bool) -> Document:
    """`GET /repos/{owner}/{repo}`. The merge settings are for those who may write, `_SECURITY` for administrators."""
    url = f"{root}/repos/{name}"
    owner, _, short = name.partition("/")
    merging = {"allow_squash_merge": True, "allow_merge_commit": True, "allow_rebase_merge": True}
    own: Document = document.get("body", {})
    found = {
        **{f"{link}_url": f"{url}/{link}" for link in _REPOSITORY_LINKS},
        "id": number(name),
        "node_id": sha_of(name)[:16],
        "name": short,
        "full_name": name,
        "owner": user(owner, document["owner_type"]),
        "private": document["private"],
        "visibility": "private" if document["private"] else "public",
        "html_url": f"https://github.com/{name}",
        "description": None,
        "fork": False,
        "url": url,
        "clone_url": f"https://github.com/{name}.git",
        "git_url": f"git://github.com/{name}.git",
        "ssh_url": f"git@github.com:{name}.git",
        "svn_url": f"https://github.com/{name}",
        "mirror_url": None,
        "homepage": None,
        "language": None,
        "license": None,
        "default_branch": document["default_branch"],
        **dict.fromkeys(_COUNTS, 0),
        **dict.fromkeys(("archived", "disabled", "has_pages", "has_discussions"), False),
        **dict.fromkeys(("has_issues", "has_projects", "has_wiki"), True),
        **dict.fromkeys(("created_at", "pushed_at", "updated_at"), _LONG_AGO),
        **({**merging, **document.get("merging", {})} if may_see_merging else {}),
        **own,
    }
    hidden = {key for key, value in own.items() if value is None} | (set() if may_see_security else {_SECURITY})
    return {key: value for key, value in found.items() if key not in hidden}


_SECURITY = "security_and_analysis"

_COUNTS = [
    "forks",
    "forks_count",
    "open_issues",
    "open_issues_count",
    "size",
    "stargazers_count",
    "watchers",
    "watchers_count",
    "network_count",
    "subscribers_count",
]


def branch(root: str, repository_name: str, name: str, document: Document, *, protected: bool) -> Document:
    """`GET /repos/{owner}/{repo}/branches/{branch}`: of classic protection the required checks only."""
    url = f"{root}/repos/{repository_name}/branches/{quote(name, safe='')}"
    protection = document["protection"]
    checks = (protection or {}).get("checks") or []
    level = "off" if not checks else "everyone" if protection["enforce_admins"] else "non_admins"
    return {
        "name": name,
        "commit": commit(root, repository_name, document["sha"]),
        "_links": {"self": url, "html": f"https://github.com/{repository_name}/tree/{name}"},
        "protected": protected,
        "protection": {
            "enabled": protection is not None,
            "required_status_checks": {
                "enforcement_level": level,
                "contexts": [check["context"] for check in checks],
                "checks": [{"context": check["context"], "app_id": check.get("app_id")} for check in checks],
            },
        },
        "protection_url": f"{url}/protection",
    }


def commit(root: str, repository_name: str, sha: str) -> Document:
    """A commit, without its files."""
    url = f"{root}/repos/{repository_name}/commits/{sha}"
    person = {"name": "Octo Cat", "email": "octo@example.com", "date": _LONG_AGO}
    unsigned = {"verified": False, "reason": "unsigned", "signature": None, "payload": None, "verified_at": None}
    return {
        "url": url,
        "sha": sha,
        "node_id": sha[:16],
        "html_url": f"https://github.com/{repository_name}/commit/{sha}",
        "comments_url": f"{url}/comments",
        "commit": {
            "url": f"{root}/repos/{repository_name}/git/commits/{sha}",
            "author": person,
            "committer": person,
            "message": "A commit",
            "comment_count": 0,
            "tree": {"sha": sha_of(sha), "url": f"{root}/repos/{repository_name}/git/trees/{sha_of(sha)}"},
            "verification": unsigned,
        },
        "author": user("octocat"),
        "committer": user("octocat"),
        "parents": [],
    }


def app(identity: int, slug: str) -> Document:
    """An installed app."""
    return {
        "id": identity,
        "slug": slug,
        "node_id": sha_of(slug)[:16],
        "owner": user("github", "Organization"),
        "name": slug.replace("-", " ").title(),
        "description": "An app",
        "external_url": "https://example.com",
        "html_url": f"https://github.com/apps/{slug}",
        "created_at": _LONG_AGO,
        "updated_at": _LONG_AGO,
        "permissions": {"checks": "write", "metadata": "read"},
        "events": ["push"],
    }


def ruleset(root: str, repository_name: str, document: Document, *, whole: bool, may_write: bool) -> Document:
    """One ruleset. A list has no rules, conditions or bypass actors; nor are those shown to who may not write."""
    is_own = document["source_type"] == "Repository"
    source = repository_name if is_own else repository_name.partition("/")[0]
    url = f"{root}/repos/{repository_name}/rulesets/{document['id']}"
    found = {
        "id": document["id"],
        "name": document["name"],
        "target": document["target"],
        "source_type": document["source_type"],
        "source": source,
        "enforcement": document["enforcement"],
        "node_id": sha_of(document["name"])[:16],
        "_links": {"self": {"href": url}, "html": {"href": f"https://github.com/{repository_name}/rules"}},
        "created_at": "2023-07-15T08:43:03.000Z",
        "updated_at": document.get("updated_at", "2023-08-23T16:29:47.000Z"),
    }
    if not whole:
        return found
    found["conditions"] = {"ref_name": {"include": document["include"], "exclude": document["exclude"]}}
    found["rules"] = document["rules"]
    found["current_user_can_bypass"] = "never"
    if may_write:
        found["bypass_actors"] = document["bypass_actors"]
    return found


def codeowners_error(document: Document) -> Document:
    """One error of `GET /repos/{owner}/{repo}/codeowners/errors`."""
    kind, line, source = document["kind"], document["line"], document["source"]
    owner = source[document["column"] - 1 :].partition(" ")[0]
    thing = f"the team {owner} exists, is publicly visible," if "/" in owner else f"{owner} exists"
    unknown = f": make sure {thing} and has write access to the repository"
    pointer = " " * (document["column"] - 1) + "^"
    return {
        "line": line,
        "column": document["column"],
        "source": source,
        "kind": kind,
        "suggestion": None,
        "message": f"{kind} on line {line}{unknown if kind == 'Unknown owner' else ':'}\n\n  {source}\n  {pointer}",
        "path": document.get("path", ".github/CODEOWNERS"),
    }


def rules(repository_name: str, rulesets: list[Document]) -> list[Document]:
    """`GET /repos/{owner}/{repo}/rules/branches/{branch}`, from the rulesets that apply."""
    return [
        {
            **rule,
            "ruleset_source_type": found["source_type"],
            "ruleset_source": repository_name
            if found["source_type"] == "Repository"
            else repository_name.partition("/")[0],
            "ruleset_id": found["id"],
        }
        for found in rulesets
        for rule in found["rules"]
    ]


def number(text: str) -> int:
    """A made-up id, always the same for the same text."""
    return int(sha_of(text)[:7], 16)

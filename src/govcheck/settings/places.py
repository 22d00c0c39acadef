"""Where a branch's settings are: the repository's names, its web pages, and how snapshots name a setting."""

from govcheck.facts.live import LiveBranch


def owner_of(branch: LiveBranch) -> str:
    """The repository's owner, from the endpoint that was asked; empty where the endpoint is no repository's."""
    return _owner_and_name(branch)[0]


def repository_of(branch: LiveBranch) -> str:
    """`owner/name`, from the endpoint that was asked."""
    return "/".join(_owner_and_name(branch))


def page(branch: LiveBranch, path: str) -> str | None:
    """An address below the repository's own web page; None where that is not known."""
    body = branch.repository.body
    found = body.get("html_url") if isinstance(body, dict) else None
    if not isinstance(found, str) or not found.startswith(("https://", "http://")):
        return None
    return f"{found.rstrip('/')}/{path}"


def setting(branch: str, *parts: str) -> str:
    """A setting's name in snapshots and reports: `branches/main/approvals`, the branch encoded as in GitHub's paths."""
    return "/".join(("branches", encoded(branch), *parts))


def encoded(name: str) -> str:
    """A name as one part of a path."""
    from urllib.parse import quote  # noqa: PLC0415 - brings `ipaddress` along, and offline nothing asks for it

    return quote(name, safe="")


def environment_setting(environment: str, key: str) -> str:
    """A setting of an environment in the same way: `environments/production/reviewers`."""
    from urllib.parse import quote  # noqa: PLC0415 - as above

    return "/".join(("environments", quote(environment, safe=""), key))


def _owner_and_name(branch: LiveBranch) -> tuple[str, str]:
    words = branch.protection.endpoint.strip("/").split("/")
    names = words[words.index("repos") + 1 :] if "repos" in words else []
    return (names[0], names[1]) if len(names) > 1 else ("", "")

"""Where the repository comes from: its remote `origin`. GitPython asks git here; the hook never comes this way."""

import os

from govcheck.sources.git.process import Result
from govcheck.sources.git.remote_names import RemoteName, parse
from govcheck.sources.git.repository import Repository
from govcheck.sources.git.runner import refusal


def origin(repository: Repository) -> RemoteName | None:
    """The host, owner and name of the remote `origin`; None where there is none, or none of that form.

    The address itself never leaves this function: it may hold a credential.

    Raises:
        GovcheckError: where git refuses.
    """
    from git import Git, GitCommandError  # noqa: PLC0415 - 85 ms, only where somebody asks

    git = Git(repository.root)
    with git.custom_environment(**_environment(repository)):
        try:
            address = git.remote("get-url", "origin")
        except GitCommandError as error:
            said = str(error.stderr)
            if "No such remote" in said:
                return None
            result = Result(1, b"", said.encode("utf-8", "replace"))
            raise refusal(repository.root, "remote", result) from None
    return parse(str(address))


def _environment(repository: Repository) -> dict[str, str]:
    """GitPython adds this to the process's own environment, from which it can take nothing away."""
    environment = dict(repository.git.environment)
    if "GIT_DIR" in os.environ or "GIT_WORK_TREE" in os.environ:
        environment |= {"GIT_DIR": repository.git_dir, "GIT_WORK_TREE": repository.root}
    return environment

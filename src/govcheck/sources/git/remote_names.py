"""The address of a remote, taken apart: which host, which repository. Pure; what may be a credential is dropped."""

import re
from typing import NamedTuple

_URL = re.compile(
    r"(?:https?|ssh|git|git\+ssh|git\+https)://(?:[^/@]*@)*(?P<host>[^/@:]+)(?::\d*)?/(?P<path>.+)", re.IGNORECASE
)
_SHORT = re.compile(r"(?:[^/@:]*@)?(?P<host>[^/@:]{2,}):(?!//)(?P<path>.+)")
"""`git@github.com:owner/name.git`; one letter before the colon would be a Windows drive."""

_NAME = re.compile(r"[A-Za-z0-9_.-]+")
_SSH_HOSTS = {"ssh.github.com": "github.com", "www.github.com": "github.com"}
"""https://docs.github.com/en/authentication/troubleshooting-ssh/using-ssh-over-the-https-port."""


class RemoteName(NamedTuple):
    """A repository on a server."""

    host: str
    """In lower case: `github.com`, or an Enterprise server's."""

    owner: str
    name: str

    def __str__(self) -> str:
        """`owner/name`, as GitHub writes it."""
        return f"{self.owner}/{self.name}"


def parse(address: str) -> RemoteName | None:
    """What an address as git takes it means; None where it is none of a repository on a server like GitHub."""
    found = _URL.fullmatch(address) or _SHORT.fullmatch(address)
    if found is None:
        return None
    owner, slash, name = found["path"].strip("/").partition("/")
    name = name.removesuffix(".git")
    if not slash or name in {"", ".", ".."} or not (_NAME.fullmatch(owner) and _NAME.fullmatch(name)):
        return None
    host = found["host"].lower()
    return RemoteName(_SSH_HOSTS.get(host, host), owner, name)

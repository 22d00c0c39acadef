"""When files were last committed, by one `git log` over all of them."""

from collections.abc import Sequence
from datetime import datetime

from govcheck.facts import Missing
from govcheck.facts.last_commits import LastCommits
from govcheck.findings import Reason
from govcheck.paths import decode, encode
from govcheck.sources.git.repository import Repository

MOST = 1000
"""Files that are asked for."""

_SHALLOW = "the clone is shallow: it does not have the commits that would tell"
_MANY = f"more than {MOST:,} files were asked for: narrow the globs"
_NEVER = "no commit has it yet"


def read_last_commits(repository: Repository, paths: Sequence[str], commit: str | None) -> LastCommits:
    """The newest commit of each path, seen from a commit."""
    if len(paths) > MOST or repository.is_shallow:
        why = _SHALLOW if repository.is_shallow else _MANY
        return LastCommits(dict.fromkeys(paths, Missing(reason=Reason.MISSING_OBJECT, message=why)))
    found = _logged(repository, paths, commit) if paths and commit is not None else {}
    never = Missing(reason=Reason.MISSING_OBJECT, message=_NEVER)
    return LastCommits({path: found.get(path, never) for path in paths})


def _logged(repository: Repository, paths: Sequence[str], commit: str) -> dict[str, datetime]:
    options = ("-z", "--name-only", "--no-renames", "--no-show-signature", "--format=%x01%cI")
    output = repository.git.run("log", *options, commit, "--", *map(encode, paths))
    found: dict[str, datetime] = {}
    moment: datetime | None = None
    for word in output.split(b"\0"):
        text = word.lstrip(b"\n")
        if text.startswith(b"\1"):
            moment = datetime.fromisoformat(text[1:].decode("ascii").strip())
        elif text and moment is not None:
            found.setdefault(decode(text), moment)
    return found

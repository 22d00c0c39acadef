"""When files were last committed."""

from collections.abc import Mapping
from datetime import datetime

from govcheck.facts import Fact, Missing
from govcheck.records import frozen


@frozen
class LastCommits(Fact):
    """Of every tracked file that a glob of the request (a `BlobsRequest`) matches. Offered over a whole tree."""

    instants: Mapping[str, datetime | Missing]
    """Path to the committer's time of the newest commit that touched it. `Missing`: never committed, a shallow clone,
    or more files than are asked for."""

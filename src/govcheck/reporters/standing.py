"""Where a finding stands in the repository, for formats that can only point into its files."""

from pathlib import PurePosixPath

from govcheck.findings import Location
from govcheck.policy import LoadedPolicy


def standing(location: Location, policy: LoadedPolicy) -> Location:
    """The finding's own file, else the line of the policy that demands it; nowhere, where neither is a repository's."""
    place = location if location.path is not None else Location(path=policy.path, line=policy.line or None)
    return place if inside(place.path or "") else Location()


def inside(path: str) -> bool:
    """Whether a path can be one of the repository: a policy may come from elsewhere, or from the package."""
    parts = PurePosixPath(path).parts
    return bool(parts) and not path.startswith(("/", "govcheck:")) and ".." not in parts

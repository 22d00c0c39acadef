"""Where the API sends us next: `Link` headers and redirects, and whether to go there.

Source: RFC 8288 (Web Linking), section 3.
"""

from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

_PORTS = {"http": 80, "https": 443}


def next_link(header: str) -> str | None:
    """The target of the first link whose relation is `next`, as it stands; None where there is none."""
    return next((target for target, relations in _links(header) if "next" in relations), None)


def within(root: str, current: str, target: str) -> str | None:
    """`target`, seen from `current`, as a full URL; None where it leaves the API's own host or the path below its root.

    A token goes to its own host only, so whatever is not plainly the same place is not followed.
    """
    if any(character <= " " or character in '\\<>"' or character > "~" for character in target):
        return None
    try:
        url = urljoin(current, target)
        base, parts = urlsplit(root), urlsplit(url)
        ports = base.port or _PORTS.get(base.scheme), parts.port or _PORTS.get(parts.scheme)
    except ValueError:
        return None
    same_origin = (parts.scheme, parts.hostname) == (base.scheme, base.hostname) and ports[0] == ports[1]
    if not same_origin or "@" in parts.netloc:
        return None
    below = parts.path.startswith(f"{base.path}/") and not _climbs(parts.path)
    return parts._replace(fragment="").geturl() if below else None


def _climbs(path: str) -> bool:
    return any(part.lower().replace("%2e", ".") in {".", ".."} for part in path.split("/"))


def _links(header: str) -> Iterator[tuple[str, frozenset[str]]]:
    position = 0
    while (start := header.find("<", position)) >= 0:
        end = header.find(">", start)
        if end < 0:
            return
        position = _end_of_link(header, end + 1)
        yield header[start + 1 : end], _relations(header[end + 1 : position])


def _end_of_link(header: str, position: int) -> int:
    """Where the comma that ends a link stands, or the header's end; a comma in quotes ends nothing."""
    quoted = False
    while position < len(header):
        character = header[position]
        if quoted and character == "\\":
            position += 1
        elif character == '"':
            quoted = not quoted
        elif character == "," and not quoted:
            break
        position += 1
    return min(position, len(header))


def _relations(parameters: str) -> frozenset[str]:
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "rel":
            # The first one counts: RFC 8288, section 3.3.
            return frozenset(value.strip().strip('"').lower().split())
    return frozenset()

"""Joining the pages of a list to its end; a list that is not whole says so."""

from collections.abc import Callable

from govcheck.findings import Json
from govcheck.records import frozen
from govcheck.sources.github.fetcher import Page, Trouble
from govcheck.sources.github.links import within
from govcheck.sources.github.protocol import Failure

_MOST_PAGES = 1000


@frozen(kw_only=True)
class Listing:
    """The pages that came, joined."""

    document: Json
    status: int
    complete: bool = True
    message: str = ""
    """Why it is not complete."""

    failure: Failure | None = None


def listing(fetch: Callable[[str], Page | Trouble], root: str, first: str, key: str | None) -> Listing | Trouble:
    """All pages from the first one on. Trouble only where the first one did not come, or is no list."""
    start = fetch(first)
    if isinstance(start, Trouble):
        return start
    items = items_of(start.document, key)
    if items is None:
        return Trouble(status=None, failure="not-json", message=f"the answer has no list {key or ''}".rstrip())
    joined, last, broken = _follow(fetch, root, start, key, items)
    document: Json = joined if key is None else {**_envelope(start.document), key: joined}
    trouble = broken or _short(last.document, key, len(joined))
    if trouble is None:
        return Listing(document=document, status=start.status)
    return Listing(
        document=document, status=start.status, complete=False, message=trouble.message, failure=trouble.failure
    )


def items_of(document: Json, key: str | None) -> list[Json] | None:
    """The list of one page; None where it has none."""
    found = document if key is None else _envelope(document).get(key)
    return found if isinstance(found, list) else None


def _follow(
    fetch: Callable[[str], Page | Trouble], root: str, start: Page, key: str | None, items: list[Json]
) -> tuple[list[Json], Page, Trouble | None]:
    """The joined items, the last page that came, and what stood in the way of the next one."""
    joined, page, seen, pages = list(items), start, {start.url}, [items]
    while page.next_page is not None:
        url = within(root, page.url, page.next_page)
        if url is None:
            return joined, page, _stop("the next page is said to be at another place, which is not followed")
        if url in seen or len(seen) >= _MOST_PAGES:
            return joined, page, _stop(f"the pages have no end after {len(seen)}")
        seen.add(url)
        following = fetch(url)
        if isinstance(following, Trouble):
            return joined, page, following
        more = items_of(following.document, key)
        if more is None:
            return joined, page, _stop("a later page is no list", "not-json")
        if more and more in pages:
            return joined, page, _stop("a page came twice, so that others did not come")
        pages.append(more)
        joined += more
        page = following
    return joined, page, None


def _short(document: Json, key: str | None, found: int) -> Trouble | None:
    """Lists with a count hold themselves to it."""
    if key is None:
        return None
    total = _envelope(document).get("total_count")
    if type(total) is int and total == found:
        return None
    return _stop(f"{found} entries came of a list that counts {total if type(total) is int else 'none'}")


def _stop(message: str, failure: Failure | None = None) -> Trouble:
    return Trouble(status=None, failure=failure, message=message)


def _envelope(document: Json) -> dict[str, Json]:
    return document if isinstance(document, dict) else {}

"""Where configurations of hooks stand that are meant for somebody else: templates, examples, tests, vendored code."""

import re

_FOR_OTHERS = re.compile(
    r"(?:^|/)(?:templates?|examples?|fixtures?|tests?|testing|testdata|samples?|docs?|_?archive|[^/]*\{\{[^/]*|"
    r"[._]?vendor(?:ed)?|third[_-]?party|node_modules)/",
    re.IGNORECASE,
)


def is_for_others(path: str) -> bool:
    """Whether a file stands in a folder whose configuration this repository does not go by."""
    return _FOR_OTHERS.search(path) is not None

"""A second matcher, slow and literal: what GitHub documents, one segment and one character at a time."""


def same_segment(pattern, name):
    if not pattern:
        return not name
    if pattern[0] == "*":
        return any(same_segment(pattern[1:], name[skipped:]) for skipped in range(len(name) + 1))
    if not name:
        return False
    if pattern[0] == "\\":
        return pattern[1] == name[0] and same_segment(pattern[2:], name[1:])
    return pattern[0] in {"?", name[0]} and same_segment(pattern[1:], name[1:])


def same_segments(patterns, names):
    """Whether the segments of a pattern are those of a path, or of a folder above it."""
    if not patterns:
        return True
    if patterns[0] == "**":
        if len(patterns) == 1:
            return bool(names)
        return any(same_segments(patterns[1:], names[skipped:]) for skipped in range(len(names) + 1))
    if not names or not same_segment(patterns[0], names[0]):
        return False
    if patterns == ["*"]:
        return len(names) == 1  # what `docs/*` matches is in `docs` itself
    return same_segments(patterns[1:], names[1:])


def matches(pattern, path):
    folder = pattern.endswith("/")
    rooted = "/" in pattern.removesuffix("/")
    segments = pattern.strip("/").split("/")
    if not rooted:
        segments = ["**", *segments]
    if folder:
        segments = [*segments, "**"]
    return same_segments(segments, path.split("/"))


def decides(rules, path):
    """The last rule whose pattern matches; None where none does."""
    found = None
    for rule in rules:
        if matches(rule.pattern, path):
            found = rule
    return found

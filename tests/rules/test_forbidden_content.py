"""What must not be written into files."""

from hypothesis import given
from hypothesis import strategies as st

from govcheck.facts import Missing
from govcheck.facts.change import AddedLines
from govcheck.facts.tree import Blobs, Tree
from govcheck.findings import Reason, Undecided
from govcheck.rules.forbidden_content import ContentPattern, ForbiddenContent, added_lines, tracked_lines

SECRET = "fo1_verysecret"
POLICY = ForbiddenContent(
    id="f",
    patterns=(
        ContentPattern(name="key", assigned=("FLY_API_TOKEN",)),
        ContentPattern(name="pem", literal="BEGIN RSA"),
        ContentPattern(name="jwt", regex=r"eyJ[a-z]{4,}"),
    ),
    except_=("docs/**",),
    scope="tree",
)


def lines(*texts: bytes) -> tuple[tuple[int, bytes], ...]:
    return tuple(enumerate(texts, start=7))


def found(added: dict[str, tuple[tuple[int, bytes], ...] | Missing]):
    return list(added_lines.judge(POLICY, AddedLines(added)))[1:]


def test_each_pattern_is_told_once_a_file_with_its_lines():
    key = f"FLY_API_TOKEN={SECRET}".encode()
    (finding,) = found({"a": lines(key, b"FLY_API_TOKEN", key)})
    assert (finding.control, finding.subject, finding.location.line, finding.actual) == ("key", "a", 7, 2)
    assert finding.message == "`a` adds what `key` forbids in line 7 (`FLY_API_TOKEN = ****`), and in 1 more line"
    assert [one.location.line for one in finding.evidence] == [9]
    assert SECRET not in repr(finding)
    assert not finding.quotable


def test_literals_and_patterns_in_any_encoding():
    text = "x BEGIN RSA\neyJabcd".encode("utf-16-le").split(b"\n\0")
    assert [(one.control, one.location.line) for one in found({"a": lines(*text)})] == [("pem", 7), ("jwt", 8)]


def test_what_is_excepted_and_what_cannot_be_read():
    large = Missing(reason=Reason.UNPARSEABLE, message="it is too large")
    (doubt,) = found({"docs/a": lines(b"BEGIN RSA"), "docs/b": large, "c": large})
    assert isinstance(doubt, Undecided)
    assert (doubt.subject, doubt.reason) == ("c", Reason.UNPARSEABLE)


def test_a_whole_tree():
    blobs = Blobs({"a": b"x\r\nBEGIN RSA\r\n", "b": b""})
    _, finding = tracked_lines.judge(POLICY, Tree({"a": "100644", "b": "100644"}), blobs)
    assert finding.message == "`a` has what `pem` forbids in line 2"


PIECES = st.sampled_from(
    [b"KEY", b"K", b"=", b"abc1", b"\0", b"\n", b"\xff", b"\xc3", b"\xa4", b"\xef\xbf\xbd", b" ", b"ab"]
)
NAMES = st.sampled_from(["KEY", "ab", "a\ufffd", "\ufffd", "\u00e4", "K\tE", "ab\nab", "abc1"])


REGEXES = st.sampled_from(
    ["^KEY$", r"\AKEY", r"KEY\z", "K[^x]+b", "abc.", "(?s)K.+1", "(?-m)^K", "(?i)key", r"\bab\b", "�", "ä$", "a|^ "]
)


@given(
    st.lists(PIECES, max_size=8).map(b"".join),
    st.lists(NAMES, min_size=1, max_size=2, unique=True),
    st.lists(REGEXES, max_size=2, unique=True),
)
def test_a_whole_tree_says_what_its_lines_say(content: bytes, names: list[str], regexes: list[str]):
    literals = [ContentPattern(name=f"literal-{name}", literal=name) for name in names]
    policy = ForbiddenContent(
        id="f",
        patterns=(
            *literals,
            ContentPattern(name="assigned", assigned=tuple(names)),
            *(ContentPattern(name=f"regex-{regex}", regex=regex) for regex in regexes),
        ),
        scope="tree",
    )
    of_lines = added_lines.judge(policy, AddedLines({"a": tuple(enumerate(content.split(b"\n"), start=1))}))
    of_tree = tracked_lines.judge(policy, Tree({"a": "100644"}), Blobs({"a": content}))
    assert [repr(one).replace("` has what", "` adds what") for one in of_tree] == [repr(one) for one in of_lines]


def test_what_the_types_cannot_say():
    wrong = ForbiddenContent(
        id="f",
        patterns=(
            ContentPattern(name="a"),
            ContentPattern(name="a", literal=""),
            ContentPattern(name="b", regex="(?=x)"),
            ContentPattern(name="c", regex="x*"),
            ContentPattern(name="d", assigned=("",)),
        ),
        paths=("[",),
    )
    assert [place for place, _ in wrong.problems()] == [
        ("patterns", 0),
        ("patterns", 1, "name"),
        ("patterns", 1),
        ("patterns", 2, "regex"),
        ("patterns", 3, "regex"),
        ("patterns", 4),
        ("paths", 0),
    ]
    assert next(ForbiddenContent(id="f", patterns=()).problems())[0] == ("patterns",)

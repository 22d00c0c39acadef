"""What a commit's message has to be like."""

import pytest

from govcheck.facts.commits import Commit, CommitMessage, Commits
from govcheck.findings import Undecided
from govcheck.rules.commit_message import CommitMessages, added_commits, message

ID = "0123456789abcdef" * 2 + "01234567"


def commit(text: str, *, parents: int = 1, email: str = "ada@example.com") -> Commit:
    return Commit(
        id=ID,
        parents=(ID,) * parents,
        author_name="Ada",
        author_email=email,
        committer_name="Carl",
        committer_email="carl@example.com",
        authored_at=None,
        message=text,
    )


def controls(policy: CommitMessages, *commits: Commit) -> list[tuple[str, str]]:
    _, *findings = added_commits.judge(policy, Commits(commits))
    return [(found.control, found.subject) for found in findings]


CONVENTIONAL = CommitMessages(id="c", conventional=True, types=("feat", "fix"), scopes=("app", "api"))


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("feat: x", []),
        ("fix(app, api)!: x\n\nbody", []),
        ("Feat: x", ["type"]),
        ("feat(db): x", ["scope"]),
        ("something", ["conventional"]),
        ("", ["conventional"]),
        ('Revert "something"', []),
    ],
)
def test_conventional(text: str, wrong: list[str]):
    assert [control for control, _ in controls(CONVENTIONAL, commit(text))] == wrong


def test_a_finding_names_the_commit_and_what_to_write():
    _, finding = added_commits.judge(CONVENTIONAL, Commits((commit("something"),)))
    assert (finding.control, finding.subject) == ("conventional", ID[:12])
    assert finding.message == "The commit 0123456789ab (something) is no conventional commit"
    assert finding.fix is not None
    assert finding.fix.text == "Begin it like `feat(app): what it does`"


def test_merges_are_exempt_by_choice_and_githubs_own_always():
    strict = CommitMessages(id="c", conventional=True, exempt=())
    assert controls(CONVENTIONAL, commit("Merge branch 'x'", parents=2)) == []
    assert controls(strict, commit("Merge branch 'x'", parents=2)) == [("conventional", ID[:12])]
    assert controls(strict, commit(f"Merge {ID} into {ID}", parents=2)) == []
    assert controls(strict, commit(f"Merge {ID} into {ID}")) == [("conventional", ID[:12])]
    assert controls(strict, commit("fixup! x")) == [("conventional", ID[:12])]
    assert controls(CommitMessages(id="c", conventional=True, exempt=("fixup",)), commit("fixup! x")) == []


def test_trailers_sign_off_words_length_and_pattern():
    policy = CommitMessages(
        id="c", trailers=("Refs",), signed_off=True, forbidden=("WIP",), max_subject=10, pattern="^[A-Z]"
    )
    good = "Add wiped\n\nRefs: #1\nSigned-off-by: Ada <ADA@example.com>"
    assert controls(policy, commit(good)) == []
    bad = "add a wip: too long\n\nRefs:\nSigned-off-by: Carl <carl@example.com>"
    assert controls(policy, commit(bad)) == [
        ("pattern", ID[:12]),
        ("length", ID[:12]),
        ("trailer", f"{ID[:12]} Refs"),
        ("signed-off", ID[:12]),
        ("forbidden", f"{ID[:12]} WIP"),
    ]


def test_the_message_that_is_being_written():
    judged, finding = message.judge(CONVENTIONAL, CommitMessage("x"))
    assert (judged.subjects, finding.subject, finding.message) == (
        1,
        "message",
        "The message is no conventional commit",
    )
    assert len(list(message.judge(CONVENTIONAL, CommitMessage("Merge branch 'x'", is_merge=True)))) == 1
    _, doubt = message.judge(CommitMessages(id="c", signed_off=True), CommitMessage("x"))
    assert isinstance(doubt, Undecided)


def test_what_the_types_cannot_say():
    assert [place for place, _ in CommitMessages(id="c").problems()] == [()]
    wrong = CommitMessages(id="c", types=("",), pattern="(?=x)", max_subject=0)
    assert [place for place, _ in wrong.problems()] == [(), ("max_subject",), ("pattern",), ("types", 0)]

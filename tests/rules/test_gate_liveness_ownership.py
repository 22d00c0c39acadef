"""CODEOWNERS: literals in, findings out."""

import pytest

from govcheck.codeowners.parsing import SIZE_LIMIT
from govcheck.facts import Missing, Request
from govcheck.facts.live import CodeownersErrors, LiveBranch
from govcheck.facts.tree import Blobs, TrackedFiles
from govcheck.findings import Finding, Held, Judged, Reason, Undecided
from govcheck.liveness import ownership, ownership_live
from govcheck.registry import kind
from govcheck.rules.gate_liveness import GateLiveness, code_owners, code_owners_live
from live_branches import REPOSITORY, answer, classic, hidden, live, pull_request, refused, reviews, ruleset, unread

HOME = ".github/CODEOWNERS"
ALL = "* @lead\n"


def tree(*paths, **modes):
    return TrackedFiles(dict.fromkeys(paths, "100644") | modes)


def world(files, *others):
    """CODEOWNERS files and policies with their text, and other tracked paths."""
    blobs = {path: text.encode() if isinstance(text, str) else text for path, text in files.items()}
    return tree(*files, *others), Blobs(blobs)


def judged(files, *others, **policy):
    said = list(code_owners.judge(GateLiveness(id="gates", **policy), *world(files, *others)))
    return [one for one in said if not isinstance(one, Judged | Held)]


def messages(said):
    return {one.subject: one.message for one in said}


def alive(files, *others, owned=()):
    gates = ownership.gates(owned, *world(files, *others))
    return {gate.subject: gate.why for gate in gates if gate.state == "alive"}


def test_a_file_that_guards_everything_says_nothing():
    assert judged({HOME: ALL}, "a", ".github/workflows/ci.yml") == []


def test_what_is_alive_says_how():
    assert alive(
        {HOME: "* @a\ndocs/ @b\n*.md @c\ndocs/private\n"}, "a", "docs/b", "docs/private", owned=("docs/b",)
    ) == {
        HOME: f"GitHub reads {HOME}, which gives 3 of 4 files an owner by 2 lines",
        f"{HOME}:*": "`*` owns 2 files by line 1",
        f"{HOME}:docs/": "`docs/` owns 1 file by line 2",
        f"{HOME}:docs/private": "`docs/private` takes the owners off 1 file by line 4",
        "owned:docs/b": "`docs/b`, which the policy promises an owner, has an owner in 1 of 1 file, by line 2",
        f"owned:{HOME}": f"{HOME} is owned by its own line 1",
    }


def test_a_file_is_hidden_by_one_that_comes_before_it():
    said = judged({HOME: ALL, "CODEOWNERS": "/app/ @a\n/src/ @b\n* @c\n", "docs/CODEOWNERS": "# nothing\n"}, "app/x")
    assert messages(said) == {
        "CODEOWNERS": f"GitHub does not read CODEOWNERS, as {HOME} comes before it: 3 lines of it guard nothing",
        "docs/CODEOWNERS": f"GitHub does not read docs/CODEOWNERS, as {HOME} comes before it",
    }
    (evidence,) = said[0].evidence
    assert evidence.text == "were it read, its line 3 (`*`) would override 2 lines before it"
    assert (evidence.location.path, evidence.location.line) == ("CODEOWNERS", 3)
    assert said[0].fix.command == "git rm -- CODEOWNERS"


def test_the_root_comes_before_docs():
    assert set(messages(judged({"CODEOWNERS": ALL, "docs/CODEOWNERS": ALL}))) == {"docs/CODEOWNERS"}


@pytest.mark.parametrize(
    ("lines", "subject", "line", "said", "severity"),
    [
        ("/app/ @a\n* @b\n", "/app/", 1, "`/app/` decides nothing: line 2 (`*`) overrides it for the one file", None),
        (
            "/app/ @a\n/app/** @b\n/app @c\n* @c\n",
            "/app/",
            1,
            "`/app/` decides nothing: line 4 (`*`) overrides it for the one file that it matches",
            None,
        ),
        (
            "* @b\n/app/ @a\n/app/** @A\n",
            "/app/",
            2,
            "for the one file that it matches, with the same owners",
            "warning",
        ),
        ("* @a\nno/such/file @a\n", "no/such/file", 2, "`no/such/file` matches no tracked file", None),
        (
            "no/such @a\n* @a\n",
            "no/such",
            1,
            "`no/such` matches no tracked file, and line 2 (`*`) would override it if it did",
            None,
        ),
        ("* @a\n/app/[id].ts @a\n", "/app/[id].ts", 2, "GitHub skips line 2 (`/app/[id].ts`): CODEOWNERS has no", None),
        ("* @a\n*.md b@\n", "*.md", 2, "GitHub skips line 2 (`*.md`): `b@` is no owner", None),
        ("* @a\n@o/team\n", "@o/team", 2, "`@o/team` matches no tracked file", None),
    ],
)
def test_a_line_that_guards_nothing(lines, subject, line, said, severity):
    found = {one.subject: one for one in judged({HOME: lines}, "app/x")}[f"{HOME}:{subject}"]
    assert said in found.message
    assert (found.control, found.location.path, found.location.line, found.severity) == (
        "codeowners",
        HOME,
        line,
        severity,
    )
    assert found.fix is not None


def test_a_lone_owner_is_told_what_it_lacks():
    found = judged({HOME: "* @a\n@o/team\n"})
    assert [one.fix.text for one in found] == [
        "Write `* @o/team` where it is meant to own everything, or remove line 2"
    ]


def test_two_lines_that_override_together_are_named_with_what_each_takes():
    lines = "/a/b/ @a\n/a/b/* @b\n/a/b/*/** @c\n* @d\n/a/b/* @b\n/a/b/*/** @c\n"
    (found, *_) = [
        one for one in judged({HOME: lines}, "a/b/c", "a/b/c/d", "a/b/e/f") if one.subject.endswith(":/a/b/")
    ]
    assert "line 5 (`/a/b/*`) and line 6 (`/a/b/*/**`) override it for all 3 files" in found.message
    assert [one.text for one in found.evidence] == [
        "line 6, `/a/b/*/** @c`, decides 2 of them",
        "line 5, `/a/b/* @b`, decides 1 of them",
    ]


def test_a_fallback_for_new_files_is_alive():
    files = {HOME: "* @a\n/app/ @b\n/.github/ @c\n"}
    assert judged(files, "app/x") == []
    assert alive(files, "app/x")[f"{HOME}:*"] == (
        "`*` is for new files: later lines decide all 2 files that it matches today"
    )


def test_a_path_that_differs_in_case_is_pointed_out():
    (found,) = judged({HOME: "* @a\n/Docs/** @b\n"}, "docs/a")
    assert [one.text for one in found.evidence] == ["`docs/a` differs in case, and CODEOWNERS is case-sensitive"]


def test_a_user_that_sounds_like_a_team_is_a_remark():
    found = {
        one.subject: one for one in judged({HOME: "* @a\ndocs/ @docs-team @b\nsrc/ @docs-team\n"}, "docs/x", "src/x")
    }
    (remark,) = found.values()
    assert (remark.subject, remark.severity, remark.expected) == (f"{HOME}:@docs-team", "note", None)
    assert (
        remark.message
        == "`@docs-team` names a user's account and cannot be a team: a team is written `@organisation/team`"
    )
    assert [(one.location.line, one.location.column) for one in remark.evidence] == [(2, 7), (3, 6)]


def test_teams_of_two_organisations_cannot_both_be_owners():
    (found,) = judged({HOME: "* @one/a @One/b\ndocs/ @two/c\n"}, "docs/x")
    assert found.subject == f"{HOME}:organisations"
    assert "teams of 2 organisations are owners (one, two)" in found.message


# --- what has to have an owner ---------------------------------------------------------------------------------------


def test_the_file_and_the_workflows_have_to_be_owned():
    said = messages(judged({HOME: "docs/ @a\n"}, "docs/x", ".github/workflows/a.yml", ".github/workflows/b.yml"))
    assert said == {
        f"owned:{HOME}": f"{HOME} has no owner: no line of it matches it, "
        "so that whoever may write can change who has to review",
        "owned:.github/workflows/**": "`.github/workflows/**` has no owner in 2 of 2 files "
        "(`.github/workflows/a.yml`, `.github/workflows/b.yml`): "
        "whoever changes a workflow changes the check that it reports",
    }


def test_a_line_can_take_the_owners_off():
    found = {one.subject: one for one in judged({HOME: "* @a\n/.github/\n"}, ".github/workflows/a.yml", "x")}
    assert "line 2 of it takes its owners off" in found[f"owned:{HOME}"].message
    assert [one.text for one in found["owned:.github/workflows/**"].evidence] == [
        "line 2, `/.github/`, has no owners: what it matches is nobody's"
    ]


def test_policies_have_to_be_owned_and_other_files_of_that_folder_do_not():
    files = {HOME: "/.github/ @a\n", "policies/a.yaml": "kind: x\nid: y\n", "policies/opa.yaml": "package: x\n"}
    found = messages(judged(files))
    assert set(found) == {"owned:policies/**"}
    assert "has no owner in 1 of 1 file (`policies/a.yaml`)" in found["owned:policies/**"]


def test_promised_paths_without_an_owner_are_one_finding_each_promise():
    paths = [f"docs/{number}.md" for number in range(8)]
    (found,) = judged({HOME: "/.github/ @a\ndocs/7.md @b\n"}, *paths, owned=("docs/**",))
    assert found.subject == "owned:docs/**"
    assert found.message == (
        "`docs/**`, which the policy promises an owner, has no owner in 7 of 8 files "
        "(`docs/0.md`, `docs/1.md`, `docs/2.md`, `docs/3.md`, `docs/4.md` and 2 more)"
    )
    assert found.fix.text == f"Add `/docs/** OWNER` as the last line of {HOME}"


def test_a_promise_that_covers_the_file_itself_says_so_once():
    assert set(messages(judged({HOME: "docs/ @a\n"}, "docs/x", owned=("**",)))) == {"owned:**"}


def test_a_promise_that_matches_nothing_is_a_warning():
    (found,) = judged({HOME: ALL}, owned=("nothing/**",))
    assert (found.subject, found.severity) == ("owned:nothing/**", "warning")


def test_no_file_at_all_is_dead_only_where_owners_are_promised():
    assert judged({}, "docs/x") == []
    (found,) = judged({}, "docs/x", owned=("docs/**",))
    assert (found.subject, "there is no CODEOWNERS file" in found.message) == ("CODEOWNERS", True)


def test_a_file_that_owns_nothing():
    said = messages(judged({HOME: "# to do\n"}, "x", ".github/workflows/ci.yml"))
    assert said == {HOME: f"{HOME} gives none of 3 files an owner, and GitHub reads no other CODEOWNERS file"}
    said = messages(judged({HOME: "# to do\n"}, "x", owned=("x",)))
    assert set(said) == {HOME, "owned:x"}


# --- what cannot be told ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "reason", "said"),
    [
        (b"* @a\0", Reason.UNPARSEABLE, "not UTF-8 text"),
        (b"#" * 3_000_000, Reason.UNPARSEABLE, "3 MB"),
        (
            Missing(reason=Reason.MISSING_OBJECT, message="not in this clone"),
            Reason.MISSING_OBJECT,
            "not in this clone",
        ),
    ],
    ids=["nul", "size", "missing"],
)
def test_a_file_that_cannot_be_read_is_unknown(content, reason, said):
    (found,) = judged({HOME: content}, owned=("x",))
    assert isinstance(found, Undecided)
    assert (found.subject, found.reason, said in found.message) == (HOME, reason, True)


def test_a_file_that_is_too_large_guards_nothing():
    (found,) = judged({HOME: b"#" * SIZE_LIMIT})
    assert isinstance(found, Finding)
    assert f"GitHub does not load {HOME}" in found.message


def test_a_symbolic_link_is_unknown_and_a_submodule_is_no_file():
    policy = GateLiveness(id="gates")
    (_, said) = code_owners.judge(policy, TrackedFiles({HOME: "120000"}), Blobs({}))
    assert "symbolic link" in said.message
    assert list(code_owners.judge(policy, TrackedFiles({HOME: "160000"}), Blobs({}))) == [Judged(0)]


def test_a_line_that_is_not_utf_8_is_unknown():
    (found,) = judged({HOME: b"* @a\ncaf\xe9/ @b\n"}, "caf\udce9/x")
    assert isinstance(found, Undecided)
    assert "line 2 (`caf\\xe9/`)" in found.message


# --- live ------------------------------------------------------------------------------------------------------------

REQUIRED = classic(required_pull_request_reviews=reviews(1, require_code_owner_reviews=True))
UNKNOWN_OWNER = {
    "line": 1,
    "column": 3,
    "source": "* @o/crew",
    "kind": "Unknown owner",
    "suggestion": None,
    "message": "Unknown owner on line 1: make sure the team @o/crew exists, is publicly visible, "
    "and has write access to the repository\n\n  * @o/crew\n    ^",
    "path": HOME,
}
ERRORS = f"{REPOSITORY}/codeowners/errors"


def errors(*listed):
    return answer(ERRORS, {"errors": list(listed)})


def judged_live(said_by_github, branch=None, text="* @o/crew\n"):
    files = {} if text is None else {HOME: text}
    branch = live(protection=REQUIRED) if branch is None else branch
    facts = (*world(files), CodeownersErrors(said_by_github), branch)
    return [
        one for one in code_owners_live.judge(GateLiveness(id="gates"), *facts) if not isinstance(one, Judged | Held)
    ]


def test_no_errors_and_required_reviews_say_nothing():
    assert judged_live(errors()) == []


def test_an_owner_that_github_does_not_know():
    (found,) = judged_live(errors(UNKNOWN_OWNER))
    assert (found.subject, found.plane) == (f"{HOME}:*:@o/crew", "live")
    assert found.message == (
        f"GitHub says of {HOME}: Unknown owner on line 1: make sure the team @o/crew exists, is publicly visible, "
        "and has write access to the repository"
    )
    assert (found.location.line, found.location.column) == (1, 3)
    assert found.fix.text.startswith("Make the team @o/crew visible and give it write access")


def test_an_error_of_another_version_of_the_file_has_no_line_here():
    (found,) = judged_live(errors(UNKNOWN_OWNER), text="# moved\n* @o/crew\n")
    assert (found.location.path, found.location.line) == (HOME, None)
    assert [one.text for one in found.evidence] == [
        "line 1 on the default branch: * @o/crew",
        "GET repos/octocat/hello-world/codeowners/errors answered 200",
    ]


def test_what_the_text_tells_already_is_not_told_twice():
    wrong = UNKNOWN_OWNER | {
        "kind": "Invalid owner",
        "source": "* user",
        "message": "Invalid owner on line 1:\n\n  * user",
    }
    assert judged_live(errors(wrong), text="* user\n") == []
    (found,) = judged_live(errors(wrong))
    assert found.message == f"GitHub says of {HOME}: Invalid owner on line 1 (`user`)"


def test_a_suggestion_of_github_is_the_fix():
    wrong = UNKNOWN_OWNER | {"kind": "Invalid pattern", "suggestion": "Did you mean `*`?"}
    assert [one.fix.text for one in judged_live(errors(wrong))] == ["Did you mean `*`?"]


def test_nothing_is_asked_of_a_tree_without_the_file():
    assert judged_live(refused(ERRORS, 404, "Not Found"), text=None) == []


@pytest.mark.parametrize(
    ("said_by_github", "reason", "said"),
    [
        (
            refused(ERRORS, 404, "Not Found", "contents:read"),
            Reason.PERMISSION,
            "no CODEOWNERS file on the default branch",
        ),
        (refused(ERRORS, 403, "Resource not accessible by integration"), Reason.PERMISSION, "not accessible"),
        (unread(ERRORS), Reason.API_ERROR, "connection refused"),
        (answer(ERRORS, {"errors": 1}), Reason.UNPARSEABLE, "expected a list"),
        (answer(ERRORS, {}), Reason.UNPARSEABLE, "expected a list"),
        (answer(ERRORS, [1]), Reason.UNPARSEABLE, "expected a list"),
        (answer(ERRORS, {"errors": [{"line": "1"}]}), Reason.UNPARSEABLE, "expected a whole number"),
        (answer(ERRORS, {"errors": [{}]}), Reason.UNPARSEABLE, "expected kind, line and column"),
    ],
)
def test_an_answer_that_is_none_is_unknown(said_by_github, reason, said):
    (found,) = judged_live(said_by_github)
    assert isinstance(found, Undecided)
    assert (found.subject, found.reason, said in found.message) == ("codeowners/errors", reason, True)


@pytest.mark.parametrize(
    "branch",
    [live(protection=REQUIRED), live(ruleset(1, pull_request(require_code_owner_review=True)), protection=hidden())],
    ids=["classic", "ruleset"],
)
def test_required_by_any_mechanism_is_alive(branch):
    assert judged_live(errors(), branch) == []
    gates = ownership_live.gates(*world({HOME: ALL}), CodeownersErrors(errors()), branch)
    assert "main requires the review of code owners, by 1 layer" in [gate.why for gate in gates]


def test_owners_that_need_not_be_asked_are_a_remark():
    (found,) = judged_live(errors(), live(protection=classic(required_pull_request_reviews=reviews(2))))
    assert (found.severity, found.subject) == ("note", "main:code_owner_reviews")
    assert found.location.setting == "branches/main/code_owner_reviews"
    assert "owners are asked and need not answer" in found.message


def test_protection_that_cannot_be_read_is_unknown_with_its_permission():
    (found,) = judged_live(errors(), live(protection=hidden(grantable=False)))
    assert isinstance(found, Undecided)
    assert (found.permission, found.grantable) == ("administration:read", False)


# --- the policy ------------------------------------------------------------------------------------------------------


def test_globs_that_are_wrong_are_named_with_their_place():
    (place, said) = next(iter(GateLiveness(id="gates", owned=("docs/**", "a//b")).problems()))
    assert (place, "one `/`" in said) == (("owned", 1), True)


def test_a_promise_needs_its_family():
    assert list(GateLiveness(id="gates", owned=("docs/**",), families=("danger",)).problems())
    assert not list(GateLiveness(id="gates", owned=("docs/**",), families=("codeowners",)).problems())


def test_what_is_read():
    checks = {check.name: check for check in kind("gate-liveness").checks}
    both = GateLiveness(id="gates"), GateLiveness(id="gates", families=("danger",))
    assert [len(checks[name].calls(policy)) for name in ("code_owners", "code_owners_live") for policy in both] == [
        1,
        0,
        1,
        0,
    ]
    (requests,) = checks["code_owners_live"].calls(both[0])
    assert Request(CodeownersErrors) in requests
    assert LiveBranch in {request.fact for request in requests}

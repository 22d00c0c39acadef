import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcheck.policy_sets import Extended, Folder, NotASetError, Packaged, Remote, SetDescription, below, reference

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.mark.parametrize(
    ("entry", "named"),
    [
        ("govcheck:openssf-baseline", Packaged("openssf-baseline")),
        ("./shared/policies/", Folder("shared/policies")),
        ("shared", Folder("shared")),
        ("../other", Folder("../other")),
        (f"github:Acme/policies@{COMMIT}", Remote(owner="Acme", name="policies", revision=COMMIT)),
        (f"github:acme/p.o_l@{COMMIT}:a/b/", Remote(owner="acme", name="p.o_l", revision=COMMIT, path="a/b")),
        (f"github:acme/p@{'ab' * 32}", Remote(owner="acme", name="p", revision="ab" * 32)),
        (
            Extended("github:acme/policies@release/1.x:base", moving=True),
            Remote(owner="acme", name="policies", revision="release/1.x", path="base", moving=True),
        ),
    ],
)
def test_an_entry_names_a_set(entry, named):
    assert reference(entry) == named


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        ("github:acme/policies@main", "can move: pin a commit"),
        ("github:acme/policies@v1.2.3", "can move: pin a commit"),
        ("github:acme/policies@0123456", "not a whole commit id"),
        (f"github:acme/policies@{COMMIT.upper()}", "not a whole commit id"),
        (f"github:acme/policies@{COMMIT}0", "not a whole commit id"),
        ("github:acme/policies", "write `github:OWNER/NAME@COMMIT:FOLDER`"),
        (f"github:acme@{COMMIT}", "write `github:OWNER/NAME@COMMIT:FOLDER`"),
        (f"github:acme/policies@{COMMIT}:../secret", "is no folder"),
        (f"github:acme/policies@{COMMIT}:/etc", "is no folder"),
        (f"github:acme/policies@{COMMIT}\n", "write `github:OWNER/NAME@COMMIT:FOLDER`"),
        ("govcheck:cis", "comes with no set `cis`"),
        ("/etc/policies", "names no set"),
        ("https://example.com/policies", "names no set"),
        ("", "names no set"),
        (Extended(f"github:acme/p@{COMMIT}", moving=True), "leave `moving` out"),
        (Extended("./shared", moving=True), "`moving` goes with"),
        (Extended("github:acme/p@--upload-pack=x", moving=True), "not the name of a branch"),
        (Extended("github:acme/p@a..b", moving=True), "not the name of a branch"),
        (Extended("github:acme/p@refs/", moving=True), "not the name of a branch"),
    ],
)
def test_what_names_no_set_is_told_why(entry, why):
    with pytest.raises(NotASetError) as caught:
        reference(entry)
    assert why in str(caught.value)


@given(st.text(max_size=40), st.booleans())
def test_any_text_names_a_set_or_is_refused(text, moving):
    try:
        named = reference(Extended(text, moving))
    except NotASetError:
        return
    assert isinstance(named, Packaged | Folder | Remote)


@given(st.lists(st.sampled_from(["a", "b", "..", "."]), max_size=5), st.lists(st.sampled_from(["c", ".."]), max_size=5))
def test_a_folder_never_leads_out_of_the_repository(folder, path):
    found = below("/".join(part for part in folder if part not in {"..", "."}), "/".join(path) or ".")
    assert found is None or ".." not in found.split("/")


@pytest.mark.parametrize(
    ("said", "key", "final", "kept"),
    [
        (SetDescription(), "approvals", False, False),
        (SetDescription(final={"main": True}), "approvals", True, True),
        (SetDescription(final={"main": ("approvals",)}), "approvals", True, True),
        (SetDescription(final={"main": ("approvals",)}), "severity", False, True),
        (SetDescription(final={"*": ("severity",)}), "severity", True, True),
        (SetDescription(final={"other": True}), "approvals", False, False),
        (SetDescription(final={"main": False}), "approvals", False, False),
        (SetDescription(overridable={"main": ("severity",)}), "severity", False, True),
        (SetDescription(overridable={"main": ("severity",)}), "approvals", True, True),
        (SetDescription(overridable={"main": ("*",)}), "approvals", False, False),
        (SetDescription(overridable={"*": ("severity",)}), "severity", False, True),
        (SetDescription(overridable={}), "severity", True, True),
        (SetDescription(overridable={"*": ("*",)}, final={"main": ("approvals",)}), "approvals", True, True),
    ],
)
def test_what_is_final(said, key, final, kept):
    assert (said.is_final("main", key), not said.may_be_left_out("main")) == (final, kept)

"""No token in any text."""

from hypothesis import assume, given
from hypothesis import strategies as st

from govcheck.sources.github.redaction import MASK, Redactor

TOKENS = st.text(alphabet="abcXYZ012_.-", min_size=1, max_size=30)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.lists(TOKENS, min_size=1, max_size=3), st.data())
def test_no_known_token_survives_in_a_text(tokens, data):
    pieces = st.sampled_from(tokens) | st.text(alphabet="abcXYZ012_.- \n", max_size=10)
    text = "".join(data.draw(st.lists(pieces, max_size=8)))
    cleaned = Redactor(tokens).text(text)
    assert not any(token in cleaned for token in tokens)


@given(st.text())
def test_a_text_without_secrets_stays_as_it_is(text):
    assume("gh" not in text)
    assert Redactor().text(text) == text


@given(
    st.sampled_from(["ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"]), st.text(alphabet="abc012", min_size=30)
)
def test_what_looks_like_a_token_is_masked_though_unknown(prefix, rest):
    assert Redactor().text(f"bad: {prefix}{rest}!") == f"bad: {MASK}!"


def test_header_values_are_masked():
    assert Redactor().text("Authorization: Bearer abcdef0123456789abcdef") == f"Authorization: {MASK}"
    assert Redactor().text("authorization: token abcdef0123456789abcdef") == f"authorization: {MASK}"


def test_words_after_bearer_stay():
    said = "Resource not accessible by personal access token authentication"
    assert Redactor().text(said) == said


@given(st.text(alphabet="abcXYZ012_", min_size=16, max_size=40), JSON, st.data())
def test_no_known_token_survives_in_a_document(token, document, data):
    hidden = data.draw(st.sampled_from([{token: document}, [document, f"x{token}y"], {"a": [{"b": token}]}]))
    cleaned = Redactor([token]).document(hidden)
    assert token not in repr(cleaned)


@given(JSON)
def test_other_documents_stay_the_same_object(document):
    assert Redactor(["0123456789abcdef0123"]).document(document) is document


def test_a_short_secret_does_not_cut_documents_up():
    assert Redactor(["main"]).document({"default_branch": "main"}) == {"default_branch": "main"}


def test_a_check_that_only_looks_like_a_token_keeps_its_name():
    name = "ghp_" + "a" * 36
    assert Redactor(["0123456789abcdef"]).document({"name": name}) == {"name": name}

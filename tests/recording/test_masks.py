"""Secrets are taken out; everything else stays where it was."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcheck.facts.live import Answer, LiveRepository
from govcheck.facts.tree import Blobs
from govcheck.recording.codec import Encoder
from govcheck.recording.masks import LEAST_SECRET, mask

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
letters = st.text(ALPHABET, min_size=20, max_size=40)
TOKENS = st.one_of(
    st.builds("{}_{}".format, st.sampled_from(["ghp", "gho", "ghu", "ghs", "ghr"]), letters),
    st.builds("ghs_{}_{}.{}".format, st.integers(1, 10**6), letters, letters),
    st.builds("github_pat_{}".format, letters),
    st.builds("xoxb-{}".format, letters),
)
around = st.text(st.characters(codec="utf-8", categories=["L", "P", "Z"], exclude_characters="_-."), max_size=10)


def recorded(value, secrets=()):
    encoder = Encoder(mask(secrets))
    return json.dumps([encoder.value(value), encoder.answers], ensure_ascii=False)


@given(around, TOKENS, around)
def test_no_token_is_in_a_recording_wherever_it_stood(before, token, after):
    text = f"{before} {token} {after}"
    secret = token.rpartition("_")[2] if "." not in token else token
    blobs = Blobs({"a": text.encode(), text: b"", "b": b"\xff" + text.encode()})
    live = LiveRepository(Answer(endpoint=f"a/{token}", status=403, message=text, body={"key": text, text: [text]}))
    assert secret not in recorded((blobs, live))


@given(around, st.text(ALPHABET + "._-", min_size=LEAST_SECRET, max_size=40), around)
def test_no_token_of_this_run_is_in_a_recording_whatever_it_looks_like(before, token, after):
    text = f"{before}{token}{after}"
    live = LiveRepository(Answer(endpoint="a", status=200, message=text, body={"key": [text], text: 1}))
    written = recorded((Blobs({"a": text.encode()}), live), [token])
    assert token not in written or set(token) == {"x"}


@given(st.text(max_size=80), TOKENS)
def test_every_line_and_column_stays(text, token):
    given_text = f"{text}\n{token}\n{text}"
    hidden = mask()(given_text)
    assert len(hidden) == len(given_text)
    assert [len(line) for line in hidden.split("\n")] == [len(line) for line in given_text.split("\n")]


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("https://x-access-token:${GH_TOKEN}@github.com/a/b", "https://x-access-token:${GH_TOKEN}@github.com/a/b"),
        ("https://$USER:$PASSWORD@example.com", "https://$USER:$PASSWORD@example.com"),
        ("https://${{secrets.TOKEN}}@github.com", "https://${{secrets.TOKEN}}@github.com"),
        ("https://me:pa$word1@example.com", "https://xx:xx$xxxxx@example.com"),
        (
            "https://hooks.slack.com/services/T0000/B0000/abcdefgh",
            "https://hooks.slack.com/services/xxxxx/xxxxx/xxxxxxxx",
        ),
        ("https://discord.com/api/webhooks/123/abcdefgh-1", "https://discord.com/api/webhooks/123/xxxxxxxx-x"),
        ("plain text, ghp_short", "plain text, ghp_short"),
    ],
)
def test_names_of_variables_are_no_secrets_and_webhooks_keep_their_shape(text, hidden):
    assert mask()(text) == hidden


def test_a_private_key_is_hidden_line_by_line():
    key = "-----BEGIN RSA " + "PRIVATE KEY-----\nMIIB/abc+def=\nQUJD\n-----END RSA PRIVATE KEY-----"
    hidden = mask()(f"key: |\n{key}\nnext: 1\n")
    assert "MIIB" not in hidden
    assert hidden.count("\n") == 6
    assert hidden.endswith("next: 1\n")

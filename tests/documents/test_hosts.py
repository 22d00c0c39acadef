"""Hosts in texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcheck.documents.hosts import named_hosts, problem

LISTED = ("datadoghq.com", "ingest.sentry.io", "www.google-analytics.com")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("https://http-intake.logs.datadoghq.com/api", ["http-intake.logs.datadoghq.com"]),
        ("DD_SITE=DataDogHQ.com.", ["datadoghq.com"]),
        ("https://key:x@o1.ingest.sentry.io/1", ["o1.ingest.sentry.io"]),
        ("'//www.google-analytics.com/a.js'", ["www.google-analytics.com"]),
        ("datadoghq.com.example.org", []),
        ("notdatadoghq.com my-datadoghq.com datadoghq.community datadoghq_com", []),
        ("https://docs.datadoghq.com/logs www.datadoghq.com", []),
        ("mail ops@datadoghq.com (x@datadoghq.com)", []),
    ],
)
def test_hosts_that_are_meant(text, found):
    assert [one.host for one in named_hosts(text, LISTED)] == found


def test_their_lines_and_what_they_lie_below():
    (one,) = named_hosts("\n\nx: a.b.datadoghq.com\n", LISTED)
    assert (one.line, one.listed) == (3, "datadoghq.com")
    assert list(named_hosts("datadoghq.com", ())) == []


@pytest.mark.parametrize("host", ["", "a", "*.a.io", "https://a.io", "a.io/x", "A.io", "a..io", "a.io."])
def test_what_is_no_host(host):
    assert problem(host)
    assert problem("a-b.c0.io") is None


LABELS = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,5}[a-z0-9])?", fullmatch=True)
PAGES = {"www", "docs", "blog", "help", "learn", "status"}


@given(st.lists(LABELS, min_size=2, max_size=4), LABELS, st.sampled_from(" \"'/:\n"))
def test_a_host_is_found_with_everything_below_it_and_never_beside_it(labels, label, after):
    host = ".".join(labels)
    if label not in PAGES:
        assert f"{label}.{host}" in [one.host for one in named_hosts(f"({label}.{host}{after}", (host,))]
    assert list(named_hosts(f"({host}x{after}{label}-{host}", (host,))) == []

"""Where the API is, and with which tokens."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcheck.errors import UsageError
from govcheck.sources.github.configuration import TokenClass, from_environment
from govcheck.sources.github.hosts import validated_url


def test_defaults():
    configuration = from_environment({})
    assert configuration.api_url == "https://api.github.com"
    assert configuration.graphql_url == "https://api.github.com/graphql"
    assert configuration.tokens == ()
    assert configuration.proxy is None


@pytest.mark.parametrize(
    ("url", "root", "graphql"),
    [
        ("https://ghe.example/api/v3/", "https://ghe.example/api/v3", "https://ghe.example/api/graphql"),
        ("https://api.octo.ghe.com", "https://api.octo.ghe.com", "https://api.octo.ghe.com/graphql"),
        ("HTTPS://API.GitHub.com", "https://api.github.com", "https://api.github.com/graphql"),
        ("http://127.0.0.1:8080/api/v3", "http://127.0.0.1:8080/api/v3", "http://127.0.0.1:8080/api/graphql"),
        ("http://[::1]:8080", "http://[::1]:8080", "http://[::1]:8080/graphql"),
        ("http://localhost:1", "http://localhost:1", "http://localhost:1/graphql"),
        ("http://127.9.9.9", "http://127.9.9.9", "http://127.9.9.9/graphql"),
    ],
)
def test_roots(url, root, graphql):
    configuration = from_environment({"GITHUB_API_URL": url})
    assert (configuration.api_url, configuration.graphql_url) == (root, graphql)


@pytest.mark.parametrize(
    "url",
    [
        "http://api.github.com",
        "http://127.0.0.1.evil.example",
        "http://127.0.0.1@evil.example",
        "http://evil.example#@127.0.0.1",
        "http://evil.example?@127.0.0.1",
        "http://evil.example\\@127.0.0.1",
        "http://127.0.0.1:80@evil.example",
        "http://localhost.evil.example",
        "http://localhost.",
        "http://127.1",
        "http://0x7f000001",
        "http://2130706433",
        "http://0.0.0.0",
        "http://[::ffff:127.0.0.1]",
        "http://[::1%25lo]",
        "http://[::1].evil.example",
        "http://[fe80::1]",
        "http://[1::1::1]",
        "https://user:password@api.github.com",
        "https://api.github.com?x=y",
        "https://api.github.com/../x",
        "https://api.github.com//x",
        "https://api.github.com:0",
        "https://api.github.com:99999",
        "https://api.github.com:x",
        "https://",
        "ftp://127.0.0.1",
        "file:///etc/passwd",
        "api.github.com",
        "https://api.github.com\n.evil.example",
        " https://api.github.com",
        "https://api.github.com ",
        "https://\u0430pi.github.com",
    ],
)
def test_places_that_no_token_goes_to(url):
    with pytest.raises(UsageError):
        from_environment({"GITHUB_API_URL": url})


@given(st.text(alphabet="htps:/@127.0.1[]#?\\%le", max_size=40))
def test_plain_http_is_for_loopback_only(text):
    try:
        url = validated_url(f"http://{text}")
    except UsageError:
        return
    host = url.removeprefix("http://").partition("/")[0]
    assert host.startswith(("127.", "[", "localhost"))
    assert "@" not in url


@pytest.mark.parametrize(
    ("value", "variable", "environment", "token_class"),
    [
        ("ghp_abc", "GH_TOKEN", {}, TokenClass.CLASSIC),
        ("a" * 40, "GH_TOKEN", {}, TokenClass.CLASSIC),
        ("github_pat_abc", "GITHUB_TOKEN", {}, TokenClass.FINE_GRAINED),
        ("ghs_abc", "GITHUB_TOKEN", {"GITHUB_ACTIONS": "true"}, TokenClass.ACTIONS),
        ("ghs_abc", "GH_TOKEN", {"GITHUB_ACTIONS": "true"}, TokenClass.ACTIONS),
        ("ghs_abc", "GH_TOKEN", {}, TokenClass.APP_INSTALLATION),
        ("ghs_abc", "GOVCHECK_TOKEN", {"GITHUB_ACTIONS": "true"}, TokenClass.APP_INSTALLATION),
        ("gho_abc", "GH_TOKEN", {}, TokenClass.OAUTH),
        ("whatever", "GH_TOKEN", {}, TokenClass.UNKNOWN),
    ],
)
def test_classes_of_tokens(value, variable, environment, token_class):
    (token,) = from_environment({variable: value, **environment}).tokens
    assert token.token_class is token_class
    assert str(token) == f"{token_class} token of {variable}" or token_class is TokenClass.UNKNOWN


def test_tokens_are_asked_in_order_and_each_once():
    tokens = from_environment({"GITHUB_TOKEN": "c", "GH_TOKEN": "b", "GOVCHECK_TOKEN": "b\n"}).tokens
    assert [(token.value, token.variable) for token in tokens] == [("b", "GOVCHECK_TOKEN"), ("c", "GITHUB_TOKEN")]


def test_a_token_that_is_none_is_named_and_not_shown():
    with pytest.raises(UsageError) as raised:
        from_environment({"GH_TOKEN": "secret\r\nX-Evil: 1"})
    assert "GH_TOKEN" in raised.value.message
    assert "secret" not in raised.value.message + raised.value.hint


def test_a_configuration_does_not_show_its_secrets():
    environment = {"GH_TOKEN": "ghp_secret", "HTTPS_PROXY": "http://me:hidden@proxy.example:1"}
    shown = repr(from_environment(environment))
    assert "ghp_secret" not in shown
    assert "hidden" not in shown


@pytest.mark.parametrize(
    ("environment", "proxy"),
    [
        ({"HTTPS_PROXY": "http://proxy.example:3128"}, "http://proxy.example:3128"),
        ({"https_proxy": "http://a.example", "HTTPS_PROXY": "http://b.example"}, "http://a.example"),
        ({"HTTPS_PROXY": "http://proxy.example", "NO_PROXY": ".github.com"}, None),
        ({"HTTPS_PROXY": "http://proxy.example", "no_proxy": "*"}, None),
        ({"HTTPS_PROXY": "http://proxy.example", "NO_PROXY": "hub.com"}, "http://proxy.example"),
        ({"HTTPS_PROXY": "http://proxy.example", "GITHUB_API_URL": "http://127.0.0.1:1"}, None),
        ({"HTTP_PROXY": "http://proxy.example"}, None),
    ],
)
def test_proxies(environment, proxy):
    assert from_environment(environment).proxy == proxy


def test_a_proxy_that_is_none():
    with pytest.raises(UsageError, match="HTTPS_PROXY"):
        from_environment({"HTTPS_PROXY": "socks5://proxy.example"})


def test_a_missing_file_of_certificates():
    with pytest.raises(UsageError, match=r"ca\.pem"):
        from_environment({"SSL_CERT_FILE": "/nowhere/ca.pem"})


CLOUD, SERVER = "ghp_" + "TokenOfGithubDotCom001", "ghp_" + "TokenOfOurOwnServer001"
BOTH = {"GH_TOKEN": CLOUD, "GH_ENTERPRISE_TOKEN": SERVER}


@pytest.mark.parametrize(
    ("environment", "api", "graphql", "tokens"),
    [
        (BOTH, "https://api.github.com", "https://api.github.com/graphql", [CLOUD]),
        ({**BOTH, "GH_HOST": "github.com"}, "https://api.github.com", "https://api.github.com/graphql", [CLOUD]),
        (
            {**BOTH, "GH_HOST": "ghes.example.com"},
            "https://ghes.example.com/api/v3",
            "https://ghes.example.com/api/graphql",
            [SERVER],
        ),
        (
            {**BOTH, "GITHUB_API_URL": "https://ghes.example.com/api/v3"},
            "https://ghes.example.com/api/v3",
            "https://ghes.example.com/api/graphql",
            [CLOUD, SERVER],
        ),
        ({**BOTH, "GH_HOST": "corp.ghe.com"}, "https://api.corp.ghe.com", "https://api.corp.ghe.com/graphql", [CLOUD]),
        (
            {**BOTH, "GH_HOST": "ghes.example.com", "GITHUB_API_URL": "https://api.github.com"},
            "https://api.github.com",
            "https://api.github.com/graphql",
            [CLOUD],
        ),
    ],
    ids=["github.com", "by name", "a server by GH_HOST", "a server by address", "data residency", "the address wins"],
)
def test_a_token_goes_to_the_host_that_it_was_made_for(environment, api, graphql, tokens):
    found = from_environment(environment)
    assert (found.api_url, found.graphql_url) == (api, graphql)
    assert [token.value for token in found.tokens] == tokens


@pytest.mark.parametrize("host", ["evil.example/x", "user@ghes.example.com", "ghes.example.com?x", "a b"])
def test_a_host_that_is_none(host):
    with pytest.raises(UsageError):
        from_environment({"GH_HOST": host})


def test_a_token_of_no_known_kind_is_told_in_words():
    (token,) = from_environment({"GH_TOKEN": "something-else-altogether"}).tokens
    assert str(token) == "token of GH_TOKEN, of a kind that its first letters do not tell"

"""Services beside GitHub: on offer where the environment has their variables, recorded without their tokens."""

import json
from datetime import UTC, datetime

from govcheck.app import services
from govcheck.facts import Missing
from govcheck.facts.services import FlyApps, FlyAppsRequest, PrometheusSeries, PrometheusSeriesRequest
from govcheck.findings import Reason
from govcheck.recording.codec import Decoder, Encoder
from govcheck.recording.masks import mask
from service_server import serving

NOW = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
UP = {"status": "success", "data": {"resultType": "vector", "result": []}}
TOKEN = "a-token-of-prometheus-0123456789"


def test_what_is_on_offer_follows_from_the_variables():
    assert services.offered({}) == frozenset()
    assert services.offered({"PROMETHEUS_URL": " "}) == frozenset()
    assert services.offered({"FLY_API_TOKEN": "x", "PROMETHEUS_URL": "y"}) == {FlyApps, PrometheusSeries}
    assert services.suppliers({}, NOW) == {}


def test_an_address_that_is_none_is_unknown_and_no_crash():
    supply = services.suppliers({"PROMETHEUS_URL": "http://prometheus.example.com"}, NOW)["PrometheusSeries"]
    missing = supply(PrometheusSeriesRequest(PrometheusSeries, "up", 0, 0))
    assert isinstance(missing, Missing)
    assert missing.reason is Reason.API_ERROR
    assert "plain http would send the token readable" in missing.message


def test_several_tokens_in_one_variable_are_known_each_by_itself():
    assert set(services.secrets({"FLY_API_TOKEN": "FlyV1 fm2_one,fm2_two"})) >= {"fm2_one", "fm2_two"}


def test_an_answer_is_recorded_and_read_again_without_the_token():
    environment = {"PROMETHEUS_TOKEN": TOKEN}
    body = {**UP, "infos": [f"asked with {TOKEN}"]}
    with serving({"/api/v1/query": (200, body)}) as service:
        environment["PROMETHEUS_URL"] = service.url
        supply = services.suppliers(environment, NOW)["PrometheusSeries"]
        fact = supply(PrometheusSeriesRequest(PrometheusSeries, "up", 0, 0))
    encoder = Encoder(mask(services.secrets(environment)))
    document = json.loads(json.dumps({"fact": encoder.value(fact), "answers": encoder.answers}))
    assert TOKEN not in json.dumps(document)
    assert Decoder(document["answers"], {}).value(document["fact"]) == fact


def test_a_request_of_a_service_is_recorded():
    request = FlyAppsRequest(FlyApps, ("shop",))
    assert Decoder([], {}).value(Encoder(mask()).value(request)) == request

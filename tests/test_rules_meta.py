"""What holds for every kind of policy, so that nobody need remember it."""

import json
import re
from dataclasses import FrozenInstanceError, fields
from pathlib import Path

import jsonschema
import pytest

from govcheck import generate
from govcheck.facts.document import plain
from govcheck.policy import MODEL_CONFIGURATION, Policy
from govcheck.policy_docs import descriptions
from govcheck.policy_keys import keys, models
from govcheck.registry import Kind, kind, kinds
from govcheck.sources.policy_files import PolicySource, load_policies
from govcheck.sources.yaml_document import load

RULES = Path(__file__).parent / "rules"
EVERY = [found for name in kinds() if (found := kind(name))]
EXAMPLE = re.compile(r"^```yaml\n(.*?)^```", re.DOTALL | re.MULTILINE)
SCHEMA = json.loads(generate.files(RULES.parents[1])["schemas/policy.schema.json"])


@pytest.fixture(params=EVERY, ids=lambda found: found.name)
def found(request) -> Kind:
    return request.param


def examples(found: Kind) -> list[str]:
    return EXAMPLE.findall(found.text)


def test_it_has_tests_of_its_own(found: Kind):
    assert list(RULES.glob(f"test_{found.name.replace('-', '_')}*.py"))


def test_its_page_begins_with_one_sentence_and_has_an_example(found: Kind):
    sentence = found.text.partition("\n\n")[0]
    assert sentence.endswith(".")
    assert examples(found)


def test_its_examples_are_valid(found: Kind):
    validator = jsonschema.Draft202012Validator(SCHEMA)
    for text in examples(found):
        loaded = load_policies([PolicySource("example.yaml", text.encode())])
        assert loaded
        for document in load(text):
            assert [error.message for error in validator.iter_errors(plain(document))] == []


def test_its_schema_refuses_what_its_model_refuses(found: Kind):
    validator = jsonschema.Draft202012Validator(SCHEMA)
    assert not validator.is_valid({"kind": found.name, "id": "a", "no-such-key": 1})
    assert not validator.is_valid({"kind": found.name})
    assert not validator.is_valid({"id": "a"})


def test_its_kind_is_the_name_of_its_module(found: Kind):
    assert found.model.__module__.rpartition(".")[2].replace("_", "-") == found.name
    (named,) = (key.default for key in keys(found.model) if key.name == "kind")
    assert named == found.name


def test_it_has_checks_with_names_of_their_own(found: Kind):
    assert found.checks
    assert len({check.name for check in found.checks}) == len(found.checks)


def test_every_key_is_described(found: Kind):
    for model in models(found.model):
        missing = {key.name for key in keys(model)} - {"kind"} - set(descriptions(model))
        assert missing == set(), model


def test_its_models_are_frozen_slotted_and_strict(found: Kind):
    for model in models(found.model):
        assert model.__dataclass_params__.frozen, model
        assert all(field.kw_only for field in fields(model)), model
        assert "__slots__" in vars(model), model
        configuration = model.__pydantic_config__
        assert configuration["extra"] == "forbid", model
        assert configuration["strict"] is True, model
        if any(field.name.endswith("_") for field in fields(model)):
            assert configuration is MODEL_CONFIGURATION, model


def test_its_models_are_told_apart_by_name(found: Kind):
    names = [model.__name__ for model in models(found.model)]
    assert len(set(names)) == len(names)


def test_a_policy_cannot_be_written_to():
    policy = Policy(kind="x", id="y")
    with pytest.raises(FrozenInstanceError):
        policy.id = "z"

"""Actions that say by their end whether something is as it should be, and the inputs with which they never fail.

Sources: the `action.yml` and README of each of them, at github.com/OWNER/NAME.
"""

import re
from collections.abc import Iterator, Sequence

from govcheck.actions.steps import scalar_at
from govcheck.actions.workflow import Step, text
from govcheck.facts.document import Mapping, Scalar
from govcheck.records import frozen

_NO = re.compile(r"false|0|no", re.IGNORECASE)
_YES = re.compile(r"true|1|yes", re.IGNORECASE)


@frozen(kw_only=True)
class Soft:
    """One input, or variable, with which an action never fails for what it finds."""

    key: str
    never: re.Pattern[str]
    """The whole value with which it does not."""

    by_default: bool = False
    """Whether it does not either where nothing is given."""

    variable: bool = False
    """Whether it is one of `env`, and not of `with`."""


def _within(option: str) -> re.Pattern[str]:
    """A value that has an option among others."""
    return re.compile(rf"(?:.*\s)?{option}(?:\s.*)?", re.DOTALL)


_OPTIONS = "args"
"""An input that holds options of a program, most of which have nothing to do with how it ends."""

_SWITCHED_OFF = Soft(key="DISABLE_ERRORS", never=_YES, variable=True)
_EXIT_ZERO = Soft(key="args", never=_within("--exit-zero"))

_JUDGES: dict[str, tuple[Soft, ...]] = {
    "actions/dependency-review-action": (Soft(key="warn-only", never=_YES),),
    "aquasecurity/trivy-action": (Soft(key="exit-code", never=re.compile("0|"), by_default=True),),
    "golangci/golangci-lint-action": (Soft(key="args", never=_within("--issues-exit-code[= ]0")),),
    "bridgecrewio/checkov-action": (Soft(key="soft_fail", never=_YES),),
    "aquasecurity/tfsec-action": (Soft(key="soft_fail", never=_YES),),
    "hadolint/hadolint-action": (Soft(key="no-fail", never=_YES),),
    "lycheeverse/lychee-action": (Soft(key="fail", never=_NO),),
    "wagoid/commitlint-github-action": (Soft(key="failonerrors", never=_NO),),
    "anchore/scan-action": (Soft(key="fail-build", never=_NO),),
    "raven-actions/actionlint": (Soft(key="fail-on-error", never=_NO),),
    "mheap/github-action-required-labels": (Soft(key="exit_type", never=re.compile("success")),),
    "streetsidesoftware/cspell-action": (Soft(key="strict", never=_NO),),
    "securego/gosec": (Soft(key="args", never=_within("-no-fail")),),
    **dict.fromkeys(("astral-sh/ruff-action", "chartboost/ruff-action"), (_EXIT_ZERO,)),
    **dict.fromkeys(
        ("super-linter/super-linter", "github/super-linter", "oxsecurity/megalinter"),
        (_SWITCHED_OFF,),
    ),
    **dict.fromkeys(
        (
            *("amannn/action-semantic-pull-request", "crate-ci/typos", "cypress-io/github-action", "psf/black"),
            *("davidanson/markdownlint-cli2-action", "ludeeus/action-shellcheck", "embarkstudios/cargo-deny-action"),
            *("pre-commit/action", "j178/prek-action", "rustsec/audit-check", "ibiqlik/action-yamllint"),
            *("sonarsource/sonarqube-quality-gate-action", "pypa/gh-action-pip-audit", "jakebailey/pyright-action"),
            *("codespell-project/actions-codespell", "thehanimo/pr-title-checker", "tim-actions/dco"),
            *("gaurav-nelson/github-action-markdown-link-check", "tcort/github-action-markdown-link-check"),
            *("isort/isort-action", "bufbuild/buf-lint-action", "ansible/ansible-lint"),
        ),
        (),
    ),
}
"""Name of an action, in lower case, to what makes it harmless."""

_BELOW = ("snyk/actions/", "oxsecurity/megalinter/", "super-linter/super-linter/")
"""The beginnings of names of actions of which a repository has several."""


def judges(step: Step) -> str:
    """The name of the action that judges, as it is written; empty where the step uses none."""
    name = text(step.uses).strip().partition("@")[0] if step.uses is not None else ""
    folded = name.casefold()
    return name if folded in _JUDGES or folded.startswith(_BELOW) else ""


def softened(step: Step, around: Sequence[Mapping | None]) -> tuple[str, Scalar] | None:
    """Why what a step's action finds never fails it, and where that stands; None where it may.

    Args:
        step: One for which `judges` has a name.
        around: The `env` of its job and of its workflow.
    """
    return next(_soft(step, around), None)


def undecided(step: Step, around: Sequence[Mapping | None]) -> Scalar | None:
    """An input or a variable whose value only a run knows, and with which the action may never fail; None: none."""
    found = (_found(step, around, soft) for soft in _known(step) if soft.key != _OPTIONS)
    return next((given for given in found if given is not None and "${{" in text(given)), None)


def _soft(step: Step, around: Sequence[Mapping | None]) -> Iterator[tuple[str, Scalar]]:
    name = judges(step)
    for soft in _known(step):
        given = _found(step, around, soft)
        if given is None:
            if soft.by_default and step.uses is not None and not _is_configured(step):
                yield f"without `{soft.key}` {name} ends as a success whatever it finds", step.uses
        elif "${{" not in text(given) and soft.never.fullmatch(text(given).strip()):
            yield f"`{soft.key}: {text(given).strip()}` makes {name} end as a success whatever it finds", given


def _known(step: Step) -> tuple[Soft, ...]:
    folded = judges(step).casefold()
    return _JUDGES.get(folded) or _JUDGES.get("/".join(folded.split("/")[:2]), ())


def _found(step: Step, around: Sequence[Mapping | None], soft: Soft) -> Scalar | None:
    places = (step.env, *around) if soft.variable else (step.with_,)
    return next((found for place in places if (found := _given(place, soft.key)) is not None), None)


def _given(place: Mapping | None, key: str) -> Scalar | None:
    """An input, whose name has no case."""
    name = next((one for one in place.entries if one.casefold() == key.casefold()), None) if place is not None else None
    return scalar_at(place, name) if place is not None and name is not None else None


def _is_configured(step: Step) -> bool:
    """Whether a file of its own may say how it ends."""
    return _given(step.with_, "trivy-config") is not None or _given(step.env, "TRIVY_EXIT_CODE") is not None

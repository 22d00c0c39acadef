"""What a caller asks for, once the command line is read."""

from collections.abc import Mapping
from datetime import datetime

from govcheck.records import frozen
from govcheck.report import FailOn, OnUnknown, Phase

STARTER = "govcheck:starter"
"""The packaged policies, by the name that `--policies` takes."""

DEFAULT_FOLDER = "policies"
"""Where policies are, unless somebody says otherwise; from the repository's root."""

DEFAULT_FILE = ".govcheck.yaml"
"""The configuration, likewise."""

_SCHEMAS = "https://raw.githubusercontent.com/OWNER/govcheck/main/schemas"


def schema_line(name: str) -> str:
    """The first line of a YAML file that govcheck writes, by which editors complete and check the rest."""
    return f"# yaml-language-server: $schema={_SCHEMAS}/{name}.schema.json"


DEFAULT_MAX_WAIT = 20.0
"""Seconds that one run may spend waiting for the API."""


@frozen(kw_only=True)
class Setting:
    """Where a run takes place: the global options and the environment."""

    directory: str | None = None
    """`-C`; None where it was not given: then the environment's GIT_DIR and the current folder count."""

    policies: tuple[str, ...] = ()
    """`--policies`, as typed: folders relative to `directory`, or `govcheck:starter`; empty means `policies/`."""

    configuration: str | None = None
    """`--config`, as typed; None means `.govcheck.yaml` where there is one."""

    repository: str | None = None
    """`--repository OWNER/NAME`."""

    environment: Mapping[str, str]
    """The process's environment; only `cli` reads the real one."""

    at: datetime | None = None
    """`--at`: an aware instant to judge by."""

    record: str | None = None
    """A file that everything is recorded in that the verdict uses; see `govcheck.recording`."""


@frozen(kw_only=True)
class CheckOptions:
    """`govcheck check`."""

    setting: Setting
    staged: bool = False
    base: str | None = None
    head: str | None = None
    revision: str | None = None
    message: str | None = None
    """A file with the message of a commit that is being made."""

    live: bool = False
    show_all: bool = False
    """`--all`: at `ci`, what the base already had fails as well."""

    fail_on: FailOn = "error"
    unknown: OnUnknown = "fail"
    max_wait: float = DEFAULT_MAX_WAIT


@frozen(kw_only=True)
class SweepOptions:
    """`govcheck sweep`."""

    setting: Setting
    phase: Phase = Phase.ADHOC
    since: str | None = None
    """A snapshot file to compare with, in place of the store's."""

    write: str | None = None
    """A file that the new snapshot is written to as well."""

    fail_on: FailOn = "error"
    unknown: OnUnknown = "fail"
    max_wait: float = DEFAULT_MAX_WAIT


@frozen(kw_only=True)
class ReplayOptions:
    """`check --replay FILE` and `sweep --replay FILE`."""

    file: str
    sweep: bool
    """Whether it is to be a sweep's recording, or a check's."""

    repository: str | None = None
    """`--repository`: whose recording it has to be."""

    fail_on: FailOn | None = None
    """None: as it was recorded; the same for `unknown`."""

    unknown: OnUnknown | None = None


@frozen(kw_only=True)
class DoctorOptions:
    """`govcheck doctor`."""

    setting: Setting
    offline: bool = False
    """Nothing is asked: what the policies need, and what the tokens' classes rule out."""

    max_wait: float = DEFAULT_MAX_WAIT

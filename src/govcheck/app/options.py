"""What a caller asks for, once the command line is read."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from govcheck.records import frozen
from govcheck.report import FailOn, OnUnknown, Phase

if TYPE_CHECKING:  # offline runs need no network code
    from govcheck.sources.github.transport import Transport
    from govcheck.sources.services.asking import Connect

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


class ExtendedAt(NamedTuple):
    """One set that a file extends."""

    name: str
    moving: bool
    line: int
    column: int


@frozen(kw_only=True)
class Setting:
    """Where a run takes place: the global options and the environment."""

    directory: str | None = None
    """`-C`; None where it was not given: then the environment's GIT_DIR and the current folder count."""

    policies: tuple[str, ...] = ()
    """`--policies`, as typed: folders relative to `directory`, or `govcheck:NAME`; empty means `policies/`."""

    extends: tuple[ExtendedAt, ...] = ()
    """The sets that the configuration extends."""

    disabled: tuple[str, ...] = ()
    """Ids of policies of these that the configuration leaves out."""

    disabled_at: tuple[tuple[int, int], ...] = ()
    """Line and column of each of them."""

    configuration: str | None = None
    """`--config`, as typed; None means `.govcheck.yaml` where there is one."""

    repository: str | None = None
    """`--repository OWNER/NAME`."""

    retention: str = ""
    """How long snapshots are kept, as the configuration says it (`90d`); empty means for ever."""

    environment: Mapping[str, str]
    """The process's environment; only `cli` reads the real one."""

    at: datetime | None = None
    """`--at`: an aware instant to judge by."""

    record: str | None = None
    """A file that everything is recorded in that the verdict uses; see `govcheck.recording`."""

    only: frozenset[str] | None = None
    """The ids of the policies that judge; None: all of them."""

    transport: "Transport | None" = None
    """What stands in for the network, in tests of policies."""

    carrier: "Connect | None" = None
    """The same for services other than GitHub."""

    moving: str | None = None
    """In tests of policies: the folder whose policies a change moves, where it is not the one of those that judge."""


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


@frozen(kw_only=True)
class GateOptions:
    """`govcheck gate deploy`."""

    setting: Setting
    environment: str
    policy: str | None = None
    """Only this policy has a say."""

    policies_from: str | None = None
    """The revision whose policies judge; None: the default branch's in GitHub Actions, elsewhere the work tree's."""

    commit: str | None = None
    """What is to be deployed; None: GITHUB_SHA, or HEAD."""

    override: str | None = None
    """The reason for opening what is closed."""

    approved_by: str | None = None
    lasts: str = "1h"
    """How long the override holds, from its first record on."""

    audit_log: str | None = None
    """A file; None: the store's."""

    max_wait: float = DEFAULT_MAX_WAIT


@frozen(kw_only=True)
class InitOptions:
    """`govcheck init`."""

    setting: Setting
    dry_run: bool = False
    """Nothing is written."""

    force: bool = False
    """Files of the same name are written over."""

    live: bool = False
    """GitHub is asked too."""

    imports: tuple[str, ...] = ()
    """Files of other tools, as typed."""

    import_format: str | None = None
    """What all of them are; None: told by their shapes."""

    hook: bool = False
    """`.pre-commit-config.yaml` is written as well."""

    ci: bool = False
    """A workflow is written as well."""

    max_wait: float = DEFAULT_MAX_WAIT

"""`check`: which of its three ways, by what the caller asks to judge."""

import importlib

from govcheck.app.options import DEFAULT_FILE, DEFAULT_FOLDER, CheckOptions
from govcheck.report import Report
from govcheck.sources.git.change import start_staged_change
from govcheck.sources.git.listing import start_listing
from govcheck.sources.git.repository import Repository, open_repository
from govcheck.sources.git.states import InIndex


def run_check(options: CheckOptions) -> Report:
    """Judges one state or one change.

    Raises:
        GovcheckError: where nothing could be evaluated; see `govcheck.errors`.
    """
    repository = open_repository(options.setting.directory)
    if options.staged:
        return _staged(options, repository)
    if options.message is not None:
        from govcheck.app.message import judge  # noqa: PLC0415 - the other ways have no use for it

        return judge(options, repository, options.message)
    # Imported by name: each pays for its own way only.
    way = importlib.import_module("govcheck.app.tree" if options.base is None else "govcheck.app.change")
    report: Report = way.judge(options, repository)
    return report


def _staged(options: CheckOptions, repository: Repository) -> Report:
    """Asks git first: it works while Python imports what judges."""
    change = start_staged_change(repository)
    listing = start_listing(repository, InIndex(), (DEFAULT_FOLDER, DEFAULT_FILE))
    from govcheck.app.staged import judge  # noqa: PLC0415 - see above

    return judge(options, repository, change, listing)

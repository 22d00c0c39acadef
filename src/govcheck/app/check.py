"""`check`: which of its three ways, by what the caller asks to judge."""

import importlib

from govcheck.app.options import CheckOptions
from govcheck.report import Report
from govcheck.sources.git.repository import open_repository


def run_check(options: CheckOptions) -> Report:
    """Judges one state or one change.

    Raises:
        GovcheckError: where nothing could be evaluated; see `govcheck.errors`.
    """
    repository = open_repository(options.setting.directory)
    way = "staged" if options.staged else "change" if options.base is not None else "tree"
    # Imported by name: the hook pays for its own way only.
    report: Report = importlib.import_module(f"govcheck.app.{way}").judge(options, repository)
    return report

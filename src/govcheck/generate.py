"""Everything in the repository that is written from the code: schemas, the rules' docs, README's table of kinds.

The files are committed, so that readers and editors need not run anything; a test says when they are stale.
"""

import json
from collections.abc import Callable, Iterable
from pathlib import Path

from govcheck import model_schema, report_schema, rule_pages
from govcheck.errors import GovcheckError
from govcheck.registry import Kind, kind, kinds
from govcheck.snapshot import schema as snapshot_schema

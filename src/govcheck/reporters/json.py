"""The report for programs: one JSON document, as `schemas/report.schema.json` describes it."""

import json
import re

from govcheck.findings import Json
from govcheck.report import Report
from govcheck.report_json import as_json

_UNSEEN = re.compile("[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")


def render(report: Report) -> str:
    """The document, with a line's end at its end; what cannot be seen is written as an escape."""
    return written(as_json(report))


def written(document: Json) -> str:
    """A JSON document as text that is safe in a terminal and in a log of GitHub Actions."""
    plain = json.dumps(document, ensure_ascii=False, allow_nan=False, indent=2)
    # Such characters, and a runner's `##[`, occur in strings only: outside of them JSON is plain ASCII.
    shown = _UNSEEN.sub(lambda found: f"\\u{ord(found.group()):04x}", plain)
    return shown.replace("##[", "#\\u0023[") + "\n"

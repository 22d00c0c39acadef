"""The archive in which GitHub gives the logs of a run: one text a step, or a job.

Source: https://docs.github.com/en/rest/actions/workflow-runs#download-workflow-run-logs. It has `1_job.txt` for each
job, and `job/2_Step.txt` for each of its steps. Nothing of it is written anywhere, and what it unpacks to is bounded by
what comes out, not by what its index says.
"""

import io
import re
import zipfile
import zlib

from govcheck.facts import Missing
from govcheck.findings import Reason
from govcheck.records import frozen

LARGEST_UNPACKED = 128 * 1024 * 1024
_MOST_FILES = 5_000
_NUMBERED = re.compile(r"-?\d+_(.*)\.txt", re.DOTALL)


@frozen
class LogText:
    """The log of one step, or of one job."""

    job: str
    step: str
    """Empty for a job as a whole."""

    data: bytes


def unpacked(archive: bytes, largest: int = LARGEST_UNPACKED) -> tuple[LogText, ...] | Missing:
    """Every text of an archive; those of whole jobs only where it has no steps of that job."""
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as opened:
            found = _texts(opened, largest)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError) as error:
        return _unreadable(f"what GitHub gave is no archive of logs: {type(error).__name__}")
    if isinstance(found, Missing):
        return found
    with_steps = {text.job for text in found if text.step}
    return tuple(text for text in found if text.step or text.job not in with_steps)


def _texts(opened: zipfile.ZipFile, largest: int) -> list[LogText] | Missing:
    entries = [entry for entry in opened.infolist() if entry.filename.endswith(".txt")]
    if len(entries) > _MOST_FILES:
        return _unreadable(f"the archive of logs has {len(entries)} files, more than the {_MOST_FILES} that are read")
    texts, left = [], largest
    for entry in entries:
        with opened.open(entry) as stream:
            data = stream.read(left + 1)
        left -= len(data)
        if left < 0:
            return _unreadable(f"the logs have more than the {largest:,} bytes that are read")
        texts.append(_named(entry.filename, data))
    return texts


def _named(name: str, data: bytes) -> LogText:
    folder, slash, file = name.rpartition("/")
    numbered = _NUMBERED.fullmatch(file)
    title = numbered[1] if numbered else file.removesuffix(".txt")
    return LogText(folder, title, data) if slash else LogText(title, "", data)


def _unreadable(message: str) -> Missing:
    return Missing(reason=Reason.UNPARSEABLE, message=message)

"""A PostgreSQL server of our own, on a socket in a folder of its own: no port, and nobody else's data."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from glob import glob
from pathlib import Path

_ENVIRONMENT = {"LC_ALL": "C", "PATH": os.environ.get("PATH", "")}


class NoServerError(Exception):
    """Why there is none."""


@contextmanager
def server() -> Iterator[str]:
    """The address of its database, as long as this lasts."""
    programs = _programs()
    account = _account()
    folder = Path(tempfile.mkdtemp(prefix="govcheck-pg-"))
    try:
        if account is not None:
            os.chown(folder, account.pw_uid, account.pw_gid)
        data = folder / "data"
        options = f"-c listen_addresses= -c unix_socket_directories={folder} -c fsync=off"
        _run(account, programs / "initdb", "-D", data, "-U", "govcheck", "--auth=trust", "--no-sync", "-E", "UTF8")
        _run(account, programs / "pg_ctl", "-D", data, "-o", options, "-l", folder / "log", "-w", "start")
        try:
            yield f"postgresql://govcheck@/postgres?host={folder}"
        finally:
            _run(account, programs / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path:
    folders = [*sorted(glob("/usr/lib/postgresql/*/bin"), reverse=True), *os.environ.get("PATH", "").split(":")]
    for folder in map(Path, folders):
        if (folder / "initdb").exists() and (folder / "pg_ctl").exists():
            return folder
    raise NoServerError("no PostgreSQL server is installed: there is no initdb")


def _account() -> pwd.struct_passwd | None:
    """Whose the server is: it refuses to be root's."""
    if os.getuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        raise NoServerError("PostgreSQL refuses to run as root, and there is no user postgres") from None


def _run(account: pwd.struct_passwd | None, *command: object) -> None:
    who = {} if account is None else {"user": account.pw_uid, "group": account.pw_gid}
    ran = subprocess.run(
        [str(part) for part in command],
        check=False,
        capture_output=True,
        cwd="/",
        env=_ENVIRONMENT,
        timeout=120,
        stdin=subprocess.DEVNULL,
        **who,
    )
    if ran.returncode:
        raise NoServerError(f"{command[0]}: {ran.stderr.decode(errors='replace').strip()[-300:]}")

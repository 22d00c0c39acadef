"""What a `fly.toml` says. Source: https://fly.io/docs/reference/configuration/.

TOML tells no lines, so that the place of a key is looked for in the text: where it is not found, the file is the place.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from govcheck.records import frozen

_HTTP = frozenset({"http"})
_LARGEST = 1024 * 1024
_MEGABYTES = {"": 1, "mb": 1, "mib": 1, "gb": 1024, "gib": 1024}
_MEMORY = re.compile(r"(?i)([0-9]{1,7})\s*([a-z]{0,3})")
_PRESET = re.compile(r"(shared-cpu|performance)-([0-9]{1,2})x")
_OF_PRESET = {"shared-cpu": 256, "performance": 2048}
"""Megabytes for each CPU: https://fly.io/docs/machines/guides-examples/machine-sizing/"""

_DIGEST = re.compile(r"@sha256:[0-9a-f]{64}")


class UnreadableError(Exception):
    """The file is no TOML, or no `fly.toml`; the text says why."""


@frozen(kw_only=True)
class Served:
    """One service that an app gives."""

    name: str
    """For people: `http_service`, `services[0] (port 3000)`."""

    line: int | None
    http: bool
    """Whether it speaks HTTP, so that an HTTP check can ask it."""

    checks: tuple[str, ...]
    """The sorts of its checks: `http`, `tcp`."""

    public: bool
    """Whether it has a port that Fly's proxy gives to the outside, where the app has a public address."""


@frozen(kw_only=True)
class Size:
    """The machines of one group."""

    line: int | None
    cpus: int
    memory: int | None
    """In megabytes; None where it is not written like one."""


@frozen(kw_only=True)
class FlyToml:
    """One file."""

    path: str
    text: str
    table: Mapping[str, Any]

    @property
    def app(self) -> str:
        """The app's name; empty where the command has to give it."""
        name = self.table.get("app")
        return name if isinstance(name, str) else ""

    @property
    def region(self) -> str:
        """`primary_region`; empty where there is none."""
        found = self.table.get("primary_region")
        return found if isinstance(found, str) else ""

    @property
    def image(self) -> str:
        """The image that it names; empty where it builds one."""
        found = _table(self.table.get("build")).get("image")
        return found if isinstance(found, str) else ""

    @property
    def pinned(self) -> bool:
        """Whether the image is named by its content."""
        return _DIGEST.search(self.image) is not None

    def variables(self) -> Iterator[tuple[str, str, str]]:
        """Table, name and value of everything that is written down for the app to see."""
        for name, table in (
            ("env", self.table.get("env")),
            ("build.args", _table(self.table.get("build")).get("args")),
        ):
            for key, value in _table(table).items():
                yield name, key, str(value)

    def services(self) -> Iterator[Served]:
        """Everything that it serves."""
        whole = [one for one in _table(self.table.get("checks")).values() if isinstance(one, dict)]
        http = self.table.get("http_service")
        if isinstance(http, dict):
            own: tuple[str, ...] = ("http",) if http.get("checks") else ()
            port = http.get("internal_port", 8080)
            yield Served(
                name="http_service",
                line=self.line("http_service"),
                http=True,
                checks=(*own, *_of_port(whole, port)),
                public=True,
            )
        for index, service in enumerate(_tables(self.table.get("services"))):
            port = service.get("internal_port", 8080)
            ports = _tables(service.get("ports"))
            handlers = {one for given in ports for one in _words(given.get("handlers"))}
            sorts = tuple(sort for sort in ("http", "tcp") if service.get(f"{sort}_checks"))
            yield Served(
                name=f"services[{index}] (port {port})",
                line=self.line("services", index=index),
                http=not _HTTP.isdisjoint(handlers),
                checks=(*sorts, *_of_port(whole, port)),
                public=bool(ports),
            )

    def sizes(self) -> Iterator[Size]:
        """What its machines have."""
        for index, machine in enumerate(_tables(self.table.get("vm"))):
            preset = _PRESET.fullmatch(str(machine.get("size", "")))
            cpus = machine.get("cpus", int(preset[2]) if preset else 1)
            kind = preset[1] if preset else "performance" if machine.get("cpu_kind") == "performance" else "shared-cpu"
            count = cpus if isinstance(cpus, int) else 1
            written = machine.get("memory", machine.get("memory_mb"))
            memory = megabytes(written) if written is not None else count * _OF_PRESET[kind]
            yield Size(line=self.line("vm", index=index), cpus=count, memory=memory)

    def line(self, table: str, key: str = "", index: int = 0) -> int | None:
        """The line of a table, or of a key in it; the first is 1. An empty table is the file's beginning."""
        inside = not table
        seen = -1
        for number, text in enumerate(self.text.split("\n"), start=1):
            stripped = text.strip()
            if stripped.startswith("["):
                name = stripped.strip("[] \r").partition("]")[0].strip()
                if inside and not key:
                    return None
                seen += name == table
                inside = name == table and seen == index
                if inside and not key:
                    return number
            elif inside and key and re.match(rf"""["']?{re.escape(key)}["']?\s*=""", stripped):
                return number
        return None


def read(path: str, raw: bytes) -> FlyToml:
    """The file.

    Raises:
        UnreadableError: it is no TOML.
    """
    if len(raw) > _LARGEST:
        raise UnreadableError(f"it is larger than {_LARGEST} bytes")
    try:
        text = raw.decode("utf-8-sig")
        table = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        said = (
            str(error) if isinstance(error, tomllib.TOMLDecodeError) else "it is no text in UTF-8, or nested too deep"
        )
        raise UnreadableError(said) from error
    return FlyToml(path=path, text=text, table=table)


def megabytes(written: object) -> int | None:
    """Memory as Fly writes it: `2gb`, `512mb`, `512`."""
    found = _MEMORY.fullmatch(str(written).strip()) if not isinstance(written, bool) else None
    unit = _MEGABYTES.get(found[2].lower()) if found else None
    return int(found[1]) * unit if found and unit else None


def _of_port(checks: list[dict[str, Any]], port: object) -> tuple[str, ...]:
    return tuple(str(one.get("type", "")) for one in checks if one.get("port", port) == port)


def _table(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _tables(value: object) -> list[dict[str, Any]]:
    """An array of tables; a single table is taken for one of one, as `flyctl` does."""
    if isinstance(value, dict):
        return [value]
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _words(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else []

"""A clock that only moves when somebody sleeps."""

import threading


class Time:
    """Time for tests: `now` stands still, `sleep` moves it on at once and is remembered."""

    def __init__(self, start: float = 1_767_600_000.0) -> None:
        self._now = start
        self._lock = threading.Lock()
        self.slept: list[float] = []

    def now(self) -> float:
        """Seconds since 1970."""
        with self._lock:
            return self._now

    def sleep(self, seconds: float) -> None:
        """Moves on."""
        with self._lock:
            self.slept.append(seconds)
            self._now += seconds

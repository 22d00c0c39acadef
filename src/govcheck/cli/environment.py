"""The one place that reads the process's own environment."""

import os
from collections.abc import Mapping


def process_environment() -> Mapping[str, str]:
    """A copy of the environment, so that nothing below can change it."""
    return dict(os.environ)

"""GitHub's API, read only: a client of our own, and the live facts that it gathers."""

from govcheck.sources.github.client import Client, Counts
from govcheck.sources.github.configuration import Configuration, from_environment
from govcheck.sources.github.gather import gather

__all__ = ["Client", "Configuration", "Counts", "from_environment", "gather"]

"""The entry point."""


def main() -> None:
    """Runs govcheck."""

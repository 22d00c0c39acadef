"""The entry point: every way to end has its own exit code (docs/exit-codes.md)."""

import gc
import sys

from govcheck.errors import UNKNOWN_EXIT, GovcheckError

INTERRUPTED_EXIT = 130
ISSUES = "the project's issue tracker"


def main() -> None:
    """Runs govcheck and exits."""
    # A run is short and keeps what it makes: collecting early finds nothing, and costs a third of reading workflows.
    gc.set_threshold(100_000, 50, 50)
    code = _run(sys.argv[1:])
    gc.freeze()  # at its end Python collects once more, for 6 milliseconds, what the system takes back at once
    sys.exit(code)


def _run(arguments: list[str]) -> int:
    try:
        return _dispatch(arguments)
    except GovcheckError as error:
        from govcheck.reporters.problems_text import render  # noqa: PLC0415 - only a run that ends here needs it

        _say(render(error))
        return error.exit_code
    except KeyboardInterrupt:
        _say("interrupted")
        return INTERRUPTED_EXIT
    except BrokenPipeError:
        # Whoever read our output has gone; there is nobody to tell, and nothing was told whole.
        sys.stdout = None
        return UNKNOWN_EXIT
    except Exception as error:  # noqa: BLE001 - the last resort: a crash is "could not tell", never Python's 1
        _crashed(error)
        return UNKNOWN_EXIT


def _dispatch(arguments: list[str]) -> int:
    from govcheck.cli.plain import run_plain  # noqa: PLC0415 - the hook's path comes first, and imports what it needs

    code = run_plain(arguments)
    if code is not None:
        return code
    from govcheck.cli.run import run  # noqa: PLC0415 - click is not for the hook

    return run(arguments)


def _crashed(error: Exception) -> None:
    import os  # noqa: PLC0415 - only a crash needs it
    import traceback  # noqa: PLC0415 - only a crash needs it

    if os.environ.get("GOVCHECK_DEBUG"):
        traceback.print_exception(error, file=sys.stderr)
    text = " ".join(str(error).split())[:300]
    _say(
        f"error: govcheck failed and could not tell: {type(error).__name__}: {text}\n"
        f"hint: run it again with GOVCHECK_DEBUG=1 and report what it prints to {ISSUES}"
    )


def _say(text: str) -> None:
    safe = "".join(character if character.isprintable() or character == "\n" else "\ufffd" for character in text)
    sys.stderr.write(safe.encode("utf-8", "replace").decode("utf-8") + "\n")


if __name__ == "__main__":
    main()

"""The program's entry: what takes long to read is read where an impatient Ctrl-C ends without a stack."""

import sys

INTERRUPTED = 130


def main() -> None:
    """Read the command line's program and run it."""
    try:
        from api import cli  # noqa: PLC0415 - reading it is what may be interrupted.
    except KeyboardInterrupt:
        sys.stderr.write("已中止。\n")
        raise SystemExit(INTERRUPTED) from None
    cli.main()

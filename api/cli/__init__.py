"""The command line ``lianxi``: serve, migrate, demo, audit, report, admin, people, import. Everything it says is Chinese.

Results go to standard output, progress and errors to standard error. Exit codes: 0 done, 1 an audit found
something, 2 it could not be done.
"""

from api.cli import (
    administering,
    auditing,
    checking,
    contacting,
    entering,
    exporting,
    importing,
    rebuilding,
    reporting,
    sealing,
    serving,
)
from api.cli.shell import EXPECTED, FAILED, FOUND, explained, fail

__all__ = ["FAILED", "FOUND", "app", "main"]

app = serving.app
sealing.register(auditing.app)
exporting.register(auditing.app)
rebuilding.register(auditing.app)
checking.register(app)
entering.register(administering.app)
app.add_typer(auditing.app, name="audit")
app.add_typer(reporting.app, name="report")
app.add_typer(administering.app, name="admin")
app.add_typer(importing.app, name="import")
app.add_typer(contacting.app, name="people")


def main() -> None:
    """Run the command line: what can be expected to go wrong is told in a Chinese line, never as a stack."""
    try:
        app()
    except EXPECTED as error:
        fail(explained(error))

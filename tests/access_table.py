"""The access table as people read it. Run as ``python -m tests.access_table`` to write deploy/access.md anew."""

from pathlib import Path
from types import SimpleNamespace

from api import main, permits

TABLE = Path(__file__).parent.parent / "deploy" / "access.md"


def table() -> str:
    """Set the table of this version."""
    app = main.create_app(SimpleNamespace(per_pair=1, healthy=list))  # type: ignore[arg-type]  # Nothing is asked of it.
    return permits.table(app.state.permits)


if __name__ == "__main__":
    TABLE.write_text(table(), encoding="utf-8")

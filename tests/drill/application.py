"""The application as its users run it: a process of its own, started, killed and started again."""

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
HOST = "127.0.0.1"
# A busy machine reads the program for long; what never comes is a fault, and not a reason to wait on.
PATIENCE = 600.0
LOOK_EVERY = 0.02
AS_IT_IS = "from api.start import main; main()"


class NeverServed(Exception):
    """The application did not come to serve."""


class Application:
    """``lianxi serve`` with some settings; ``program`` is what Python runs, the application as it is where nothing else is said."""

    def __init__(self, settings: Mapping[str, str], *, log: Path, program: str = AS_IT_IS) -> None:
        self._settings = settings
        self._log = log
        self._program = program
        self._process: subprocess.Popen[bytes] | None = None
        self.root = f"http://{HOST}:9"
        self.starts = 0

    @property
    def port(self) -> int:
        return int(self.root.rpartition(":")[2])

    def start(self) -> None:
        """Start it, as often as it takes, until it takes requests. Raises: NeverServed."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            self.starts += 1
            port = _free_port()
            self._launch(port)
            if self._serves(port, until):
                self.root = f"http://{HOST}:{port}"
                return
            self.kill()
        raise NeverServed(self._log.read_text(errors="replace")[-2000:])

    def kill(self) -> None:
        """Kill it with -9, and leave whatever it had started to itself."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def stop(self) -> None:
        """Stop it in order."""
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self.kill()

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def _launch(self, port: int) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("LIANXI_")}
        settings = {"HOST": HOST, "PORT": str(port), "LOG_LEVEL": "error", **self._settings}
        environment = {**kept, **{f"LIANXI_{name}": value for name, value in settings.items()}}
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-c", self._program, "serve", "--no-demo"],
                env=environment,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def _serves(self, port: int, until: float) -> bool:
        while self.running and time.monotonic() < until:
            with contextlib.suppress(OSError), socket.create_connection((HOST, port), timeout=1):
                return True
            time.sleep(LOOK_EVERY)
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(application: Application) -> Iterator[Application]:
    """Run it while the block lasts."""
    try:
        application.start()
        yield application
    finally:
        application.stop()

"""The faults of the drill, each with the control that must show what the checker would see."""

import random
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from infrastructure import embedded
from infrastructure.settings import Settings
from tests.drill import application, cast, clients, database, disk, places, planted, proxy
from tests.drill.checker import Findings, Violation
from tests.drill.history import History, Outcome, now
from tests.drill.places import Place

# How long a system may take to come back, in seconds. It is a bound on a hang, not a promise.
PATIENCE: Final = 600.0
# Of the pieces that a client sends, and of those that the application sends to its database.
CLIENT_SHARE, DATABASE_SHARE = 0.1, 0.03
# The answers that a control must lose, for each of its faults: to proposals, which a fresh key makes twice, and to
# COMMITs, many of which only end a read. That an answer came proves that the request had been carried out.
PROPOSAL, COMMIT = "proposal", "COMMIT"
TELLING: Final = {PROPOSAL: 4, COMMIT: 12}
CARRIED_OUT: Final = (proxy.Step.ANSWER, proxy.Step.MIDDLE)
# Bytes of the log that are not on the disk, of ten commands or so, before a kill must show a loss.
UNWRITTEN: Final = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much of a drill: how many faults of each kind, by how many clients, how far apart (seconds).

    So many commands are tried ``between`` two faults at least; a disk stays full for so many ``refusals``.
    """

    kills: int = 15
    drops: int = 400
    fills: int = 4
    controls: int = 3
    pairs: int = 4
    writers: int = 2
    between: int = 20
    refusals: int = 40
    apart: tuple[float, float] = (0.0, 3.0)


@dataclass(kw_only=True)
class Run:
    """One fault or control under way, with clients on the pairs from ``first_pair`` on."""

    name: str
    control: bool
    size: Size
    seed: str
    folder: Path
    first_pair: int = 0
    history: History = field(default_factory=History)
    recovered: list[float] = field(default_factory=list)
    not_back: int = 0
    struck: int = 0
    details: dict[str, Any] = field(default_factory=dict)
    chance: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.chance = random.Random(f"{self.seed} {self.name} {self.control}")

    def found(self, place: Place) -> cast.Cast:
        """Register the pairs and enrol the people of this run."""
        with places.opened(place) as desk:
            return cast.found(desk, first=self.first_pair, pairs=self.size.pairs, writers=self.size.writers)

    def session(self, root: Callable[[], str], manner: clients.Manner | None = None) -> clients.Session:
        """Give what the clients share; half of the time they ask again after no answer."""
        return clients.Session(self.history, root, manner or clients.Manner(again=0.5))

    def wait_for_work(self) -> None:
        """Let so many commands be tried, and then a random while pass, until the next fault."""
        wanted = len(self.history.tries) + self.size.between
        self.history.wait(lambda: len(self.history.tries) >= wanted, patience=PATIENCE)
        threading.Event().wait(self.chance.uniform(*self.size.apart))

    def wait_for_return(self, since: float) -> None:
        """Wait for the first success of what began after a moment, and keep how long that took."""
        took = self.history.first_success(since, patience=PATIENCE)
        if took is None:
            self.not_back += 1
        else:
            self.recovered.append(took)

    def judged(self, place: Place, company: cast.Cast) -> Findings:
        """Let the checker judge, now that nobody writes any more."""
        findings = places.judged(place, self.history, company)
        for _ in range(self.not_back):
            findings.add(Violation.NOT_BACK, f"within {PATIENCE:g} s")
        return findings


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A kind of fault: how it is played, and the violation that its control must show.

    ``missing`` tells, in Chinese, why it cannot be played here.
    """

    name: str
    label: str
    control: str
    play: Callable[[Run], Findings]
    shows: Violation
    missing: Callable[[], str] = lambda: ""


# --- PostgreSQL killed ---------------------------------------------------------------------------------------


def postgres_killed(run: Run) -> Findings:
    """Kill the whole PostgreSQL at random, while the application lives on. Control: commits that do not wait."""
    with places.beside(run.folder) as place:
        return kill_postgres(run, place)


def kill_postgres(run: Run, place: Place) -> Findings:
    """Kill the PostgreSQL of a place as often as the run wants: all of it, its master alone, or one that serves."""
    company = run.found(place)
    if run.control:
        # What was set up before must be there afterwards.
        database.checkpoint(place.data)
        database.lose(place.data)
    session = run.session(lambda: place.app.root)
    with clients.at_work(session, company, seed=run.seed):
        for left in reversed(range(run.size.controls if run.control else run.size.kills)):
            run.wait_for_work()
            what = (
                database.Killed.ALL
                if run.control
                else tuple(database.Killed)[run.struck % len(database.Killed)]
            )
            if run.control:
                database.await_unwritten(place.data, UNWRITTEN, patience=PATIENCE)
            began = now()
            database.kill(place.data, what)
            run.struck += 1
            run.details.setdefault("killed", Counter())[what.value] += 1
            if not run.control:
                run.wait_for_return(began)
                continue
            _await_answer(run, began)
            if left:
                # An application that has seen more than there is now refuses to go on, until it is started again.
                place.app.kill()
                place.app.start()
                run.wait_for_return(began)
    return run.judged(place, company)


def _await_answer(run: Run, since: float) -> None:
    """Wait until the database answers again, be it with the alarm that the ledger went back."""
    alarms = run.history.alarms

    def answered() -> bool:
        return run.history.alarms > alarms or any(
            each.begun > since and each.outcome is not Outcome.UNKNOWN for each in run.history.tries[-200:]
        )

    run.history.wait(answered, patience=PATIENCE)


# --- the application killed ----------------------------------------------------------------------------------


def application_killed(run: Run) -> Findings:
    """Kill the application at random; its embedded PostgreSQL ends with it, and one start brings both back.

    Control: an application that answers before it commits.
    """
    place = places.alone(run.folder / "data", log=run.folder / "application.log", program=_answering(run))
    company = run.found(place)
    with application.serving(place.app):
        kill_application(run, place, company)
    return run.judged(place, company)


def application_killed_beside(run: Run) -> Findings:
    """Kill the application at random, while its PostgreSQL lives on. Control: as above."""
    with places.beside(run.folder, program=_answering(run)) as place:
        company = run.found(place)
        kill_application(run, place, company)
        return run.judged(place, company)


def _answering(run: Run) -> str:
    return planted.program(planted.AnswersFirst) if run.control else application.AS_IT_IS


def kill_application(run: Run, place: Place, company: cast.Cast) -> None:
    """Kill the application of a place as often as the run wants, and start it again as a service manager would."""
    session = run.session(lambda: place.app.root)
    with clients.at_work(session, company, seed=run.seed):
        for _ in range(run.size.controls if run.control else run.size.kills):
            run.wait_for_work()
            began = now()
            place.app.kill()
            run.struck += 1
            place.app.start()
            run.details.setdefault("serving_again_s", []).append(round(now() - began, 2))
            run.wait_for_return(began)


# --- answers dropped -----------------------------------------------------------------------------------------


def answers_dropped_to_clients(run: Run) -> Findings:
    """Drop connections between clients and application at each step. Control: a fresh key for every retry."""
    with places.beside(run.folder) as place:
        return drop_answers_to_clients(run, place)


def drop_answers_to_clients(run: Run, place: Place) -> Findings:
    """Put a proxy before the application of a place, and let it drop."""
    company = run.found(place)
    between = proxy.Proxy(
        lambda: (application.HOST, place.app.port),
        share=CLIENT_SHARE,
        mark=_request,
        seed=f"{run.seed} {run.control}",
    )
    with proxy.running(between):
        _drop(run, between, company, f"http://{proxy.HOST}:{between.port}")
    return run.judged(place, company)


def answers_dropped_by_the_database(run: Run) -> Findings:
    """Drop connections between application and PostgreSQL at each step. Control: a fresh key for every retry."""
    with database.kept(run.folder / "data") as server:
        between = proxy.Proxy(
            lambda: (embedded.HOST, server.port),
            share=DATABASE_SHARE,
            seed=f"{run.seed} {run.control}",
            mark=_message,
        )
        with proxy.running(between):
            dsn = database.at_port(server.app_dsn, between.port)
            app = application.Application({"DSN": dsn}, log=run.folder / "application.log")
            place = Place(app=app, chosen=Settings(dsn=server.app_dsn), data=run.folder / "data")
            company = run.found(place)
            with application.serving(app):
                _drop(run, between, company, app.root)
        return run.judged(place, company)


def _request(piece: bytes) -> str:
    """Name what a client sends: the body of a proposal, or something else."""
    return PROPOSAL if b'"unit"' in piece else "other"


def _message(piece: bytes) -> str:
    """Name what the application sends to PostgreSQL."""
    return next(
        (name for name in ("ledger_open", "ledger_append", COMMIT) if name.encode() in piece), "other"
    )


def _drop(run: Run, between: proxy.Proxy, company: cast.Cast, root: str) -> None:
    session = run.session(lambda: root, clients.Manner(fresh_keys=run.control))
    with clients.at_work(session, company, seed=run.seed):
        between.armed.set()
        run.history.wait(lambda: _enough(run, between), patience=PATIENCE + 2 * run.size.drops)
        between.armed.clear()
        run.wait_for_return(now())
    # Of each command that got no answer, how long until it was acknowledged all the same.
    run.recovered = run.history.waits()
    run.struck = between.dropped
    run.details["cuts"] = dict(sorted(between.cuts.items()))


def _enough(run: Run, between: proxy.Proxy) -> bool:
    """Tell whether enough was dropped; of a control, enough answers of what was surely kept."""
    if not run.control:
        return between.dropped >= run.size.drops
    return any(
        sum(between.cuts[f"{step} {name}"] for step in CARRIED_OUT) >= wanted * run.size.controls
        for name, wanted in TELLING.items()
    )


# --- the disk full -------------------------------------------------------------------------------------------


def disk_full(run: Run) -> Findings:
    """Fill the small disk that holds the data directory, let commands be refused, and make room again.

    Every second time the log of PostgreSQL has no room left either, which stops the whole server.
    Control: an application that answers although nothing was kept.
    """
    program = planted.program(planted.Swallows) if run.control else application.AS_IT_IS
    with disk.small(run.folder / "small") as small:
        place = places.alone(small / "data", log=run.folder / "application.log", program=program)
        company = run.found(place)
        session = run.session(lambda: place.app.root)
        with application.serving(place.app), clients.at_work(session, company, seed=run.seed):
            for number in range(run.size.controls if run.control else run.size.fills):
                run.wait_for_work()
                _fill(run, place, small, log_too=number % 2 == 1 and not run.control)
        return run.judged(place, company)


def _fill(run: Run, place: Place, small: Path, *, log_too: bool) -> None:
    with disk.full(small):
        if log_too:
            run.details["stopped"] = run.details.get("stopped", 0) + database.use_up_log(place.data)
        # The planted application refuses nothing: there, whatever was tried counts.
        before = _count(run)
        run.history.wait(lambda: _count(run) >= before + run.size.refusals, patience=PATIENCE)
        if _count(run) > before:
            run.struck += 1
    run.wait_for_return(now())


def _count(run: Run) -> int:
    return sum(run.control or each.outcome is Outcome.UNKNOWN for each in run.history.tries)


FAULTS: Final = (
    Fault(
        name="postgres_killed",
        label="数据库 kill -9",
        control="提交不等落盘（synchronous_commit=off）",
        play=postgres_killed,
        shows=Violation.LOST,
    ),
    Fault(
        name="application_killed",
        label="应用 kill -9（内置数据库随之停止）",
        control="先答复、后提交",
        play=application_killed,
        shows=Violation.LOST,
    ),
    Fault(
        name="application_killed_beside",
        label="应用 kill -9（数据库另行运行）",
        control="先答复、后提交",
        play=application_killed_beside,
        shows=Violation.LOST,
    ),
    Fault(
        name="answers_dropped_to_clients",
        label="应用与客户端之间掉线",
        control="每次重试换新的幂等键",
        play=answers_dropped_to_clients,
        shows=Violation.DUPLICATE,
    ),
    Fault(
        name="answers_dropped_by_the_database",
        label="数据库与应用之间掉线",
        control="每次重试换新的幂等键",
        play=answers_dropped_by_the_database,
        shows=Violation.DUPLICATE,
    ),
    Fault(
        name="disk_full",
        label="磁盘写满",
        control="未存下也答复成功",
        play=disk_full,
        shows=Violation.LOST,
        missing=disk.missing,
    ),
)

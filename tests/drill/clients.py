"""The writers and readers of a drill: users of the API, who see no more of the machines than their answers."""

import itertools
import random
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx2

from domain import topics
from tests import builders
from tests.drill.cast import AUDITOR, Cast, Part
from tests.drill.history import History, LedgerRead, Outcome, RowRead, Try, now

# An answer that takes longer is a hang, however busy the machine is.
PATIENCE = 60.0
# Before the next try, in seconds, at most: after no answer, and where nobody was there. Those who wait must not take
# the machine from an application that starts.
PAUSE, NOBODY_PAUSE = 0.1, 0.6
GOOD = (200, 201)
# The drill's own unlawful commands are refused with these.
REFUSALS = (412, 422)
BUSY = 503
PAGE = 200
ALARM = "urn:lianxi:problem:ledger-alarm"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How clients behave: how often one asks again after no answer, and whether with the same key or a fresh one."""

    again: float = 1.0
    fresh_keys: bool = False


@dataclass
class Sent:
    """One intended command on its way: what is tried again is the very same request."""

    marker: str
    path: str
    body: dict[str, Any]
    seen: int | None = None
    tries: int = 0


@dataclass
class Session:
    """What the clients of a drill share. ``root`` tells where the application is now."""

    history: History
    root: Callable[[], str]
    manner: Manner
    stopping: threading.Event = field(default_factory=threading.Event)

    def ask(self, client: httpx2.Client, method: str, path: str, **request: Any) -> httpx2.Response | None:
        """Send one request. Returns: the answer; None where none came, whether it was kept or not.

        Raises: httpx2.ConnectError where nobody was there to send it to.
        """
        try:
            return client.request(method, self.root() + path, **request)
        except httpx2.ConnectError:
            self.history.unreach()
            raise
        except httpx2.TimeoutException as late:
            self.history.wonder(f"{method} hung: {type(late).__name__}")
        except httpx2.TransportError:
            pass
        return None


class Writer(threading.Thread):
    """Proposes topics, revises them, and now and then sends what must be refused, one command after the other."""

    def __init__(self, session: Session, part: Part, *, seed: str) -> None:
        super().__init__(name=part.name, daemon=True)
        self._session = session
        self._part = part
        self._chance = random.Random(f"{seed} {part.name}")
        self._numbers = itertools.count(1)
        self._topic: tuple[str, int] | None = None
        self._client = _client(part.token)

    def run(self) -> None:
        with self._client:
            while not self._session.stopping.is_set():
                sent = self._next()
                answer = self._carry_out(sent)
                if answer is not None:
                    self._remember(answer, split=sent.path.endswith("/split"))

    def _next(self) -> Sent:
        marker = f"{self._part.name}-{next(self._numbers):06d}"
        pair, draw = f"/v1/pairs/{self._part.pair}", self._chance.random()
        content = builders.content(title=f"演练议题{marker}").model_dump(mode="json")
        day = builders.day(3, 3).isoformat()
        if self._topic is None or draw < 0.6:
            body = {"on": day, "unit": self._part.unit, "content": content}
            return Sent(marker=marker, path=f"{pair}/topics", body=body)
        topic, version = self._topic
        if draw < 0.85:
            body = topics.ReviseTopic(on=day, content=content).model_dump(mode="json")
            return Sent(marker=marker, path=f"{pair}/topics/{topic}/revision", body=body, seen=version)
        if draw < 0.9:
            # The parts begin by the same act, which ends the topic: several facts, all of them or none.
            self._topic = None
            parts = (content, builders.content(title=f"演练分项{marker}"))
            body = topics.SplitTopic(on=day, parts=parts).model_dump(mode="json")
            return Sent(marker=marker, path=f"{pair}/topics/{topic}/split", body=body, seen=version)
        # No research is attached, and that is refused; so is a version that nobody saw.
        seen = version if draw < 0.97 else version + 7
        return Sent(marker=marker, path=f"{pair}/topics/{topic}/submission", body={"on": day}, seen=seen)

    def _carry_out(self, sent: Sent) -> dict[str, Any] | None:
        """Send a command until it is answered, or given up. Returns: its receipt, if it has one."""
        while True:
            outcome, receipt = self._try(sent)
            if outcome is Outcome.ACKNOWLEDGED:
                return receipt
            if outcome is Outcome.REFUSED or self._session.stopping.is_set():
                return None
            if outcome is Outcome.UNKNOWN and self._chance.random() >= self._session.manner.again:
                # Whether it was kept is never asked; what it was about is left alone.
                self._topic = None
                return None
            pause = PAUSE if outcome is Outcome.UNKNOWN else NOBODY_PAUSE
            self._session.stopping.wait(pause * self._chance.random())

    def _try(self, sent: Sent) -> tuple[Outcome | None, dict[str, Any]]:
        key = sent.marker if not self._session.manner.fresh_keys else f"{sent.marker}.{sent.tries}"
        headers = {"Idempotency-Key": key} | ({"If-Match": f'"{sent.seen}"'} if sent.seen else {})
        begun = now()
        try:
            answer = self._session.ask(self._client, "POST", sent.path, json=sent.body, headers=headers)
        except httpx2.ConnectError:
            return None, {}
        sent.tries += 1
        outcome, receipt = self._understood(answer)
        kind = f"topic:{receipt['id']}" if receipt else ""
        self._session.history.tell(
            Try(
                marker=sent.marker,
                pair=self._part.pair,
                command_id=f"{self._part.person}/{key}",
                outcome=outcome,
                begun=begun,
                ended=now(),
                first=receipt.get("first_position", 0),
                last=receipt.get("last_position", 0),
                stream=kind,
                version=receipt.get("version", 0),
                replayed=receipt.get("replayed", False),
            )
        )
        return outcome, receipt

    def _understood(self, answer: httpx2.Response | None) -> tuple[Outcome, dict[str, Any]]:
        if answer is None:
            return Outcome.UNKNOWN, {}
        if answer.status_code in GOOD:
            return Outcome.ACKNOWLEDGED, answer.json()
        if answer.status_code in REFUSALS:
            return Outcome.REFUSED, {}
        _judge(self._session.history, answer)
        return Outcome.UNKNOWN, {}

    def _remember(self, receipt: dict[str, Any], *, split: bool) -> None:
        self._topic = None if split else (receipt["id"], receipt["version"])
        if self._chance.random() < 0.3:
            self._look(receipt["id"])

    def _look(self, topic: str) -> None:
        path = f"/v1/pairs/{self._part.pair}/topics/{topic}"
        begun = now()
        try:
            answer = self._session.ask(self._client, "GET", path)
        except httpx2.ConnectError:
            return
        if answer is None:
            return
        if answer.status_code not in {200, 404}:
            _judge(self._session.history, answer)
            return
        version = int(answer.headers["ETag"].strip('"')) if answer.status_code == 200 else 0
        read = RowRead(pair=self._part.pair, stream=f"topic:{topic}", version=version, begun=begun)
        self._session.history.tell(read)


class Reader(threading.Thread):
    """Reads one pair's history again and again, mostly its end, at times all of it."""

    def __init__(self, session: Session, pair: str, token: str, *, seed: str) -> None:
        super().__init__(name=f"{AUDITOR}-{pair}", daemon=True)
        self._session = session
        self._pair = pair
        self._chance = random.Random(f"{seed} {self.name}")
        self._client = _client(token)
        # The cursor of the last page, and the position that it goes on after.
        self._place: tuple[str | None, int] = (None, 0)

    def run(self) -> None:
        with self._client:
            while not self._session.stopping.wait(2 * PAUSE * (1 + self._chance.random())):
                if self._chance.random() < 0.05:
                    self._place = (None, 0)
                self._read()

    def _read(self) -> None:
        (cursor, after), begun = self._place, now()
        first, lines = after, []
        while True:
            page = self._page(cursor)
            if page is None:
                return
            lines += [(line["position"], line["hash"]) for line in page["items"]]
            self._place = (cursor, after)
            if page["next_cursor"] is None:
                break
            cursor, after = page["next_cursor"], lines[-1][0]
        self._session.history.tell(LedgerRead(pair=self._pair, after=first, lines=tuple(lines), begun=begun))

    def _page(self, cursor: str | None) -> dict[str, Any] | None:
        query = {"limit": PAGE} | ({"cursor": cursor} if cursor else {})
        try:
            answer = self._session.ask(self._client, "GET", f"/v1/pairs/{self._pair}/history", params=query)
        except httpx2.ConnectError:
            return None
        if answer is None or answer.status_code not in GOOD:
            if answer is not None:
                _judge(self._session.history, answer)
            return None
        page: dict[str, Any] = answer.json()
        return page


def _client(token: str) -> httpx2.Client:
    # What the user's environment says of proxies is about other hosts.
    return httpx2.Client(timeout=PATIENCE, headers={"Authorization": f"Bearer {token}"}, trust_env=False)


def _judge(history: History, answer: httpx2.Response) -> None:
    """Keep an answer that is neither a success nor a refusal, and that no fault excuses."""
    if answer.status_code == BUSY:
        return
    try:
        kind = answer.json()["type"]
    except (ValueError, KeyError, TypeError):
        kind = "no problem"
    if kind == ALARM:
        history.alarm()
    history.wonder(f"{answer.request.method} {answer.status_code} {kind}")


@contextmanager
def at_work(session: Session, cast: Cast, *, seed: str) -> Iterator[Sequence[threading.Thread]]:
    """Let everybody work while the block lasts, and wait for their last answers."""
    pairs = sorted({part.pair for part in cast.parts})
    threads: Iterable[threading.Thread] = [
        *(Writer(session, part, seed=seed) for part in cast.parts),
        *(Reader(session, pair, cast.auditor, seed=seed) for pair in pairs),
    ]
    threads = list(threads)
    for thread in threads:
        thread.start()
    try:
        yield threads
    finally:
        session.stopping.set()
        for thread in threads:
            thread.join()

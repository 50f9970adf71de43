"""Seal ledgers: sign a checkpoint over each, and refuse where a ledger does not go on from what was signed before.

Before anything is signed, the whole chain of the pair is hashed anew from the ledger's bytes, and the tree over it must
have, at the size that was signed last, the root that was signed last. What was signed last the signer keeps outside of
the database, so neither a rewritten history nor an old backup put back can be sealed as if nothing had happened.
Source: R-094.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, TypeAlias

import structlog

from application import audit, ports, seal_ports
from application.seal_ports import Alarm, CannotSeal, Everyone, Held, Kept, Published, Round, Sealed
from domain import merkle, notes, seals
from domain.chain import Entry
from domain.decider import Value

log = structlog.get_logger()
SHORTER: Final = "台账止于位置 {position}，短于已封存的 {size}：可能恢复了旧备份，或末尾的记录被删"
REWRITTEN: Final = "前 {size} 条记录的树根与已封存的不符：已封存的历史被改写"
GONE: Final = "台账不见了，而已封存到位置 {size}：整本被删除，或恢复了旧备份"
UNKNOWN: Final = "数据库中已有这个单位的检查点，封存目录却没有：封存目录被换过或丢失"
LACKING: Final = "数据库缺少 {count} 个已发布的检查点，已按封存目录补发：可能恢复了旧备份"
PAGE: Final = 500
# Where a checkpoint is served (tenant, origin, size), and what is served there or as a leaf.
Place: TypeAlias = tuple[str, str, int]
Content: TypeAlias = tuple[str, str | int | None, datetime]
OTHERS: Final = "数据库中的检查点与封存目录的不符：检查点被改写"


class NotSealed(Exception):
    """A pair's ledger does not go on from what was sealed; the message says why, in Chinese."""


class NotNeeded(Exception):
    """台账与已封存的检查点相符，无须另开纪元。"""


class Outcome(Value):
    """What came of sealing one pair: the size of its last checkpoint and its note, and why it was refused, if it was."""

    pair: str
    size: int = 0
    note: str = ""
    signed: bool = False
    alarm: str = ""


class Outcomes(Value):
    """What came of sealing several pairs: each, the checkpoint of everyone, and what was wrong with the database's copies."""

    pairs: tuple[Outcome, ...]
    everyone: str
    findings: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        return not self.findings and not any(each.alarm for each in self.pairs)


def _now() -> datetime:
    return datetime.now(UTC)


def _go_on() -> bool:
    return False


@dataclass(frozen=True, kw_only=True)
class Sealer:
    """Whoever seals. ``check`` verifies the signer's own signatures; ``clock`` gives the present moment, aware."""

    ledger: ports.Facts
    views: ports.Views
    checkpoints: seal_ports.Checkpoints
    vault: seal_ports.Vault
    check: notes.Check
    clock: Callable[[], datetime] = _now

    def seal(
        self, pairs: Iterable[str], *, thorough: bool = True, stopped: Callable[[], bool] = _go_on
    ) -> Outcomes:
        """Seal these pairs; ``stopped`` is asked after each and ends the round early.

        One that is ``thorough`` first compares everything that the database serves with what was signed.

        A pair that is refused is an outcome with an alarm, a line in the log, and does not stop the others.
        Raises: CannotSeal.
        """
        with self.vault.held() as held:
            findings = self._compared(held, thorough=thorough)
            outcomes = list[Outcome]()
            for pair in pairs:
                outcomes.append(self._sealed(held, pair))
                if stopped():
                    break
            kept = _with_alarms(held.kept, outcomes, at=self.clock())
            signed = {each.pair: each.note for each in outcomes if each.signed}
            if signed:
                kept = kept.model_copy(update={"notes": {**kept.notes, **signed}})
                texts = [(pair, notes.read(note).text, note) for pair, note in signed.items()]
                self._finish(held, kept, texts)
            elif kept != held.kept:
                held.keep(kept)
            return Outcomes(pairs=tuple(outcomes), everyone=held.kept.everyone.note, findings=tuple(findings))

    def pairs(self, scope: str) -> list[str]:
        """List the pairs of a subtree that have a ledger, or were ever sealed."""
        known = set(self.views.heads(scope)) | set(self.vault.kept().notes)
        return sorted(pair for pair in known if pair.startswith(scope))

    def open_epoch(self, pair: str, *, reason: str) -> seals.Declaration:
        """Give up a pair's last checkpoint and begin a new tree, with a reason (one line) that is sealed for all to see.

        Raises: NotNeeded, NotSealed where the ledger itself does not verify, CannotSeal.
        """
        with self.vault.held() as held:
            name, kept = held.signer.key.name, held.kept
            given_up = self._given_up(held, pair)
            epoch = seals.read_origin(given_up.origin).epoch + 1
            declared = seals.Declaration(
                origin=seals.pair_origin(name, pair, epoch),
                given_up=given_up,
                at=self.clock(),
                reason=" ".join(reason.split()),
            )
            left = {key: value for key, value in kept.notes.items() if key != pair}
            alarms = {key: value for key, value in kept.alarms.items() if key != pair}
            changed = {"notes": left, "alarms": alarms, "epochs": {**kept.epochs, pair: epoch}}
            self._finish(held, kept.model_copy(update=changed), [(pair, str(declared), "")])
        log.warning("seal_epoch_opened", tenant=pair, epoch=epoch)
        return declared

    def _given_up(self, held: Held, pair: str) -> notes.Checkpoint:
        kept = held.kept
        last = self._last(kept, pair, key=held.signer.key)
        published = self.checkpoints.latest(pair)
        if last is None and pair not in kept.epochs and published is not None:
            # The seal directory is a new one: what the database says of the old is all that is left.
            grow(self.ledger, self.views, pair)
            return notes.read_checkpoint(notes.read(published.note).text)
        if last is None:
            raise NotNeeded
        try:
            grow(self.ledger, self.views, pair, last=last)
        except NotSealed:
            grow(self.ledger, self.views, pair)
            return last
        raise NotNeeded

    def _sealed(self, held: Held, pair: str) -> Outcome:
        kept, key = held.kept, held.signer.key
        before = kept.notes.get(pair, "")
        last = self._last(kept, pair, key=key)
        size = last.size if last else 0
        try:
            if last is None and pair not in kept.epochs and self.checkpoints.latest(pair) is not None:
                raise NotSealed(UNKNOWN)  # noqa: TRY301  # Told as every other refusal is.
            tree = grow(self.ledger, self.views, pair, last=last)
        except NotSealed as refused:
            log.error("seal_refused", tenant=pair, reason=str(refused))  # noqa: TRY400  # A finding, not a fault.
            return Outcome(pair=pair, size=size, note=before, alarm=str(refused))
        if tree.size == size:
            return Outcome(pair=pair, size=size, note=before)
        origin = seals.pair_origin(key.name, pair, kept.epochs.get(pair, 1))
        checkpoint = notes.Checkpoint(origin=origin, size=tree.size, root=tree.root())
        note = notes.sign(str(checkpoint), key=key, sign=held.signer.sign)
        return Outcome(pair=pair, size=tree.size, note=str(note), signed=True)

    def _last(self, kept: Kept, pair: str, *, key: notes.Key) -> notes.Checkpoint | None:
        if pair not in kept.notes:
            return None
        note = notes.read(kept.notes[pair])
        if not notes.signed_by(note, key=key, check=self.check):
            raise CannotSeal(f"封存目录中 {pair} 的检查点没有本密钥的签名，请从其备份恢复")
        return notes.read_checkpoint(note.text)

    def _finish(self, held: Held, kept: Kept, texts: Sequence[tuple[str, str, str]]) -> None:
        """Seal texts (pair, text, note) into the tree of everyone, keep all of it, and only then publish it."""
        at, everyone, key = self.clock(), kept.everyone, held.signer.key
        if everyone.size == 0 and self.checkpoints.latest(seals.ALL) is not None:
            # The seal directory is a new one: its tree of everyone is another tree and needs another name.
            everyone = Everyone(epoch=_next_epoch(self.checkpoints.latest(seals.ALL)))
        tree = merkle.Growing(size=everyone.size, peaks=[bytes.fromhex(each) for each in everyone.peaks])
        sealed = []
        for pair, text, note in texts:
            sealed.append(Sealed(number=tree.size, pair=pair, text=text, note=note, at=at))
            tree.add(seals.leaf(text))
        checkpoint = notes.Checkpoint(
            origin=seals.all_origin(key.name, everyone.epoch), size=tree.size, root=tree.root()
        )
        note = str(notes.sign(str(checkpoint), key=key, sign=held.signer.sign))
        peaks = tuple(each.hex() for each in tree.peaks)
        after = Everyone(epoch=everyone.epoch, size=tree.size, peaks=peaks, note=note, at=at)
        signed = Round(sealed=tuple(sealed), note=note, size=tree.size, at=at)
        held.keep(kept.model_copy(update={"everyone": after}), signed=signed)
        self._publish(signed)
        log.info("sealed", texts=len(sealed), size=tree.size)

    def _publish(self, signed: Round) -> None:
        origin = notes.read_checkpoint(notes.read(signed.note).text).origin
        for each in signed.sealed:
            self.checkpoints.publish_leaf(origin, each)
            if each.note:
                self.checkpoints.publish(each.pair, _published(each.note, each.at, each.number))
        self.checkpoints.publish(seals.ALL, _published(signed.note, signed.at, None))

    def _compared(self, held: Held, *, thorough: bool) -> list[str]:
        """Compare what the database serves with what was signed, and publish what it lacks. Returns: the findings."""
        everyone = held.kept.everyone
        if everyone.size == 0:
            return []
        origin = notes.read_checkpoint(notes.read(everyone.note).text).origin
        last = self.checkpoints.latest(seals.ALL)
        if not thorough and last is not None and last.note == everyone.note:
            return []
        rounds = self.vault.rounds()
        leaves = {
            each.number: (each.pair, each.text, each.at)
            for each in self.checkpoints.leaves(origin, until=everyone.size)
        }
        served = self._served({each.pair for signed in rounds for each in signed.sealed})
        wrong, lacking = list[str](), list[Round]()
        for signed in rounds:
            wanted = _wanted(signed, origin)
            found = {key: leaves.get(key) if isinstance(key, int) else served.get(key) for key in wanted}
            wrong += [
                str(key[0]) if isinstance(key, tuple) else leaves[key][0]
                for key in wanted
                if found[key] not in {None, wanted[key]}
            ]
            if None in found.values():
                lacking.append(signed)
        for signed in lacking:
            self._publish(signed)
        findings = [f"{'全体' if pair == seals.ALL else pair}：{OTHERS}" for pair in sorted(set(wrong))]
        # The last round may be missing because a crash came between signing and publishing.
        if [each for each in lacking if each is not rounds[-1]]:
            count = sum(len(each.sealed) for each in lacking)
            findings.append(LACKING.format(count=count))
        for each in findings:
            log.error("published_checkpoints_differ", finding=each)
        return findings

    def _served(self, pairs: set[str]) -> dict[Place, Content]:
        served: dict[Place, Content] = {}
        for tenant in sorted({*pairs, seals.ALL}):
            before = None
            while page := self.checkpoints.listed(tenant, before=before, limit=PAGE):
                served.update(
                    {(tenant, each.origin, each.size): (each.note, each.number, each.at) for each in page}
                )
                before = (page[-1].at, page[-1].origin, page[-1].size)
        return served


def _wanted(signed: Round, origin: str) -> dict[int | Place, Content]:
    """Tell what the database must serve of a round: leaves by number, checkpoints by tenant, origin and size."""
    wanted: dict[int | Place, Content] = {(seals.ALL, origin, signed.size): (signed.note, None, signed.at)}
    for each in signed.sealed:
        wanted[each.number] = (each.pair, each.text, each.at)
        if each.note:
            checkpoint = notes.read_checkpoint(notes.read(each.note).text)
            wanted[each.pair, checkpoint.origin, checkpoint.size] = (each.note, each.number, each.at)
    return wanted


def grow(
    ledger: ports.Facts, views: ports.Views, pair: str, *, last: notes.Checkpoint | None = None
) -> merkle.Growing:
    """Hash a pair's whole chain anew and give the tree over it, which must go on from ``last``.

    Raises: NotSealed.
    """
    end = views.heads(pair).get(pair)
    if end is None or end.position == 0:
        if last is not None:
            raise NotSealed(GONE.format(size=last.size))
        return merkle.Growing()
    tree = merkle.Growing()
    entries = _tapped(ledger.entries(pair, until=end.position), tree, last)
    verified = audit.verify(entries, tenant=pair, end=end)
    if not verified.ok:
        raise NotSealed(f"位置 {verified.bad_position}：{verified.reason}")
    if last is not None and tree.size < last.size:
        raise NotSealed(SHORTER.format(position=tree.size, size=last.size))
    if odd := views.odd_commands(pair):
        raise NotSealed(f"指令 {odd[0].command_id} 的办理记录与其事实不符")
    return tree


def _tapped(entries: Iterable[Entry], tree: merkle.Growing, last: notes.Checkpoint | None) -> Iterator[Entry]:
    for entry in entries:
        yield entry
        # Asked for the next one, the verification has found this one good.
        tree.add(merkle.leaf(entry.hash))
        if last is not None and tree.size == last.size and tree.root() != last.root:
            raise NotSealed(REWRITTEN.format(size=last.size))


def _with_alarms(kept: Kept, outcomes: Sequence[Outcome], *, at: datetime) -> Kept:
    alarms = dict(kept.alarms)
    for each in outcomes:
        known = alarms.pop(each.pair, None)
        if each.alarm:
            same = known is not None and known.reason == each.alarm
            alarms[each.pair] = known if known and same else Alarm(at=at, reason=each.alarm)
    return kept.model_copy(update={"alarms": alarms})


def _published(note: str, at: datetime, number: int | None) -> Published:
    checkpoint = notes.read_checkpoint(notes.read(note).text)
    return Published(origin=checkpoint.origin, size=checkpoint.size, note=note, number=number, at=at)


def _next_epoch(published: Published | None) -> int:
    return seals.read_origin(published.origin).epoch + 1 if published else 1

"""Given, when, then over a pair's dossier in memory: no database, no clock, the same decision as behind the doors.

``given(...)`` plays lawful acts, each through ``application.commands.decide`` and therefore authorised and versioned;
``when`` tries one more; ``then`` names the facts it leads to, ``refused`` the requirement it is refused by.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache
from itertools import takewhile
from typing import Any

import pytest

from application import commands, handlers
from application import dossier as dossiers
from application.dossier import Dossier
from domain import (
    calendar,
    corrections,
    decisions,
    delegations,
    leader_reports,
    liaison,
    meetings,
    minutes,
    pairs,
    people,
    publicity,
    refusals,
    regulation,
    topics,
)
from domain.decider import Capacity, Command, Fact, Side
from domain.meetings import AttendeeCategory, OutcomeKind
from domain.regulation import Category

GOV, UNION = Side.GOVERNMENT, Side.UNION
TODAY = date(2027, 12, 31)
HASH = "a" * 64
# Monday to Friday: where holidays matter, a test lays them over.
DAYS: calendar.Calendar = calendar.WeekdayCalendar()

COUNTY = pairs.Division(code="140830", name="芮城县", kind=pairs.DivisionKind.COUNTY, parent="140800")
CITY = pairs.Division(code="140800", name="运城市", kind=pairs.DivisionKind.CITY)
ZONE = pairs.Division(
    code="140830402",
    name="山西风陵渡经济开发区",
    kind=pairs.DivisionKind.DEVELOPMENT_ZONE,
    parent="140830",
    prefix="芮城县",
)
TOWN = pairs.Division(
    code="140830100", name="古魏镇", kind=pairs.DivisionKind.TOWN, parent="140830", prefix="芮城县"
)
STREET = pairs.Division(
    code="140802001",
    name="中城街道",
    kind=pairs.DivisionKind.SUBDISTRICT,
    parent="140802",
    prefix="盐湖区",
)
INDUSTRY = pairs.Division(
    code="140830-JT",
    name="交通运输",
    kind=pairs.DivisionKind.INDUSTRY,
    parent="140830",
    prefix="芮城县",
)
PRISON = pairs.Division(
    code="140881400", name="永济监狱", kind=pairs.DivisionKind.NOT_A_TENANT, parent="140881"
)
DIVISIONS = {each.code: each for each in (COUNTY, CITY, ZONE, TOWN, STREET, PRISON)}

UNITS = {
    "gov": ("芮城县人民政府", GOV),
    "office": ("芮城县人民政府办公室", GOV),
    "hr": ("芮城县人力资源和社会保障局", GOV),
    "fin": ("芮城县财政局", GOV),
    "ind": ("芮城县工业和信息化局", GOV),
    "union": ("芮城县总工会", UNION),
    "rights": ("芮城县总工会权益保障部", UNION),
}
# Role -> title, capacity, unit. The person's id is the role; the post's id is "post-" and the role.
POSTS = {
    "GO": ("县政府办公室综合科科员", Capacity.GOVERNMENT_OFFICE, "office"),
    "UO": ("县总工会办公室干事", Capacity.UNION_OFFICE, "union"),
    "GL": ("联系工会工作的副县长", Capacity.LIAISON_LEADER, "gov"),
    "GP": ("县长", Capacity.GOVERNMENT_PRINCIPAL, "gov"),
    "LEADER": ("常务副县长", Capacity.GOVERNMENT_LEADER, "gov"),
    "UP": ("县总工会主席", Capacity.UNION_PRINCIPAL, "union"),
    "UL": ("县总工会常务副主席", Capacity.UNION_LEADER, "union"),
    "HR": ("县人社局办公室主任", Capacity.DEPARTMENT, "hr"),
    "FIN": ("县财政局办公室主任", Capacity.DEPARTMENT, "fin"),
    "IND": ("县工信局办公室主任", Capacity.DEPARTMENT, "ind"),
    "RIGHTS": ("县总工会权益保障部部长", Capacity.DEPARTMENT, "rights"),
    "SUPG": ("县政府督查室主任", Capacity.SUPERVISOR, "office"),
    "SUPU": ("县总工会办公室主任", Capacity.SUPERVISOR, "union"),
}
# One person with a post on each side: what the rules on two persons are tried with.
BOTH = "BOTH"
BOTH_POSTS = {
    "both-go": ("县政府办公室副主任", Capacity.GOVERNMENT_OFFICE, "office"),
    "both-uo": ("县总工会兼职副主席", Capacity.UNION_OFFICE, "union"),
    "both-gl": ("联系工会工作的副县长（代理）", Capacity.LIAISON_LEADER, "gov"),
    "both-up": ("县总工会主席（代理）", Capacity.UNION_PRINCIPAL, "union"),
}
# The side and the role of the office that speaks for it.
OFFICES = {GOV: "GO", UNION: "UO"}
DEPARTMENT_OF = {unit: role for role, (_, capacity, unit) in POSTS.items() if capacity is Capacity.DEPARTMENT}


class NotExpected(AssertionError):
    """An act did not end as the test said it would."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one act led to: facts and the scene after them, or a refusal."""

    scene: "Scene"
    facts: handlers.Facts = field(default_factory=list)
    refusal: refusals.Refusal | None = None

    def then(self, *expected: type[Fact]) -> "Scene":
        """Demand exactly these facts, in order, on whatever streams. Returns: the scene after them."""
        if self.refusal is not None:
            raise NotExpected(f"{self.refusal.basis} {type(self.refusal).__name__}: {self.refusal}")
        assert [type(fact).__name__ for _, fact in self.facts] == [each.__name__ for each in expected]
        return self.scene

    def accepted(self) -> "Scene":
        """Demand that it was not refused, whatever it led to."""
        return self.then(*(type(fact) for _, fact in self.facts))

    def refused(self, requirement: str, kind: type[refusals.Refusal] | None = None) -> "Scene":
        """Demand a refusal by a requirement. Returns: the scene, unchanged."""
        if self.refusal is None:
            raise NotExpected(f"accepted: {[type(fact).__name__ for _, fact in self.facts]}")
        name = type(self.refusal).__name__
        assert (self.refusal.basis, name) == (requirement, kind.__name__ if kind else name), self.refusal
        return self.scene

    def fact(self, kind: type[Fact]) -> Any:
        """Give the only fact of a kind."""
        (found,) = (fact for _, fact in self.facts if isinstance(fact, kind))
        return found


@dataclass(frozen=True, slots=True)
class Scene:
    """A pair as the acts so far left it."""

    dossier: Dossier
    today: date = TODAY
    history: tuple[tuple[str, Fact], ...] = ()
    others: Mapping[str, Dossier] = field(default_factory=dict)
    working_days: calendar.Calendar = DAYS

    def beside(self, *others: "Scene") -> "Scene":
        """Put other pairs beside this one, as their own ledgers stand."""
        return replace(self, others={**self.others, **{each.dossier.tenant: each.dossier for each in others}})

    def division(self, code: str) -> pairs.Division | None:
        return DIVISIONS.get(code)

    def dossier_of(self, tenant: str) -> Dossier:
        return self.others.get(tenant, Dossier(tenant=tenant))

    def when(
        self, role: str, command: Command, *, subject: str = "", seen: int | None = None, fresh: bool = True
    ) -> Outcome:
        """Try an act; its sender saw the present version unless ``seen`` or ``fresh=False`` says otherwise."""
        request = self.request(role, command, subject=subject, seen=seen, fresh=fresh)
        try:
            beyond = handlers.HANDLERS[type(command)].look(command, self.dossier.tenant, self)
            facts = commands.decide(self.dossier, request, today=self.today, beyond=beyond)
        except refusals.Refusal as refusal:
            return Outcome(self, refusal=refusal)
        return Outcome(self.after(facts), facts)

    def request(
        self, role: str, command: Command, *, subject: str = "", seen: int | None = None, fresh: bool = True
    ) -> commands.Request:
        handler = handlers.HANDLERS[type(command)]
        target = subject or default_subject(handler.kind, command, self.dossier)
        version = self.dossier.version(handler.stream(target)) if fresh else 0
        return commands.Request(
            tenant=self.dossier.tenant,
            command=command,
            subject=target,
            caller=commands.Caller(person=role, administrator=role == "ADMIN", clock=role == "CLOCK"),
            key="key",
            seen=seen or version or None,
        )

    def after(self, facts: handlers.Facts) -> "Scene":
        return replace(self, dossier=dossiers.evolve(self.dossier, facts), history=(*self.history, *facts))

    def act(self, role: str, command: Command, *, subject: str = "") -> "Scene":
        """Perform a lawful act."""
        return self.when(role, command, subject=subject).accepted()

    def play(self, *steps: "Step") -> "Scene":
        scene = self
        for step in steps:
            scene = step(scene)
        return scene

    def on(self, today: date) -> "Scene":
        """Make it another day."""
        return replace(self, today=today)

    def topic(self, subject: str = "T1") -> topics.Topic:
        return self.dossier.state(f"topic:{subject}")

    def meeting(self, subject: str = "M1") -> meetings.Meeting:
        return self.dossier.state(f"meeting:{subject}")

    def minutes(self, subject: str = "M1") -> minutes.Minutes:
        return self.dossier.state(f"minutes:{subject}")

    def decision(self, subject: str = "M1-01") -> decisions.Decision:
        return self.dossier.state(f"decision:{subject}")


Step = Callable[[Scene], Scene]
DEFAULTS = {
    "topic": "T1",
    "meeting": "M1",
    "minutes": "M1",
    "decision": "M1-01",
    "publicity": "P1",
    "delegation": "D1",
    "leader_report": "R1",
    "proposal": "S1",
    "correction": "C1",
}


def default_subject(kind: str, command: Command, dossier: Dossier) -> str:
    """Give the subject that a test means when it names none."""
    names = handlers.HANDLERS[type(command)].names
    if names is not None:
        return names(command)
    if kind == "liaison":
        return str(getattr(command, "side", ""))
    return DEFAULTS.get(kind, dossier.tenant)


def day(month: int, day_of_month: int, year: int = 2025) -> date:
    """Give a date of the first year that the tests play in."""
    return date(year, month, day_of_month)


def moment(on: date, hour: int = 15, minute: int = 0) -> datetime:
    """Give a moment of a day in Shanghai."""
    return datetime(on.year, on.month, on.day, hour, minute, tzinfo=calendar.SHANGHAI)


# --- the pair and its people ---------------------------------------------------------------------------------


def blank(division: pairs.Division = COUNTY) -> Scene:
    """Begin with an empty ledger."""
    return Scene(Dossier(tenant=division.code))


def register(division: pairs.Division = COUNTY, **change: Any) -> pairs.RegisterPair:
    """Give the command that registers a pair."""
    body = {"on": day(1, 6), "division_code": division.code, "union_division_code": division.code}
    if division.kind is pairs.DivisionKind.DEVELOPMENT_ZONE:
        body["government_body"] = pairs.GovernmentBody.ADMINISTRATION
    if division.kind is pairs.DivisionKind.SUBDISTRICT:
        body["government_body"] = pairs.GovernmentBody.SUBDISTRICT_OFFICE
    if division.kind is pairs.DivisionKind.INDUSTRY:
        body |= {
            "government_body": pairs.GovernmentBody.DEPARTMENT,
            "union_body": pairs.UnionBody.INDUSTRIAL_UNION,
            "industry": "交通运输",
            "government_name": f"{division.prefix}交通运输局",
            "union_name": f"{division.prefix}交通运输产业工会",
        }
    return pairs.RegisterPair(**{**body, **change})


def registered(division: pairs.Division = COUNTY, **change: Any) -> Step:
    """Register the pair."""
    return lambda scene: scene.act("ADMIN", register(division, **change))


def staffed(scene: Scene) -> Scene:
    """Register the units and appoint everybody."""
    for unit, (name, side) in UNITS.items():
        scene = scene.act("ADMIN", people.RegisterUnit(on=day(1, 6), name=name, side=side), subject=unit)
    for role, (title, capacity, unit) in POSTS.items():
        scene = scene.act("ADMIN", appoint(role, capacity, unit, title=title), subject=f"post-{role}")
    return scene


def appoint(person: str, capacity: Capacity, unit: str, **change: Any) -> people.AppointToPost:
    """Give the command that appoints somebody; from 2024 on, unless said otherwise."""
    body = {
        "on": day(1, 6),
        "person": person,
        "title": "科员",
        "capacity": capacity,
        "unit": unit,
        "valid_from": date(2024, 1, 1),
    }
    return people.AppointToPost(**{**body, **change})


def holding(person: str, capacity: Capacity, unit: str, **change: Any) -> Step:
    """Appoint one more person, or one person to one more post."""

    def step(scene: Scene) -> Scene:
        post = f"post-{person}-{capacity.value.replace('_', '-')}"
        return scene.act("ADMIN", appoint(person, capacity, unit, **change), subject=post)

    return step


def delegate(**change: Any) -> delegations.RecordDelegation:
    """Give the command by which the leader in charge lets another leader approve for him, from 11 March on."""
    body: dict[str, Any] = {
        "on": day(3, 10),
        "from_post": "post-GL",
        "to_post": "post-LEADER",
        "matters": (delegations.Matter.TOPICS, delegations.Matter.MINUTES),
        "valid_from": day(3, 11),
        "valid_until": day(6, 30),
        "number": "芮政办函〔2025〕3号",
        "reason": "赴省委党校学习",
    }
    return delegations.RecordDelegation(**{**body, **change})


def delegated(subject: str = "D1", **change: Any) -> Step:
    """Record a delegation, by the office of its giver's side."""

    def step(scene: Scene) -> Scene:
        command = delegate(**change)
        side = scene.dossier.posts[command.from_post].side
        return scene.act(OFFICES[side], command, subject=subject)

    return step


def one_person_on_both_sides(scene: Scene) -> Scene:
    """Give BOTH an office post and a leader's post on each side."""
    for post, (title, capacity, unit) in BOTH_POSTS.items():
        scene = scene.act("ADMIN", appoint(BOTH, capacity, unit, title=title), subject=post)
    return scene


def adopted(scene: Scene) -> Scene:
    """Adopt the regime."""
    return scene.act("ADMIN", adopt(voluntary=not scene.dossier.pair.mandatory))


def adopt(*, voluntary: bool = False, **change: Any) -> pairs.AdoptRegime:
    """Give the command that adopts the regime."""
    body: dict[str, Any] = {"on": day(1, 6), "bases": ("运政办发〔2024〕7号",)}
    if voluntary:
        body |= {"office_equivalent": "党政综合办公室", "leader_equivalent": "分管工会的副主任"}
    return pairs.AdoptRegime(**{**body, **change})


def without_history(scene: Scene) -> Scene:
    """Let both sides declare that there was no meeting before."""
    for side, role in OFFICES.items():
        scene = scene.act(role, pairs.DeclareNoHistory(on=day(1, 6), side=side))
    return scene


def with_liaison(scene: Scene) -> Scene:
    """Let both sides name their section and staff."""
    for side, role in OFFICES.items():
        scene = scene.act(role, designate(side))
    return scene


def designate(side: Side, **change: Any) -> liaison.DesignateLiaison:
    """Give the command that names a section and its staff."""
    body = {"on": day(1, 6), "side": side, "section": "综合科", "posts": ("综合科科员",)}
    return liaison.DesignateLiaison(**{**body, **change})


@cache
def standard() -> Scene:
    """Give the pair that most tests start from: registered, staffed, adopted, both sides' liaison named."""
    return blank().play(registered(), staffed, adopted, without_history, with_liaison)


def given(*steps: Step) -> Scene:
    """Begin with the standard pair and play some steps."""
    return standard().play(*steps)


def given_nothing(*steps: Step, division: pairs.Division = COUNTY) -> Scene:
    """Begin with an empty ledger and play some steps."""
    return blank(division).play(*steps)


# --- a topic -------------------------------------------------------------------------------------------------


def content(category: Category = Category.C4, **change: Any) -> topics.Content:
    """Give a complete content of a category."""
    body: dict[str, Any] = {
        "title": "户外劳动者高温津贴和健康体检",
        "category": category,
        "summary": "检查高温津贴发放，组织户外劳动者体检。",
    }
    body |= {
        Category.C4: {"sub_domain": "卫生健康"},
        Category.C5: {
            "sub_domain": "新就业形态劳动者权益",
            "support": "请政府支持建设用地。",
            "union_request": "总工会来函请求",
        },
        Category.C7: {"reason": "双方认为需要共同研究。"},
    }.get(category, {})
    return topics.Content(**{**body, **change})


def research(**change: Any) -> topics.Research:
    """Give a complete research record."""
    body = {
        "form": "座谈会",
        "place": "县经济技术开发区",
        "held_on": day(2, 25),
        "people": "职工代表32人",
        "findings": "津贴发放不到位。",
        "argument": "所需经费可在现有预算内解决。",
    }
    return topics.Research(**{**body, **change})


def report(unit: str, *, on: date | None = None, **change: Any) -> topics.FileTopicReport:
    """Give the command that files a complete report."""
    body = {
        "on": on or day(4, 2),
        "unit": unit,
        "problem": "高温津贴发放不到位。",
        "basis": "防暑降温措施管理办法。",
        "measures": "开展专项检查。",
        "responsible_units": (unit,),
        "feasibility": "现有预算统筹解决。",
    }
    return topics.FileTopicReport(**{**body, **change})


RELATED = {"hr": topics.Role.LEAD, "fin": topics.Role.FUNDING, "ind": topics.Role.OTHER}
AGREE = (topics.Stance.AGREE, "")
TOPIC_LADDER = (
    topics.Status.DRAFT,
    topics.Status.SUBMITTED,
    topics.Status.CONSULTING,
    topics.Status.CONSULTED,
    topics.Status.APPROVED,
    topics.Status.JOINT_RESEARCH,
    topics.Status.RESEARCHED,
    topics.Status.REPORTED,
    topics.Status.CONSENSUS,
)


def topic(  # noqa: C901 - one rung a status.
    subject: str = "T1",
    *,
    until: topics.Status = topics.Status.CONSENSUS,
    year: int = 2025,
    of: topics.Content | None = None,
    by: str = "HR",
    related: Mapping[str, topics.Role] | None = None,
    positions: Mapping[str, tuple[topics.Stance, str]] | None = None,
    consultations: Mapping[Side, tuple[topics.Stance, str]] | None = None,
    dissent_note: str = "",
) -> Step:
    """Bring one topic lawfully to a status; REPORTED includes every position given in ``positions``."""
    units = RELATED if related is None else related
    said = dict.fromkeys(units, AGREE) if positions is None else positions
    consulted = consultations or {GOV: AGREE, UNION: AGREE}
    reporter = next(iter(units), "hr")

    def on(month: int, of_month: int) -> date:
        return day(month, of_month, year)

    def drafted(scene: Scene) -> Scene:
        record = research(held_on=on(2, 25))
        proposed = topics.ProposeTopic(on=on(3, 3), unit=POSTS[by][2], content=of or content())
        scene = scene.act(by, proposed, subject=subject)
        return scene.act(by, topics.AttachResearch(on=on(3, 4), research=record), subject=subject)

    def submitted(scene: Scene) -> Scene:
        return scene.act(by, topics.SubmitTopic(on=on(3, 6)), subject=subject)

    def consult(side: Side) -> Step:
        stance, opinion = consulted[side]
        return lambda scene: scene.act(
            OFFICES[side],
            consultation(scene.topic(subject), side, stance, opinion, on=on(3, 12)),
            subject=subject,
        )

    def approved(scene: Scene) -> Scene:
        scene = scene.act("GL", topics.ApproveTopic(on=on(3, 14), reason="统筹考虑后列入"), subject=subject)
        for unit, role in units.items():
            declared = topics.DeclareRelatedUnit(on=on(3, 17), unit=unit, role=role)
            scene = scene.act("GO", declared, subject=subject)
        return scene

    def planned(scene: Scene) -> Scene:
        return scene.act("UO", plan_research(units=tuple(units), year=year), subject=subject)

    def completed(scene: Scene) -> Scene:
        found = topics.CompleteJointResearch(on=on(3, 28), findings="津贴标准应当落实。")
        return scene.act("UO", found, subject=subject)

    def reported(scene: Scene) -> Scene:
        scene = scene.act(DEPARTMENT_OF[reporter], report(reporter, on=on(4, 2)), subject=subject)
        for unit, (stance, opinion) in said.items():
            stated = position(scene.topic(subject), unit, stance, opinion, on=on(4, 3))
            scene = scene.act(DEPARTMENT_OF[unit], stated, subject=subject)
        return scene

    def agreed(scene: Scene) -> Scene:
        for side, role in OFFICES.items():
            known = scene.topic(subject)
            scene = scene.act(
                role, confirm(known, side, on=on(4, 7), dissent_note=dissent_note), subject=subject
            )
        return scene

    rungs = (
        drafted,
        submitted,
        consult(GOV),
        consult(UNION),
        approved,
        planned,
        completed,
        reported,
        agreed,
    )
    return _climb(TOPIC_LADDER, rungs, until)


def consultation(
    known: topics.Topic,
    side: Side,
    stance: topics.Stance = topics.Stance.AGREE,
    opinion: str = "",
    *,
    on: date | None = None,
) -> topics.ConsultTopic:
    """Give one side's consultation on the content that stands."""
    return topics.ConsultTopic(
        on=on or day(3, 12), side=side, stance=stance, opinion=opinion, content_hash=known.content_hash
    )


def plan_research(*, year: int = 2025, **change: Any) -> topics.PlanJointResearch:
    """Give the command that plans the joint research."""
    body = {"on": day(3, 18, year), "lead": "union", "units": ("hr",), "starts_on": day(3, 24, year)}
    return topics.PlanJointResearch(**{**body, **change})


def position(
    known: topics.Topic,
    unit: str,
    stance: topics.Stance = topics.Stance.AGREE,
    opinion: str = "",
    *,
    on: date | None = None,
) -> topics.StatePosition:
    """Give a unit's position on the report that stands."""
    digest = known.report.report_hash if known.report else HASH
    return topics.StatePosition(
        on=on or day(4, 3), unit=unit, stance=stance, opinion=opinion, report_hash=digest
    )


def confirm(
    known: topics.Topic, side: Side, *, on: date | None = None, dissent_note: str = ""
) -> topics.ConfirmConsensus:
    """Give one side's confirmation of the report that stands."""
    digest = known.report.report_hash if known.report else HASH
    return topics.ConfirmConsensus(
        on=on or day(4, 7), side=side, report_hash=digest, dissent_note=dissent_note
    )


def _climb(ladder: Sequence[Any], rungs: Sequence[Step], until: Any) -> Step:
    # Every rung of a ladder leads to the status of the same place.
    reached = list(takewhile(lambda status: status is not until, ladder))
    if len(reached) == len(ladder):
        raise NotExpected(f"no such status on the ladder: {until}")
    return lambda scene: scene.play(*rungs[: len(reached) + 1])


# --- a meeting -----------------------------------------------------------------------------------------------


def seats(*extra: meetings.Attendee) -> tuple[meetings.Attendee, ...]:
    """Give a complete list of attendees; seat 1 is the head of government, seat 6 the union's principal."""
    heads = tuple(
        meetings.Attendee(category=AttendeeCategory.DEPARTMENT_HEAD, unit=unit, title=f"{unit}局局长")
        for unit in ("hr", "fin", "ind")
    )
    return (
        meetings.Attendee(
            category=AttendeeCategory.GOVERNMENT_LEADER, unit="gov", title="县长", post="post-GP"
        ),
        meetings.Attendee(
            category=AttendeeCategory.GOVERNMENT_OFFICE_HEAD, unit="office", title="县政府办公室主任"
        ),
        *heads,
        meetings.Attendee(
            category=AttendeeCategory.UNION_PRINCIPAL, unit="union", title="县总工会主席", post="post-UP"
        ),
        meetings.Attendee(category=AttendeeCategory.UNION_LEADER, unit="union", title="常务副主席"),
        meetings.Attendee(
            category=AttendeeCategory.UNION_DEPARTMENT_HEAD, unit="rights", title="权益保障部部长"
        ),
        *extra,
    )


CHAIR_SEAT, UNION_PRINCIPAL_SEAT = 1, 6
RECIPIENTS = ("gov", "hr", "fin", "ind", "union", "rights")
MEETING_LADDER = (
    meetings.Status.PLANNED,
    meetings.Status.ARRANGING,
    meetings.Status.AGREED,
    meetings.Status.NOTICED,
    meetings.Status.MATERIALS_FROZEN,
    meetings.Status.HELD,
    meetings.Status.SITTING_CLOSED,
)
SPECIAL_LADDER = (meetings.Status.REQUESTED, meetings.Status.PRIOR_CONSULTED, *MEETING_LADDER[1:])


def meeting(  # noqa: C901 - one rung a status.
    subject: str = "M1",
    *,
    until: meetings.Status = meetings.Status.SITTING_CLOSED,
    year: int = 2025,
    agenda: Sequence[str] = ("C1", "C2", "T1"),
    special: bool = False,
    outcomes: Mapping[str, OutcomeKind] | None = None,
    explained: Iterable[str] = (),
    opinion: str = "继续办理，年底前完成。",
    closing: Mapping[str, str] | None = None,
) -> Step:
    """Bring one meeting lawfully to a status.

    ``explained``: members of the outstanding set that are explained; ``closing``: decision -> terminated or
    superseded, resolved at C6.
    """

    def on(month: int, of_month: int) -> date:
        return day(month, of_month, year)

    def planned(scene: Scene) -> Scene:
        return scene.act("GO", meetings.PlanMeeting(on=on(1, 20), year=year), subject=subject)

    def requested(scene: Scene) -> Scene:
        return scene.act("UO", request_special(on=on(4, 7)), subject=subject)

    def consulted(scene: Scene) -> Scene:
        for side, role in OFFICES.items():
            said = meetings.RecordPriorConsultation(on=on(4, 7), side=side, text="双方同意召开。")
            scene = scene.act(role, said, subject=subject)
        return scene

    def arranging(scene: Scene) -> Scene:
        scene = scene.play(
            dated(on(4, 22), on=on(4, 8), subject=subject), chaired(on=on(4, 9), subject=subject)
        )
        scene = scene.act("GO", meetings.SetAttendees(on=on(4, 9), attendees=seats()), subject=subject)
        for item in agenda:
            if item in {"C1", "C2"}:
                role, command = brief(Category(item), on=on(4, 9))
                scene = scene.act(role, command, subject=subject)
        return scene.act("GO", arrange(on(4, 22), agenda, on=on(4, 10)), subject=subject)

    def agreed(scene: Scene) -> Scene:
        return scene.play(consented(meetings.Subject.ARRANGEMENT, on=on(4, 10), subject=subject))

    def noticed(scene: Scene) -> Scene:
        return scene.act("GO", notice(on=on(4, 14), number=f"芮政办函〔{year}〕9号"), subject=subject)

    def frozen(scene: Scene) -> Scene:
        for member in explained:
            scene = scene.act("HR", explain(member, on=on(4, 15), opinion=opinion), subject=subject)
        if "C6" in agenda:
            scene = scene.play(reported(on=on(4, 17), subject=subject))
        for item in agenda:
            scene = scene.play(material(item, on=on(4, 18), subject=subject))
        return scene.act("GO", meetings.FreezeMaterials(on=on(4, 18)), subject=subject)

    def held(scene: Scene) -> Scene:
        return scene.act("GO", hold(on(4, 22)), subject=subject)

    def closed(scene: Scene) -> Scene:
        for item in agenda:
            kind = (outcomes or {}).get(item, _usual(item))
            if closing and item == "C6":
                kind = OutcomeKind.RESOLVED
            scene = scene.act("GO", outcome(item, kind, on=on(4, 22)), subject=subject)
        for decision, way in (closing or {}).items():
            scene = scene.act("GO", close_by_meeting(decision, way, on=on(4, 22)), subject=subject)
        return scene.act(
            "GO", meetings.CloseSitting(on=on(4, 22), closed_at=moment(on(4, 22), 16, 40)), subject=subject
        )

    begun = (requested, consulted) if special else (planned,)
    return _climb(
        SPECIAL_LADDER if special else MEETING_LADDER,
        (*begun, arranging, agreed, noticed, frozen, held, closed),
        until,
    )


def _usual(item: str) -> OutcomeKind:
    return OutcomeKind.NOTED if item in {"C1", "C2", "C6", "C7"} else OutcomeKind.RESOLVED


def request_special(**change: Any) -> meetings.RequestSpecial:
    """Give the union's request for a special meeting."""
    body = {
        "on": day(4, 7),
        "side": UNION,
        "reason": meetings.SpecialReason.MATTER,
        "text": "企业集中欠薪需要共同处置。",
    }
    return meetings.RequestSpecial(**{**body, **change})


def dated(meeting_date: date, *, on: date, subject: str = "M1") -> Step:
    """Propose a date and let both sides consent."""
    return lambda scene: scene.act(
        "GO", meetings.ProposeDate(on=on, meeting_date=meeting_date), subject=subject
    ).play(consented(meetings.Subject.DATE, on=on, subject=subject))


def give(
    scene: Scene, what: meetings.Subject, side: Side, *, on: date, subject: str = "M1"
) -> meetings.GiveConsent:
    """Give one side's consent to what stands."""
    digest = scene.meeting(subject).consents(what).content_hash or HASH
    return meetings.GiveConsent(on=on, subject=what, side=side, content_hash=digest)


def consented(
    what: meetings.Subject, *, on: date, subject: str = "M1", sides: Iterable[Side] = (GOV, UNION)
) -> Step:
    """Let sides consent to what stands."""

    def step(scene: Scene) -> Scene:
        for side in sides:
            scene = scene.act(OFFICES[side], give(scene, what, side, on=on, subject=subject), subject=subject)
        return scene

    return step


def chaired(*, on: date, subject: str = "M1") -> Step:
    """Let the head of government chair."""
    return lambda scene: scene.act("GO", meetings.SetChair(on=on, post="post-GP"), subject=subject)


def brief(category: Category, *, on: date, **change: Any) -> tuple[str, meetings.AddBriefing]:
    """Give the role and the command that add a briefing of the right side."""
    side = UNION if category is Category.C2 else GOV
    body = {"on": on, "category": category, "title": "一年来的工作情况", "side": side}
    return OFFICES[side], meetings.AddBriefing(**{**body, **change})


def arrange(
    meeting_date: date, agenda: Sequence[str], *, on: date, **change: Any
) -> meetings.ProposeArrangement:
    """Give the command that proposes an arrangement."""
    body = {
        "on": on,
        "starts_at": moment(meeting_date),
        "place": "县政府三楼会议室",
        "agenda": tuple(agenda),
    }
    return meetings.ProposeArrangement(**{**body, **change})


def notice(**change: Any) -> meetings.IssueNotice:
    """Give the command that issues a complete notice."""
    body = {
        "on": day(4, 14),
        "recipients": RECIPIENTS,
        "number": "芮政办函〔2025〕9号",
        "disclosure": regulation.Disclosure.CLOSED,
    }
    return meetings.IssueNotice(**{**body, **change})


def material(item: str, *, on: date, subject: str = "M1") -> Step:
    """Let the responsible side submit the material of an item."""

    def step(scene: Scene) -> Scene:
        role, unit = submitter(scene, item)
        paper = meetings.SubmitMaterial(on=on, item=item, unit=unit, title="会议材料", sha256=HASH)
        return scene.act(role, paper, subject=subject)

    return step


def submitter(scene: Scene, item: str) -> tuple[str, str]:
    """Give the role and the unit that owe the material of an item."""
    if item == "C2":
        return "UO", "union"
    unit = scene.topic(item).unit or "office"
    return DEPARTMENT_OF.get(unit, "GO"), unit


def explain(member: str, *, on: date, opinion: str = "", **change: Any) -> meetings.ExplainUnfulfilled:
    """Give the command that explains an outstanding matter."""
    body = {"on": on, "member": member, "explanation": "图审补正，尚未完工。", "opinion": opinion}
    return meetings.ExplainUnfulfilled(**{**body, **change})


def reported(*, on: date, subject: str = "M1") -> Step:
    """Prepare the report on everything outstanding and let both sides consent."""
    return lambda scene: scene.act("GO", meetings.PrepareOutstandingReport(on=on), subject=subject).play(
        consented(meetings.Subject.OUTSTANDING_REPORT, on=on, subject=subject)
    )


def hold(held_on: date, **change: Any) -> meetings.HoldMeeting:
    """Give the command that opens a meeting with everybody present."""
    body = {"on": held_on, "opened_at": moment(held_on), "present": tuple(range(1, 9))}
    return meetings.HoldMeeting(**{**body, **change})


def irregular_record(held_on: date, **change: Any) -> meetings.IrregularRecord:
    """Give the record of a meeting that took place without a notice."""
    body = {
        "opened_at": moment(held_on, 9),
        "closed_at": moment(held_on, 11),
        "place": "县总工会会议室",
        "chair": "post-GP",
        "present": seats(),
        "agenda": (meetings.IrregularItem(item="C2", title="工会工作", side=UNION),),
        "gates": ("R-057",),
        "reason": "汛情紧急，当日电话通知。",
    }
    return meetings.IrregularRecord(**{**body, **change})


def outcome(item: str, kind: OutcomeKind, *, on: date, **change: Any) -> meetings.RecordOutcome:
    """Give the command that records what a meeting did with an item, half an hour after the opening."""
    body = {"on": on, "item": item, "outcome": kind, "text": "会议议定。", "at": moment(on, 15, 30)}
    return meetings.RecordOutcome(**{**body, **change})


def close_by_meeting(
    decision: str, way: str = "terminated", *, on: date, **change: Any
) -> meetings.CloseByMeeting:
    """Give the command by which a meeting closes an earlier decision at C6."""
    body = {"on": on, "decision": decision, "kind": way, "item": "C6", "reason": "形势变化，不再需要。"}
    return meetings.CloseByMeeting(**{**body, **change})


# --- minutes and decisions -----------------------------------------------------------------------------------

MINUTES_LADDER = (minutes.Status.DRAFTED, minutes.Status.APPROVED, minutes.Status.ISSUED)
DECISION_LADDER = (
    decisions.Status.SUPERVISED,
    decisions.Status.ACCEPTED,
    decisions.Status.IN_PROGRESS,
    decisions.Status.CLAIMED,
    decisions.Status.FULFILLED,
)
DEADLINE = (11, 28)


def clause(item: str = "T1", *, year: int = 2025, **change: Any) -> minutes.Clause:
    """Give a complete decision clause."""
    body = {
        "item": item,
        "text": "检查高温津贴发放80户",
        "category": Category.C4,
        "lead_units": ("hr",),
        "cooperating_units": ("union",),
        "deadline": day(*DEADLINE, year),
        "leader": "分管人社工作的副县长",
        "acceptance": "检查80户",
    }
    return minutes.Clause(**{**body, **change})


def draft(
    scene: Scene, *, subject: str = "M1", on: date | None = None, **change: Any
) -> minutes.DraftMinutes:
    """Give a draft that says what the meeting decided: one clause for each resolved item."""
    sat = scene.meeting(subject)
    resolved = [
        item
        for item in sat.agenda
        if (found := sat.outcomes.get(item)) is not None
        and found.outcome in meetings.RESOLVING
        and not (item == "C6" and sat.closures)
    ]
    clauses = tuple(clause(item, year=sat.year) for item in resolved)
    body = {
        "on": on or day(4, 24, sat.year),
        "body": "会议听取了汇报，认为工作扎实。",
        "clauses": clauses,
        "closures": tuple(each.decision for each in sat.closures),
        "no_decisions": not (clauses or sat.closures),
    }
    return minutes.DraftMinutes(**{**body, **change})


def review(
    scene: Scene, side: Side, *, subject: str = "M1", on: date, **change: Any
) -> minutes.ReviewMinutes:
    """Give one side's approval of the draft that stands."""
    digest = scene.minutes(subject).content_hash or HASH
    body = {"on": on, "side": side, "approve": True, "content_hash": digest}
    return minutes.ReviewMinutes(**{**body, **change})


def issue(**change: Any) -> minutes.IssueMinutes:
    """Give the command that issues minutes."""
    body = {
        "on": day(4, 29),
        "number": "芮政办纪〔2025〕4号",
        "disclosure": regulation.Disclosure.PUBLIC,
        "recipients": ("县直各有关单位",),
    }
    return minutes.IssueMinutes(**{**body, **change})


REVIEWERS = {GOV: "GP", UNION: "UP"}


def minuted(
    subject: str = "M1",
    *,
    until: minutes.Status = minutes.Status.ISSUED,
    year: int = 2025,
    clauses: tuple[minutes.Clause, ...] | None = None,
    disclosure: regulation.Disclosure = regulation.Disclosure.PUBLIC,
) -> Step:
    """Bring the minutes of a closed meeting lawfully to a status."""
    change = {} if clauses is None else {"clauses": clauses}

    def drafted(scene: Scene) -> Scene:
        return scene.act("GO", draft(scene, subject=subject, on=day(4, 24, year), **change), subject=subject)

    def approved(scene: Scene) -> Scene:
        for side, role in REVIEWERS.items():
            said = review(scene, side, subject=subject, on=day(4, 28, year))
            scene = scene.act(role, said, subject=subject)
        return scene

    def issued(scene: Scene) -> Scene:
        number = f"芮政办纪〔{year}〕4号"
        command = issue(on=day(4, 29, year), number=number, disclosure=disclosure)
        return scene.act("GO", command, subject=subject)

    return _climb(MINUTES_LADDER, (drafted, approved, issued), until)


def decided(
    subject: str = "M1-01",
    *,
    until: decisions.Status = decisions.Status.FULFILLED,
    year: int = 2025,
    plan: tuple[decisions.Milestone, ...] = (),
) -> Step:
    """Bring an established decision lawfully to a status."""

    def on(month: int, of_month: int) -> date:
        return day(month, of_month, year)

    def supervised(scene: Scene) -> Scene:
        return scene.act("GO", supervisors(on=on(5, 6)), subject=subject)

    def accepted(scene: Scene) -> Scene:
        scene = scene.act("HR", decisions.AcceptDecision(on=on(5, 8), unit="hr"), subject=subject)
        if plan:
            command = decisions.SetPlan(on=on(5, 8), unit="hr", milestones=plan)
            scene = scene.act("HR", command, subject=subject)
        return scene

    def in_progress(scene: Scene) -> Scene:
        return scene.act("HR", progress(50, on=on(5, 30)), subject=subject)

    def claimed(scene: Scene) -> Scene:
        return scene.act("HR", claim(on=on(6, 20)), subject=subject)

    def fulfilled(scene: Scene) -> Scene:
        for side, role in ((GOV, "SUPG"), (UNION, "SUPU")):
            scene = scene.act(role, decisions.VerifyFulfilled(on=on(6, 25), side=side), subject=subject)
        return scene

    return _climb(DECISION_LADDER, (supervised, accepted, in_progress, claimed, fulfilled), until)


def supervisors(**change: Any) -> decisions.AssignSupervisors:
    """Give the command that names a supervisor of each side."""
    body = {"on": day(5, 6), "government_post": "post-SUPG", "union_post": "post-SUPU"}
    return decisions.AssignSupervisors(**{**body, **change})


def progress(percent: int, *, on: date | None = None, **change: Any) -> decisions.ReportProgress:
    """Give a progress report of the lead unit."""
    body = {
        "on": on or day(5, 30),
        "unit": "hr",
        "percent": percent,
        "text": "已检查40户。",
        "evidence": "检查台账第1号",
    }
    return decisions.ReportProgress(**{**body, **change})


def claim(*, on: date | None = None, **change: Any) -> decisions.ClaimFulfilled:
    """Give the lead unit's claim that it is done."""
    body = {
        "on": on or day(6, 20),
        "unit": "hr",
        "fulfilled_on": on or day(6, 20),
        "text": "80户全部检查完毕。",
        "evidence": "验收报告",
    }
    return decisions.ClaimFulfilled(**{**body, **change})


def established(*steps: Step, year: int = 2025, **change: Any) -> Step:
    """Play a whole year up to issued minutes with one decision, M1-01, then some more steps."""

    def step(scene: Scene) -> Scene:
        clauses = (clause(year=year, **change),) if change else None
        return scene.play(topic(year=year), meeting(year=year), minuted(year=year, clauses=clauses), *steps)

    return step


def publish(**change: Any) -> publicity.RecordPublicity:
    """Give the command that records what was published about a meeting."""
    body = {
        "on": day(5, 9),
        "meeting": "M1",
        "about": publicity.About.CONTENT,
        "channel": "县政府门户网站",
        "link": "https://example.org/1",
        "text": "我县召开政府与工会联席会议。",
    }
    return publicity.RecordPublicity(**{**body, **change})


def raises_version(
    scene: Scene, role: str, command: Command, kind: type[Exception], **sent: Any
) -> Exception:
    """Demand that an act is stopped by what its sender saw (R-071)."""
    with pytest.raises(kind) as stopped:
        scene.when(role, command, **sent)
    return stopped.value


# --- pressing and reporting ------------------------------------------------------------------------------------

SUPERVISORS = {GOV: "SUPG", UNION: "SUPU"}
GRANTORS = {GOV: "GL", UNION: "UP"}


def remind(**change: Any) -> decisions.Remind:
    """Give a supervisor's reminder to the lead unit."""
    body = {"on": day(6, 2), "recipient": "hr", "text": "请说明进展。", "answer_by": day(6, 9)}
    return decisions.Remind(**{**body, **change})


def escalate(colour: decisions.SheetColour, **change: Any) -> decisions.Escalate:
    """Give a supervision sheet to the lead unit."""
    body = {
        "on": day(6, 2),
        "colour": colour,
        "recipient": "hr",
        "text": "请限期书面报告。",
        "answer_by": day(6, 9),
    }
    return decisions.Escalate(**{**body, **change})


def extend(**change: Any) -> decisions.RequestExtension:
    """Give the lead unit's request for more time."""
    body = {
        "on": day(6, 9),
        "unit": "hr",
        "new_deadline": date(2026, 3, 31),
        "reason": "图审补正，需要顺延。",
    }
    return decisions.RequestExtension(**{**body, **change})


def _pending_hash(scene: Scene, subject: str) -> str:
    pending = scene.decision(subject).pending_extension
    return pending.consents.content_hash if pending is not None else HASH


def extension_opinion(
    scene: Scene, side: Side, *, subject: str = "M1-01", **change: Any
) -> decisions.StateExtensionOpinion:
    """Give a supervisor's opinion on the request that is pending."""
    body = {
        "on": day(6, 9),
        "side": side,
        "stance": decisions.Stance.SUPPORT,
        "opinion": "情况属实，同意延期。",
        "content_hash": _pending_hash(scene, subject),
    }
    return decisions.StateExtensionOpinion(**{**body, **change})


def grant(scene: Scene, side: Side, *, subject: str = "M1-01", **change: Any) -> decisions.GrantExtension:
    """Give a leader's consent to the request that is pending."""
    body = {"on": day(6, 10), "side": side, "content_hash": _pending_hash(scene, subject)}
    return decisions.GrantExtension(**{**body, **change})


def opinions_given(*, on: date = date(2025, 6, 9), subject: str = "M1-01") -> Step:
    """Let both supervisors speak on the request that is pending."""

    def step(scene: Scene) -> Scene:
        for side, role in SUPERVISORS.items():
            said = extension_opinion(scene, side, subject=subject, on=on)
            scene = scene.act(role, said, subject=subject)
        return scene

    return step


def extension_granted(*, on: date = date(2025, 6, 11), subject: str = "M1-01") -> Step:
    """Let the supervisors speak and both leaders grant the request that is pending."""

    def step(scene: Scene) -> Scene:
        scene = scene.play(opinions_given(subject=subject, on=on))
        for side, role in GRANTORS.items():
            scene = scene.act(role, grant(scene, side, subject=subject, on=on), subject=subject)
        return scene

    return step


def tell_leaders(**change: Any) -> leader_reports.ReportToLeaders:
    """Give a report to the liaison leader and the union's principal."""
    body = {
        "on": day(5, 14),
        "recipients": ("post-GL", "post-UP"),
        "decisions": ("M1-01",),
        "text": "议定事项已签收，正在办理。",
    }
    return leader_reports.ReportToLeaders(**{**body, **change})


# --- corrections -----------------------------------------------------------------------------------------------


def correct(**change: Any) -> corrections.DraftCorrection:
    """Give the draft of a correction of one clause."""
    body = {
        "on": day(5, 12),
        "minutes": "M1",
        "subject": "第一项议定事项的户数",
        "clauses": (corrections.Rewording(decision="M1-01", text="检查高温津贴发放85户"),),
        "reason": "漏计开发区5户。",
    }
    return corrections.DraftCorrection(**{**body, **change})


def review_correction(
    scene: Scene, side: Side, *, subject: str = "C1", **change: Any
) -> corrections.ReviewCorrection:
    """Give one side's approval of the correction as it stands."""
    known: corrections.Correction = scene.dossier.state(f"correction:{subject}")
    body = {
        "on": day(5, 13),
        "side": side,
        "approve": True,
        "content_hash": known.content_hash or HASH,
    }
    return corrections.ReviewCorrection(**{**body, **change})


def issue_correction(**change: Any) -> corrections.IssueCorrection:
    """Give the command that issues a correction."""
    body = {
        "on": day(5, 14),
        "number": "芮政办函〔2025〕15号",
        "disclosure": regulation.Disclosure.PUBLIC,
    }
    return corrections.IssueCorrection(**{**body, **change})


def correction_approved(*, subject: str = "C1") -> Step:
    """Let both leaders approve the correction as it stands."""

    def step(scene: Scene) -> Scene:
        for side, role in REVIEWERS.items():
            scene = scene.act(role, review_correction(scene, side, subject=subject), subject=subject)
        return scene

    return step

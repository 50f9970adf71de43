"""How decisions are pressed, as scripts perform it: reminders, more time, and reports to the leaders."""

from collections.abc import Iterable
from datetime import date

from application.demonstration.playing import Matter, Play
from application.demonstration.procedure import SUPERVISORS
from domain import decisions, leader_reports
from domain.decider import Side

LEADERS = {Side.GOVERNMENT: "gl", Side.UNION: "up"}


def remind(play: Play, matter: Matter, *, on: date, answer_by: date, text: str) -> None:
    """Let the government's supervisor remind the lead unit."""
    reminder = decisions.Remind(on=on, recipient=play.unit(matter.lead), text=text, answer_by=answer_by)
    play.act("sup_g", reminder, subject=play.decision_ids[matter.key])


def answer(play: Play, matter: Matter, *, on: date, text: str) -> None:
    """Let the lead unit answer what it was last asked."""
    decision = play.decision_ids[matter.key]
    number = len(play.decision(decision).sheets)
    play.act(
        f"dep_{matter.lead}", decisions.AnswerReminder(on=on, number=number, text=text), subject=decision
    )


def extend(play: Play, matter: Matter, *, on: date, until: date, reason: str, opinion: str) -> None:
    """Let the lead unit ask for more time, both supervisors support it, and both leaders grant it."""
    decision = play.decision_ids[matter.key]
    asked = decisions.RequestExtension(on=on, unit=play.unit(matter.lead), new_deadline=until, reason=reason)
    play.act(f"dep_{matter.lead}", asked, subject=decision)
    pending = play.decision(decision).pending_extension
    digest = pending.consents.content_hash if pending else ""
    for side, role in SUPERVISORS.items():
        said = decisions.StateExtensionOpinion(
            on=on, side=side, stance=decisions.Stance.SUPPORT, opinion=opinion, content_hash=digest
        )
        play.act(role, said, subject=decision)
    for side, role in LEADERS.items():
        play.act(role, decisions.GrantExtension(on=on, side=side, content_hash=digest), subject=decision)


def report_to_leaders(play: Play, *, on: date, about: Iterable[str], text: str) -> None:
    """Put off the report on the decisions named to its day: to the liaison leader and the union's principal."""
    posts = tuple(play.company.posts[role] for role in LEADERS.values())
    named = tuple(play.decision_ids[key] for key in about)
    made = leader_reports.ReportToLeaders(on=on, recipients=posts, decisions=named, text=text)
    play.put_off("sup_g", made, subject="")

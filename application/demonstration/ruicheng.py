"""芮城县 2025 and 2026: the worked example, step by step, with its dates as business dates.

Where a near miss needs a state that the example itself never reaches, the way there and back is a detour, which
only a stage that wants near misses takes.
"""

from datetime import date

from application.demonstration import playing, procedure, ruicheng_followed
from application.demonstration.cast import Company, county, enter
from application.demonstration.playing import Matter, Play
from application.demonstration.ruicheng_texts import (
    CHANNELS,
    D1,
    D2,
    D3,
    D3_CHANGED,
    D3_FIRST_WORDING,
    D4,
    D5,
    FIRST_BODY,
    SECOND_BODY,
    T1,
    T2,
    T2_REVISED,
    T3,
    T4,
)
from application.stage import Stage
from domain import meetings, minutes, regulation, topics, years
from domain.decider import Side

BUREAUS = ("gongxin", "renshe", "weijian", "chengguan", "caizheng", "jiaotong", "ziran")
# What a meeting of 2024 had asked of this bureau was still open at the first one.
OLD = "zhujian"
CAST = county("140830", "芮城县", prefix="芮", bureaus=(*BUREAUS, OLD), heads=("jiaotong", OLD))
PLACE = "县政府三楼会议室"
FIRST_TOPICS = {"T1": T1, "T2": T2, "T3": T3}
FOURTH_OPINION = "继续办理，2026年6月30日前建成。"


def play(stage: Stage, until: date) -> None:
    """Play the example up to a day; acts dated later are left out."""
    first_day = date(2025, 1, 6)
    if first_day > until:
        return
    company: Company = enter(stage, CAST, on=first_day)
    playing.run(playing.Play(stage=stage, company=company, until=until), _script)


def _script(play: Play) -> None:
    procedure.found(play, on=date(2025, 1, 6), sections=("综合科", "办公室"))
    ruicheng_followed.take_over(play, on=date(2025, 1, 10))
    _enter_the_year(play, date(2025, 2, 18), plan="芮政发〔2025〕2号", assessment="运工发〔2025〕5号")
    meeting = procedure.plan_meeting(play, year=2025, on=date(2025, 2, 18))
    _choose_topics(play)
    _reach_consensus(play)
    _prepare_first(play, meeting)
    _hold_first(play, meeting)
    _issue_first(play, meeting)
    ruicheng_followed.follow_first(play, meeting)
    ruicheng_followed.between(play, meeting)
    _enter_the_year(play, date(2026, 2, 10), plan="芮政发〔2026〕3号", assessment="运工发〔2026〕4号")
    later = procedure.plan_meeting(play, year=2026, on=date(2026, 2, 10))
    _choose_last_topic(play)
    _prepare_second(play, later)
    _hold_second(play, later)


def _enter_the_year(play: Play, day: date, *, plan: str, assessment: str) -> None:
    # The scheme itself is the city's; the county notes that it is assessed by it.
    year = str(day.year)
    planned = years.RecordPlanInclusion(on=day, number=plan, title=f"芮城县人民政府{year}年重点工作安排")
    play.act("go", planned, subject=year)
    assessed = years.RecordAssessmentInclusion(
        on=day,
        number=assessment,
        title=f"{year}年度县（市、区）总工会工作考核方案",
        upper_union="运城市总工会",
    )
    play.act("uo", assessed, subject=year)


def _choose_topics(play: Play) -> None:
    day = date(2025, 3, 6)
    for proposal in FIRST_TOPICS.values():
        topic = procedure.draft(play, proposal, on=day)
        if proposal is T1:
            play.near_miss(1, "dep_jingji", topics.SubmitTopic(on=day), subject=topic, requirement="R-039")
        procedure.submit(play, proposal, on=day)
    day = date(2025, 3, 12)
    second = play.topic_ids["T2"]
    instead = topics.ConsultTopic(
        on=day,
        side=Side.GOVERNMENT,
        stance=topics.Stance.AGREE,
        content_hash=play.topic(second).content_hash,
    )
    play.near_miss(2, "dep_renshe", instead, subject=second, requirement="R-041")
    for key in FIRST_TOPICS:
        procedure.consult(play, key, on=day)
    for key in ("T1", "T3"):
        procedure.approve(play, key, on=date(2025, 3, 14))
    returned = topics.ReturnTopic(
        on=date(2025, 3, 14), reason="补充体检和津贴检查的经费测算，明确资金渠道后再报。"
    )
    play.act("gl", returned, subject=second)
    day = date(2025, 3, 17)
    play.act("dep_renshe", topics.ReviseTopic(on=day, content=T2_REVISED), subject=second)
    play.act("dep_renshe", topics.SubmitTopic(on=day), subject=second)
    play.near_miss(3, "gl", topics.ApproveTopic(on=date(2025, 3, 19)), subject=second, requirement="R-042")
    procedure.consult(play, "T2", on=date(2025, 3, 18))
    procedure.approve(play, "T2", on=date(2025, 3, 19))


def _reach_consensus(play: Play) -> None:
    for proposal in FIRST_TOPICS.values():
        procedure.declare(play, proposal, on=date(2025, 3, 20))
    day = date(2025, 3, 24)
    led_by_bureau = topics.PlanJointResearch(
        on=day, lead=play.unit("renshe"), units=play.units(T2.related), starts_on=day
    )
    play.near_miss(4, "dep_renshe", led_by_bureau, subject=play.topic_ids["T2"], requirement="R-045")
    for proposal in FIRST_TOPICS.values():
        procedure.joint_research(play, proposal, on=day)
    for proposal in FIRST_TOPICS.values():
        procedure.complete_research(play, proposal, on=date(2025, 3, 28))
    for proposal in FIRST_TOPICS.values():
        procedure.file_report(play, proposal, on=date(2025, 4, 2))
    if play.stage.detour(5):
        _refused_funding(play)
    for proposal in FIRST_TOPICS.values():
        procedure.state_positions(play, proposal, on=date(2025, 4, 3))
    for key in FIRST_TOPICS:
        procedure.confirm(play, key, on=date(2025, 4, 7))


def _refused_funding(play: Play) -> None:
    # The finance bureau objects first; that it comes round is recorded like any other position.
    day = date(2025, 4, 3)
    for unit in T2.related:
        stance, opinion = topics.Stance.AGREE, ""
        if unit == "caizheng":
            stance, opinion = topics.Stance.DISAGREE, "年初预算未安排此项支出，不同意新增。"
        procedure.state_position(play, "T2", unit, on=day, stance=stance, opinion=opinion)
    play.near_miss(
        5,
        "go",
        procedure.confirm_command(play, "T2", Side.GOVERNMENT, on=date(2025, 4, 7)),
        subject=play.topic_ids["T2"],
        requirement="R-048",
    )


def _prepare_first(play: Play, meeting: str) -> None:
    day, held_on = date(2025, 4, 10), date(2025, 4, 22)
    attendees = play.company.seats(
        leaders=("gp", "gl"), bureaus=(*BUREAUS, OLD), sections=("jingji", "quanyi")
    )
    procedure.invite(play, meeting, on=day, held_on=held_on, chair="gp", attendees=attendees)
    agenda = ("C1", "C2", "C6", *play.topic_ids.values())
    _arrange(play, meeting, on=day, held_on=held_on, place=PLACE, agenda=agenda)
    arrangement = meetings.Subject.ARRANGEMENT
    consent = procedure.consent_command
    play.act("go", consent(play, meeting, arrangement, Side.GOVERNMENT, on=day), subject=meeting)
    for_the_union = consent(play, meeting, arrangement, Side.UNION, on=day)
    play.near_miss(6, "go", for_the_union, subject=meeting, requirement="R-055")
    play.act("uo", for_the_union, subject=meeting)
    procedure.share_tasks(play, meeting, on=day, due=date(2025, 4, 18))
    day = date(2025, 4, 14)
    notice = procedure.notice_command(play, meeting, on=day, number="芮政办函〔2025〕9号")
    if play.stage.detour(7):
        _arrange(play, meeting, on=day, held_on=held_on, place="县政府五楼会议室", agenda=agenda)
        play.near_miss(7, "go", notice, subject=meeting, requirement="R-057")
        _arrange(play, meeting, on=day, held_on=held_on, place=PLACE, agenda=agenda)
        procedure.agree(play, meeting, arrangement, on=day)
    play.act("go", notice, subject=meeting)
    ruicheng_followed.explain_old(play, meeting, on=date(2025, 4, 15))
    day, why = date(2025, 4, 16), "局长赴市参加财政工作会议。"
    procedure.acknowledge(play, meeting, on=day)
    procedure.send_deputy(play, meeting, "caizheng", on=day, substitute="县财政局副局长", reason=why)
    procedure.report_outstanding(play, meeting, on=date(2025, 4, 17))
    procedure.submit_materials(play, meeting, FIRST_TOPICS.values(), on=date(2025, 4, 18))


def _arrange(
    play: Play, meeting: str, *, on: date, held_on: date, place: str, agenda: tuple[str, ...]
) -> None:
    starts_at = procedure.moment(held_on, "15:00")
    procedure.arrange(play, meeting, on=on, starts_at=starts_at, place=place, agenda=agenda)


def _hold_first(play: Play, meeting: str) -> None:
    day = date(2025, 4, 22)
    play.act("go", procedure.hold_command(play, meeting, at=procedure.moment(day, "15:00")), subject=meeting)
    substitutes = {seat: f"{who}代为出席" for seat, who in play.meeting(meeting).substitutions.items()}
    procedure.attend(play, meeting, on=day, substitutes=substitutes)
    kind = meetings.OutcomeKind
    outcomes = {
        "C1": (kind.NOTED, "会议听取了通报。"),
        "C2": (kind.NOTED, "会议听取了通报。"),
        "C6": (kind.NOTED, "会议听取了工人文化宫消防改造落实情况的通报，要求按期完工。"),
        play.topic_ids["T1"]: (kind.RESOLVED, "同意按建议报告办理。"),
        play.topic_ids["T2"]: (kind.RESOLVED_AMENDED, "健康体检由1000人调整为1200人，其余同意。"),
        play.topic_ids["T3"]: (kind.RESOLVED, "同意按建议报告办理。"),
    }
    at = [procedure.moment(day, clock) for clock in ("15:12", "15:24", "15:28", "15:50", "16:12", "16:35")]
    procedure.conclude(play, meeting, outcomes=outcomes, at=at, closed_at=procedure.moment(day, "16:40"))


def _draft_command(play: Play, *, on: date, body: str, matters: tuple[Matter, ...]) -> minutes.DraftMinutes:
    proposals = {**FIRST_TOPICS, "T4": T4}
    clauses = tuple(procedure.clause(play, matter, proposals) for matter in matters)
    return minutes.DraftMinutes(on=on, body=body, clauses=clauses)


def _issue_first(play: Play, meeting: str) -> None:
    matters = (D1, D2, D3, D4)
    incomplete = (D1, D2, D3_FIRST_WORDING, D4)
    draft = _draft_command(play, on=date(2025, 4, 24), body=FIRST_BODY, matters=incomplete)
    play.act("go", draft, subject=meeting)
    reason = "健康体检应按会议议定写明1200人。"
    procedure.review(play, meeting, Side.UNION, "up", on=date(2025, 4, 25), returned=reason)
    day = date(2025, 4, 28)
    without_fourth = _draft_command(play, on=day, body=FIRST_BODY, matters=(D1, D2, D3))
    play.near_miss(9, "go", without_fourth, subject=meeting, requirement="R-065")
    draft = _draft_command(play, on=day, body=FIRST_BODY, matters=matters)
    play.act("go", draft, subject=meeting)
    procedure.review_both(play, meeting, chair="gp", on=day)
    day = date(2025, 4, 29)
    public = regulation.Disclosure.PUBLIC
    issue = procedure.issue_command(play, meeting, on=day, number="芮政办纪〔2025〕4号", disclosure=public)
    if play.stage.detour(8):
        changed = _draft_command(play, on=day, body=FIRST_BODY, matters=(D1, D2, D3_CHANGED, D4))
        play.act("go", changed, subject=meeting)
        play.near_miss(8, "go", issue, subject=meeting, requirement="R-067")
        play.act("go", draft.model_copy(update={"on": day}), subject=meeting)
        procedure.review_both(play, meeting, chair="gp", on=day)
    play.act("go", issue, subject=meeting)
    procedure.remember(play, meeting, matters)


def _choose_last_topic(play: Play) -> None:
    procedure.draft(play, T4, on=date(2026, 3, 3))
    procedure.submit(play, T4, on=date(2026, 3, 3))
    procedure.consult(play, "T4", on=date(2026, 3, 6))
    procedure.approve(play, "T4", on=date(2026, 3, 9))
    procedure.declare(play, T4, on=date(2026, 3, 11))
    procedure.joint_research(play, T4, on=date(2026, 3, 12))
    procedure.complete_research(play, T4, on=date(2026, 3, 18))
    procedure.file_report(play, T4, on=date(2026, 3, 24))
    procedure.state_positions(play, T4, on=date(2026, 3, 26))
    procedure.confirm(play, "T4", on=date(2026, 3, 30))


def _prepare_second(play: Play, meeting: str) -> None:
    day, held_on = date(2026, 4, 1), date(2026, 4, 21)
    attendees = play.company.seats(leaders=("leader", "gl"), bureaus=BUREAUS, sections=("jingji",))
    reason = "县长赴省参加会议，委托常务副县长主持。"
    procedure.invite(
        play, meeting, on=day, held_on=held_on, chair="leader", attendees=attendees, reason=reason
    )
    agenda = ("C1", "C2", "C6", play.topic_ids["T4"])
    _arrange(play, meeting, on=day, held_on=held_on, place=PLACE, agenda=agenda)
    procedure.agree(play, meeting, meetings.Subject.ARRANGEMENT, on=day)
    procedure.share_tasks(play, meeting, on=day, due=date(2026, 4, 16))
    notice = procedure.notice_command(play, meeting, on=date(2026, 4, 8), number="芮政办函〔2026〕7号")
    play.act("go", notice, subject=meeting)
    procedure.acknowledge(play, meeting, on=date(2026, 4, 10))
    without_opinion = play.stage.detour(12)
    explained = _explanation(play, on=date(2026, 4, 14), opinion="" if without_opinion else FOURTH_OPINION)
    play.act("head_jiaotong", explained, subject=meeting)
    procedure.report_outstanding(play, meeting, on=date(2026, 4, 15))
    procedure.submit_materials(play, meeting, (T4,), on=date(2026, 4, 16))
    if without_opinion:
        day = date(2026, 4, 21)
        opening = procedure.hold_command(play, meeting, at=procedure.moment(day, "15:00"))
        play.near_miss(12, "go", opening, subject=meeting, requirement="R-027")
        complete = _explanation(play, on=day, opinion=FOURTH_OPINION)
        play.act("head_jiaotong", complete, subject=meeting)
        procedure.report_outstanding(play, meeting, on=day)


def _explanation(play: Play, *, on: date, opinion: str) -> meetings.ExplainUnfulfilled:
    return meetings.ExplainUnfulfilled(
        on=on,
        member=play.decision_ids["D4"],
        explanation="第一处驿站已投入使用；第二处因建设用地未批，未能按期开工。",
        opinion=opinion,
    )


def _hold_second(play: Play, meeting: str) -> None:
    day = date(2026, 4, 21)
    play.act("go", procedure.hold_command(play, meeting, at=procedure.moment(day, "15:00")), subject=meeting)
    procedure.attend(play, meeting, on=day)
    kind = meetings.OutcomeKind
    outcomes = {
        "C1": (kind.NOTED, "会议听取了通报。"),
        "C2": (kind.NOTED, "会议听取了通报。"),
        "C6": (kind.NOTED, "会议听取了落实情况通报，第4项继续办理。"),
        play.topic_ids["T4"]: (kind.RESOLVED, "同意按建议报告办理。"),
    }
    at = [procedure.moment(day, clock) for clock in ("15:10", "15:20", "15:45", "16:10")]
    procedure.conclude(play, meeting, outcomes=outcomes, at=at, closed_at=procedure.moment(day, "16:15"))
    ruicheng_followed.extend_fourth(play, on=date(2026, 4, 24))
    draft = _draft_command(play, on=date(2026, 4, 24), body=SECOND_BODY, matters=(D5,))
    play.act("go", draft, subject=meeting)
    procedure.review_both(play, meeting, chair="leader", on=date(2026, 4, 28))
    day, public = date(2026, 4, 29), regulation.Disclosure.PUBLIC
    issue = procedure.issue_command(play, meeting, on=day, number="芮政办纪〔2026〕5号", disclosure=public)
    play.act("go", issue, subject=meeting)
    procedure.remember(play, meeting, (D5,))
    procedure.supervise(play, D5, on=date(2026, 5, 7))
    procedure.accept(play, D5, on=date(2026, 5, 7))
    ruicheng_followed.report_second(play)
    text = "县政府与县总工会召开联席会议，研究光伏、医药职工技能提升工作，通报上次会议议定事项落实情况。"
    for channel, link in CHANNELS.items():
        procedure.publish(
            play, meeting, on=date(2026, 5, 12), channel=channel, link=f"{link}20260512", text=text
        )

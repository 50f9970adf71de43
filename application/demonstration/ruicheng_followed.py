"""芮城县: what was taken over from paper, and what became of the decisions between and after the meetings."""

from datetime import date

from application.demonstration import pressing, procedure
from application.demonstration.playing import Play
from application.demonstration.ruicheng_texts import (
    CHANNELS,
    D1,
    D2,
    D3,
    D4,
    FIRST_REPORTS,
    L1,
    SECOND_REPORTS,
    paper_decision,
    paper_meeting,
    paper_source,
)
from domain import decisions, legacy, meetings
from domain.decider import Side


def take_over(play: Play, *, on: date) -> None:
    """Import the meeting of 2024 with what it left open; both sides declare that there was no other one."""
    old = paper_decision(lead=play.unit(L1.lead))
    batch = legacy.ImportHistory(on=on, source=paper_source(), meetings=(paper_meeting(),), decisions=(old,))
    play.act("go", batch)
    play.decision_ids[L1.key] = legacy.decision_id(old)
    procedure.declare_history(play, on=on)


def explain_old(play: Play, meeting: str, *, on: date) -> None:
    """Let the lead unit's head explain to the meeting what paper had left open."""
    explained = meetings.ExplainUnfulfilled(
        on=on,
        member=play.decision_ids[L1.key],
        explanation="图审补正，尚未开工。",
        opinion="按期完工。",
    )
    play.act(f"head_{L1.lead}", explained, subject=meeting)


def follow_first(play: Play, meeting: str) -> None:
    """Press what the first meeting decided, and what paper had left open, until all of it is verified."""
    matters = (L1, D1, D2, D3, D4)
    for matter in matters:
        procedure.supervise(play, matter, on=date(2025, 5, 6))
    for matter in matters:
        procedure.accept(play, matter, on=date(2025, 5, 8))
        procedure.fulfil(play, matter, between=_verify_for_both if matter is D2 else None)
    for day, about, told in FIRST_REPORTS:
        pressing.report_to_leaders(play, on=day, about=about, text=told)
    text = "县政府与县总工会召开联席会议，研究劳动和技能竞赛、户外劳动者权益保障和“司机之家”工会驿站建设。"
    for channel, link in CHANNELS.items():
        day = date(2025, 5, 9)
        procedure.publish(play, meeting, on=day, channel=channel, link=f"{link}20250509", text=text)


def _verify_for_both(play: Play) -> None:
    # Between the union's verification and the government's, the union's supervisor tries to give both.
    alone = decisions.VerifyFulfilled(
        on=date(2025, 9, 2), side=Side.GOVERNMENT, opinion="代政府方核验，同意办结。"
    )
    play.near_miss(10, "sup_u", alone, subject=play.decision_ids["D2"], requirement="R-077")


def between(play: Play, meeting: str) -> None:
    """Press the one decision that is late, and publish what came of two others."""
    asked, answered, day = date(2026, 1, 5), date(2026, 1, 9), date(2026, 1, 12)
    reminder = "第二处驿站已过完成时限，请说明原因和下一步安排。"
    pressing.remind(play, D4, on=asked, answer_by=answered, text=reminder)
    pressing.answer(play, D4, on=answered, text="第二处用地未批，正会同县自然资源局办理用地手续。")
    closing = meetings.CloseByMeeting(
        on=day,
        decision=play.decision_ids["D4"],
        kind="terminated",
        reason="第二处用地未批，双方督办人商定终止。",
    )
    for role in ("sup_g", "sup_u"):
        play.near_miss(11, role, closing, subject=meeting, requirement="R-078")
    procedure.publish(
        play,
        meeting,
        on=day,
        channel="县融媒体中心",
        link="融媒体稿件20260112",
        text="联席会议议定事项见成效：80户用人单位高温津贴检查全部完成，1206名户外劳动者参加健康体检。",
        about=("D2", "D3"),
    )


def extend_fourth(play: Play, *, on: date) -> None:
    """Give the late decision until the day that the second meeting was told of; its first deadline stays known."""
    pressing.extend(
        play,
        D4,
        on=on,
        until=date(2026, 6, 30),
        reason="第二处驿站建设用地刚获批准，按施工工期需延至2026年6月30日。",
        opinion="同意延期，按月调度，确保6月底前建成。",
    )


def report_second(play: Play) -> None:
    """Put off the reports on what the second meeting decided or left open."""
    for day, about, told in SECOND_REPORTS:
        pressing.report_to_leaders(play, on=day, about=about, text=told)

"""Minutes; they carry the id of their meeting."""

from datetime import date
from typing import Any

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse
from pydantic import Field

from api.auth import Who
from api.desk import Desk
from api.limits import PairId
from api.moments import Then
from api.problems import ApiError
from api.routes import standards
from api.routes.acts import SubjectId, acts
from api.routes.reads import READ_ERRORS, Dress, found, read
from application import minutes_text, ports
from application.views.rows import MinutesRow
from domain import lights, minutes, refusals
from domain.queries import Matter

router = APIRouter(tags=["会议纪要"])

acts(
    router,
    ("/minutes/{id}/drafts", minutes.DraftMinutes, "拟写会议纪要"),
    ("/minutes/{id}/reviews", minutes.ReviewMinutes, "审定会议纪要"),
    ("/minutes/{id}/issue", minutes.IssueMinutes, "印发会议纪要"),
)


class LitMinutes(MinutesRow):
    """会议纪要和当日的印发时限灯。"""

    light: lights.Light | None = Field(default=None, title="印发时限灯")


def lit(the_desk: Desk, pair: str) -> Dress:
    """Add today's light of the minutes, by the pair's own rules; it is never stored (A10)."""
    judged = standards.in_force(the_desk, pair)

    def dress(row: ports.Row) -> dict[str, Any]:
        held_on, issued_on = row.body.get("held_on"), row.body.get("issued_on")
        if not isinstance(held_on, str):
            return {**row.body, "light": None}
        light = light_of(judged, held_on=held_on, issued_on=issued_on)
        return {**row.body, "light": light.model_dump(mode="json")}

    return dress


def light_of(judged: standards.InForce, *, held_on: str, issued_on: object) -> lights.Light:
    """Compute today's light of the minutes of a meeting, from the dates of its row (A10)."""
    return lights.minutes_light(
        held_on=date.fromisoformat(held_on),
        issued_on=date.fromisoformat(issued_on) if isinstance(issued_on, str) else None,
        on=judged.on,
        days=judged.days,
        parameters=judged.parameters,
    )


read(
    router,
    "minutes",
    label="会议纪要",
    matter=Matter.MINUTES,
    filters=("status",),
    model=LitMinutes,
    dressing=lit,
)


@router.get(
    "/pairs/{pair}/minutes/{id}/text",
    summary="查看会议纪要全文",
    response_class=PlainTextResponse,
    responses=READ_ERRORS,
    operation_id="get_minutes_text",
)
def text(pair: PairId, id: SubjectId, the_desk: Then, who: Who) -> PlainTextResponse:
    """由台账生成的纪要文字稿：时间、主持、出席、会议议定；没有议定事项的写明“无议定事项”。"""
    found(the_desk, who, pair, "minutes", id, matter=Matter.MINUTES)
    try:
        return PlainTextResponse(minutes_text.text(the_desk.dossier(pair), id))
    except refusals.NotFound as missing:
        raise ApiError(404, "not-found", "不存在，或无权知悉。") from missing

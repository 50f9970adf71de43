"""Decisions: supervised, accepted, carried out, claimed and verified; shown with today's light."""

from typing import Any

from fastapi import APIRouter
from pydantic import Field

from api.auth import Matter
from api.desk import Desk
from api.routes.acts import acts
from api.routes.reads import read
from application import ports
from application.views.rows import DecisionRow
from domain import decisions, lights

router = APIRouter(tags=["议定事项"])

acts(
    router,
    ("/decisions/{id}/supervisors", decisions.AssignSupervisors, "明确督办人"),
    ("/decisions/{id}/acceptance", decisions.AcceptDecision, "签收议定事项"),
    ("/decisions/{id}/plan", decisions.SetPlan, "制定落实计划"),
    ("/decisions/{id}/progress", decisions.ReportProgress, "汇报进展"),
    ("/decisions/{id}/claims", decisions.ClaimFulfilled, "申请办结"),
    ("/decisions/{id}/verifications", decisions.VerifyFulfilled, "核验通过"),
    ("/decisions/{id}/returns", decisions.ReturnClaim, "核验退回"),
)


class LitDecision(DecisionRow):
    """议定事项和当日的状态灯。"""

    light: lights.Light = Field(title="状态灯")


def lit(the_desk: Desk, row: ports.Row) -> dict[str, Any]:
    """Add today's light, which is never stored (R-081)."""
    known = {name: row.body[name] for name in decisions.Decision.model_fields}
    shown = lights.light(
        decisions.Decision.model_validate(known), on=the_desk.today(), days=the_desk.calendar
    )
    return {**row.body, "light": shown.model_dump(mode="json")}


read(
    router,
    "decision",
    label="议定事项",
    matter=Matter.BUSINESS,
    filters=("status",),
    model=LitDecision,
    dress=lit,
)

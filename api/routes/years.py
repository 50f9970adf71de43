"""A pair's years: plan, assessment, the leaders' agenda."""

from fastapi import APIRouter

from api.routes.acts import acts
from api.routes.reads import read
from domain import years
from domain.queries import Matter

router = APIRouter(tags=["年度"])

acts(
    router,
    ("/years/{id}/plan", years.RecordPlanInclusion, "纳入政府年度重点工作计划"),
    ("/years/{id}/assessment", years.RecordAssessmentInclusion, "纳入工会工作考核"),
    ("/years/{id}/discussions", years.RecordLeadershipDiscussion, "摆上重要议事日程"),
    ("/years/{id}/score", years.ReceiveScore, "收到考核评分"),
    ("/years/{id}/closing", years.CloseYear, "认定全年未召开会议"),
)
read(router, "year", label="年度", matter=Matter.BUSINESS)

"""Schemes and scores of an upper union."""

from fastapi import APIRouter

from api.routes.acts import acts
from api.routes.reads import read
from domain import schemes, scores
from domain.queries import Matter

router = APIRouter(tags=["考核"])

acts(
    router,
    ("/schemes/{id}", schemes.FixScheme, "考核方案定版"),
    ("/scores/{id}", scores.ScoreAssessment, "考核评分"),
)
read(router, "scheme", label="考核方案", matter=Matter.BUSINESS)
read(router, "score", label="考核评分", matter=Matter.BUSINESS)

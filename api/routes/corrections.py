"""Corrections of issued minutes: documents of their own."""

from fastapi import APIRouter

from api.routes.acts import acts
from api.routes.reads import read
from domain import corrections
from domain.queries import Matter

router = APIRouter(tags=["纪要更正"])

acts(
    router,
    ("/corrections", corrections.DraftCorrection, "拟写纪要更正"),
    ("/corrections/{id}/drafts", corrections.ReviseCorrection, "修改更正稿"),
    ("/corrections/{id}/reviews", corrections.ReviewCorrection, "审定更正"),
    ("/corrections/{id}/issue", corrections.IssueCorrection, "印发更正"),
)
read(router, "correction", label="纪要更正", matter=Matter.MINUTES, filters=("status",))

"""Minutes; they carry the id of their meeting."""

from fastapi import APIRouter

from api.auth import Matter
from api.routes.acts import acts
from api.routes.reads import read
from domain import minutes

router = APIRouter(tags=["会议纪要"])

acts(
    router,
    ("/minutes/{id}/drafts", minutes.DraftMinutes, "拟写会议纪要"),
    ("/minutes/{id}/reviews", minutes.ReviewMinutes, "审定会议纪要"),
    ("/minutes/{id}/issue", minutes.IssueMinutes, "印发会议纪要"),
)
read(router, "minutes", label="会议纪要", matter=Matter.BUSINESS, filters=("status",))

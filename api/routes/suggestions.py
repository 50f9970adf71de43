"""Proposals between meetings: recorded, answered, taken up into a topic."""

from fastapi import APIRouter

from api.routes.acts import acts
from api.routes.reads import read
from domain import suggestions
from domain.queries import Matter

router = APIRouter(tags=["主张建议"])

acts(
    router,
    ("/proposals", suggestions.RecordProposal, "提出主张建议"),
    ("/proposals/{id}/answers", suggestions.AnswerProposal, "答复主张建议"),
    ("/proposals/{id}/topic", suggestions.TakeUpProposal, "主张建议列为议题"),
)
read(router, "proposal", label="主张建议", matter=Matter.PROPOSALS, filters=("status",))

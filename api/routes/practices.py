"""Supporting rules and practices of a pair."""

from fastapi import APIRouter

from api.routes.acts import acts
from api.routes.reads import read
from domain import practices, supporting_rules
from domain.queries import Matter

router = APIRouter(tags=["制度建设"])

acts(
    router,
    ("/supporting-rules", supporting_rules.RegisterSupportingRule, "登记配套制度"),
    ("/supporting-rules/{id}/repeal", supporting_rules.RepealSupportingRule, "废止配套制度"),
    ("/practices", practices.RecordPractice, "登记创新做法"),
)
read(router, "supporting_rule", label="配套制度", matter=Matter.BUSINESS)
read(router, "practice", label="创新做法", matter=Matter.BUSINESS)

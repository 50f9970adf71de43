"""Import of paper history: the batches, and the command itself as JSON."""

from fastapi import APIRouter

from api.auth import Matter
from api.routes.acts import acts
from api.routes.reads import read
from domain import legacy

router = APIRouter(tags=["历史资料补录"])

acts(router, ("/imports/records", legacy.ImportHistory, "补录历史资料（JSON）"))
read(router, "legacy", label="补录批次", matter=Matter.BUSINESS)

"""Publicity."""

from fastapi import APIRouter

from api.routes.acts import acts
from api.routes.reads import read
from domain import publicity
from domain.queries import Matter

router = APIRouter(tags=["宣传报道"])

acts(router, ("/publicity", publicity.RecordPublicity, "登记宣传报道"))
read(router, "publicity", label="宣传报道", matter=Matter.BUSINESS)

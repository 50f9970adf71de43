"""Units, posts and liaison of a pair."""

from fastapi import APIRouter

from api.auth import Matter
from api.routes.acts import acts
from api.routes.reads import read
from domain import liaison, people

router = APIRouter(tags=["单位和人员"])

acts(
    router,
    ("/units", people.RegisterUnit, "登记单位"),
    ("/posts", people.AppointToPost, "登记任职"),
    ("/posts/{id}/end", people.EndPost, "登记任职结束"),
    ("/liaison", liaison.DesignateLiaison, "明确联络科室和人员"),
)
read(router, "unit", label="单位", matter=Matter.REGISTER)
read(router, "post", label="任职", matter=Matter.REGISTER)
read(router, "liaison", label="联络科室和人员", matter=Matter.REGISTER)

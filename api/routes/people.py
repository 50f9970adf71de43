"""Units, posts and liaison of a pair."""

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from api.auth import Who, may_read
from api.limits import PairId
from api.moments import Then
from api.routes.acts import acts
from api.routes.reads import PAGE, READ_ERRORS, read
from application.views.rows import PostRow
from domain import delegations, liaison, people
from domain.queries import Matter


class MyPosts(BaseModel):
    """本人的任职。"""

    person: str = Field(title="人员编号")
    posts: list[PostRow] = Field(title="任职")


router = APIRouter(tags=["单位和人员"])

acts(
    router,
    ("/units", people.RegisterUnit, "登记单位"),
    ("/units/{id}/name", people.RenameUnit, "登记单位更名"),
    ("/posts", people.AppointToPost, "登记任职"),
    ("/posts/{id}/end", people.EndPost, "登记任职结束"),
    ("/delegations", delegations.RecordDelegation, "登记委托"),
    ("/delegations/{id}/end", delegations.RevokeDelegation, "撤销委托"),
    ("/liaison", liaison.DesignateLiaison, "明确联络科室和人员"),
    ("/liaison/handovers", liaison.ReplaceLiaison, "登记联络人员交接"),
    ("/liaison/handovers/acceptance", liaison.AcceptHandover, "确认接收交接"),
    ("/liaison/gaps", liaison.EndLiaison, "登记联络人员空缺"),
)


@router.get(
    "/pairs/{pair}/me",
    summary="查看本人在该结对单位的任职",
    response_model=MyPosts,
    responses=READ_ERRORS,
    operation_id="my_posts",
)
def my_posts(pair: PairId, the_desk: Then, who: Who) -> JSONResponse:
    """本人担任过的职务、所在单位和起止日期；办理时以业务日期当日有效的任职为准。"""
    may_read(the_desk, who, pair, Matter.REGISTER)
    mine = the_desk.views.rows(pair, "post", where={"person": who.id}, limit=PAGE).rows
    return JSONResponse({"person": who.id, "posts": [dict(row.body) for row in mine]})


read(router, "unit", label="单位", matter=Matter.REGISTER)
read(router, "post", label="任职", matter=Matter.REGISTER)
read(router, "delegation", label="委托", matter=Matter.REGISTER)
read(router, "liaison", label="联络科室和人员", matter=Matter.REGISTER)

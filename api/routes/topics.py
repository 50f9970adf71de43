"""Topics, from a draft to basic consensus."""

from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from api.auth import Who, concerns, may_read
from api.desk import Desk
from api.limits import PairId
from api.moments import Then
from api.routes.acts import SubjectId, acts
from api.routes.reads import READ_ERRORS, found, read
from application.concerning import Concerns
from domain import similarity, topics
from domain.queries import Matter, Sight

router = APIRouter(tags=["议题"])

acts(
    router,
    ("/topics", topics.ProposeTopic, "提出议题草案"),
    ("/topics/{id}/revision", topics.ReviseTopic, "修改议题"),
    ("/topics/{id}/research", topics.AttachResearch, "附调研记录"),
    ("/topics/{id}/opinions", topics.AttachOpinion, "附职工意见"),
    ("/topics/{id}/submission", topics.SubmitTopic, "提交议题"),
    ("/topics/{id}/consultation", topics.ConsultTopic, "协商议题"),
    ("/topics/{id}/approval", topics.ApproveTopic, "审定议题"),
    ("/topics/{id}/return", topics.ReturnTopic, "退回议题"),
    ("/topics/{id}/rejection", topics.RejectTopic, "不列为议题"),
    ("/topics/{id}/withdrawal", topics.WithdrawTopic, "撤回议题"),
    ("/topics/{id}/tags", topics.TagTopic, "标明议题的目的"),
    ("/topics/{id}/related-units", topics.DeclareRelatedUnit, "申明相关单位"),
    ("/topics/{id}/joint-research", topics.PlanJointResearch, "安排联合调研"),
    ("/topics/{id}/joint-research/completion", topics.CompleteJointResearch, "完成联合调研"),
    ("/topics/{id}/report", topics.FileTopicReport, "提出议题建议报告"),
    ("/topics/{id}/positions", topics.StatePosition, "相关单位表明意见"),
    ("/topics/{id}/consensus", topics.ConfirmConsensus, "确认基本达成共识"),
    ("/topics/{id}/override", topics.OverrideConsensus, "同意例外提交专门会议"),
    ("/topics/{id}/deferral", topics.DeferTopic, "缓议议题"),
    ("/topics/mergers", topics.MergeTopics, "合并议题"),
    ("/topics/{id}/split", topics.SplitTopic, "拆分议题"),
    ("/topics/{id}/forwarding", topics.ForwardTopic, "转报上级结对单位"),
    ("/topics/receptions", topics.ReceiveForwardedTopic, "接收下级转报的议题"),
)
# Decades of one pair; beyond it the hint is silent on the newest, which people remember.
MOST_ROWS = 2000
# Imported ones are rows of their own until they are matters of a meeting here.
EARLIER = ("topic", "decision", "legacy")


class Similar(BaseModel):
    """一个相近的既有议题或议定事项。"""

    kind: str = Field(title="类别", description="topic 议题，decision 议定事项，legacy 历史导入。")
    id: str = Field(title="编号")
    title: str = Field(title="名称或内容")
    status: str = Field(title="状态")
    score: int = Field(title="相近程度", description="百分数。", ge=0, le=100)
    why: list[str] = Field(title="共同的词语")


class Similarity(BaseModel):
    """重复提示；只作提醒，不影响提出和办理。"""

    threshold: int = Field(title="提示的最低相近程度（百分数）")
    items: list[Similar] = Field(title="相近的事项")


def _earlier(
    the_desk: Desk, pair: str, mine: Concerns | None, *, but: str = ""
) -> Iterator[similarity.Earlier]:
    # A decision out of the topic itself is no duplicate of it, nor is what it came out of.
    for kind in EARLIER:
        for row in the_desk.views.rows(pair, kind, limit=MOST_ROWS).rows:
            body = row.body
            if mine is not None and not mine.has(row):
                continue
            if but and (row.id == but or body.get("source_topic") == but or but in (body.get("into") or ())):
                continue
            content = body.get("content") or {}
            yield similarity.Earlier(
                id=row.id,
                kind=kind,
                title=str(content.get("title") or body.get("title") or ""),
                text=str(content.get("summary") or body.get("text") or ""),
                status=str(body.get("status_label") or ""),
            )


def _hint(
    the_desk: Desk, pair: str, sight: Sight, *, title: str, text: str = "", but: str = ""
) -> Similarity:
    hints = similarity.hints(title, text, _earlier(the_desk, pair, concerns(the_desk, pair, sight), but=but))
    items = [Similar.model_validate(each.model_dump()) for each in hints]
    return Similarity(threshold=similarity.THRESHOLD, items=items)


@router.get(
    "/pairs/{pair}/topics/similar",
    summary="提出之前查找相近的事项",
    responses=READ_ERRORS,
    operation_id="similar_to_text",
)
def similar_to_text(
    pair: PairId,
    the_desk: Then,
    who: Who,
    text: Annotated[str, Query(min_length=2, max_length=similarity.MOST, title="拟提议题的名称或内容")],
) -> Similarity:
    """与本结对单位既有的议题、议定事项（含导入的）比较，供提出之前参考。"""
    return _hint(the_desk, pair, may_read(the_desk, who, pair, Matter.TOPICS), title=text)


@router.get(
    "/pairs/{pair}/topics/{id}/similar",
    summary="查找与议题相近的事项",
    responses=READ_ERRORS,
    operation_id="similar_to_topic",
)
def similar_to_topic(pair: PairId, id: SubjectId, the_desk: Then, who: Who) -> Similarity:
    """与本结对单位其他的议题、议定事项（含导入的）比较；由本议题产生的不算。"""
    content = found(the_desk, who, pair, "topic", id, matter=Matter.TOPICS).body["content"]
    sight = may_read(the_desk, who, pair, Matter.TOPICS)
    return _hint(the_desk, pair, sight, title=content["title"], text=content["summary"], but=id)


read(router, "topic", label="议题", matter=Matter.TOPICS, filters=("status",))

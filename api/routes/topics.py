"""Topics, from a draft to basic consensus."""

from fastapi import APIRouter

from api.auth import Matter
from api.routes.acts import acts
from api.routes.reads import read
from domain import topics

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
read(router, "topic", label="议题", matter=Matter.BUSINESS, filters=("status",))

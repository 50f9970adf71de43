"""One working example for each command, in the words of 芮城县's first meeting; a test validates them all."""

from typing import Any

from domain import (
    decisions,
    delegations,
    liaison,
    meetings,
    minutes,
    numbers,
    pairs,
    people,
    publicity,
    topics,
    years,
)
from domain.decider import Command

UNIT = "01940000-0000-7000-8000-000000000001"
POST = "01940000-0000-7000-8000-000000000002"
OTHER_POST = "01940000-0000-7000-8000-000000000005"
TOPIC = "01940000-0000-7000-8000-000000000003"
MEETING = "01940000-0000-7000-8000-000000000004"
HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
CONTENT = {
    "title": "户外劳动者高温津贴和健康体检",
    "category": "C4",
    "sub_domain": "卫生健康",
    "summary": "落实高温津贴，组织户外劳动者免费体检1000人。",
}

EXAMPLES: dict[type[Command], dict[str, Any]] = {
    pairs.RegisterPair: {"on": "2025-01-06", "division_code": "140830", "union_division_code": "140830"},
    pairs.AdoptRegime: {"on": "2025-01-06", "bases": ["运政办发〔2024〕7号"]},
    pairs.SetNamePattern: {
        "on": "2025-01-06",
        "official_name": "山西风陵渡经济开发区管委会与工会联合会联席会议",
    },
    pairs.DeclareNoHistory: {"on": "2025-01-10", "side": "government"},
    numbers.AllocateDocNumber: {"on": "2025-04-14", "number": "芮政办函〔2025〕8号", "form": "通知"},
    numbers.VoidDocNumber: {
        "on": "2025-04-15",
        "number": "芮政办函〔2025〕8号",
        "form": "通知",
        "reason": "文件未印发。",
    },
    people.RegisterUnit: {"on": "2025-01-06", "name": "芮城县人力资源和社会保障局", "side": "government"},
    people.AppointToPost: {
        "on": "2025-01-06",
        "person": "p-140830-go",
        "title": "县政府办公室综合科科员",
        "capacity": "government_office",
        "unit": UNIT,
        "valid_from": "2025-01-01",
    },
    people.EndPost: {"on": "2026-06-30", "last_day": "2026-06-30", "reason": "调任"},
    delegations.RecordDelegation: {
        "on": "2025-03-10",
        "from_post": POST,
        "to_post": OTHER_POST,
        "matters": ["topics", "minutes"],
        "valid_from": "2025-03-11",
        "valid_until": "2025-06-30",
        "number": "芮政办函〔2025〕3号",
        "reason": "委托人赴省委党校学习",
    },
    delegations.RevokeDelegation: {"on": "2025-05-20", "last_day": "2025-05-20", "reason": "学习提前结束"},
    liaison.DesignateLiaison: {
        "on": "2025-01-06",
        "side": "government",
        "section": "综合科",
        "posts": ["综合科科员"],
    },
    topics.ProposeTopic: {"on": "2025-02-25", "unit": UNIT, "content": CONTENT},
    topics.ReviseTopic: {"on": "2025-03-17", "content": {**CONTENT, "summary": "已补充经费测算。"}},
    topics.AttachResearch: {
        "on": "2025-02-25",
        "research": {
            "form": "走访",
            "place": "县环卫站",
            "held_on": "2025-02-25",
            "people": "环卫职工20人",
            "findings": "高温津贴发放不足，多数职工两年未体检。",
            "argument": "体检经费可由现有预算统筹，津贴标准有省级文件依据。",
        },
    },
    topics.AttachOpinion: {
        "on": "2025-02-26",
        "source": "职工代表提案",
        "opinion": "希望把体检安排在七月以前。",
    },
    topics.SubmitTopic: {"on": "2025-03-06"},
    topics.ConsultTopic: {"on": "2025-03-12", "side": "government", "stance": "agree", "content_hash": HASH},
    topics.ApproveTopic: {"on": "2025-03-14"},
    topics.ReturnTopic: {"on": "2025-03-14", "reason": "请补充经费测算。"},
    topics.RejectTopic: {"on": "2025-03-14", "reason": "与上级统一部署重复。"},
    topics.WithdrawTopic: {"on": "2025-03-20", "reason": "事项已由专项工作解决。"},
    topics.TagTopic: {"on": "2025-02-26", "tags": ["和谐劳动关系", "职工权益"]},
    topics.DeclareRelatedUnit: {"on": "2025-03-20", "unit": UNIT, "role": "lead"},
    topics.PlanJointResearch: {"on": "2025-03-24", "lead": UNIT, "units": [UNIT], "starts_on": "2025-03-24"},
    topics.CompleteJointResearch: {"on": "2025-03-28", "findings": "体检机构和经费来源已落实。"},
    topics.FileTopicReport: {
        "on": "2025-04-02",
        "unit": UNIT,
        "problem": "高温津贴和体检未全面落实。",
        "basis": "防暑降温措施管理办法。",
        "measures": "专项检查80户用人单位，组织体检。",
        "responsible_units": [UNIT],
        "feasibility": "现有预算统筹，可行。",
    },
    topics.StatePosition: {
        "on": "2025-04-03",
        "unit": UNIT,
        "stance": "conditional",
        "opinion": "现有预算统筹。",
        "report_hash": HASH,
    },
    topics.ConfirmConsensus: {"on": "2025-04-07", "side": "union", "report_hash": HASH},
    meetings.PlanMeeting: {"on": "2025-03-01", "year": 2025},
    meetings.RequestSpecial: {
        "on": "2026-06-10",
        "side": "union",
        "reason": "重大问题",
        "text": "汛期户外作业安全需要专题研究。",
    },
    meetings.AnswerRequest: {"on": "2026-06-11", "side": "government", "accept": True},
    meetings.RescheduleMeeting: {
        "on": "2025-04-16",
        "meeting_date": "2025-04-25",
        "reason": "县长4月22日赴市参会。",
    },
    meetings.CancelMeeting: {"on": "2025-04-16", "side": "union", "reason": "议题尚需调研，另行召开。"},
    meetings.AcknowledgeCancellation: {"on": "2025-04-17", "side": "government"},
    meetings.AcknowledgeNotice: {"on": "2025-04-15", "unit": UNIT},
    meetings.ReplyAttendance: {
        "on": "2025-04-16",
        "unit": UNIT,
        "seat": 3,
        "attends": "substitute",
        "substitute": "县财政局副局长",
        "reason": "局长赴市开会。",
    },
    meetings.GrantLeave: {"on": "2025-04-16", "seat": 3, "reason": "局长赴市开会。"},
    meetings.RecordPriorConsultation: {
        "on": "2026-06-11",
        "side": "union",
        "text": "双方已就召开事宜提前协商。",
    },
    meetings.ProposeDate: {"on": "2025-04-10", "meeting_date": "2025-04-22"},
    meetings.GiveConsent: {
        "on": "2025-04-10",
        "subject": "arrangement",
        "side": "government",
        "content_hash": HASH,
    },
    meetings.SetChair: {"on": "2025-04-10", "post": POST},
    meetings.SetAttendees: {
        "on": "2025-04-10",
        "attendees": [
            {"category": "政府领导", "unit": UNIT, "title": "县长", "post": POST},
            {"category": "政府办负责人", "unit": UNIT, "title": "县政府办主任"},
            {"category": "工会主要负责人", "unit": UNIT, "title": "县总工会主席"},
        ],
        "reason": "工会其他负责人另有会议。",
    },
    meetings.AddBriefing: {
        "on": "2025-04-10",
        "category": "C1",
        "title": "涉及职工利益的政策措施和就业情况",
        "side": "government",
    },
    meetings.ProposeArrangement: {
        "on": "2025-04-10",
        "starts_at": "2025-04-22T15:00:00+08:00",
        "place": "县政府三楼会议室",
        "agenda": ["C1", "C2", "C6", TOPIC],
    },
    meetings.AssignPrepTask: {"on": "2025-04-10", "task": "准备会议材料", "side": "union"},
    meetings.IssueNotice: {
        "on": "2025-04-14",
        "recipients": [UNIT],
        "number": "芮政办函〔2025〕9号",
        "disclosure": "不公开",
    },
    meetings.RecordSubstitution: {
        "on": "2025-04-16",
        "seat": 3,
        "substitute": "县财政局副局长",
        "reason": "局长赴市开会。",
    },
    meetings.SubmitMaterial: {
        "on": "2025-04-18",
        "item": "C1",
        "unit": UNIT,
        "title": "就业情况通报",
        "sha256": HASH,
    },
    meetings.FreezeMaterials: {"on": "2025-04-18"},
    meetings.ExplainUnfulfilled: {
        "on": "2026-04-14",
        "member": f"{MEETING}-04",
        "explanation": "第二处用地未批。",
        "opinion": "继续办理，6月30日前建成。",
    },
    meetings.PrepareOutstandingReport: {"on": "2025-04-17"},
    meetings.AmendOutstandingReport: {"on": "2025-04-18"},
    meetings.HoldMeeting: {
        "on": "2025-04-22",
        "opened_at": "2025-04-22T15:00:00+08:00",
        "present": [1, 2, 3],
    },
    meetings.RecordAttendance: {"on": "2025-04-22", "attendance": [{"seat": 1, "presence": "principal"}]},
    meetings.CloseSitting: {"on": "2025-04-22", "closed_at": "2025-04-22T16:40:00+08:00"},
    meetings.RecordOutcome: {
        "on": "2025-04-22",
        "item": TOPIC,
        "outcome": "resolved_amended",
        "text": "体检由1000人增至1200人。",
        "at": "2025-04-22T16:10:00+08:00",
    },
    meetings.CloseByMeeting: {
        "on": "2026-04-21",
        "decision": f"{MEETING}-04",
        "kind": "terminated",
        "item": "C6",
        "reason": "规划调整，不再建设。",
    },
    meetings.RetractClosure: {"on": "2026-04-21", "decision": f"{MEETING}-04", "reason": "登记有误。"},
    minutes.DraftMinutes: {
        "on": "2025-04-24",
        "body": "会议听取了有关情况，研究了三项议题。",
        "clauses": [
            {
                "item": TOPIC,
                "text": "组织户外劳动者免费体检1200人。",
                "category": "C4",
                "lead_units": [UNIT],
                "deadline": "2025-12-31",
                "leader": "分管卫健副县长",
                "acceptance": "体检1200人。",
            }
        ],
    },
    minutes.ReviewMinutes: {"on": "2025-04-28", "side": "union", "approve": True, "content_hash": HASH},
    minutes.IssueMinutes: {"on": "2025-04-29", "number": "芮政办纪〔2025〕4号", "disclosure": "公开发布"},
    decisions.AssignSupervisors: {"on": "2025-05-06", "government_post": POST, "union_post": POST},
    decisions.AcceptDecision: {"on": "2025-05-08", "unit": UNIT},
    decisions.SetPlan: {
        "on": "2025-05-08",
        "unit": UNIT,
        "milestones": [{"due": "2025-12-31", "percent": 100, "text": "完成体检"}],
    },
    decisions.ReportProgress: {
        "on": "2025-05-31",
        "unit": UNIT,
        "percent": 5,
        "text": "完成摸底。",
        "evidence": "台账2025-05",
    },
    decisions.ClaimFulfilled: {
        "on": "2025-12-25",
        "unit": UNIT,
        "fulfilled_on": "2025-12-24",
        "text": "体检1203人。",
        "evidence": "体检汇总表",
    },
    decisions.VerifyFulfilled: {"on": "2025-12-29", "side": "union", "opinion": "属实。"},
    decisions.ReturnClaim: {"on": "2025-12-29", "side": "union", "reason": "名单与人数不符。"},
    publicity.RecordPublicity: {
        "on": "2025-05-09",
        "meeting": MEETING,
        "about": "content",
        "channel": "县政府门户网站",
        "link": "https://example.invalid/2025/0509",
        "text": "县政府与县总工会召开联席会议。",
    },
    years.RecordPlanInclusion: {
        "on": "2025-02-18",
        "number": "芮政发〔2025〕2号",
        "title": "芮城县人民政府2025年重点工作计划",
    },
    years.RecordAssessmentInclusion: {
        "on": "2025-02-18",
        "number": "运工发〔2025〕5号",
        "title": "2025年度县（市、区）总工会工作考核方案",
        "upper_union": "运城市总工会",
    },
    years.RecordLeadershipDiscussion: {
        "on": "2025-02-20",
        "side": "union",
        "body": "县总工会党组会议",
        "document": "〔2025〕第3次",
    },
    years.CloseYear: {"on": "2026-01-01"},
}


def of(command: type[Command]) -> dict[str, Any]:
    """Give a command's example in OpenAPI's form."""
    return {"example": {"summary": "示例", "value": EXAMPLES[command]}}

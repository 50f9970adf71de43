"""河津市: the decision on collective wage bargaining is overdue since the end of October 2026."""

from datetime import date

from application.demonstration.cast import county
from application.demonstration.cycle import Cycle, Season
from application.demonstration.papers import (
    interests,
    mobilising,
    proposal,
)
from application.demonstration.playing import Matter

H1 = proposal(
    "H1",
    "weijian",
    interests(
        "铝业、焦化企业职工职业健康检查",
        "卫生健康",
        "组织接触粉尘、噪声、高温岗位的职工开展职业健康检查，建立健康监护档案。",
    ),
    research=(
        "实地走访",
        "河津市铝工业园区",
        date(2025, 3, 6),
        "企业职业卫生管理人员、岗位职工34人",
        "部分协作单位职工未纳入职业健康检查。",
        "协作单位职工同在一线作业，应与本企业职工同等检查。",
    ),
    related={"weijian": "lead", "yingji": "other"},
    findings="涉及企业19家，应检职工约2300人。",
    report=(
        "协作单位职工职业健康检查覆盖不全。",
        "《中华人民共和国职业病防治法》。",
        "由市卫生健康局督促19家企业完成职工职业健康检查2300人。",
        "检查费用由用人单位承担，方案可行。",
    ),
)
H2 = proposal(
    "H2",
    "jingji",
    interests(
        "重点行业工资集体协商",
        "收入分配",
        "在铝业、焦化、运输等行业推进工资集体协商，签订行业性工资专项集体合同。",
    ),
    research=(
        "问卷调查",
        "河津市重点行业企业",
        date(2026, 2, 5),
        "职工代表120人（问卷120份）",
        "近半数受访职工不了解本单位工资集体协商情况。",
        "行业协商可以弥补中小企业协商能力不足，有利于劳动关系和谐。",
    ),
    related={"renshe": "lead", "gongxin": "other"},
    findings="3个行业具备协商条件，涉及企业86家。",
    report=(
        "工资集体协商覆盖面不够，中小企业协商质量不高。",
        "《中华人民共和国劳动法》《工资集体协商试行办法》。",
        "由市人力资源和社会保障局会同市总工会推动3个行业签订工资专项集体合同。",
        "工作经费在部门预算内安排，方案可行。",
    ),
)
H3 = proposal(
    "H3",
    "jingji",
    mobilising(
        "绿色低碳转型“五小”创新竞赛",
        "组织企业班组围绕节能降耗开展小发明、小改造、小革新、小设计、小建议竞赛。",
    ),
    research=(
        "座谈会",
        "河津经济技术开发区",
        date(2026, 2, 10),
        "班组长、技术骨干27人",
        "班组创新成果多、推广少，缺少评价和奖励机制。",
        "以竞赛推动成果转化，契合全市工业绿色转型任务。",
    ),
    related={"gongxin": "lead"},
    findings="可征集创新成果200项，评选推广30项。",
    report=(
        "班组创新成果转化率低。",
        "国家工业领域碳达峰有关部署和劳动竞赛制度。",
        "由市工业和信息化局会同市总工会组织竞赛，评选推广成果30项。",
        "奖励经费由市总工会列支，方案可行。",
    ),
)
HD1 = Matter(
    key="HD1",
    topic="H1",
    text="督促19家企业完成职工职业健康检查2300人。",
    lead="weijian",
    helpers=("yingji", "union"),
    leader="分管卫生健康工作的副市长",
    deadline=date(2025, 11, 28),
    acceptance="检查2300人，异常结果复查并告知本人。",
    quantity="2300人",
    reports=(
        (date(2025, 7, 31), 40, "11家企业完成检查，累计927人。"),
        (date(2025, 9, 30), 75, "16家企业完成检查，累计1768人。"),
    ),
    done=(date(2025, 11, 14), date(2025, 11, 18), date(2025, 11, 21)),
    result="19家企业全部完成，检查职工2341人，异常结果已复查告知。",
)
HD2 = Matter(
    key="HD2",
    topic="H2",
    text="推动铝业、焦化、运输3个行业签订工资专项集体合同。",
    lead="renshe",
    helpers=("gongxin", "union"),
    leader="分管人力资源和社会保障工作的副市长",
    deadline=date(2026, 10, 30),
    acceptance="3个行业合同签订并经审查生效，向职工公布。",
    quantity="3个行业",
    reports=(
        (date(2026, 6, 30), 30, "铝业行业完成协商代表推选和首轮协商。"),
        (date(2026, 8, 31), 55, "铝业行业合同签订，焦化行业进入协商。"),
        (date(2026, 10, 31), 70, "焦化行业合同签订，运输行业协商代表尚未产生，未能按期完成。"),
    ),
)
HD3 = Matter(
    key="HD3",
    topic="H3",
    text="组织“五小”创新竞赛，评选推广成果30项。",
    lead="gongxin",
    helpers=("union",),
    leader="分管工业的副市长",
    deadline=date(2026, 12, 18),
    acceptance="评选推广成果30项，公布名单。",
    quantity="30项",
    reports=(
        (date(2026, 6, 30), 25, "印发竞赛方案，征集成果76项。"),
        (date(2026, 9, 30), 70, "征集成果214项，完成初评。"),
        (date(2026, 10, 31), 85, "完成复评，拟推广成果33项。"),
    ),
)
HEJIN = Season(
    cast=county("140882", "河津市", prefix="河", bureaus=("weijian", "yingji", "renshe", "gongxin")),
    start=date(2025, 1, 10),
    cycles=(
        Cycle(
            held_on=date(2025, 5, 15),
            place="市政府四楼会议室",
            notice=12,
            minutes_number="6",
            proposals=(H1,),
            matters=(HD1,),
            remarks="会议强调，要压实企业主体责任，做到应检尽检。",
        ),
        Cycle(
            held_on=date(2026, 4, 16),
            place="市政府四楼会议室",
            notice=7,
            minutes_number="4",
            proposals=(H2, H3),
            matters=(HD2, HD3),
            remarks="会议强调，工资集体协商要依法规范，切实维护职工合法权益。",
        ),
    ),
)

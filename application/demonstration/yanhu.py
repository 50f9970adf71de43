"""盐湖区: the district's own cultural centre was ended by the meeting of 2026, which also put a topic off."""

from datetime import date

from application.demonstration.cast import county
from application.demonstration.cycle import Cycle, Explained, Season
from application.demonstration.papers import (
    conditional,
    interests,
    other,
    proposal,
    union_needs,
)
from application.demonstration.playing import Matter
from domain.meetings import OutcomeKind

Q1 = proposal(
    "Q1",
    "quanyi",
    other(
        "职工子女暑期托管服务",
        "在城区学校、社区开设职工子女暑期托管班，解决双职工家庭暑期看护难题。",
        reason="暑期看护难是职工集中反映的问题，不属于前述各项，需要多部门共同研究。",
    ),
    research=(
        "问卷调查",
        "盐湖区中城、东城街道",
        date(2025, 2, 12),
        "双职工家庭150户（问卷150份）",
        "八成家庭有暑期托管需求，最关注安全和收费。",
        "利用学校和社区现有场所开设托管班，可较快形成服务能力。",
    ),
    related={"jiaoyu": "lead", "caizheng": "funding"},
    findings="6所学校和4个社区具备开班条件，可服务600名学生。",
    report=(
        "双职工家庭子女暑期无人看护。",
        "国家关于支持开展托管服务的有关意见。",
        "由区教育局会同区总工会开设托管点10个，服务学生600人。",
        "费用由家庭、工会和财政共同分担，方案可行。",
    ),
    positions={"caizheng": conditional("原则同意，区级补助控制在预算额度之内。")},
)
Q2 = proposal(
    "Q2",
    "jingji",
    union_needs(
        "建设区职工文化活动中心",
        "阵地建设",
        "选址建设区级职工文化活动中心，满足城区职工文体活动需要。",
        support="请区政府支持选址和建设资金。",
    ),
    research=(
        "实地走访",
        "盐湖区姚孟、安邑街道",
        date(2025, 2, 14),
        "企业工会干部、职工代表36人",
        "城区职工文体活动场所不足，租用场地费用高。",
        "集中建设区级中心有利于资源共享。",
    ),
    related={"wenlv": "lead", "caizheng": "funding", "zhujian": "other"},
    findings="姚孟街道一处闲置商业用房具备改造条件。",
    report=(
        "城区职工文体活动场所不足。",
        "区公共文化服务体系建设规划。",
        "由区文化和旅游局牵头改造闲置商业用房，建成区职工文化活动中心。",
        "改造资金由区级预算和工会经费共同承担。",
    ),
)
Q3 = proposal(
    "Q3",
    "renshe",
    interests(
        "建筑领域农民工工资支付保障",
        "收入分配",
        "规范建筑领域农民工工资专用账户和实名制管理，建立工会参与的联合检查机制。",
    ),
    research=(
        "现场检查",
        "盐湖区在建项目工地",
        date(2026, 2, 27),
        "项目负责人、农民工代表42人",
        "个别项目专用账户拨付不及时，考勤与实名制不一致。",
        "联合检查可以在春节前集中化解风险。",
    ),
    related={"renshe": "lead", "zhujian": "other"},
    findings="在建项目58个，需整改专用账户问题项目7个。",
    report=(
        "农民工工资专用账户管理不规范。",
        "《保障农民工工资支付条例》。",
        "由区人力资源和社会保障局会同区总工会对58个在建项目开展联合检查。",
        "检查经费在部门预算内安排，方案可行。",
    ),
)
Q4 = proposal(
    "Q4",
    "quanyi",
    union_needs(
        "区级劳模疗休养基地认定",
        "职工思想政治引领",
        "依托区内康养场所认定区级劳模疗休养基地，弘扬劳模精神、劳动精神、工匠精神。",
        support="请区政府协调文旅部门给予场所认定和优惠政策。",
    ),
    research=(
        "实地走访",
        "盐湖区康养服务机构",
        date(2026, 3, 2),
        "劳动模范、先进工作者16人",
        "劳模希望就近疗休养，方便照顾家庭。",
        "利用区内康养资源认定基地，投入少、见效快。",
    ),
    related={"wenlv": "lead"},
    findings="两处康养机构基本具备条件，收费标准尚未核定。",
    report=(
        "区内缺少劳模疗休养场所。",
        "职工疗休养工作有关规定。",
        "由区文化和旅游局会同区总工会开展基地认定。",
        "收费标准需与市级规定衔接。",
    ),
)
QD1 = Matter(
    key="QD1",
    topic="Q1",
    text="开设职工子女暑期托管点10个，服务学生600人。",
    lead="jiaoyu",
    helpers=("caizheng", "union"),
    leader="分管教育的副区长",
    deadline=date(2025, 8, 29),
    acceptance="开设托管点10个，服务600人，无安全责任事故。",
    quantity="10个、600人",
    reports=(
        (date(2025, 5, 31), 30, "确定托管点10个，发布报名公告。"),
        (date(2025, 7, 31), 75, "10个托管点全部开班，在托学生587人。"),
    ),
    done=(date(2025, 8, 22), date(2025, 8, 25), date(2025, 8, 28)),
    result="10个托管点服务学生641人，家长满意率98%。",
)
QD2 = Matter(
    key="QD2",
    topic="Q2",
    text="改造闲置商业用房，建成区职工文化活动中心。",
    lead="wenlv",
    helpers=("zhujian", "caizheng", "union"),
    leader="分管文化旅游工作的副区长",
    deadline=date(2025, 12, 31),
    acceptance="改造完成并对职工开放。",
    reports=(
        (date(2025, 7, 31), 10, "完成选址比选。"),
        (date(2025, 10, 31), 15, "业主租金报价超出预算，洽谈中止。"),
        (date(2026, 1, 31), 15, "市工人文化宫新馆建成在即，建议统筹使用。"),
    ),
)
QD3 = Matter(
    key="QD3",
    topic="Q3",
    text="对58个在建项目开展农民工工资支付联合检查，问题项目全部整改。",
    lead="renshe",
    helpers=("zhujian", "union"),
    leader="分管人力资源和社会保障工作的副区长",
    deadline=date(2026, 9, 30),
    acceptance="检查58个项目，问题项目整改率100%。",
    quantity="58个项目",
    reports=(
        (date(2026, 6, 30), 45, "检查项目27个，整改4个。"),
        (date(2026, 8, 31), 90, "累计检查54个，整改7个。"),
    ),
    done=(date(2026, 9, 18), date(2026, 9, 22), date(2026, 9, 24)),
    result="58个项目检查完毕，7个问题项目全部整改，补发工资126万元。",
)
YANHU = Season(
    cast=county(
        "140802",
        "盐湖区",
        prefix="运盐",
        bureaus=("jiaoyu", "caizheng", "wenlv", "zhujian", "renshe"),
    ),
    start=date(2025, 1, 8),
    cycles=(
        Cycle(
            held_on=date(2025, 4, 17),
            place="区政府二楼会议室",
            notice=11,
            minutes_number="4",
            proposals=(Q1, Q2),
            matters=(QD1, QD2),
            remarks="会议强调，要从职工最关心的看护难、活动难入手，办一件成一件。",
            effects=((date(2025, 9, 10), "暑期托管服务惠及600余名职工子女。", ("QD1",)),),
        ),
        Cycle(
            held_on=date(2026, 4, 22),
            place="区政府二楼会议室",
            notice=9,
            minutes_number="6",
            chair="leader",
            chair_reason="区长参加市委重要会议，委托常务副区长主持。",
            proposals=(Q3, Q4),
            matters=(QD3,),
            explained=(
                Explained(
                    matter=QD2,
                    explanation="拟改造用房租金超出预算，洽谈未成；市工人文化宫新馆同期建成开放，功能能够覆盖城区职工需求。",
                    opinion="建议终止单独建设，由区总工会与市工人文化宫签订共用协议。",
                ),
            ),
            closed=((QD2, "市工人文化宫新馆已建成开放，继续单独建设属重复投资，会议议定终止。"),),
            outcomes={
                "C6": (OutcomeKind.RESOLVED, "议定终止建设区职工文化活动中心，改为共用市工人文化宫。"),
                "Q4": (OutcomeKind.DEFERRED, "收费标准与市级规定衔接后再行研究。"),
            },
            remarks="会议议定，终止建设区职工文化活动中心。劳模疗休养基地认定事项待收费标准明确后再行研究。",
        ),
    ),
)

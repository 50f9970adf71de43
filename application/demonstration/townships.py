"""Voluntary pairs: a town with the uniform name, a development zone with its own, and a subdistrict that just began."""

from datetime import date

from application.demonstration import procedure
from application.demonstration.cast import below_county
from application.demonstration.cycle import Cycle, Season
from application.demonstration.papers import interests, mobilising, proposal, union_needs
from application.demonstration.playing import Matter, Play
from domain.pairs import GovernmentBody, UnionBody

# 闻喜县畖底镇 · a town with a general union of its own, so that the uniform name applies.
G1 = proposal(
    "G1",
    "quanyi",
    union_needs(
        "辖区小微企业工会组建",
        "组织建设",
        "推动辖区小微企业单独或联合组建工会，扩大工会组织和工作覆盖。",
        support="请镇政府提供企业名录并协助走访动员。",
    ),
    research=(
        "实地走访",
        "畖底镇玻璃器皿加工企业",
        date(2025, 7, 22),
        "小微企业负责人和职工24人",
        "小微企业职工少、流动大，单独建会难。",
        "以联合工会方式组建，成本低、见效快。",
    ),
    related={"jingfa": "lead"},
    findings="17家小微企业可组建联合工会3个，覆盖职工260人。",
    report=(
        "小微企业工会组织覆盖率低。",
        "《中华人民共和国工会法》和工会组建有关部署。",
        "由镇经济发展办公室会同镇总工会组建联合工会3个。",
        "组建经费由镇总工会列支，方案可行。",
    ),
)
G2 = proposal(
    "G2",
    "yingji",
    interests(
        "玻璃器皿加工企业高温作业防护",
        "劳动安全",
        "对玻璃器皿加工企业熔制、成型岗位开展高温作业防护检查和培训。",
    ),
    research=(
        "现场检查",
        "畖底镇玻璃器皿加工集中区",
        date(2026, 7, 21),
        "企业负责人、炉前职工18人",
        "炉前岗位防护用品不足，职工防暑知识缺乏。",
        "企业集中、工艺相近，统一检查培训效果好。",
    ),
    related={"yingji": "lead", "jingfa": "other"},
    findings="9家企业需配备防护用品，培训职工120人。",
    report=(
        "高温岗位防护用品和培训不足。",
        "《防暑降温措施管理办法》。",
        "由镇应急管理办公室会同镇总工会检查9家企业、培训职工120人。",
        "防护用品由企业配备，培训经费由镇总工会列支，方案可行。",
    ),
)
GD1 = Matter(
    key="GD1",
    topic="G1",
    text="组建小微企业联合工会3个，覆盖职工260人。",
    lead="jingfa",
    helpers=("union",),
    leader="分管经济工作的副镇长",
    deadline=date(2025, 12, 26),
    acceptance="联合工会成立并取得批复，会员登记完成。",
    quantity="3个、260人",
    reports=((date(2025, 11, 30), 60, "2个联合工会成立，登记会员158人。"),),
    done=(date(2025, 12, 17), date(2025, 12, 18), date(2025, 12, 22)),
    result="3个联合工会全部成立，登记会员273人。",
)
GD2 = Matter(
    key="GD2",
    topic="G2",
    text="检查玻璃器皿加工企业9家，培训高温岗位职工120人。",
    lead="yingji",
    helpers=("jingfa", "union"),
    leader="分管应急管理的副镇长",
    deadline=date(2026, 12, 18),
    acceptance="9家企业检查整改完成，培训120人。",
    quantity="9家、120人",
    reports=((date(2026, 10, 31), 50, "检查企业6家，培训职工64人。"),),
)
WADI = Season(
    cast=below_county(
        "140823102",
        "闻喜县畖底镇",
        body=GovernmentBody.PEOPLES_GOVERNMENT,
        union_body=UnionBody.GENERAL_UNION,
        prefix="畖政",
        office="党政综合办公室",
        principal="镇长",
        vice="副镇长",
        offices={"jingfa": "经济发展办公室", "yingji": "应急管理办公室"},
        copies=("镇党委", "镇人大主席团"),
    ),
    start=date(2025, 5, 20),
    sections=("党政综合办公室", "职工服务站"),
    office="闻喜县畖底镇党政综合办公室",
    leader="联系工会工作的副镇长",
    cycles=(
        Cycle(
            held_on=date(2025, 9, 18),
            place="镇政府会议室",
            notice=9,
            minutes_number="第1期",
            proposals=(G1,),
            matters=(GD1,),
            remarks="会议强调，要发挥联合工会作用，为小微企业职工提供看得见的服务。",
        ),
        Cycle(
            held_on=date(2026, 9, 17),
            place="镇政府会议室",
            notice=12,
            minutes_number="第1期",
            proposals=(G2,),
            matters=(GD2,),
            remarks="会议强调，企业要落实主体责任，保障炉前职工安全健康。",
        ),
    ),
)

# 山西风陵渡经济开发区 · an administration and a federation of unions, which settle a name of their own.
F1 = proposal(
    "F1",
    "jingfa",
    mobilising(
        "重点项目建设劳动竞赛",
        "围绕开发区重点项目建设，组织参建职工开展比安全、比质量、比进度、比创新劳动竞赛。",
    ),
    research=(
        "现场调研",
        "风陵渡经济开发区在建项目",
        date(2026, 3, 17),
        "项目经理、班组长20人",
        "参建单位多，缺少统一的竞赛组织和评价办法。",
        "劳动竞赛可促进项目安全优质按期建成。",
    ),
    related={"jingfa": "lead", "anjian": "other"},
    findings="5个在建项目、约700名参建职工具备竞赛条件。",
    report=(
        "在建项目缺少统一的劳动竞赛安排。",
        "重点项目建设劳动竞赛有关办法。",
        "由经济发展部会同工会联合会在5个项目开展竞赛，按季评比。",
        "奖励经费由工会联合会列支，方案可行。",
    ),
)
F2 = proposal(
    "F2",
    "quanyi",
    union_needs(
        "货运司机服务站建设",
        "新就业形态劳动者权益",
        "在开发区物流通道设立货运司机服务站，提供停靠、热水、淋浴和法律咨询。",
        support="请管委会协调停车场地和水电接入。",
    ),
    research=(
        "问卷调查",
        "风陵渡黄河大桥北侧停车区",
        date(2026, 3, 19),
        "货运司机55人（问卷55份）",
        "过境货车多，司机途中休整需求突出。",
        "三省交界区位特殊，设立服务站有示范意义。",
    ),
    related={"jingfa": "lead"},
    findings="停车区管理用房可改造为服务站。",
    report=(
        "过境货运司机休整条件差。",
        "国家关于维护新就业形态劳动者权益的有关规定。",
        "由经济发展部协调场地，工会联合会负责改造和运行。",
        "改造经费由工会联合会列支，方案可行。",
    ),
)
FD1 = Matter(
    key="FD1",
    topic="F1",
    text="在5个重点项目开展劳动竞赛，按季评比。",
    lead="jingfa",
    helpers=("anjian", "union"),
    leader="分管经济工作的副主任",
    deadline=date(2026, 12, 11),
    acceptance="5个项目参赛，完成两个季度评比，无安全责任事故。",
    quantity="5个项目",
    reports=(
        (date(2026, 6, 30), 20, "印发竞赛方案，5个项目启动。"),
        (date(2026, 9, 30), 65, "完成三季度评比，表扬先进班组8个。"),
        (date(2026, 10, 31), 75, "开展安全专项互查。"),
    ),
)
FD2 = Matter(
    key="FD2",
    topic="F2",
    text="改造停车区管理用房，建成货运司机服务站1处。",
    lead="jingfa",
    helpers=("union",),
    leader="分管经济工作的副主任",
    deadline=date(2026, 10, 23),
    acceptance="服务站开放运行，服务项目和时间公示。",
    quantity="1处",
    reports=(
        (date(2026, 7, 31), 50, "完成水电接入和内部改造。"),
        (date(2026, 9, 30), 90, "设施安装完成，试运行。"),
    ),
    done=(date(2026, 10, 12), date(2026, 10, 14), date(2026, 10, 19)),
    result="服务站建成开放，试运行期间服务货运司机1200余人次。",
)
FENGLINGDU = Season(
    cast=below_county(
        "140830402",
        "山西风陵渡经济开发区",
        body=GovernmentBody.ADMINISTRATION,
        union_body=UnionBody.FEDERATION,
        prefix="风管办",
        office="综合办公室",
        principal="管委会主任",
        vice="副主任",
        offices={"jingfa": "经济发展部", "anjian": "安全监管部"},
        copies=("开发区党工委办公室",),
    ),
    start=date(2026, 1, 15),
    sections=("综合办公室", "职工服务站"),
    office="山西风陵渡经济开发区管委会综合办公室",
    leader="联系工会工作的副主任",
    name="山西风陵渡经济开发区管委会与工会联合会联席会议",
    cycles=(
        Cycle(
            held_on=date(2026, 5, 21),
            place="管委会五楼会议室",
            notice=6,
            minutes_number="2",
            proposals=(F1, F2),
            matters=(FD1, FD2),
            remarks="会议强调，参照市政府办公室通知要求规范运行，务求实效。",
            effects=((date(2026, 11, 6), "货运司机服务站建成开放，过往司机有了歇脚的地方。", ("FD2",)),),
        ),
    ),
)


# 河津市城区街道 · adopted late in 2026, so that its first year of duty is the next; so far it has but a plan.
def _first_plan(play: Play) -> None:
    procedure.plan_meeting(play, year=2027, on=date(2026, 11, 12))


CHENGQU = Season(
    cast=below_county(
        "140882001",
        "河津市城区街道",
        body=GovernmentBody.SUBDISTRICT_OFFICE,
        union_body=UnionBody.WORKING_COMMITTEE,
        prefix="河城办",
        office="党政综合办公室",
        principal="办事处主任",
        vice="副主任",
        offices={"minsheng": "民生服务办公室"},
        copies=("街道党工委",),
    ),
    start=date(2026, 10, 15),
    sections=("党政综合办公室", "职工服务站"),
    office="河津市城区街道党政综合办公室",
    leader="联系工会工作的副主任",
    name="河津市城区街道办事处与街道工会工作委员会联席会议",
    afterwards=_first_plan,
)

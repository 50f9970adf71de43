"""闻喜县: the workers' centre of 2025 is not built; the meeting of 2026 had to explain it, and it is still open."""

from datetime import date

from application.demonstration.cast import county
from application.demonstration.cycle import Cycle, Explained, Season
from application.demonstration.papers import (
    conditional,
    interests,
    mobilising,
    proposal,
    union_needs,
)
from application.demonstration.playing import Matter
from domain.meetings import OutcomeKind

W1 = proposal(
    "W1",
    "jingji",
    mobilising(
        "镁铝合金、装备制造产业职工技能比武",
        "在镁铝合金深加工、装备制造企业开展职工技能比武，选树岗位标兵。",
    ),
    research=(
        "座谈会",
        "闻喜经济技术开发区",
        date(2025, 2, 18),
        "企业技术工人、车间主任25人",
        "企业间技能交流少，青年职工成长通道不畅。",
        "通过比武选树标兵，带动岗位学习，促进产业提质。",
    ),
    related={"gongxin": "lead"},
    findings="可设压铸、焊接、钳工三个工种，参赛约180人。",
    report=(
        "青年职工技能成长通道不畅。",
        "劳动和技能竞赛制度及县政府年度工作安排。",
        "由县工业和信息化局会同县总工会举办三个工种比武。",
        "经费由县总工会列支，方案可行。",
    ),
)
W2 = proposal(
    "W2",
    "quanyi",
    union_needs(
        "建设开发区职工活动中心",
        "阵地建设",
        "在开发区建设集文体、阅读、培训于一体的职工活动中心。",
        support="请县政府协调开发区闲置厂房，支持改造立项。",
    ),
    research=(
        "实地踏勘",
        "闻喜经济技术开发区",
        date(2025, 2, 20),
        "企业工会主席、职工代表23人",
        "开发区职工近九千人，缺少公共文体活动场所。",
        "闲置厂房结构完好，改造投入明显低于新建。",
    ),
    related={"zhujian": "lead", "caizheng": "funding", "ziran": "other"},
    findings="一处闲置厂房约1800平方米具备改造条件，权属手续需完善。",
    report=(
        "开发区职工公共活动场所缺失。",
        "县城乡公共服务设施规划。",
        "由县住房和城乡建设局牵头改造闲置厂房1800平方米，县总工会负责内部设施。",
        "改造资金由县级预算和工会经费共同承担，分两年安排。",
    ),
    positions={"caizheng": conditional("原则同意，改造资金分两个年度安排，2025年先行安排前期费用。")},
)
W3 = proposal(
    "W3",
    "renshe",
    interests(
        "企业新型学徒制培训",
        "职业技能培训",
        "支持企业与职业院校联合开展新型学徒制培训，促进青年职工稳定就业。",
    ),
    research=(
        "座谈会",
        "闻喜县职业教育中心",
        date(2026, 3, 12),
        "企业、院校负责人和学徒21人",
        "企业招工后自主培训能力不足，学徒流动性大。",
        "新型学徒制补贴政策明确，企业积极性高。",
    ),
    related={"renshe": "lead", "jiaoyu": "other"},
    findings="6家企业有意愿开展，年度可培训学徒240人。",
    report=(
        "青年职工入职后缺少系统培训。",
        "企业新型学徒制有关政策。",
        "由县人力资源和社会保障局组织6家企业培训学徒240人。",
        "补贴由职业技能提升资金列支，方案可行。",
    ),
)
WD1 = Matter(
    key="WD1",
    topic="W1",
    text="举办压铸、焊接、钳工三个工种职工技能比武。",
    lead="gongxin",
    helpers=("union",),
    leader="分管工业的副县长",
    deadline=date(2025, 10, 31),
    acceptance="三个工种比武完成，公布岗位标兵名单。",
    quantity="3个工种",
    reports=(
        (date(2025, 7, 31), 50, "完成压铸、焊接两个工种预赛。"),
        (date(2025, 9, 30), 90, "完成三个工种决赛，评审成绩。"),
    ),
    done=(date(2025, 10, 15), date(2025, 10, 17), date(2025, 10, 22)),
    result="三个工种比武完成，参赛186人，选树岗位标兵15人。",
)
WD2 = Matter(
    key="WD2",
    topic="W2",
    text="改造闲置厂房1800平方米，建成开发区职工活动中心。",
    lead="zhujian",
    helpers=("caizheng", "ziran", "union"),
    leader="分管城乡建设的副县长",
    deadline=date(2025, 11, 28),
    acceptance="改造完成并通过验收，对职工开放。",
    quantity="1800平方米",
    reports=(
        (date(2025, 6, 30), 10, "完成现场测绘和改造方案。"),
        (date(2025, 9, 30), 20, "厂房权属手续补办中，尚未开工。"),
        (date(2025, 12, 31), 35, "权属手续办结，完成施工图审查，未能按期建成。"),
        (date(2026, 3, 31), 45, "完成招标，施工单位进场。"),
        (date(2026, 6, 30), 65, "主体加固和屋面维修完成。"),
        (date(2026, 9, 30), 85, "内部装修过半，消防工程施工中。"),
    ),
)
WD3 = Matter(
    key="WD3",
    topic="W3",
    text="组织6家企业开展新型学徒制培训240人。",
    lead="renshe",
    helpers=("jiaoyu", "union"),
    leader="分管人力资源和社会保障工作的副县长",
    deadline=date(2026, 12, 25),
    acceptance="培训学徒240人，签订培养协议，考核合格率不低于90%。",
    quantity="240人",
    reports=(
        (date(2026, 7, 31), 45, "6家企业全部开班，在训学徒232人。"),
        (date(2026, 10, 31), 80, "在训学徒246人，完成两次阶段考核。"),
    ),
)
WENXI = Season(
    cast=county(
        "140823",
        "闻喜县",
        prefix="闻",
        bureaus=("gongxin", "zhujian", "caizheng", "ziran", "renshe", "jiaoyu"),
    ),
    start=date(2025, 1, 9),
    cycles=(
        Cycle(
            held_on=date(2025, 4, 24),
            place="县政府会议中心二楼会议室",
            notice=10,
            minutes_number="第3期",
            proposals=(W1, W2),
            matters=(WD1, WD2),
            remarks="会议强调，职工活动中心要加快前期工作，确保年内建成。",
        ),
        Cycle(
            held_on=date(2026, 5, 14),
            place="县政府会议中心二楼会议室",
            notice=11,
            minutes_number="第4期",
            proposals=(W3,),
            matters=(WD3,),
            explained=(
                Explained(
                    matter=WD2,
                    explanation="闲置厂房权属登记不完整，补办手续历时五个月，致使开工推迟，未能在2025年11月底前建成。",
                    opinion="继续办理，由分管副县长每月调度，力争2026年内建成开放。",
                ),
            ),
            remarks="会议对开发区职工活动中心未按期建成的原因进行了说明，要求倒排工期、按月调度。",
            outcomes={"C6": (OutcomeKind.NOTED, "会议听取了通报和说明，开发区职工活动中心继续办理。")},
        ),
    ),
)

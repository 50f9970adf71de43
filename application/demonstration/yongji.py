"""永济市: every year on time, the mayor in the chair, everything decided carried out in time."""

from datetime import date

from application.demonstration.cast import county
from application.demonstration.cycle import Cycle, Season
from application.demonstration.papers import conditional, interests, mobilising, proposal, union_needs
from application.demonstration.playing import Matter

Y1 = proposal(
    "Y1",
    "jingji",
    mobilising(
        "围绕机电装备、农产品加工产业开展劳动和技能竞赛",
        "在机电装备制造、农产品加工企业组织职工开展劳动和技能竞赛，培育岗位能手，服务全市工业转型。",
    ),
    research=(
        "座谈会",
        "永济市经济技术开发区",
        date(2025, 1, 20),
        "企业工会主席和一线职工28人",
        "企业有竞赛意愿，但单个企业组织规模小、工种单一。",
        "由市级统筹跨企业竞赛，可形成工种规模，成绩便于与技能等级认定衔接。",
    ),
    related={"gongxin": "lead", "renshe": "other"},
    findings="机电装备、农产品加工企业可承办竞赛4场，参赛规模约500人次。",
    report=(
        "缺少跨企业的竞赛平台，高技能人才选拔渠道不宽。",
        "《新时期产业工人队伍建设改革方案》和市政府年度工作安排。",
        "由市工业和信息化局会同市总工会举办竞赛4场，市人力资源和社会保障局做好技能等级衔接。",
        "经费由市总工会竞赛经费列支，企业提供场地设备，方案可行。",
    ),
)
Y2 = proposal(
    "Y2",
    "quanyi",
    union_needs(
        "建设新就业形态劳动者“暖心驿站”",
        "新就业形态劳动者权益",
        "依托城区网点建设面向快递员、外卖配送员的“暖心驿站”，提供饮水、充电、休息、应急药品等服务。",
        support="请市政府协调沿街公共用房和市政设施，支持驿站选址和水电接入。",
    ),
    research=(
        "问卷调查",
        "永济市城区",
        date(2025, 1, 22),
        "快递员、外卖配送员75人",
        "七成以上反映冬夏两季缺少临时休息场所。",
        "利用既有公共用房建设驿站，投入少、覆盖广。",
    ),
    related={"chengguan": "lead", "caizheng": "funding"},
    findings="城区5处公共用房具备建设条件。",
    report=(
        "户外配送人员歇脚难、饮水难、充电难。",
        "国家和省关于维护新就业形态劳动者权益的有关规定。",
        "由市城市管理局落实5处站点，市总工会配备设施并负责日常管理。",
        "设施经费由市总工会承担，水电费用由站点单位承担，方案可行。",
    ),
    positions={"caizheng": conditional("原则同意，站点水电接入在市政维护经费中统筹。")},
)
Y3 = proposal(
    "Y3",
    "yingji",
    interests(
        "夏季高温和有限空间作业职工安全防护",
        "劳动安全",
        "对涉及高温、有限空间作业的企业开展专项检查，配齐防护装备，开展应急演练。",
    ),
    research=(
        "实地检查",
        "永济市机械铸造企业集中区",
        date(2026, 2, 26),
        "企业安全管理人员、班组长18人",
        "有限空间作业审批不规范，应急救援装备配备不足。",
        "夏季作业风险上升，提前开展防护和演练能够有效降低事故风险。",
    ),
    related={"yingji": "lead", "weijian": "other"},
    findings="应检查企业46家，重点督促整改有限空间作业审批和装备配备。",
    report=(
        "高温、有限空间作业防护措施落实不到位。",
        "《中华人民共和国安全生产法》和有限空间作业安全管理有关规定。",
        "由市应急管理局会同市总工会检查企业46家，组织应急演练4场。",
        "检查和演练在现有工作经费内安排，方案可行。",
    ),
)
Y4 = proposal(
    "Y4",
    "jingji",
    union_needs(
        "产业工人技能提升积分激励",
        "产业工人队伍建设改革",
        "建立产业工人技能提升积分激励办法，对取得高级工以上证书的职工给予奖励和疗休养名额。",
        support="请市政府将积分激励与技能提升补贴衔接，落实奖励资金。",
    ),
    research=(
        "座谈会",
        "永济市职工技能实训基地",
        date(2026, 7, 16),
        "技术工人、企业人力资源负责人26人",
        "职工取证积极性与待遇提升挂钩不紧。",
        "以积分激励衔接补贴政策，能够提高职工取证积极性。",
    ),
    related={"renshe": "lead", "caizheng": "funding"},
    findings="全年符合激励条件的职工约160人，所需奖励资金约24万元。",
    report=(
        "技能提升激励措施分散，职工获得感不强。",
        "《新时期产业工人队伍建设改革方案》和技能提升补贴政策。",
        "由市人力资源和社会保障局制定积分激励办法，年内兑现首批不少于150人。",
        "奖励资金由失业保险技能提升补贴和工会经费共同承担，方案可行。",
    ),
)
YD1 = Matter(
    key="YD1",
    topic="Y1",
    text="举办机电装备、农产品加工劳动和技能竞赛4场，参赛职工500人次。",
    lead="gongxin",
    helpers=("renshe", "union"),
    leader="分管工业的副市长",
    deadline=date(2025, 10, 31),
    acceptance="举办竞赛4场，参赛职工不少于500人次。",
    quantity="4场、500人次",
    reports=(
        (date(2025, 6, 30), 40, "举办机电装备竞赛2场，参赛247人次。"),
        (date(2025, 9, 30), 80, "举办农产品加工竞赛1场，累计参赛382人次。"),
    ),
    done=(date(2025, 10, 17), date(2025, 10, 20), date(2025, 10, 23)),
    result="4场竞赛全部完成，累计参赛518人次，36名职工取得高级工证书。",
)
YD2 = Matter(
    key="YD2",
    topic="Y2",
    text="依托城区公共用房建设“暖心驿站”5处。",
    lead="chengguan",
    helpers=("union",),
    leader="分管城市管理的副市长",
    deadline=date(2025, 9, 30),
    acceptance="5处驿站建成挂牌，设施齐全，公布服务时间。",
    quantity="5处",
    reports=(
        (date(2025, 5, 31), 40, "2处建成，3处办理用房移交。"),
        (date(2025, 8, 31), 90, "4处投入使用，第5处安装设施。"),
    ),
    done=(date(2025, 9, 12), date(2025, 9, 15), date(2025, 9, 18)),
    result="5处驿站全部挂牌开放，日均服务320人次。",
)
YD3 = Matter(
    key="YD3",
    topic="Y3",
    text="检查涉及高温、有限空间作业企业46家，组织应急演练4场。",
    lead="yingji",
    helpers=("weijian", "union"),
    leader="分管应急管理的副市长",
    deadline=date(2026, 8, 31),
    acceptance="检查46家并完成整改，组织应急演练4场。",
    quantity="46家、4场",
    reports=(
        (date(2026, 5, 31), 35, "检查企业17家，下达整改通知9份。"),
        (date(2026, 6, 30), 65, "累计检查31家，组织演练2场。"),
        (date(2026, 7, 31), 90, "累计检查43家，组织演练4场。"),
    ),
    done=(date(2026, 8, 14), date(2026, 8, 17), date(2026, 8, 20)),
    result="46家企业检查完毕，发现问题全部整改，组织演练4场，参加职工612人次。",
)
YD4 = Matter(
    key="YD4",
    topic="Y4",
    text="制定产业工人技能提升积分激励办法，年内兑现首批不少于150人。",
    lead="renshe",
    helpers=("caizheng", "union"),
    leader="分管人力资源和社会保障工作的副市长",
    deadline=date(2026, 12, 31),
    acceptance="印发办法，首批兑现不少于150人。",
    quantity="150人",
    reports=(
        (date(2026, 9, 30), 30, "完成办法起草并征求企业和职工意见。"),
        (date(2026, 10, 31), 60, "印发办法，受理申报121人。"),
    ),
)
YONGJI = Season(
    cast=county(
        "140881",
        "永济市",
        prefix="永",
        bureaus=("gongxin", "renshe", "chengguan", "caizheng", "yingji", "weijian"),
    ),
    start=date(2025, 1, 8),
    cycles=(
        Cycle(
            held_on=date(2025, 3, 27),
            place="市政府第二会议室",
            notice=6,
            minutes_number="3",
            proposals=(Y1, Y2),
            matters=(YD1, YD2),
            remarks="会议强调，要把联席会议作为联系职工群众的重要渠道，议定事项逐件明确责任和时限。",
            effects=(
                (date(2025, 11, 12), "联席会议议定的竞赛和驿站建设全部完成，职工广泛受益。", ("YD1", "YD2")),
            ),
        ),
        Cycle(
            held_on=date(2026, 4, 23),
            place="市政府第二会议室",
            notice=8,
            minutes_number="5",
            proposals=(Y3,),
            matters=(YD3,),
            remarks="会议强调，要抢在高温季节之前完成检查整改，守牢职工生命安全底线。",
            effects=((date(2026, 8, 28), "高温和有限空间作业专项检查按期完成，隐患全部整改。", ("YD3",)),),
        ),
        Cycle(
            held_on=date(2026, 9, 10),
            place="市政府第二会议室",
            notice=21,
            minutes_number="12",
            proposals=(Y4,),
            matters=(YD4,),
            remarks="会议要求，积分激励要公开透明，首批兑现年内完成。",
        ),
    ),
)

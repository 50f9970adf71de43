"""What the papers of 芮城县 say: the topics and the decisions of the worked example."""

import hashlib
from dataclasses import replace
from datetime import date

from application.demonstration.playing import Matter, Proposal
from domain import archives, legacy, topics
from domain.regulation import Category

CHANNELS = {"县政府门户网站": "门户网站稿件", "县融媒体中心": "融媒体稿件"}
PAPER_DAY = date(2024, 11, 28)
SCAN = "2024年11月28日第1次联席会议纪要（扫描件）"
SCAN_HASH = hashlib.sha256(SCAN.encode()).hexdigest()
LEAD, FUNDING, OTHER = topics.Role.LEAD, topics.Role.FUNDING, topics.Role.OTHER

T1 = Proposal(
    key="T1",
    unit="jingji",
    content=topics.Content(
        title="围绕医药、光伏产业链开展劳动和技能竞赛",
        category=Category.C3,
        summary="组织医药制造、光伏组件两条产业链的企业职工开展劳动和技能竞赛，以赛促训、以赛提质，服务县域主导产业发展。",
    ),
    research=topics.Research(
        form="座谈会",
        place="芮城经济技术开发区",
        held_on=date(2025, 2, 25),
        people="企业负责人、一线职工代表32人",
        findings="链上企业普遍缺少跨企业竞赛平台，职工希望竞赛成绩与技能等级认定衔接。",
        argument="两条产业链集中了全县近四成工业职工，以县级竞赛带动岗位练兵，投入小、见效快，与开发区招工留工需要一致。",
    ),
    related={"gongxin": LEAD},
    findings="医药、光伏企业具备承办条件，建议全年举办5场，覆盖职工600人次。",
    report=(
        "产业链企业职工技能提升缺少统一平台，竞赛结果与待遇衔接不够。",
        "《新时期产业工人队伍建设改革方案》及县政府年度重点工作安排。",
        "由县工业和信息化局会同县总工会制定竞赛方案，分产业链举办5场，参赛职工不少于600人次。",
        "所需经费由县总工会竞赛经费列支，企业提供场地和设备，方案可行。",
    ),
)

T2 = Proposal(
    key="T2",
    unit="renshe",
    content=topics.Content(
        title="户外劳动者高温津贴和健康体检",
        category=Category.C4,
        sub_domain="卫生健康",
        summary="检查用人单位落实高温津贴情况，组织环卫、城管协管、快递等户外劳动者开展健康体检。",
    ),
    research=topics.Research(
        form="实地走访",
        place="县环境卫生管理站",
        held_on=date(2025, 2, 25),
        people="环卫、协管等户外劳动者20人",
        findings="部分用人单位高温津贴发放不足，户外劳动者近三年参加过健康体检的不到三成。",
        argument="户外劳动者职业健康风险集中在夏季，津贴检查和体检同步开展，能够及时解决反映强烈的问题。",
    ),
    related={"renshe": LEAD, "weijian": LEAD, "caizheng": FUNDING, "chengguan": OTHER},
    findings="津贴检查应覆盖用工较多的80户用人单位；环卫、协管、快递等户外劳动者有体检需求的约1200人。",
    report=(
        "高温津贴落实不到位，户外劳动者健康体检覆盖率低。",
        "《防暑降温措施管理办法》和省、市有关高温津贴标准的规定。",
        "县人力资源和社会保障局检查用人单位80户，督促足额发放；县卫生健康局组织健康体检。",
        "体检按人均200元测算，在现有公共卫生和环卫预算中统筹，方案可行。",
    ),
    positions={
        "caizheng": (topics.Stance.CONDITIONAL, "原则同意，所需经费在现有预算中统筹解决，不新增预算。")
    },
)
T2_REVISED = T2.content.model_copy(
    update={
        "summary": (
            "检查80户用人单位落实高温津贴情况，组织环卫、城管协管、快递等户外劳动者1000人开展健康体检。"
            "体检经费按人均200元测算，共需20万元，由现有预算统筹。"
        )
    }
)

T3 = Proposal(
    key="T3",
    unit="quanyi",
    content=topics.Content(
        title="建设“司机之家”工会驿站",
        category=Category.C5,
        sub_domain="新就业形态劳动者权益",
        summary="在物流集中区域建设面向货车司机的“司机之家”工会驿站，提供休息、饮水、充电、淋浴和法律咨询等服务。",
        support="请县政府支持解决驿站建设用地，协调交通运输、自然资源部门办理有关手续。",
    ),
    research=topics.Research(
        form="问卷调查",
        place="县物流园区",
        held_on=date(2025, 2, 25),
        people="货车司机60人（问卷60份）",
        findings="九成受访司机反映途中缺少停车休息场所，八成希望在物流园和国道沿线设置服务站点。",
        argument="县境内货运量较大，利用既有停车场建设驿站，既解决货车司机急难愁盼问题，也有利于道路交通安全。",
    ),
    related={"jiaotong": LEAD, "ziran": OTHER},
    findings="物流园停车场和国道沿线停车区两处具备选址条件，第二处需办理用地手续。",
    report=(
        "货车司机途中休息、生活服务设施不足。",
        "国家和省关于维护新就业形态劳动者劳动保障权益的有关规定。",
        "由县交通运输局牵头建设驿站2处，县自然资源局办理用地手续，县总工会负责服务设施和日常运行。",
        "建设资金由县总工会驿站建设补助和交通运输项目资金共同承担，选址可行。",
    ),
)

T4 = Proposal(
    key="T4",
    unit="renshe",
    content=topics.Content(
        title="光伏、医药职工技能提升",
        category=Category.C4,
        sub_domain="职业技能培训",
        summary="面向光伏、医药企业职工开展职业技能提升培训，推动培训与岗位需求、技能等级认定相衔接。",
    ),
    research=topics.Research(
        form="座谈会",
        place="芮城经济技术开发区",
        held_on=date(2026, 2, 26),
        people="企业人力资源负责人、一线职工24人",
        findings="光伏组件封装、药品质量检测岗位技能缺口较大，企业自行培训能力不足。",
        argument="2025年竞赛成果显示职工技能提升意愿强，由政府补贴性培训承接，可巩固竞赛成效。",
    ),
    related={"renshe": LEAD, "caizheng": FUNDING, "gongxin": OTHER},
    findings="两条产业链年度培训需求约600人，县内两所培训机构具备承训条件。",
    report=(
        "光伏、医药企业关键岗位技能人才不足。",
        "国家和省职业技能提升行动有关政策。",
        "由县人力资源和社会保障局组织补贴性培训600人，县总工会组织职工报名并做好跟踪服务。",
        "培训补贴由就业补助资金列支，师资和场地已落实，方案可行。",
    ),
)

FIRST_BODY = (
    "2025年4月22日下午，县长在县政府三楼会议室主持召开芮城县人民政府与芮城县总工会联席会议。"
    "会议听取了全县经济运行和就业情况、县总工会重点工作情况的通报，研究了三项议题。"
    "会议认为，联席会议制度是发展全过程人民民主、维护职工合法权益的重要安排。"
    "会议强调，各牵头单位要按时限抓好落实，县政府办公室、县总工会要联合督促检查。"
)
SECOND_BODY = (
    "2026年4月21日下午，受县长委托，常务副县长在县政府三楼会议室主持召开芮城县人民政府与芮城县总工会联席会议。"
    "会议听取了有关情况通报和上次会议议定事项落实情况的通报，对“司机之家”工会驿站未按期建成的原因进行了说明，"
    "研究了光伏、医药职工技能提升工作。会议要求，未完成事项要倒排工期，确保2026年6月底前建成。"
)

D1 = Matter(
    key="D1",
    topic="T1",
    text="围绕医药、光伏产业链举办劳动和技能竞赛5场，参赛职工600人次。",
    lead="gongxin",
    helpers=("union",),
    leader="分管工业的副县长",
    deadline=date(2025, 11, 28),
    acceptance="举办竞赛5场，参赛职工不少于600人次，竞赛结果公布。",
    quantity="5场、600人次",
    plan=((date(2025, 6, 30), 30), (date(2025, 9, 30), 65), (date(2025, 11, 28), 100)),
    reports=(
        (date(2025, 5, 31), 10, "印发竞赛方案，确定承办企业5家。"),
        (date(2025, 6, 30), 30, "举办光伏组件装配竞赛1场，参赛118人次。"),
        (date(2025, 7, 31), 40, "举办药品检验竞赛1场，累计参赛236人次。"),
        (date(2025, 8, 31), 50, "完成第三场竞赛报名和赛前培训。"),
        (date(2025, 9, 30), 65, "举办电气设备检修竞赛1场，累计参赛372人次。"),
        (date(2025, 10, 31), 80, "举办制剂生产竞赛1场，累计参赛497人次。"),
    ),
    done=(date(2025, 11, 14), date(2025, 11, 17), date(2025, 11, 19)),
    result="5场竞赛全部完成，累计参赛623人次，成绩已公布并与技能等级认定衔接。",
)
D2 = Matter(
    key="D2",
    topic="T2",
    text="检查用人单位落实高温津贴情况80户，督促足额发放。",
    lead="renshe",
    helpers=("union",),
    leader="分管人力资源和社会保障工作的副县长",
    deadline=date(2025, 8, 29),
    acceptance="检查用人单位80户，发现的问题全部整改。",
    quantity="80户",
    plan=((date(2025, 6, 30), 40), (date(2025, 7, 31), 80), (date(2025, 8, 29), 100)),
    reports=(
        (date(2025, 5, 31), 15, "下发检查通知，完成12户自查核对。"),
        (date(2025, 6, 30), 50, "会同县总工会实地检查40户，责令整改6户。"),
        (date(2025, 7, 31), 80, "累计检查64户，补发津贴31.2万元。"),
    ),
    done=(date(2025, 8, 26), date(2025, 8, 28), date(2025, 9, 2)),
    result="检查80户全部完成，9户问题单位已整改，补发高温津贴42.6万元。",
)
D3 = Matter(
    key="D3",
    topic="T2",
    text="对环卫、城管协管、快递等户外劳动者1200人开展健康体检。",
    lead="weijian",
    helpers=("chengguan", "caizheng"),
    leader="分管卫生健康工作的副县长",
    deadline=date(2025, 12, 31),
    acceptance="体检1200人，建立健康档案，异常结果逐人反馈。",
    quantity="1200人",
    plan=((date(2025, 6, 30), 15), (date(2025, 9, 30), 55), (date(2025, 12, 31), 100)),
    reports=(
        (date(2025, 5, 31), 5, "确定体检机构和项目，摸底登记人员。"),
        (date(2025, 6, 30), 15, "完成环卫一队体检178人。"),
        (date(2025, 7, 31), 25, "高温时段错峰安排，累计体检302人。"),
        (date(2025, 8, 31), 40, "累计体检476人，反馈异常结果39人。"),
        (date(2025, 9, 30), 55, "累计体检655人，城管协管人员全部完成。"),
        (date(2025, 10, 31), 70, "累计体检843人。"),
        (date(2025, 11, 30), 90, "累计体检1081人，快递行业集中体检完成。"),
    ),
    done=(date(2025, 12, 24), date(2025, 12, 25), date(2025, 12, 29)),
    result="累计体检1206人，全部建立健康档案，异常结果已逐人反馈。",
)
D4 = Matter(
    key="D4",
    topic="T3",
    text="建设“司机之家”工会驿站2处。",
    lead="jiaotong",
    helpers=("ziran", "union"),
    leader="分管交通运输工作的副县长",
    deadline=date(2025, 12, 31),
    acceptance="驿站2处建成并投入使用，具备休息、饮水、充电、淋浴和法律咨询服务功能。",
    quantity="2处",
    plan=((date(2025, 6, 30), 15), (date(2025, 9, 30), 50), (date(2025, 12, 31), 100)),
    reports=(
        (date(2025, 5, 31), 5, "完成两处选址踏勘。"),
        (date(2025, 6, 30), 10, "第一处完成设计，第二处提交用地申请。"),
        (date(2025, 7, 31), 20, "第一处开工。"),
        (date(2025, 8, 31), 30, "第一处主体改造完成过半。"),
        (date(2025, 9, 30), 40, "第一处主体完工，进行内部装修。"),
        (date(2025, 10, 31), 50, "第一处建成试运行，第二处用地材料补正。"),
        (date(2025, 11, 30), 55, "第一处投入使用，第二处用地仍在审查。"),
        (date(2025, 12, 31), 60, "第二处用地未获批准，完成施工图设计。"),
        (date(2026, 1, 31), 60, "第二处用地审查中，工作与上月持平。"),
        (date(2026, 2, 28), 65, "第二处用地通过初审，完成施工招标准备。"),
        (date(2026, 3, 31), 70, "完成施工招标，先行平整场地。"),
        (date(2026, 4, 30), 80, "第二处用地获批，开工建设。"),
        (date(2026, 5, 31), 90, "第二处主体完工，安装服务设施。"),
    ),
    done=(date(2026, 6, 24), date(2026, 6, 26), date(2026, 6, 29)),
    result="两处驿站均已建成并投入使用，累计服务货车司机4300余人次。",
)
D5 = Matter(
    key="D5",
    topic="T4",
    text="组织光伏、医药企业职工技能提升培训600人。",
    lead="renshe",
    helpers=("union",),
    leader="分管人力资源和社会保障工作的副县长",
    deadline=date(2026, 11, 30),
    acceptance="培训600人，取得职业技能等级证书或培训合格证书。",
    quantity="600人",
    plan=((date(2026, 6, 30), 20), (date(2026, 9, 30), 65), (date(2026, 11, 30), 100)),
    reports=(
        (date(2026, 5, 31), 5, "确定承训机构2所，发布培训计划。"),
        (date(2026, 6, 30), 20, "开班3期，培训123人。"),
        (date(2026, 7, 31), 35, "累计培训214人，组织首批等级认定。"),
        (date(2026, 8, 31), 50, "累计培训305人。"),
        (date(2026, 9, 30), 65, "累计培训392人，其中261人取得证书。"),
        (date(2026, 10, 31), 80, "累计培训484人，最后两期已开班。"),
    ),
)
# What the union's principal sent back: the number that the meeting had changed was missing.
D3_FIRST_WORDING = replace(D3, text="对环卫、城管协管、快递等户外劳动者开展健康体检。", quantity="")
D3_CHANGED = replace(D3, text=D3.text.replace("1200", "1250"), quantity="1250人")


# What paper says of the time before.
L1 = Matter(
    key="L1",
    topic="",
    text="工人文化宫消防改造",
    lead="zhujian",
    leader="分管住房和城乡建设工作的副县长",
    deadline=date(2025, 6, 30),
    acceptance="",
    plan=((date(2025, 5, 31), 60), (date(2025, 6, 30), 100)),
    done=(date(2025, 6, 20), date(2025, 6, 20), date(2025, 6, 25)),
    result="消防改造全部完工，通过消防验收。",
)


def paper_source() -> legacy.Source:
    """Name the scan that was taken over."""
    return legacy.Source(title=SCAN, sha256=SCAN_HASH)


def paper_meeting() -> archives.MeetingRecord:
    """Give the meeting of 2024 as its minutes tell of it."""
    return archives.MeetingRecord(
        held_on=PAPER_DAY,
        ordinal=1,
        title="芮城县人民政府与芮城县总工会联席会议",
        chair="县长",
        place="县政府三楼会议室",
        document=archives.Document(title=SCAN, sha256=SCAN_HASH),
        raw={"会议日期": "2024年11月28日", "会议次序": "第1次"},
    )


def paper_decision(*, lead: str) -> archives.DecisionRecord:
    """Give the one decision of 2024, which was not carried out yet; ``lead`` is the unit's id of today."""
    return archives.DecisionRecord(
        meeting_held_on=PAPER_DAY,
        number=1,
        text=L1.text,
        lead_names=("县住建局",),
        lead_units=(lead,),
        leader=L1.leader,
        deadline=L1.deadline,
        standing=archives.Standing.UNFULFILLED,
        document=archives.Document(title=SCAN, sha256=SCAN_HASH),
        raw={"完成时限": "2025年6月30日"},
    )


# When the leaders were told, of what, and how it stood. What was told of as ended is not told of again.
FIRST_REPORTS = (
    (
        date(2025, 5, 14),
        ("L1", "D1", "D2", "D3", "D4"),
        "第2次会议四项议定事项均已签收、定计划；工人文化宫消防改造图审补正完成，已开工。",
    ),
    (
        date(2025, 6, 27),
        ("L1", "D1", "D2", "D3", "D4"),
        "工人文化宫消防改造按期办结；四项议定事项按计划推进。",
    ),
    (
        date(2025, 9, 4),
        ("D1", "D2", "D3", "D4"),
        "高温津贴检查80户按期办结；竞赛、体检按计划推进；驿站第一处主体改造过半，第二处用地在办。",
    ),
    (
        date(2025, 11, 21),
        ("D1", "D3", "D4"),
        "竞赛5场按期办结；体检完成八成以上；驿站第一处已建成，第二处用地仍在审查，年底前难以建成。",
    ),
    (
        date(2025, 12, 31),
        ("D3", "D4"),
        "体检1206人按期办结；驿站第二处用地未批，将超过完成时限。",
    ),
    (date(2026, 3, 27), ("D4",), "驿站第二处用地通过初审，正在施工招标，拟提请会议说明并申请延期。"),
    (date(2026, 4, 27), ("D4",), "驿站建设经双方同意延期至2026年6月30日，第二处用地已获批，开工建设。"),
)
SECOND_REPORTS = (
    (date(2026, 5, 11), ("D4", "D5"), "技能提升培训已签收、定计划；驿站第二处正在施工。"),
    (date(2026, 6, 30), ("D4", "D5"), "驿站2处建成投用，按延期后时限办结；技能提升培训已开班3期。"),
    (date(2026, 9, 28), ("D5",), "技能提升培训累计近400人，按计划推进。"),
)

"""Counties where things go well: 永济市 a model, 平陆县 without a meeting in 2026, 稷山县 with a special one."""

from datetime import date

from application.demonstration import procedure
from application.demonstration.cast import county
from application.demonstration.cycle import Cycle, Season
from application.demonstration.papers import conditional, interests, mobilising, proposal, union_needs
from application.demonstration.procedure import Matter, Play
from domain import minutes

# 永济市 · every year on time, the mayor in the chair, everything decided carried out in time.
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

# 平陆县 · met in 2025; in 2026 a plan and a topic under consultation, and no meeting yet.
P1 = proposal(
    "P1",
    "renshe",
    interests(
        "返乡务工人员就业服务",
        "劳动就业",
        "面向返乡务工人员开展职业介绍、技能培训和就业援助，促进就近就业。",
    ),
    research=(
        "入户走访",
        "平陆县圣人涧镇、常乐镇",
        date(2025, 4, 10),
        "返乡务工人员45人",
        "返乡人员就近就业意愿强，对岗位信息和技能培训需求集中。",
        "县内果品加工、建材企业用工缺口与返乡人员规模基本匹配。",
    ),
    related={"renshe": "lead", "caizheng": "funding"},
    findings="可组织专场招聘6场，培训300人次，预计帮助400人就近就业。",
    report=(
        "返乡务工人员就业信息不畅、技能与岗位不匹配。",
        "国家和省稳就业有关政策。",
        "由县人力资源和社会保障局会同县总工会组织招聘6场、培训300人次。",
        "经费由就业补助资金列支，方案可行。",
    ),
)
P2 = proposal(
    "P2",
    "quanyi",
    union_needs(
        "职工法律援助常态化",
        "维护劳动领域政治安全",
        "在县职工服务中心设立法律援助窗口，常年为务工人员提供咨询、调解和援助。",
        support="请县政府安排司法行政部门派驻律师，落实办公场所。",
    ),
    research=(
        "案例分析",
        "平陆县职工服务中心",
        date(2025, 4, 14),
        "工会工作者、律师、调解员12人",
        "劳动争议以欠薪和工伤待遇为主，职工不了解援助渠道。",
        "窗口前移到职工服务中心，有利于把矛盾化解在基层。",
    ),
    related={"sifa": "lead", "renshe": "other"},
    findings="具备设立窗口条件，可由律师轮流值班。",
    report=(
        "职工维权渠道不畅，调处资源分散。",
        "《中华人民共和国法律援助法》和劳动争议多元化解有关规定。",
        "由县司法局会同县总工会设立法律援助窗口，每周安排律师值班，按季汇报。",
        "利用现有办公场所和法律援助经费，方案可行。",
    ),
)
P3 = proposal(
    "P3",
    "quanyi",
    interests(
        "灵活就业人员参加工伤保险",
        "社会保障",
        "推动快递、家政等灵活就业人员参加工伤保险，提高职业伤害保障水平。",
    ),
    research=(
        "座谈会",
        "平陆县快递物流园",
        date(2026, 9, 22),
        "快递员、家政服务员22人",
        "灵活就业人员工伤保险参保率低，受伤后赔付周期长。",
        "按项目参保政策已有试点经验，可以在县内推开。",
    ),
    related={"renshe": "lead"},
    findings="",
    report=("", "", "", ""),
)
PD1 = Matter(
    key="PD1",
    topic="P1",
    text="组织返乡务工人员专场招聘6场，开展技能培训300人次。",
    lead="renshe",
    helpers=("union",),
    leader="分管人力资源和社会保障工作的副县长",
    deadline=date(2025, 12, 19),
    acceptance="招聘6场、培训300人次，建立就业台账。",
    quantity="6场、300人次",
    reports=(
        (date(2025, 8, 31), 45, "组织招聘3场，培训128人次。"),
        (date(2025, 10, 31), 80, "累计招聘5场，培训246人次。"),
    ),
    done=(date(2025, 12, 10), date(2025, 12, 12), date(2025, 12, 16)),
    result="招聘6场，达成就业意向437人，培训308人次。",
)
PD2 = Matter(
    key="PD2",
    topic="P2",
    text="在县职工服务中心设立法律援助窗口，常年提供咨询、调解和援助服务。",
    lead="sifa",
    helpers=("renshe", "union"),
    leader="分管司法行政工作的副县长",
    deadline=None,
    interval=3,
    acceptance="窗口每周开放，按季汇报受理和办结情况。",
    reports=(
        (date(2025, 9, 30), 25, "窗口挂牌，律师每周值班，受理咨询63件。"),
        (date(2025, 12, 31), 40, "累计受理142件，调解成功38件。"),
        (date(2026, 3, 31), 50, "一季度受理71件，为21名职工追回工资46万元。"),
        (date(2026, 6, 30), 60, "二季度受理66件，调解成功19件。"),
        (date(2026, 9, 30), 70, "三季度受理74件，开展法律宣讲4场。"),
    ),
)


def _undecided_year(play: Play) -> None:
    procedure.plan_meeting(play, year=2026, on=date(2026, 2, 27))
    procedure.draft(play, P3, on=date(2026, 10, 12))
    procedure.submit(play, P3, on=date(2026, 10, 12))
    procedure.consult(play, "P3", on=date(2026, 10, 20))


PINGLU = Season(
    cast=county("140829", "平陆县", prefix="平", bureaus=("renshe", "caizheng", "sifa")),
    start=date(2025, 1, 9),
    cycles=(
        Cycle(
            held_on=date(2025, 6, 18),
            place="县政府一号会议室",
            notice=14,
            minutes_number="7",
            proposals=(P1, P2),
            matters=(PD1, PD2),
            remarks="会议强调，稳就业和职工维权事关民生，牵头单位要把任务落实到人。",
        ),
    ),
    afterwards=_undecided_year,
)

# 稷山县 · a yearly meeting in 2025, and in 2026 a special one on work safety after prior consultation.
J1 = proposal(
    "J1",
    "jingji",
    union_needs(
        "工会会员实名制数据与政务数据对接",
        "数字化建设",
        "推动工会会员实名制数据与社会保险、市场主体登记数据比对，提升会员服务精准度。",
        support="请县政府协调行政审批、人社部门开放数据比对接口。",
    ),
    research=(
        "实地调研",
        "稷山县政务服务中心",
        date(2025, 2, 12),
        "工会、审批、人社部门工作人员14人",
        "会员底数更新不及时，重复采集增加企业负担。",
        "通过数据比对更新会员信息，可减少基层报表。",
    ),
    related={"shenpi": "lead", "renshe": "other"},
    findings="数据比对在政务外网内进行，个人信息脱敏处理，技术条件具备。",
    report=(
        "工会会员信息采集重复、更新滞后。",
        "数字政府建设和工会数字化建设有关部署。",
        "由县行政审批服务管理局会同县总工会建立数据比对机制，每半年更新一次。",
        "利用现有政务数据平台，不新增投资，方案可行。",
    ),
)
J2 = proposal(
    "J2",
    "yingji",
    interests(
        "涉焦、涉化企业高温岗位职工安全防护专项整治",
        "劳动安全",
        "对涉焦、涉化企业高温、有毒有害岗位开展专项整治，落实轮岗、防护和应急措施。",
    ),
    research=(
        "现场检查",
        "稷山县经济技术开发区",
        date(2026, 6, 22),
        "企业负责人、安全员、岗位职工31人",
        "部分岗位连续作业时间过长，个体防护用品更换不及时。",
        "入伏在即，隐患直接涉及职工人身安全，需立即部署。",
    ),
    related={"yingji": "lead", "weijian": "other", "gongxin": "other"},
    findings="11家企业需限期整改，其中3家需调整高温时段作业安排。",
    report=(
        "高温、有毒有害岗位防护措施不到位，存在重大安全风险。",
        "《中华人民共和国安全生产法》《防暑降温措施管理办法》。",
        "由县应急管理局牵头整治11家企业，县总工会组织职工监督员参与复查。",
        "整治经费由企业安全生产费用列支，方案可行。",
    ),
)
JD1 = Matter(
    key="JD1",
    topic="J1",
    text="建立工会会员实名制数据与政务数据比对机制，完成首次比对。",
    lead="shenpi",
    helpers=("renshe", "union"),
    leader="分管行政审批工作的副县长",
    deadline=date(2025, 12, 31),
    acceptance="机制文件印发，首次比对完成，个人信息保护措施到位。",
    reports=(
        (date(2025, 6, 30), 40, "印发数据比对工作方案。"),
        (date(2025, 9, 30), 75, "完成接口联调和脱敏测试。"),
    ),
    done=(date(2025, 12, 5), date(2025, 12, 8), date(2025, 12, 11)),
    result="完成首次比对，更新会员信息1.8万条。",
)
JD2 = Matter(
    key="JD2",
    topic="J2",
    text="完成11家涉焦、涉化企业高温、有毒有害岗位安全防护专项整治。",
    lead="yingji",
    helpers=("weijian", "gongxin", "union"),
    leader="分管应急管理的副县长",
    deadline=date(2026, 10, 30),
    acceptance="11家企业全部整改销号，职工监督员参与复查。",
    quantity="11家",
    reports=(
        (date(2026, 7, 31), 35, "11家企业制定整改方案，3家调整作业时段。"),
        (date(2026, 8, 31), 65, "7家企业完成整改。"),
        (date(2026, 9, 30), 90, "10家企业完成整改。"),
    ),
    done=(date(2026, 10, 20), date(2026, 10, 22), date(2026, 10, 26)),
    result="11家企业全部整改销号，复查问题清零。",
)
JISHAN = Season(
    cast=county(
        "140824",
        "稷山县",
        prefix="稷",
        bureaus=("shenpi", "renshe", "yingji", "weijian", "gongxin"),
    ),
    start=date(2025, 1, 8),
    cycles=(
        Cycle(
            held_on=date(2025, 4, 10),
            place="县政府常务会议室",
            notice=9,
            minutes_number="4",
            proposals=(J1,),
            matters=(JD1,),
            remarks="会议强调，数据对接要严守个人信息保护规定，切实减轻基层负担。",
        ),
        Cycle(
            held_on=date(2026, 7, 16),
            place="县政府常务会议室",
            notice=18,
            minutes_number="9",
            special=(
                "6月下旬安全生产专项检查发现，部分涉焦、涉化企业高温岗位防护不到位，"
                "连续作业时间过长，直接涉及职工人身安全，需要政府与工会立即共同研究。"
            ),
            proposals=(J2,),
            matters=(JD2,),
            remarks="会议强调，涉及企业名单和隐患清单由相关单位掌握，整治情况按月调度。",
            disclosure=minutes.Disclosure.CLOSED,
        ),
    ),
)

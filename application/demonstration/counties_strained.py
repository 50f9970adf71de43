"""Counties where something is wrong.

河津市 is overdue, 闻喜县 carries a decision over, 夏县 lacks consensus on a topic, and 盐湖区 ends a decision by a
later meeting.
"""

from datetime import date

from application.demonstration.cast import county
from application.demonstration.cycle import Cycle, Explained, Season, Sent
from application.demonstration.papers import (
    conditional,
    disagree,
    interests,
    mobilising,
    other,
    proposal,
    union_needs,
)
from application.demonstration.procedure import Matter
from domain.meetings import OutcomeKind

# 河津市 · the decision on collective wage bargaining is overdue since the end of October 2026.
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

# 闻喜县 · the workers' centre of 2025 is not built; the meeting of 2026 had to explain it, and it is still open.
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

# 夏县 · a topic was returned and came back better; another never found consensus and never came to a meeting.
X1 = proposal(
    "X1",
    "jingji",
    mobilising("文旅服务行业职工技能提升竞赛", "组织景区、酒店、餐饮企业职工开展服务技能竞赛。"),
    research=(
        "座谈会",
        "夏县泗交旅游服务区",
        date(2025, 3, 18),
        "景区、酒店职工19人",
        "旅游旺季用工集中，服务技能参差不齐。",
        "以赛促训能够在旺季前较快提高服务质量。",
    ),
    related={"wenlv": "lead", "renshe": "other"},
    findings="可设讲解、客房、烹饪三个项目，参赛约150人。",
    report=(
        "旅游服务从业人员技能水平不一。",
        "县文化旅游产业发展规划。",
        "由县文化和旅游局会同县总工会举办三个项目竞赛。",
        "经费由县总工会和承办企业共同承担，方案可行。",
    ),
)
X1_REVISED = X1.content.model_copy(
    update={
        "summary": (
            "组织景区、酒店、餐饮企业职工150人开展讲解、客房、烹饪三个项目服务技能竞赛，"
            "经费12万元，由县总工会和承办企业各承担一半。"
        )
    }
)
X2 = proposal(
    "X2",
    "quanyi",
    union_needs(
        "县工人文化宫房产移交确权",
        "经费资产",
        "理顺县工人文化宫房产权属，将现由其他单位使用的附属用房移交县总工会。",
        support="请县政府协调办理房产移交和不动产登记。",
    ),
    research=(
        "查阅档案",
        "夏县档案馆",
        date(2025, 3, 20),
        "工会资产管理人员、原建设单位人员9人",
        "附属用房建设时由工会经费出资，后划由其他单位使用。",
        "权属不清影响文化宫维修改造和安全管理。",
    ),
    related={"ziran": "lead", "caizheng": "funding"},
    findings="原始出资凭证齐全，现使用单位搬迁方案未达成一致。",
    report=(
        "县工人文化宫附属用房权属不清。",
        "《中华人民共和国工会法》关于工会财产保护的规定。",
        "由县自然资源局办理不动产登记，县财政局核销资产账目。",
        "需先行解决现使用单位办公用房。",
    ),
    positions={
        "ziran": disagree("现使用单位尚无替代用房，搬迁方案未定，不同意现阶段办理移交登记。"),
        "caizheng": conditional("原则同意，待搬迁方案确定后核销资产账目。"),
    },
)
X3 = proposal(
    "X3",
    "weijian",
    interests(
        "女职工“两癌”筛查",
        "卫生健康",
        "组织企业女职工和灵活就业女性开展宫颈癌、乳腺癌筛查。",
    ),
    research=(
        "问卷调查",
        "夏县纺织、食品企业",
        date(2026, 3, 24),
        "女职工80人（问卷80份）",
        "中小企业女职工近三年筛查率不足四成。",
        "筛查技术成熟，早发现早治疗，社会效益明显。",
    ),
    related={"weijian": "lead", "caizheng": "funding"},
    findings="符合条件的女职工约1500人，县妇幼保健院具备筛查能力。",
    report=(
        "中小企业女职工筛查覆盖率低。",
        "《女职工劳动保护特别规定》和妇女健康有关规划。",
        "由县卫生健康局组织筛查1500人，县总工会做好组织发动。",
        "经费由公共卫生项目资金和工会经费共同承担，方案可行。",
    ),
)
XD1 = Matter(
    key="XD1",
    topic="X1",
    text="举办讲解、客房、烹饪三个项目文旅服务技能竞赛，参赛职工150人。",
    lead="wenlv",
    helpers=("renshe", "union"),
    leader="分管文化旅游工作的副县长",
    deadline=date(2025, 9, 30),
    acceptance="三个项目竞赛完成，参赛不少于150人。",
    quantity="150人",
    reports=(
        (date(2025, 7, 31), 40, "完成讲解项目竞赛，参赛52人。"),
        (date(2025, 9, 30), 70, "完成客房项目竞赛，烹饪项目因旺季用工推迟。"),
    ),
    done=(date(2025, 10, 24), date(2025, 10, 28), date(2025, 10, 31)),
    result="三个项目竞赛全部完成，参赛163人，晚于时限24天。",
)
XD2 = Matter(
    key="XD2",
    topic="X3",
    text="组织女职工“两癌”筛查1500人。",
    lead="weijian",
    helpers=("caizheng", "union"),
    leader="分管卫生健康工作的副县长",
    deadline=date(2026, 11, 27),
    acceptance="筛查1500人，异常结果追踪随访率100%。",
    quantity="1500人",
    reports=(
        (date(2026, 7, 31), 30, "筛查462人，异常随访11人。"),
        (date(2026, 9, 30), 70, "累计筛查1063人。"),
        (date(2026, 10, 31), 88, "累计筛查1324人，异常结果全部随访。"),
    ),
)
XIAXIAN = Season(
    cast=county("140828", "夏县", prefix="夏", bureaus=("wenlv", "renshe", "ziran", "caizheng", "weijian")),
    start=date(2025, 1, 13),
    cycles=(
        Cycle(
            held_on=date(2025, 5, 22),
            place="县政府三楼东会议室",
            notice=13,
            minutes_number="5",
            proposals=(X1,),
            stuck=(X2,),
            returned={"X1": Sent(reason="补充竞赛规模、项目设置和经费来源后再报。", content=X1_REVISED)},
            matters=(XD1,),
            remarks="会议指出，未在会前达成共识的议题要继续沟通协调，成熟后再提请研究。",
        ),
        Cycle(
            held_on=date(2026, 5, 28),
            place="县政府三楼东会议室",
            notice=15,
            minutes_number="6",
            proposals=(X3,),
            matters=(XD2,),
            remarks="会议强调，要把女职工健康服务做实做细，保护个人隐私。",
        ),
    ),
)

# 盐湖区 · the district's own cultural centre was ended by the meeting of 2026, which also put a topic off.
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

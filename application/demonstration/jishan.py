"""稷山县: a yearly meeting in 2025, and in 2026 a special one on work safety after prior consultation."""

from datetime import date

from application.demonstration.cast import county
from application.demonstration.cycle import Cycle, Season
from application.demonstration.papers import interests, proposal, union_needs
from application.demonstration.playing import Matter
from domain import regulation

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
            disclosure=regulation.Disclosure.CLOSED,
        ),
    ),
)

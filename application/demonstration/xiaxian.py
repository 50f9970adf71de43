"""夏县: a topic was returned and came back better; another never found consensus and never came to a meeting."""

from datetime import date

from application.demonstration.cast import county
from application.demonstration.cycle import Cycle, Season, Sent
from application.demonstration.papers import (
    conditional,
    disagree,
    interests,
    mobilising,
    proposal,
    union_needs,
)
from application.demonstration.playing import Matter

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

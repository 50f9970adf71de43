"""平陆县: met in 2025; in 2026 a plan and a topic under consultation, and no meeting yet."""

from datetime import date

from application.demonstration import procedure
from application.demonstration.cast import county
from application.demonstration.cycle import Cycle, Season
from application.demonstration.papers import interests, proposal, union_needs
from application.demonstration.playing import Matter, Play

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

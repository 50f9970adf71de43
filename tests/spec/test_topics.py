"""A topic: draft, research, consultation, approval, joint research, report, positions, basic consensus."""

import pytest

from domain import consensus, consent, decisions, meetings, people, proposals, refusals, topics, wording
from domain.decider import Capacity
from domain.regulation import Category
from domain.topics import Role, Stance, Status
from tests import builders as b

NOTHING = ["", "  ", "无", "略。", "——", "！！", "啊啊啊啊"]


def propose(content=None, *, unit="hr", on=None):
    return topics.ProposeTopic(on=on or b.day(3, 3), unit=unit, content=content or b.content())


# --- what may be proposed --------------------------------------------------------------------------------------


@pytest.mark.parametrize("category", [Category.C1, Category.C2, Category.C6])
def test_r022_a_briefing_is_no_topic(category):
    """Only what is to be deliberated is proposed as a topic."""
    scene = b.given()
    scene.when("HR", propose(b.content(category))).refused("R-022", proposals.NotADeliberation)


@pytest.mark.parametrize("category", [Category.C3, Category.C4, Category.C5, Category.C7])
def test_r022_what_is_to_be_deliberated_is_proposed(category):
    """Categories three, four, five and seven are deliberations."""
    b.given().when("HR", propose(b.content(category))).then(topics.TopicProposed)


@pytest.mark.parametrize("sub_domain", ["", "无", "环境保护", "阵地建设"])
def test_r023_category_four_without_its_sub_domain_is_refused(sub_domain):
    """The sub-domain is one of the six, or 其他."""
    command = propose(b.content(Category.C4, sub_domain=sub_domain))
    b.given().when("HR", command).refused("R-023", proposals.SubDomainMissing)


@pytest.mark.parametrize(
    "sub_domain", ["劳动就业", "收入分配", "劳动安全", "卫生健康", "社会保障", "职业技能培训", "其他"]
)
def test_r023_category_four_names_its_sub_domain(sub_domain):
    """Each of the six sub-domains and 其他 will do."""
    command = propose(b.content(Category.C4, sub_domain=sub_domain))
    b.given().when("HR", command).then(topics.TopicProposed)


@pytest.mark.parametrize("change", [{"sub_domain": "收入分配"}, {"sub_domain": ""}, {"support": "无"}])
def test_r024_category_five_without_sub_domain_or_support_is_refused(change):
    """What the union needs is named, and what it asks of the government."""
    command = propose(b.content(Category.C5, **change), unit="rights")
    b.given().when("RIGHTS", command).refused("R-024", proposals.SupportMissing)


def test_r024_category_five_comes_from_the_union_or_at_its_request():
    """A union department needs no request; a government department records the union's."""
    scene = b.given()
    asked = b.content(Category.C5, union_request="")
    scene.when("RIGHTS", propose(asked, unit="rights")).then(topics.TopicProposed)
    scene.when("HR", propose(asked)).refused("R-024", proposals.UnionRequestMissing)
    scene.when("HR", propose(b.content(Category.C5))).then(topics.TopicProposed)


@pytest.mark.parametrize("reason", NOTHING)
def test_r030_another_matter_without_a_reason_is_refused(reason):
    """Category seven says why it is to be deliberated."""
    command = propose(b.content(Category.C7, reason=reason))
    b.given().when("HR", command).refused("R-030", proposals.OtherReasonMissing)


def test_r038_a_department_of_either_side_proposes_for_its_own_unit():
    """Government departments, union departments and both offices propose, each for itself."""
    scene = b.given()
    for role, unit in (("HR", "hr"), ("RIGHTS", "rights"), ("GO", "office"), ("UO", "union")):
        scene.when(role, propose(unit=unit)).then(topics.TopicProposed)


@pytest.mark.parametrize(("role", "unit"), [("HR", "fin"), ("HR", "elsewhere"), ("RIGHTS", "union")])
def test_r038_a_unit_that_is_not_the_proposers_or_not_of_this_pair_is_refused(role, unit):
    """Nobody proposes for another unit, nor for one that is not registered."""
    b.given().when(role, propose(unit=unit)).refused("R-038", proposals.ForeignUnit)


def test_r038_a_topic_is_proposed_once_and_says_what_it_is():
    """A second proposal of the same subject, an empty title and an empty summary are refused."""
    scene = b.given(b.topic(until=Status.DRAFT))
    scene.when("HR", propose()).refused("R-038", refusals.AlreadyDone)
    for empty in ({"title": "无"}, {"summary": "略"}):
        b.given().when("HR", propose(b.content(**empty))).refused("R-038", refusals.TextMissing)
    unknown = topics.SubmitTopic(on=b.day(3, 6))
    scene.when("HR", unknown, subject="T9").refused("R-038", refusals.NotFound)


# --- research ---------------------------------------------------------------------------------------------------


def drafted():
    return b.given().act("HR", propose(), subject="T1")


def test_r039_a_topic_with_research_and_argument_is_submitted():
    """One structured record with its argument is enough."""
    scene = drafted()
    attach = topics.AttachResearch(on=b.day(3, 4), research=b.research())
    scene = scene.when("HR", attach).then(topics.ResearchAttached)
    scene.when("HR", topics.SubmitTopic(on=b.day(3, 6))).then(topics.TopicSubmitted)


def test_r039_a_topic_without_research_is_not_submitted():
    """Near miss 1 of the worked example."""
    drafted().when("HR", topics.SubmitTopic(on=b.day(3, 6))).refused("R-039", proposals.NotResearched)


@pytest.mark.parametrize("argument", NOTHING)
def test_r039_a_topic_without_an_argument_is_not_submitted(argument):
    """A record of findings alone argues nothing."""
    attach = topics.AttachResearch(on=b.day(3, 4), research=b.research(argument=argument))
    scene = drafted().act("HR", attach)
    scene.when("HR", topics.SubmitTopic(on=b.day(3, 6))).refused("R-039", proposals.NotResearched)


def test_r039_research_after_the_day_of_submission_does_not_count():
    """Research precedes what is submitted."""
    attach = topics.AttachResearch(on=b.day(3, 10), research=b.research(held_on=b.day(3, 8)))
    scene = drafted().act("HR", attach)
    scene.when("HR", topics.SubmitTopic(on=b.day(3, 7))).refused("R-039", proposals.NotResearched)
    scene.when("HR", topics.SubmitTopic(on=b.day(3, 10))).then(topics.TopicSubmitted)


@pytest.mark.parametrize("part", ["form", "place", "people", "findings"])
def test_r039_an_incomplete_research_record_is_refused(part):
    """Form, place, people and findings are stated."""
    for nothing in NOTHING:
        attach = topics.AttachResearch(on=b.day(3, 4), research=b.research(**{part: nothing}))
        drafted().when("HR", attach).refused("R-039", refusals.TextMissing)


def test_r093_research_is_not_recorded_before_it_took_place():
    """A record rests on the research itself."""
    attach = topics.AttachResearch(on=b.day(3, 4), research=b.research(held_on=b.day(3, 5)))
    drafted().when("HR", attach).refused("R-093", refusals.BeforeItsBasis)


def test_r039_only_the_proposing_unit_attaches_and_submits():
    """Another department adds nothing to a draft."""
    scene = b.given(b.topic(until=Status.DRAFT))
    scene.when("FIN", topics.SubmitTopic(on=b.day(3, 6))).refused("R-038", proposals.ForeignUnit)
    attach = topics.AttachResearch(on=b.day(3, 4), research=b.research())
    scene.when("FIN", attach).refused("R-038", proposals.ForeignUnit)


def test_r039_what_is_submitted_takes_no_more_research():
    """Research belongs to the draft, and what is submitted is not submitted again."""
    scene = b.given(b.topic(until=Status.SUBMITTED))
    attach = topics.AttachResearch(on=b.day(3, 7), research=b.research())
    scene.when("HR", attach).refused("R-039", refusals.WrongState)
    scene.when("HR", topics.SubmitTopic(on=b.day(3, 7))).refused("R-039", refusals.WrongState)


def test_r040_a_workers_opinion_is_attached_with_its_source():
    """An opinion that says nothing or comes from nowhere is refused."""
    scene = b.given(b.topic(until=Status.DRAFT))
    body = {"on": b.day(3, 5), "source": "职工代表提案", "opinion": "希望按月足额发放高温津贴。"}
    scene.when("HR", topics.AttachOpinion(**body)).then(topics.OpinionAttached)
    for empty in ("source", "opinion"):
        command = topics.AttachOpinion(**{**body, empty: "无"})
        scene.when("HR", command).refused("R-040", refusals.TextMissing)


@pytest.mark.parametrize("place", ["source", "opinion"])
@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("职工身份证号140830199001011234反映", "公民身份号码"),
        ("142701 19900101 123x", "公民身份号码"),
        ("电话１３８００１３８０００", "手机号码"),
        ("电话138-0013-8000", "手机号码"),
        ("请致电+86 138 0013 8000", "手机号码"),
        ("请联系8613800138000", "手机号码"),
        ("1\u200b3800138000", "手机号码"),
        ("来信地址worker＠example.com.cn", "电子邮箱"),
    ],
)
def test_r040_an_opinion_that_holds_personal_data_is_refused_and_not_repeated(place, text, what):
    """Numbers of persons, mobiles and addresses of mail stay out of a ledger that forgets nothing."""
    scene = b.given(b.topic(until=Status.DRAFT))
    body = {"on": b.day(3, 5), "source": "职工代表提案", "opinion": "希望按月足额发放高温津贴。"}
    done = scene.when("HR", topics.AttachOpinion(**{**body, place: text}))
    done.refused("R-040", wording.PersonalData)
    assert what in str(done.refusal)
    assert text not in str(done.refusal)
    assert done.refusal.pointer == f"/{place}"
    assert done.refusal.way_out


@pytest.mark.parametrize(
    "text",
    [
        "运政办发〔2024〕7号要求2025年4月22日前完成，涉及1200人、12000000元。",
        "来电12351，区号0359-3022222，邮编044600，统一社会信用代码1144150000724047XL。",
        "2024-03-12至2025-04-22共406天，编号20250422000113800。",
        "编号113800138000、1380013800012",
    ],
)
def test_r040_figures_dates_and_office_numbers_are_no_personal_data(text):
    """What an opinion has to say in figures may be said."""
    scene = b.given(b.topic(until=Status.DRAFT))
    said = topics.AttachOpinion(on=b.day(3, 5), source="职工代表提案", opinion=text)
    scene.when("HR", said).then(topics.OpinionAttached)


def test_r040_a_research_record_names_no_private_person_by_number():
    """Whom the research met is told by post and number of people."""
    scene = b.given(b.topic(until=Status.DRAFT))
    record = b.research(people="职工代表（13800138000）等32人")
    scene.when("HR", topics.AttachResearch(on=b.day(3, 4), research=record)).refused(
        "R-040", wording.PersonalData
    )


# --- what a topic serves, and where it stood --------------------------------------------------------------------


def tagged(*tags, on=None):
    return topics.TagTopic(on=on or b.day(4, 8), tags=tags)


def test_r019_a_topic_is_tagged_with_what_it_serves_and_retagged():
    """Tags are a set in the regulation's order; the offices and the proposing unit set them."""
    scene = b.given(b.topic())
    rights, harmony = topics.Purpose.RIGHTS, topics.Purpose.HARMONY
    scene = scene.when("HR", tagged(rights, harmony, rights)).then(topics.TopicTagged)
    assert scene.topic().tags == (harmony, rights)
    scene.when("UO", tagged(harmony, rights)).then()
    scene = scene.when("UO", tagged()).then(topics.TopicTagged)
    assert scene.topic().tags == ()
    scene.when("GO", tagged(rights)).then(topics.TopicTagged)
    scene.when("FIN", tagged(rights)).refused("R-038", proposals.ForeignUnit)
    scene.when("GL", tagged(rights)).refused("R-019", refusals.NotEntitled)


def test_r019_a_tag_changes_no_consent_and_stands_still_with_the_meeting():
    """A tag is no content: consensus stays; what the meeting resolved is tagged no more."""
    scene = b.given(b.topic())
    before = scene.topic().content_hash
    after = scene.act("GO", tagged(topics.Purpose.MAJOR))
    assert (after.topic().status, after.topic().content_hash) == (Status.CONSENSUS, before)
    held = after.play(b.meeting())
    late = tagged(topics.Purpose.REFORM, on=b.day(5, 30))
    held.when("GO", late).refused("R-062", consensus.BeforeTheMeeting)
    held.play(b.minuted()).when("GO", late).refused("R-019", refusals.WrongState)


def test_r093_a_topic_tells_where_it_stood_on_any_past_day():
    """The steps are kept with the days on which they came about, and the first of each gate."""
    known = b.given(b.topic(), b.meeting(outcomes={"T1": meetings.OutcomeKind.DEFERRED}), b.minuted()).topic()
    days = {
        b.day(3, 2): Status.UNBORN,
        b.day(3, 3): Status.DRAFT,
        b.day(3, 12): Status.CONSULTED,
        b.day(3, 13): Status.CONSULTED,
        b.day(3, 14): Status.APPROVED,
        b.day(4, 6): Status.REPORTED,
        b.day(4, 21): Status.CONSENSUS,
        known.since: Status.DEFERRED,
    }
    assert {day: known.status_on(day) for day in days} == days
    firsts = (known.first_submitted_on, known.first_approved_on, known.first_consensus_on)
    assert firsts == (b.day(3, 6), b.day(3, 14), b.day(4, 7))


def test_r093_a_step_entered_late_counts_from_the_latest_day_that_led_to_it():
    """The second office's consultation, entered with an earlier day, does not date the step back."""
    scene = submitted()
    scene = scene.act("UO", b.consultation(scene.topic(), b.UNION, on=b.day(3, 12)))
    scene = scene.act("GO", b.consultation(scene.topic(), b.GOV, on=b.day(3, 10)))
    assert scene.topic().status_on(b.day(3, 11)) is Status.SUBMITTED
    assert scene.topic().status_on(b.day(3, 12)) is Status.CONSULTED


# --- consultation -----------------------------------------------------------------------------------------------


def submitted():
    return b.given(b.topic(until=Status.SUBMITTED))


def test_r041_both_offices_state_their_positions():
    """A topic is consulted once the government office and the union have both spoken."""
    scene = submitted()
    scene = scene.when("UO", b.consultation(scene.topic(), b.UNION)).then(topics.TopicConsulted)
    assert scene.topic().status is Status.CONSULTING
    scene = scene.when("GO", b.consultation(scene.topic(), b.GOV)).then(topics.TopicConsulted)
    assert scene.topic().status is Status.CONSULTED


@pytest.mark.parametrize("role", ["HR", "GL", "GP", "LEADER", "UP", "RIGHTS", "SUPG", "ADMIN"])
def test_r041_only_the_two_offices_consult(role):
    """Near miss 2: the government side is its office, not a department's."""
    scene = submitted()
    command = b.consultation(scene.topic(), b.GOV)
    scene.when(role, command).refused("R-041", refusals.NotEntitled)


def test_r041_nobody_speaks_for_the_other_side_or_twice():
    """Each side speaks for itself, once for each content."""
    scene = submitted()
    scene.when("UO", b.consultation(scene.topic(), b.GOV)).refused("R-041", consent.NotYourSide)
    scene = scene.act("UO", b.consultation(scene.topic(), b.UNION))
    scene.when("UO", b.consultation(scene.topic(), b.UNION)).refused("R-041", proposals.AlreadySpoken)


def test_r041_one_person_does_not_consult_for_both_sides():
    """Whoever holds a post on both sides speaks for one of them."""
    scene = b.given(b.one_person_on_both_sides, b.topic(until=Status.SUBMITTED))
    scene = scene.act(b.BOTH, b.consultation(scene.topic(), b.GOV))
    scene.when(b.BOTH, b.consultation(scene.topic(), b.UNION)).refused("R-041", consent.OnePersonForBoth)
    scene.when("UO", b.consultation(scene.topic(), b.UNION)).then(topics.TopicConsulted)


def test_r041_an_older_content_is_not_consulted_on():
    """A position names the content that stands."""
    scene = submitted()
    old = b.consultation(scene.topic(), b.GOV)
    revised = topics.ReviseTopic(on=b.day(3, 10), content=b.content(summary="补充经费测算。"))
    scene = scene.act("HR", revised)
    scene.when("GO", old).refused("R-041", consent.OtherContent)
    scene.when("GO", b.consultation(scene.topic(), b.GOV)).then(topics.TopicConsulted)


def test_r041_an_objection_says_why():
    """A disagreement without a word is refused."""
    scene = submitted()
    bare = b.consultation(scene.topic(), b.UNION, Stance.DISAGREE)
    scene.when("UO", bare).refused("R-041", refusals.TextMissing)
    said = b.consultation(scene.topic(), b.UNION, Stance.DISAGREE, "标准偏低。")
    scene.when("UO", said).then(topics.TopicConsulted)


@pytest.mark.parametrize("until", [Status.DRAFT, Status.CONSULTED, Status.APPROVED, Status.CONSENSUS])
def test_r041_what_is_not_submitted_or_already_consulted_is_not_consulted(until):
    """Consultation stands between submission and approval."""
    scene = b.given(b.topic(until=until))
    command = b.consultation(scene.topic(), b.GOV, on=b.day(4, 20))
    scene.when("GO", command).refused("R-041", refusals.WrongState)


def test_r041_approval_against_an_objection_needs_a_reason():
    """The liaison leader may decide against an objection, with a reason that is kept."""
    said = {b.GOV: b.AGREE, b.UNION: (Stance.DISAGREE, "标准偏低。")}
    scene = b.given(b.topic(until=Status.CONSULTED, consultations=said))
    for nothing in NOTHING:
        command = topics.ApproveTopic(on=b.day(3, 14), reason=nothing)
        scene.when("GL", command).refused("R-041", proposals.ObjectionNeedsReason)
    command = topics.ApproveTopic(on=b.day(3, 14), reason="先行列入，标准会上再议。")
    assert scene.when("GL", command).then(topics.TopicApproved).topic().reason


# --- approval ---------------------------------------------------------------------------------------------------


def consulted():
    return b.given(b.topic(until=Status.CONSULTED))


def test_r042_the_liaison_leader_approves_what_was_consulted():
    """Approval follows consultation on the same content."""
    scene = consulted()
    after = scene.when("GL", topics.ApproveTopic(on=b.day(3, 14))).then(topics.TopicApproved)
    assert after.topic().status is Status.APPROVED


@pytest.mark.parametrize("until", [Status.DRAFT, Status.SUBMITTED, Status.CONSULTING])
def test_r042_approval_without_consultation_is_refused(until):
    """Neither a draft nor what one side alone has spoken on is approved."""
    scene = b.given(b.topic(until=until))
    scene.when("GL", topics.ApproveTopic(on=b.day(3, 20))).refused("R-042", proposals.NotConsulted)


@pytest.mark.parametrize("role", ["GO", "UO", "GP", "LEADER", "UP", "UL", "HR", "SUPG", "ADMIN"])
@pytest.mark.parametrize("command", [topics.ApproveTopic, topics.ReturnTopic, topics.RejectTopic])
def test_r042_nobody_but_the_liaison_leader_approves_returns_or_rejects(role, command):
    """Neither office staff nor the union nor another leader takes this decision."""
    act = command(on=b.day(3, 14), reason="经费测算不全")
    consulted().when(role, act).refused("R-042", refusals.NotEntitled)


def test_r042_a_revision_after_consultation_is_not_approved():
    """Near miss 3: the second version was never consulted on."""
    scene = consulted().act("GL", topics.ReturnTopic(on=b.day(3, 14), reason="补经费测算"))
    revised = topics.ReviseTopic(on=b.day(3, 17), content=b.content(summary="附经费测算。"))
    scene = scene.act("HR", revised).act("HR", topics.SubmitTopic(on=b.day(3, 17)))
    scene.when("GL", topics.ApproveTopic(on=b.day(3, 19))).refused("R-042", proposals.NotConsulted)


def test_r042_a_second_approval_is_refused():
    """An approved topic is not approved again."""
    scene = b.given(b.topic(until=Status.APPROVED))
    scene.when("GL", topics.ApproveTopic(on=b.day(3, 19))).refused("R-042", refusals.WrongState)


def test_r042_neither_office_staff_nor_the_union_approves():
    """Whoever holds a post in an office or the union that day does not approve, through whatever post."""
    scene = b.given(b.one_person_on_both_sides, b.topic(until=Status.CONSULTED))
    reasoned = topics.ApproveTopic(on=b.day(3, 14), reason="副县长空缺，由本人代理。")
    scene.when(b.BOTH, reasoned).refused("R-042", proposals.OfficeOrUnion)


@pytest.mark.parametrize(
    ("capacity", "unit"),
    [
        (Capacity.GOVERNMENT_OFFICE, "office"),
        (Capacity.UNION_OFFICE, "union"),
        (Capacity.UNION_LEADER, "union"),
        (Capacity.DEPARTMENT, "rights"),
    ],
)
def test_r042_a_leader_with_a_second_post_in_an_office_or_the_union_does_not_approve(capacity, unit):
    """A second post in a government department does no harm."""
    command = topics.ApproveTopic(on=b.day(3, 14), reason="统筹考虑后列入")
    scene = b.given(b.holding("GL", capacity, unit), b.topic(until=Status.CONSULTED))
    scene.when("GL", command).refused("R-042", proposals.OfficeOrUnion)
    other = b.given(b.holding("GL", Capacity.DEPARTMENT, "hr"), b.topic(until=Status.CONSULTED))
    other.when("GL", command).then(topics.TopicApproved)


def test_r042_a_leader_who_consulted_for_the_office_gives_a_reason():
    """Ambiguity A5: the same person on both steps, one post after the other, is a deviation that is explained."""
    clerk = b.holding("climber", Capacity.GOVERNMENT_OFFICE, "office")
    leader = b.holding("climber", Capacity.LIAISON_LEADER, "gov", valid_from=b.day(3, 14))
    scene = b.given(clerk, b.topic(until=Status.SUBMITTED))
    scene = scene.act("climber", b.consultation(scene.topic(), b.GOV))
    scene = scene.act("UO", b.consultation(scene.topic(), b.UNION)).play(leader)
    post = next(each.id for each in scene.dossier.posts.values() if each.person == "climber")
    ended = people.EndPost(on=b.day(3, 13), last_day=b.day(3, 13))
    scene = scene.act("ADMIN", ended, subject=post)
    bare = topics.ApproveTopic(on=b.day(3, 14))
    scene.when("climber", bare).refused("R-041", proposals.ObjectionNeedsReason)
    reasoned = topics.ApproveTopic(on=b.day(3, 14), reason="三月十四日起任副县长。")
    scene.when("climber", reasoned).then(topics.TopicApproved)


@pytest.mark.parametrize("role", ["HR", "GL"])
def test_r043_a_change_of_content_restarts_consultation(role):
    """Whoever changes the content, the offices' positions are void, and say so."""
    changed = topics.ReviseTopic(on=b.day(3, 13), content=b.content(summary="扩大到环卫职工。"))
    after = consulted().when(role, changed).then(topics.TopicRevised, topics.TopicConsentVoided)
    assert (after.topic().status, after.topic().consultations) == (Status.SUBMITTED, {})
    after.when("GL", topics.ApproveTopic(on=b.day(3, 14))).refused("R-042", proposals.NotConsulted)


def test_r043_a_change_after_approval_takes_the_approval_back():
    """An approved topic whose content changes is approved no more."""
    changed = topics.ReviseTopic(on=b.day(3, 18), content=b.content(summary="扩大到环卫职工。"))
    scene = b.given(b.topic(until=Status.APPROVED)).act("GL", changed)
    assert (scene.topic().status, scene.topic().approved_by) == (Status.SUBMITTED, None)
    scene.when("UO", b.plan_research()).refused("R-045", consensus.NotApproved)


def test_r043_the_same_content_changes_nothing():
    """A revision that changes no byte voids nothing."""
    consulted().when("HR", topics.ReviseTopic(on=b.day(3, 13), content=b.content())).then()


def test_r043_a_draft_is_not_the_leaders_and_researched_content_is_nobodys():
    """The leader changes what was submitted to him; after joint research the content stands."""
    changed = topics.ReviseTopic(on=b.day(4, 20), content=b.content(summary="扩大到环卫职工。"))
    b.given(b.topic(until=Status.DRAFT)).when("GL", changed).refused("R-043", refusals.WrongState)
    b.given(b.topic(until=Status.JOINT_RESEARCH)).when("HR", changed).refused("R-043", refusals.WrongState)
    consulted().when("FIN", changed).refused("R-038", proposals.ForeignUnit)


@pytest.mark.parametrize("command", [topics.ReturnTopic, topics.RejectTopic])
def test_r044_a_return_or_rejection_without_a_reason_is_refused(command):
    """The proposer is shown why."""
    for nothing in NOTHING:
        act = command(on=b.day(3, 14), reason=nothing)
        consulted().when("GL", act).refused("R-044", refusals.TextMissing)


def test_r044_a_reason_is_kept_with_the_return_or_rejection():
    """A returned topic is improved and submitted again; a rejected one is not."""
    scene = consulted()
    back = scene.when("GL", topics.ReturnTopic(on=b.day(3, 14), reason="补经费测算")).then(
        topics.TopicReturned
    )
    assert (back.topic().status, back.topic().reason) == (Status.RETURNED, "补经费测算")
    back.when("HR", topics.SubmitTopic(on=b.day(3, 17))).then(topics.TopicSubmitted)
    rejected = topics.RejectTopic(on=b.day(3, 14), reason="不属职权范围")
    out = scene.when("GL", rejected).then(topics.TopicRejected)
    out.when("HR", topics.SubmitTopic(on=b.day(3, 17))).refused("R-039", refusals.WrongState)
    out.when("GL", rejected).refused("R-044", refusals.WrongState)


def test_r050_the_proposer_withdraws_with_a_reason():
    """Only the proposing unit withdraws, only with a reason, and not after the meeting."""
    scene = b.given(b.topic(until=Status.CONSENSUS))
    command = topics.WithdrawTopic(on=b.day(4, 8), reason="问题已解决")
    scene.when("FIN", command).refused("R-038", proposals.ForeignUnit)
    bare = topics.WithdrawTopic(on=b.day(4, 8), reason="无")
    scene.when("HR", bare).refused("R-050", refusals.TextMissing)
    gone = scene.when("HR", command).then(topics.TopicWithdrawn)
    gone.when("HR", command).refused("R-050", refusals.WrongState)


# --- joint research ---------------------------------------------------------------------------------------------


def approved():
    return b.given(b.topic(until=Status.APPROVED))


def test_r045_the_union_leads_joint_research_with_a_government_department():
    """It is planned by the union side after approval, and completed with its findings."""
    scene = approved().when("UO", b.plan_research()).then(topics.JointResearchPlanned)
    scene.when("UO", b.plan_research()).refused("R-045", refusals.WrongState)
    done = topics.CompleteJointResearch(on=b.day(3, 28), findings="标准应当落实。")
    after = scene.when("RIGHTS", done).then(topics.JointResearchCompleted)
    assert after.topic().status is Status.RESEARCHED


@pytest.mark.parametrize("until", [Status.DRAFT, Status.SUBMITTED, Status.CONSULTING, Status.CONSULTED])
def test_r045_joint_research_before_approval_is_refused(until):
    """Nothing is researched together that was not approved."""
    scene = b.given(b.topic(until=until))
    scene.when("UO", b.plan_research()).refused("R-045", consensus.NotApproved)


@pytest.mark.parametrize(("role", "lead"), [("UO", "hr"), ("HR", "hr"), ("HR", "union"), ("UO", "nowhere")])
def test_r045_a_government_lead_is_refused(role, lead):
    """Near miss 4: a government department neither leads nor plans it."""
    approved().when(role, b.plan_research(lead=lead)).refused("R-045", consensus.UnionLeads)


def test_r045_a_department_out_of_the_related_units_takes_part():
    """At least one government department, and all of them related to the topic."""
    scene = approved()
    for units in ((), ("rights",)):
        with_union = scene.act(
            "GO", topics.DeclareRelatedUnit(on=b.day(3, 17), unit="rights", role=Role.OTHER)
        )
        command = b.plan_research(units=units)
        with_union.when("UO", command).refused("R-045", consensus.NoDepartmentInResearch)
    foreign = b.plan_research(units=("hr", "office"))
    scene.when("UO", foreign).refused("R-045", consensus.NotARelatedUnit)


def test_r045_the_government_does_not_complete_it_and_findings_are_needed():
    """The union reports the end, with findings, once."""
    scene = b.given(b.topic(until=Status.JOINT_RESEARCH))
    done = topics.CompleteJointResearch(on=b.day(3, 28), findings="标准应当落实。")
    scene.when("HR", done).refused("R-045", consensus.UnionLeads)
    for nothing in NOTHING:
        bare = topics.CompleteJointResearch(on=b.day(3, 28), findings=nothing)
        scene.when("UO", bare).refused("R-045", refusals.TextMissing)
    scene.act("UO", done).when("UO", done).refused("R-045", refusals.WrongState)


def test_r093_joint_research_starts_after_approval_and_ends_after_its_start():
    """Neither the plan nor the start precedes the approval, nor the end the start."""
    scene = approved()
    early = b.plan_research(on=b.day(3, 13))
    scene.when("UO", early).refused("R-093", refusals.BeforeItsBasis)
    before = b.plan_research(starts_on=b.day(3, 13))
    scene.when("UO", before).refused("R-093", refusals.BeforeItsBasis)
    done = topics.CompleteJointResearch(on=b.day(3, 23), findings="标准应当落实。")
    scene.act("UO", b.plan_research()).when("UO", done).refused("R-093", refusals.BeforeItsBasis)


# --- related units, report, positions ---------------------------------------------------------------------------


def test_r046_a_related_unit_is_declared_after_approval():
    """It is a registered unit, and declaring it again changes nothing."""
    scene = approved()
    command = topics.DeclareRelatedUnit(on=b.day(3, 18), unit="rights", role=Role.OTHER)
    after = scene.when("GO", command).then(topics.RelatedUnitDeclared)
    after.when("GO", command).then()
    unknown = topics.DeclareRelatedUnit(on=b.day(3, 18), unit="nowhere", role=Role.OTHER)
    scene.when("GO", unknown).refused("R-046", consensus.NotARelatedUnit)
    consulted().when("GO", command).refused("R-046", refusals.WrongState)
    b.given(b.topic()).when("GO", command.model_copy(update={"on": b.day(4, 8)})).refused("R-046")


def filed(**change):
    return b.given(b.topic(until=Status.REPORTED, positions={}, **change))


@pytest.mark.parametrize(
    ("stance", "opinion"),
    [(Stance.AGREE, ""), (Stance.CONDITIONAL, "现有预算统筹。"), (Stance.DISAGREE, "没有经费。")],
)
def test_r046_a_related_unit_states_its_position_on_the_report(stance, opinion):
    """Agreement, agreement in principle with an opinion, or disagreement."""
    scene = filed()
    command = b.position(scene.topic(), "fin", stance, opinion)
    after = scene.when("FIN", command).then(topics.UnitPositionStated)
    after.when("FIN", command).then()


@pytest.mark.parametrize("stance", [Stance.CONDITIONAL, Stance.DISAGREE])
def test_r046_a_condition_or_disagreement_without_an_opinion_is_refused(stance):
    """Whoever does not simply agree says why."""
    scene = filed()
    for nothing in NOTHING:
        command = b.position(scene.topic(), "fin", stance, nothing)
        scene.when("FIN", command).refused("R-046", refusals.TextMissing)


@pytest.mark.parametrize(("role", "unit"), [("HR", "fin"), ("RIGHTS", "rights"), ("GO", "fin")])
def test_r046_nobody_states_a_position_for_another_or_an_unrelated_unit(role, unit):
    """A unit's position is its own, and only a related unit's counts."""
    scene = filed()
    command = b.position(scene.topic(), unit)
    scene.when(role, command).refused("R-046", consensus.NotARelatedUnit)


def test_r046_a_changed_report_voids_the_positions():
    """A position is bound to the report's hash."""
    scene = b.given(b.topic(until=Status.REPORTED))
    old = b.position(scene.topic(), "fin")
    changed = b.report("hr", on=b.day(4, 4), measures="开展专项检查并公示。")
    after = scene.when("HR", changed).then(topics.TopicReportFiled, topics.TopicConsentVoided)
    assert after.topic().positions == {}
    after.when("FIN", old.model_copy(update={"on": b.day(4, 5)})).refused("R-046", consent.OtherContent)
    after.when("GO", b.confirm(after.topic(), b.GOV)).refused("R-046", consensus.PositionsMissing)


def test_r046_consensus_without_every_units_position_is_refused():
    """Each related unit has spoken on the report that stands."""
    scene = b.given(b.topic(until=Status.REPORTED, positions={"hr": b.AGREE, "fin": b.AGREE}))
    scene.when("GO", b.confirm(scene.topic(), b.GOV)).refused("R-046", consensus.PositionsMissing)


def test_r047_a_related_unit_files_the_report_after_joint_research():
    """The report names problem, basis, measures, responsible units and feasibility."""
    scene = b.given(b.topic(until=Status.RESEARCHED))
    after = scene.when("HR", b.report("hr")).then(topics.TopicReportFiled)
    assert after.topic().status is Status.REPORTED
    after.when("HR", b.report("hr")).then()


@pytest.mark.parametrize("until", [Status.APPROVED, Status.JOINT_RESEARCH])
def test_r047_a_report_before_the_end_of_joint_research_is_refused(until):
    """The report rests on joint research."""
    scene = b.given(b.topic(until=until))
    scene.when("HR", b.report("hr")).refused("R-047", consensus.ResearchNotCompleted)


def test_r047_a_report_of_an_unrelated_or_another_unit_is_refused():
    """A related unit files its own report."""
    scene = b.given(b.topic(until=Status.RESEARCHED))
    scene.when("RIGHTS", b.report("rights")).refused("R-047", consensus.NotARelatedUnit)
    scene.when("FIN", b.report("hr")).refused("R-047", consensus.NotARelatedUnit)


@pytest.mark.parametrize("part", ["problem", "basis", "measures", "feasibility"])
def test_r047_an_incomplete_report_is_refused(part):
    """No part of a report is empty."""
    scene = b.given(b.topic(until=Status.RESEARCHED))
    for nothing in NOTHING:
        command = b.report("hr", **{part: nothing})
        scene.when("HR", command).refused("R-047", refusals.TextMissing)


@pytest.mark.parametrize("units", [(), ("nowhere",), ("hr", "nowhere")])
def test_r047_responsible_units_are_named_and_registered(units):
    """A measure without a responsible unit of the pair is nobody's."""
    scene = b.given(b.topic(until=Status.RESEARCHED))
    scene.when("HR", b.report("hr", responsible_units=units)).refused("R-047", refusals.TextMissing)


# --- consensus --------------------------------------------------------------------------------------------------


def reported(**positions):
    said = {unit: positions.get(unit, b.AGREE) for unit in b.RELATED}
    return b.given(b.one_person_on_both_sides, b.topic(until=Status.REPORTED, positions=said))


def test_r048_both_offices_confirm_the_same_report():
    """Basic consensus is two confirmations of one hash."""
    scene = reported()
    one = scene.when("UO", b.confirm(scene.topic(), b.UNION)).then(topics.ConsensusConfirmed)
    assert one.topic().status is Status.REPORTED
    two = one.when("GO", b.confirm(one.topic(), b.GOV)).then(topics.ConsensusConfirmed)
    assert two.topic().status is Status.CONSENSUS


@pytest.mark.parametrize("unit", ["hr", "fin"])
def test_r048_a_disagreement_of_a_lead_or_funding_unit_blocks(unit):
    """Near miss 5: no note helps against it; a new position does."""
    scene = reported(**{unit: (Stance.DISAGREE, "没有经费。")})
    for note in ("", "该局不同意，记录在案。"):
        command = b.confirm(scene.topic(), b.GOV, dissent_note=note)
        scene.when("GO", command).refused("R-048", consensus.Dissent)
    again = b.position(scene.topic(), unit, Stance.CONDITIONAL, "现有预算统筹。", on=b.day(4, 6))
    scene = scene.act(b.DEPARTMENT_OF[unit], again)
    scene.when("GO", b.confirm(scene.topic(), b.GOV)).then(topics.ConsensusConfirmed)


def test_r048_a_dissenting_unit_is_not_declared_harmless():
    """The role of a lead or funding unit that disagrees is not lowered to get around its disagreement."""
    scene = reported(fin=(Stance.DISAGREE, "没有经费。"))
    lowered = topics.DeclareRelatedUnit(on=b.day(4, 4), unit="fin", role=Role.OTHER)
    scene.when("HR", lowered).refused("R-046", consensus.WeightLowered)
    scene.when("IND", topics.DeclareRelatedUnit(on=b.day(4, 4), unit="hr", role=Role.OTHER)).refused("R-046")


@pytest.mark.parametrize("unit", ["hr", "fin"])
@pytest.mark.parametrize("stance", list(Stance))
def test_r046_the_weight_of_a_unit_is_raised_and_never_lowered(unit, stance):
    """Whatever a lead or funding unit has said, it stays one; another unit may become one."""
    scene = reported(**{unit: (stance, "没有经费。")})
    lowered = topics.DeclareRelatedUnit(on=b.day(4, 4), unit=unit, role=Role.OTHER)
    scene.when("GO", lowered).refused("R-046", consensus.WeightLowered)
    raised = topics.DeclareRelatedUnit(on=b.day(4, 4), unit="ind", role=Role.FUNDING)
    scene.when("GO", raised).then(topics.RelatedUnitDeclared)


def test_r046_a_department_declares_itself_or_for_its_own_topic():
    """The offices declare anybody, the proposer for its topic, another department only itself."""
    command = topics.DeclareRelatedUnit(on=b.day(3, 18), unit="rights", role=Role.OTHER)
    for role in ("GO", "UO", "HR", "RIGHTS"):
        approved().when(role, command).then(topics.RelatedUnitDeclared)
    approved().when("FIN", command).refused("R-046", consensus.NotARelatedUnit)


def test_r048_a_position_changed_after_consensus_takes_it_back():
    """A unit that changes its mind before the meeting is heard, and the offices confirm again."""
    scene = b.given(b.topic())
    changed = b.position(scene.topic(), "fin", Stance.DISAGREE, "没有经费。", on=b.day(4, 8))
    after = scene.when("FIN", changed).then(topics.UnitPositionStated, topics.TopicConsentVoided)
    assert after.topic().status is Status.REPORTED
    again = b.confirm(after.topic(), b.GOV, on=b.day(4, 9))
    after.when("GO", again).refused("R-048", consensus.Dissent)
    earlier = b.position(after.topic(), "fin", Stance.AGREE, on=b.day(4, 7))
    after.when("FIN", earlier).refused("R-093", refusals.BeforeItsBasis)


def test_r048_another_units_disagreement_is_recorded_by_both_offices():
    """Both write the same note, or there is no consensus."""
    scene = reported(ind=(Stance.DISAGREE, "范围过宽。"))
    bare = b.confirm(scene.topic(), b.GOV)
    scene.when("GO", bare).refused("R-048", consensus.DissentUnrecorded)
    note = "工信局认为范围过宽，会上再议。"
    one = scene.act("GO", b.confirm(scene.topic(), b.GOV, dissent_note=note))
    other = b.confirm(one.topic(), b.UNION, dissent_note="工信局保留意见。")
    one.when("UO", other).refused("R-048", consent.OtherContent)
    both = one.when("UO", b.confirm(one.topic(), b.UNION, dissent_note=note)).then(topics.ConsensusConfirmed)
    assert (both.topic().status, both.topic().dissent_note) == (Status.CONSENSUS, note)


def test_r048_one_person_does_not_confirm_for_both_sides():
    """The second confirmation is another person's, of the other side, and each side gives one."""
    scene = reported()
    one = scene.act(b.BOTH, b.confirm(scene.topic(), b.GOV))
    one.when(b.BOTH, b.confirm(one.topic(), b.UNION)).refused("R-048", consent.OnePersonForBoth)
    one.when("GO", b.confirm(one.topic(), b.UNION)).refused("R-048", consent.NotYourSide)
    one.when("GO", b.confirm(one.topic(), b.GOV)).refused("R-048", consent.AlreadyConsented)


def test_r048_a_changed_position_or_related_unit_voids_the_confirmation():
    """Whatever the first office did not see is confirmed anew."""
    scene = reported()
    one = scene.act("GO", b.confirm(scene.topic(), b.GOV))
    changed = b.position(one.topic(), "fin", Stance.CONDITIONAL, "现有预算统筹。", on=b.day(4, 6))
    voided = one.when("FIN", changed).then(topics.UnitPositionStated, topics.TopicConsentVoided)
    assert voided.topic().consensus.given == {}
    more = topics.DeclareRelatedUnit(on=b.day(4, 6), unit="rights", role=Role.OTHER)
    again = one.when("GO", more).then(topics.RelatedUnitDeclared, topics.TopicConsentVoided)
    again.when("UO", b.confirm(again.topic(), b.UNION)).refused("R-046", consensus.PositionsMissing)


@pytest.mark.parametrize("until", [Status.APPROVED, Status.RESEARCHED, Status.CONSENSUS])
def test_r048_there_is_no_consensus_without_a_report_nor_twice(until):
    """Consensus is confirmed on a report, once."""
    scene = b.given(b.topic(until=until))
    scene.when("GO", b.confirm(scene.topic(), b.GOV)).refused("R-048", refusals.WrongState)


def test_r048_a_report_that_does_not_stand_is_not_confirmed():
    """Both offices confirm the report that stands."""
    scene = reported()
    stale = topics.ConfirmConsensus(on=b.day(4, 7), side=b.GOV, report_hash=b.HASH)
    scene.when("GO", stale).refused("R-048", consent.OtherContent)


def test_r049_reservations_are_kept_for_the_material():
    """The conditions of those who agreed in principle are listed."""
    scene = reported(fin=(Stance.CONDITIONAL, "现有预算统筹。"))
    assert scene.topic().reservations == {"fin": "现有预算统筹。"}


# --- what the meeting does --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (meetings.OutcomeKind.RESOLVED, Status.RESOLVED),
        (meetings.OutcomeKind.RESOLVED_AMENDED, Status.RESOLVED),
        (meetings.OutcomeKind.NOTED, Status.NOTED),
        (meetings.OutcomeKind.DEFERRED, Status.DEFERRED),
        (meetings.OutcomeKind.REFERRED, Status.REFERRED),
        (meetings.OutcomeKind.NOT_ADOPTED, Status.NOT_ADOPTED),
        (meetings.OutcomeKind.WITHDRAWN, Status.WITHDRAWN),
    ],
)
def test_r064_a_topic_learns_what_the_meeting_did_with_it(kind, status):
    """The outcome of an item is the end of its topic, or the way back to consultation, once the minutes are issued."""
    scene = b.given(b.topic(), b.meeting(outcomes={"T1": kind}))
    assert scene.topic().status is Status.CONSENSUS
    withdrawn = topics.WithdrawTopic(on=b.day(4, 22), reason="另行解决。")
    scene.when("HR", withdrawn).refused("R-062", consensus.BeforeTheMeeting)
    scene = scene.play(b.minuted())
    assert (scene.topic().status, scene.topic().meeting) == (status, "M1")


@pytest.mark.parametrize("until", [meetings.Status.HELD, meetings.Status.SITTING_CLOSED])
def test_r062_between_the_opening_and_the_minutes_a_topic_stands_still(until):
    """What the meeting did with it takes effect with the minutes; until then nothing else happens to it."""
    scene = b.given(b.topic(), b.meeting(until=until))
    on = b.day(4, 23)
    acts = (
        ("HR", topics.WithdrawTopic(on=on, reason="问题已解决")),
        ("FIN", b.position(scene.topic(), "fin", Stance.DISAGREE, "没有经费。", on=on)),
        ("HR", b.report("hr", on=on, measures="开展专项检查并公示。")),
    )
    for role, command in acts:
        scene.when(role, command).refused("R-062", consensus.BeforeTheMeeting)


def test_r042_a_deferred_topic_passes_every_gate_again():
    """What was agreed for the meeting that deferred a topic is spent."""
    scene = b.given(b.topic(), b.meeting(outcomes={"T1": meetings.OutcomeKind.DEFERRED}), b.minuted())
    assert (scene.topic().approved_by, scene.topic().report) == (None, None)
    early = b.consultation(scene.topic(), b.GOV, on=b.day(4, 21))
    scene.when("GO", early).refused("R-093", refusals.BeforeItsBasis)
    scene.when("GL", topics.ApproveTopic(on=b.day(5, 2))).refused("R-042")
    for side, role in b.OFFICES.items():
        scene = scene.act(role, b.consultation(scene.topic(), side, on=b.day(5, 1)))
    scene.when("GL", topics.ApproveTopic(on=b.day(5, 2))).then(topics.TopicApproved)


def test_r093_no_step_of_a_topic_is_dated_before_the_one_it_rests_on():
    """Each step is dated on or after the step before it."""
    steps = (
        (Status.DRAFT, "HR", topics.SubmitTopic(on=b.day(3, 2))),
        (Status.CONSULTED, "GL", topics.ApproveTopic(on=b.day(3, 11))),
        (Status.CONSULTED, "GL", topics.ReturnTopic(on=b.day(3, 11), reason="补经费测算")),
        (Status.CONSULTED, "HR", topics.WithdrawTopic(on=b.day(3, 11), reason="问题已解决")),
        (Status.APPROVED, "GO", topics.DeclareRelatedUnit(on=b.day(3, 13), unit="rights", role=Role.OTHER)),
        (Status.RESEARCHED, "HR", b.report("hr", on=b.day(3, 27))),
    )
    for until, role, command in steps:
        b.given(b.topic(until=until)).when(role, command).refused("R-093", refusals.BeforeItsBasis)
    scene = submitted()
    early = b.consultation(scene.topic(), b.GOV, on=b.day(3, 5))
    scene.when("GO", early).refused("R-093", refusals.BeforeItsBasis)
    scene = b.given(b.topic(until=Status.REPORTED))
    early = b.position(scene.topic(), "fin", Stance.CONDITIONAL, "现有预算统筹。", on=b.day(4, 1))
    scene.when("FIN", early).refused("R-093", refusals.BeforeItsBasis)
    early = b.confirm(scene.topic(), b.GOV, on=b.day(4, 2))
    scene.when("GO", early).refused("R-093", refusals.BeforeItsBasis)


def test_r038_another_idea_comes_through_a_sponsoring_department():
    """Ambiguity A3: a leader's own idea is proposed by a department with its research."""
    scene = b.given(b.holding("boss", Capacity.GOVERNMENT_LEADER, "gov"))
    scene.when("boss", propose(unit="gov")).refused("R-038", refusals.NotEntitled)
    assert decisions.DECIDER.initial.source_topic == ""


def test_r048_the_first_office_corrects_its_note_until_the_other_agrees():
    """A wrong note is replaced by its own side; afterwards the other side agrees to the new one."""
    scene = reported(ind=(Stance.DISAGREE, "场地不足。"))
    on = b.day(4, 7)
    first = b.confirm(scene.topic(), b.GOV, on=on, dissent_note="误写的记载。")
    scene = scene.act("GO", first)
    other = b.confirm(scene.topic(), b.UNION, on=on, dissent_note="工信局不同意，双方认为可以协调。")
    scene.when("UO", other).refused("R-048", consent.OtherContent)
    mended = b.confirm(scene.topic(), b.GOV, on=on, dissent_note="工信局不同意，双方认为可以协调。")
    scene = scene.when("GO", mended).then(topics.TopicConsentVoided, topics.ConsensusConfirmed)
    assert scene.act("UO", other).topic().status is Status.CONSENSUS

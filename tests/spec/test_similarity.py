"""The hint on what looks like an earlier topic or decision (R-051)."""

from domain import similarity
from domain.similarity import Earlier


def hint(title, *earlier, text=""):
    known = [Earlier(id=f"T{number}", kind="topic", title=each) for number, each in enumerate(earlier)]
    return similarity.hints(title, text, known)


def test_r051_a_matter_in_other_words_is_found_and_the_common_words_are_named():
    """The most alike comes first, with its share and what both say."""
    found = hint(
        "户外劳动者高温津贴和健康体检",
        "对环卫、快递等户外劳动者开展健康体检。",
        "户外劳动者健康体检和高温津贴",
        "建设“司机之家”工会驿站",
    )
    assert [each.id for each in found] == ["T1", "T0"]
    assert found[0].score > found[1].score >= similarity.THRESHOLD
    assert "户外劳动者" in found[1].why


def test_r051_different_matters_give_no_hint():
    """Common phrases of office language are not enough."""
    assert hint("组织光伏、医药企业职工技能提升培训600人", "组织女职工“两癌”筛查1500人。") == []
    assert hint("协调新业态集体协商", "改造闲置厂房，建成职工活动中心。") == []


def test_r051_the_same_text_is_wholly_alike_whatever_its_signs_and_forms():
    """Punctuation, blanks, full-width forms and case are no difference."""
    (found,) = hint("职工书屋ＡＢＣ（2025）", "职工书屋，abc 2025。")
    assert found.score == 100


def test_r051_nothing_is_like_nothing():
    """Texts without a letter are compared with nothing, and one character with itself."""
    assert hint("——", "——", "") == []
    assert [each.score for each in hint("甲", "甲", "乙")] == [100]


def test_r051_the_text_decides_where_the_titles_differ():
    """Title and text together may be alike where the titles alone are not."""
    text = "在环卫、快递集中的路段设立户外劳动者休息站点十二处，配备饮水和急救药品。"
    known = [Earlier(id="M1-01", kind="decision", title="", text=text)]
    (found,) = similarity.hints("关爱行动", text, known)
    assert (found.kind, found.title) == ("decision", text)
    assert found.score > 90
    assert found.why


def test_r051_the_hint_is_bounded():
    """No more than ten hits, and no more than so many characters of each text."""
    assert len(hint("职工书屋", *["职工书屋"] * 50)) == similarity.HITS
    assert len(similarity.plain("甲乙" * 100_000)) == similarity.MOST


def test_r051_the_share_is_symmetric_and_rounded_half_up():
    """Dice: twice the common pairs over all pairs."""
    one, other = similarity.pairs("abcd"), similarity.pairs("abce")
    assert similarity.percent(one, other) == similarity.percent(other, one) == 67
    assert similarity.percent(frozenset("a"), frozenset("abcdefghijklmno")) == 13

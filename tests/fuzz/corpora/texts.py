"""Unicode: what is accepted is kept and given back as it was sent, in normal form C; what is no text is told so."""

import json
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from api.routes import acts
from domain import practices, suggestions, supporting_rules, topics
from domain.decider import Command
from tests.fuzz.inputs import Answer, Input, Maker, Must, body_of, named
from tests.fuzz.stage import POSTS, Stage
from tests.fuzz.wire import Wire

PAIR: Final = "140830"
# Texts that are odd and yet texts.
TEXTS: Final = {
    "4-byte Han": "𠮷野家𬎆𪚥",
    "ideograph selector": "葛\U000e0100城",
    "NFD": unicodedata.normalize("NFD", "Café résumé ñandú"),
    "NFD Hangul": unicodedata.normalize("NFD", "한국어"),
    "compatibility": "豈更車賈滑ﬁ①㍿",
    "full width": "ＡＢＣ１２３",
    "zero width": "芮\u200b城\u200c县\u200d工\ufeff会",
    "soft hyphen": "co\u00adoperation",
    "directional mark": "عمال\u200f 工会\u200e",
    "Arabic": "اتحاد العمال",
    "private use": "\ue000\uf8ff\U000f0000",
    "not assigned": "\u0378\U000e0fff",
    "noncharacter": "\ufdd0\uffff\U0010ffff",
    "combining flood": "a" + "\u0301" * 90,
    "stacked": "Z" + "̵̡̢̛" * 20,
    "emoji": "👩‍👩‍👧‍👦🏳️‍🌈",
    "tab and line feed": "一\t二\n三",
    "no-break spaces": "\u00a0芮城\u3000县\u2003",
    "replacement": "a\ufffdb",
    "quotes": "'\";--<script>alert(1)</script>",
    "format strings": "%s%n{0}${jndi:ldap://x}{{7*7}}",
    "formula": '=HYPERLINK("http://x")',
    "backslashes": "\\u0000\\x00\\",
    "line separators": "一\u2028二\u2029三",
    "mathematical": "𝕃𝕚𝕒𝕟𝕩𝕚",
    "long s": "ſﬀK",
    "interlinear": "\ufff9a\ufffab\ufffb",
    "tags": "a\U000e0061\U000e007f",
}
# No texts, wherever they stand.
NOT: Final = {
    "NUL": "a\x00b",
    "escape": "\x1b[31m",
    "backspace": "a\x08b",
    "delete": "a\x7f",
    "C1": "a\x85b",
    "carriage return": "a\rb",
    "form feed": "a\x0cb",
    "override": "a\u202eb",
    "embedding": "\u202aab",
    "isolate": "a\u2066b\u2069",
    "high surrogate": "a\ud83d",
    "low surrogate": "\ude00a",
}
UNIT: Final = "renshe"


def kept(text: str) -> str:
    """Give what a text is kept as: normal form C, without white space around it; said here a second time."""
    return unicodedata.normalize("NFC", text).strip()


Making = tuple[type[Command], str, str, Callable[[str], dict[str, Any]], tuple[str, ...]]
# A command that begins something, who may send it, where it is shown, its body around a text, and the text's fields.
MAKING: Final[tuple[Making, ...]] = (
    (
        practices.RecordPractice, "uo", "practices",
        lambda text: {"title": text, "text": f"做法成效{text}", "link": text}, ("title", "link"),
    ),
    (
        suggestions.RecordProposal, "uo", "proposals",
        lambda text: {"side": "union", "kind": "建议", "title": text, "text": f"建议设立休息站点{text}"}, ("title",),
    ),
    (
        supporting_rules.RegisterSupportingRule, "go", "supporting-rules",
        lambda text: {"number": f"芮政办发〔2026〕{text}", "title": text, "in_force_from": "2026-01-01"}, ("title",),
    ),
)  # fmt: skip


def _topic(unit: str) -> Making:
    def body(text: str) -> dict[str, Any]:
        content = {"title": f"关于{text}", "category": "C4", "sub_domain": "卫生健康", "summary": text}
        return {"unit": unit, "content": content}

    return topics.ProposeTopic, "go", "topics", body, ("content.summary",)


def texts(stage: Stage, make: Maker) -> Iterator[Input]:
    """Each text in each field; escaped and raw. What is accepted is read back."""
    wire = Wire(stage.root)
    try:
        posts = body_of(wire.send(make.get(f"/v1/pairs/{PAIR}/posts?limit=200")))["items"]
        own = next(each["data"]["unit"] for each in posts if each["data"]["person"] == POSTS["go"])
        for each in (*MAKING, _topic(own)):
            yield from _of(each, make, wire)
    finally:
        wire.close()


@dataclass(frozen=True)
class _Sender:
    """Sends one command around a text, and reads back what became of it."""

    making: Making
    make: Maker
    wire: Wire

    def post(self, text: str, *, escaped: bool) -> bytes:
        command, role, _, body, _ = self.making
        whole = json.dumps({"on": "2026-12-30", **body(text)}, ensure_ascii=escaped)
        target = acts.REGISTERED[command].format(pair=PAIR)
        return self.make.post(target, whole.encode(errors="surrogatepass"), role=role)

    def back(self, text: str) -> Callable[[Answer], str]:
        def look(answer: Answer) -> str:
            # What is refused has a reason, which the watch has judged.
            return self._differs(text, body_of(answer)["id"]) if answer.status == 201 else ""

        return look

    def _differs(self, text: str, id_: str) -> str:
        _, _, plural, _, fields = self.making
        found = body_of(self.wire.send(self.make.get(f"/v1/pairs/{PAIR}/{plural}/{id_}")))
        for field in fields:
            shown: Any = found["data"]
            for part in field.split("."):
                shown = shown[part]
            if shown != kept(text):
                return f"{field} is {shown!r}, which was {text!r}"
        return ""


def _of(making: Making, make: Maker, wire: Wire) -> Iterator[Input]:
    sender, label = _Sender(making, make, wire), making[0].__name__
    plain = "休息站点"
    yield named(f"{label}: plain", sender.post(plain, escaped=False), Must.ACCEPTED, look=sender.back(plain))
    for escaped in (False, True):
        how = ", escaped" if escaped else ""
        for name, text in TEXTS.items():
            sent = sender.post(text, escaped=escaped)
            yield named(f"{label}: {name}{how}", sent, Must.EITHER, look=sender.back(text))
        for name, text in NOT.items():
            yield named(f"{label}: {name}{how}", sender.post(text, escaped=escaped))

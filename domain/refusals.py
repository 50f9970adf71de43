"""Refusals: what the rules answer to an act that they do not allow.

A refusal is an expected answer, never a fault. Its docstring is its message to the user; it carries the
requirement it rests on and, through it, the clause of the regulation.
"""

import re
from collections.abc import Sequence
from typing import ClassVar

from domain import regulation


class Refusal(Exception):
    """该操作不符合联席会议制度的规定。"""

    requirement: ClassVar[str] = ""
    remedy: ClassVar[str] = ""

    def __init__(
        self, detail: str = "", *, pointer: str = "", requirement: str = "", remedy: str = ""
    ) -> None:
        """Refuse, telling the particulars, the place in the request (a JSON pointer) and the way out."""
        self.code = re.sub(r"(?<!^)(?=[A-Z])", "-", type(self).__name__).lower()
        self.title = (type(self).__doc__ or "").strip().splitlines()[0]
        self.detail = detail
        self.pointer = pointer
        self.basis = requirement or type(self).requirement
        self.clause = regulation.CLAUSES[self.basis]
        self.way_out = remedy or type(self).remedy
        super().__init__(f"{self.title} {detail}".strip())

    @property
    def places(self) -> Sequence[tuple[str, str]]:
        """Every wrong place, with what is wrong there; a refusal that finds several tells them all."""
        return [(self.pointer, self.detail or self.title)] if self.pointer else []


class NotEntitled(Refusal):
    """以该职务身份无权办理此事。"""

    remedy = "请由制度规定的岗位办理；任职以办理当日有效的记录为准。"


class InTheFuture(Refusal):
    """业务日期不得晚于今天。"""

    requirement = "R-093"
    remedy = "请在事情发生之后再登记，业务日期填实际发生日。"


class BeforeItsBasis(Refusal):
    """业务日期早于它所依据的事项。"""

    requirement = "R-093"
    remedy = "请核对业务日期，或先补录其所依据的事项。"


class TextMissing(Refusal):
    """必须写明的内容为空，或只有“无”“略”、标点、重复的一个字。"""

    remedy = "请写明实质内容。"


class NotFound(Refusal):
    """所引用的对象在本结对单位的台账中不存在。"""

    remedy = "请核对编号。"


class WrongState(Refusal):
    """该对象目前所处的环节不能办理此事。"""

    remedy = "请先查看其当前状态和历史，按程序办理。"


class AlreadyDone(Refusal):
    """此事已经办理，不能重复办理。"""

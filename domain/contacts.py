"""How a person is reached: data that never enters a fact, so it can be erased.

Source: trust.md, "Access": facts name people by opaque id, and by the name and post that the minutes print.
"""

from typing import Annotated, Final

from pydantic import BeforeValidator, Field, StringConstraints

from domain import wording
from domain.decider import Value

MOST: Final = 254


class Contact(Value):
    """联系方式。存于人员目录，逐人加密，可以删除；不进入台账。"""

    telephone: Annotated[
        str,
        BeforeValidator(wording.tidy),
        StringConstraints(max_length=40, pattern=r"^(\+?[0-9(][0-9 ()\-]{3,38})?$"),
    ] = Field(default="", title="电话", examples=["0359-3022222"])
    email: Annotated[
        str,
        BeforeValidator(wording.tidy),
        StringConstraints(max_length=MOST, pattern=r"^([^@\s]+@[^@\s]+)?$"),
    ] = Field(default="", title="电子邮箱", examples=["office@example.cn"])
    note: wording.Line = Field(default="", title="备注", examples=["工作日 8:00–18:00"])

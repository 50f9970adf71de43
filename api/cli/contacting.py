"""Contact data of persons: set, shown and erased at the console."""

from typing import Annotated

import typer
from pydantic import ValidationError

from api.cli import shell
from api.cli.shell import Command, PersonId, fail, group, tell
from application import ports
from domain import calendar
from domain.contacts import Contact

app = group("人员联系方式：逐人加密存放，不进入台账，可以删除。")
FIELDS = {"telephone": "电话", "email": "电子邮箱", "note": "备注"}


@app.command(cls=Command, name="set")
def set_(person: PersonId) -> None:
    """登记联系方式，整体替换；内容逐项询问，不写在命令行上，以免留在命令历史里。"""
    given = {name: typer.prompt(label, default="", show_default=False) for name, label in FIELDS.items()}
    try:
        contact = Contact.model_validate(given)
    except ValidationError as error:
        # The message repeats nothing of what was entered.
        wrong = "、".join(dict.fromkeys(FIELDS[str(each["loc"][0])] for each in error.errors()))
        fail(f"格式不对：{wrong}。")
    with shell.opened() as system:
        system.directory.set(person, contact, actor=ports.COMMAND_LINE)
    tell(f"已登记 {person} 的联系方式。")


@app.command(cls=Command)
def show(
    person: PersonId,
    *,
    acts: Annotated[bool, typer.Option("--acts", help="只列出何时、何人登记、查看或删除过。")] = False,
) -> None:
    """显示联系方式；查看本身留有记录。"""
    with shell.opened() as system:
        if acts:
            for at, actor, what in system.directory.acts(person):
                by = "命令行" if actor == ports.COMMAND_LINE else actor
                moment = calendar.local(at).isoformat(timespec="seconds")
                typer.echo(f"{moment}  {by}  {ACTS[what]}  {person}")
            return
        found = system.directory.show(person, reader=ports.COMMAND_LINE)
        if found is None:
            fail("没有此人的联系方式。")
        for name, label in FIELDS.items():
            typer.echo(f"{label}：{getattr(found, name)}")


@app.command(cls=Command)
def erase(person: PersonId) -> None:
    """删除联系方式：销毁此人的密钥并删除密文，不能恢复；可以重复执行。密钥目录若另有备份，须一并删去此人的密钥。"""
    with shell.opened() as system:
        erased = system.directory.erase(person, actor=ports.COMMAND_LINE)
    tell(f"已删除 {person} 的联系方式。" if erased else f"没有 {person} 的联系方式，无须删除。")


ACTS = {"set": "登记", "read": "查看", "erased": "删除"}

"""Accounts at the console: the first one-time passwords, locks, sessions, and what a platform vouches for."""

from typing import Annotated

import typer

from api.cli import shell
from api.cli.shell import Command, PersonId, fail, tell
from domain import calendar, people


def register(app: typer.Typer) -> None:
    """Add the commands to those of administration."""
    for command in (account, unlock, sessions, link):
        app.command(cls=Command)(command)


def account(
    person: PersonId,
    *,
    label: Annotated[str, typer.Option(metavar="说明", help="职务，不写姓名和联系方式。")] = "",
    reset_factor: Annotated[
        bool, typer.Option("--reset-second-factor", help="同时解除遗失的身份验证器（须当面核实本人）。")
    ] = False,
) -> None:
    """开通账号或重置口令：发放一次性口令，只显示这一次，首次登录时须更改；未登记的人员一并登记。

    例：lianxi admin account --person p-admin --label 系统管理员
    """
    try:
        people.must_be_a_person(person, pointer="person")
    except people.OneOfTheSystem as reserved:
        fail(f"{reserved.title}{reserved.way_out}")
    with shell.opened() as system:
        system.credentials.enrol(person, label=label or person)
        if reset_factor and not system.identity.reset_factor(person):
            fail(f"{person} 没有绑定身份验证器。")
        password, expires = system.identity.open_account(person)
    until = calendar.local(expires).isoformat(timespec="minutes")
    tell(f"账号 {person} 的一次性口令，有效至 {until}，只显示这一次；原有会话已经结束：")
    typer.echo(password)


def unlock(person: PersonId) -> None:
    """解除账号因登录失败次数过多而受的锁定。"""
    with shell.opened() as system:
        if not system.identity.unlock(person):
            fail(f"账号 {person} 没有失败记录。")
    tell("已解除。")


def sessions(
    person: PersonId,
    *,
    end: Annotated[bool, typer.Option("--end", help="结束此人的全部会话，下一次请求起无效。")] = False,
) -> None:
    """列出一个人尚未失效的登录会话，或全部结束。"""
    with shell.opened() as system:
        if end:
            system.identity.end_sessions(person)
            tell("已结束。")
            return
        for each in system.identity.sessions(person):
            began, seen, until = (
                calendar.local(moment).isoformat(timespec="minutes")
                for moment in (each.created_at, each.seen_at, each.expires_at)
            )
            how = "口令" if each.how == "password" else "统一身份认证"
            second = "，已出示验证码" if each.second else ""
            typer.echo(f"{each.id}  {how}{second}  登录 {began}  最近使用 {seen}  至迟 {until}")


def link(
    person: PersonId,
    *,
    subject: Annotated[str, typer.Option(metavar="标识", help="平台上的用户标识（sub）。")],
) -> None:
    """把统一身份认证平台上的一个身份关联到一名登记的人员。"""
    with shell.opened() as system:
        if system.identity.platform is None:
            fail("没有接入统一身份认证平台（LIANXI_OIDC_ISSUER）。")
        if not system.identity.link(person, subject):
            fail("平台上的这个身份已经关联。")
    tell("已关联。")

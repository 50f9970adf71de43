"""People, roles and tokens."""

from datetime import timedelta
from typing import Annotated, Any, Final

import typer

from api import auth, bootstrap
from api import mandates as reach
from api.cli import shell
from api.cli.shell import Command, PersonId, Scope, fail, group, tell
from application import audit, ports
from domain import calendar, granting, mandates, people

app = group("系统管理：人员、职责和令牌。")
PAGE: Final = 500


@app.command(cls=Command)
def token(
    person: PersonId,
    *,
    role: Annotated[mandates.Role | None, typer.Option(help="同时授予的职责。")] = None,
    scope: Scope = "140800",
    label: Annotated[str, typer.Option(metavar="说明", help="职务或用途，不写姓名和联系方式。")] = "",
    days: Annotated[int, typer.Option(min=1, max=400, metavar="天数", help="令牌有效天数。")] = 180,
) -> None:
    """发放令牌，只显示这一次；未登记的人员一并登记。最初的系统、安全、审计三名管理员由此产生，须是三个人。

    例：lianxi admin token --person p-admin --role system_administrator --scope 140800
    """
    try:
        people.must_be_a_person(person, pointer="person")
    except people.OneOfTheSystem as reserved:
        fail(f"{reserved.title}{reserved.way_out}")
    with shell.opened() as system:
        known = system.credentials
        known.enrol(person, label=label or person)
        if role is not None:
            if system.divisions.find(scope) is None:
                fail(f"没有区划代码 {scope}。")
            if role in mandates.ADMINISTRATORS and reach.pairs_of(system, person):
                fail(granting.PostHolderNeverAdministers().title)
            known.grant(person, role=role.value, scope=scope)
        expires = system.clock() + timedelta(days=days)
        issued = known.issue(person, label=label or "命令行发放", expires_at=expires)
    tell(
        f"人员 {person} 的令牌，有效至 {calendar.local(expires).isoformat(timespec='minutes')}，只显示这一次："
    )
    typer.echo(issued)


@app.command(cls=Command)
def register(person: PersonId) -> None:
    """登记尚未登记的应建制单位；办理人须是系统管理员，登记记在其名下。"""
    with shell.opened() as system:
        who = auth.Person(id=person, grants=tuple(system.credentials.grants(person)))
        missing = [each for each in bootstrap.unregistered(system) if who.administers(each.code)]
        if not who.has(mandates.Role.SYSTEM_ADMINISTRATOR):
            fail(f"{person} 不是系统管理员；先用 lianxi admin token 授予其职责。")
        bootstrap.register_mandatory(system, tell, person=person, missing=missing)
        tell(f"新登记 {len(missing)} 个应建制单位。")


@app.command(cls=Command, name="list")
def list_() -> None:
    """列出登记的人员、职责和有效的令牌（只显示其哈希）。"""
    with shell.opened() as system:
        for each in system.credentials.principals():
            grants = system.credentials.grants(each.person_id)
            roles = "、".join(f"{grant.role}@{grant.scope}" for grant in grants) or "（无）"
            typer.echo(f"{each.person_id}  {each.label}  职责 {roles}")
            for held in system.credentials.credentials(each.person_id):
                if held.revoked_at is None and held.expires_at > system.clock():
                    until = calendar.local(held.expires_at).date()
                    typer.echo(f"  令牌 {held.token_hash}  {held.label}  有效至 {until}")


@app.command(cls=Command)
def acts() -> None:
    """列出管理台账的全部动作：何时、何人、为谁，登记、授予、发放了什么；台账建立以前的也在其中。"""
    with shell.audited() as system:
        after: int | None = 0
        while after is not None:
            page = audit.history(system.views, mandates.TENANT, after=after, limit=PAGE)
            for each in page.lines:
                typer.echo(_act_text(each))
            after = page.next_after


def _act_text(line: audit.Line) -> str:
    said = line.payload or {}
    by = "命令行" if line.actor == ports.COMMAND_LINE else line.actor
    moment = calendar.local(line.recorded_at).isoformat(timespec="seconds")
    return f"{moment}  {by}  {line.label}  {said.get('person', '')}{_matter(said)}  台账位置 {line.position}"


def _matter(said: dict[str, Any]) -> str:
    """Tell what an act was about: a mandate with its dates, a key by its hash, or an act of earlier times."""
    mandate, key = said.get("mandate") or said, said.get("key") or {}
    told = []
    if mandate.get("role"):
        told.append(f"{mandate['role']}@{mandate['scope']}")
    if mandate.get("valid_from") or mandate.get("valid_until"):
        told.append(f"{mandate['valid_from'] or ''}至{mandate['valid_until'] or ''}")
    if digest := key.get("hash") or said.get("key_hash"):
        told.append(f"哈希 {digest}")
    if said.get("what"):
        told.append(f"原记录：{said['at']} {said['actor']} {said['what']}")
    if said.get("reason"):
        told.append(f"原因：{said['reason']}")
    return "".join(f"  {each}" for each in told)


@app.command(cls=Command)
def revoke(
    token_hash: Annotated[str, typer.Argument(metavar="哈希", help="令牌的哈希，见 lianxi admin list。")],
) -> None:
    """撤销一个令牌。"""
    with shell.opened() as system:
        try:
            ended = system.credentials.revoke(token_hash)
        except ValueError:
            fail("令牌的哈希不是十六进制。")
        if not ended:
            fail("没有这个令牌，或已经失效。")
    tell("已撤销。")


@app.command(cls=Command)
def withdraw(
    person: PersonId,
    *,
    role: Annotated[mandates.Role, typer.Option(help="收回的职责。")],
    scope: Scope = "140800",
) -> None:
    """收回一项职责。"""
    with shell.opened() as system:
        if not system.credentials.withdraw(person, role=role.value, scope=scope):
            fail("该人员没有这项职责。")
    tell("已收回。")

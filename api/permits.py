"""Every route and the row of the access table that opens it; a route without a row stops the start-up.

A route is a command (the table of commands decides), a query of a pair or of a division (the table of queries), an act
of an administrator, something of one's own, or open to whoever is enrolled or to all. The rules are in the domain;
here it is only said which of them a route is under, and ``deploy/access.md`` prints both.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

from domain import access, granting, queries
from domain.decider import CAPACITY_LABELS, Capacity
from domain.mandates import ROLE_LABELS, Role
from domain.queries import EXTENT_LABELS, MATTER_LABELS, READER_LABELS, RELATION_LABELS, TABLE, Matter, Reader

COMMANDS: Final = {row.command.__name__: row for row in access.TABLE}
# Who must be an administrator of a kind; the rules of the administration ledger say what he may not do even so.
ADMINISTERED: Final[dict[str, frozenset[Role]]] = {
    "enrol": frozenset({Role.SYSTEM_ADMINISTRATOR}),
    **dict.fromkeys(
        (
            "grant_role",
            "withdraw_role",
            "issue_token",
            "issue_key",
            "revoke_token",
            "open_account",
            "unlock_account",
            "reset_second_factor",
            "list_sessions_of",
            "end_sessions_of",
            "link_identity",
            "unlink_identity",
        ),
        frozenset({Role.SECURITY_ADMINISTRATOR}),
    ),
    **dict.fromkeys(("list_administration_acts", "list_access"), frozenset({Role.AUDIT_ADMINISTRATOR})),
    "list_people": frozenset(
        {Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDIT_ADMINISTRATOR}
    ),
}
_LISTED: Final[dict[Matter, tuple[str, ...]]] = {
    Matter.REGISTER: ("unit", "post", "delegation", "liaison"),
    Matter.TOPICS: ("topic",),
    Matter.PROPOSALS: ("proposal",),
    Matter.MEETINGS: ("meeting",),
    Matter.MINUTES: ("minutes", "correction"),
    Matter.DECISIONS: ("decision",),
    Matter.BUSINESS: (
        "publicity",
        "year",
        "scheme",
        "score",
        "supporting_rule",
        "practice",
        "leader_report",
        "legacy",
    ),
}
_SINGLE: Final[dict[Matter, tuple[str, ...]]] = {
    Matter.REGISTER: (
        "list_pair",
        "get_pair",
        "my_posts",
        "get_standards",
        "get_rulebook",
        "get_calendar",
        "import_template",
    ),
    Matter.TOPICS: ("similar_to_text", "similar_to_topic"),
    Matter.MEETINGS: ("list_outstanding",),
    Matter.MINUTES: ("get_minutes_text",),
    Matter.DECISIONS: ("get_extract", "list_sheets"),
    Matter.BUSINESS: (
        "list_document_numbers",
        "list_warnings",
        "list_reporting",
        "meeting_conformity",
        "year_conformity",
    ),
    Matter.REPORTS: (
        "city_report",
        "city_report_members",
        "city_workbook",
        "city_csv",
        "pair_report",
        "pair_report_members",
        "pair_workbook",
        "pair_csv",
    ),
    Matter.HISTORY: (
        "list_history",
        "verify_history",
        "replay_history",
        "state_at",
        "list_changes",
        "verify_many",
        "replay_many",
        "list_checkpoints",
        "latest_checkpoint",
        "fact_proof",
        "growth_proof",
        "seal_proof",
        "list_seal_states",
        "stream_pair_events",
        "stream_events",
        "list_events",
    ),
    Matter.BUNDLE: ("export_history", "export_many"),
    Matter.SUBSCRIBING: ("register_webhook", "renew_webhook_secret"),
    Matter.SENDING: (
        "list_webhooks",
        "list_webhook_deliveries",
        "resume_webhook",
        "end_webhook",
        "list_webhook_acts",
    ),
    Matter.CONTACTS: ("contact",),
}
READ: Final[dict[str, Matter]] = {
    **{
        f"{verb}_{kind}": matter
        for matter, kinds in _LISTED.items()
        for kind in kinds
        for verb in ("list", "get")
    },
    **{name: matter for matter, names in _SINGLE.items() for name in names},
}
# Commands that come in another form than their own route's.
AS_COMMAND: Final = {"check_import": "ImportHistory", "import_history": "ImportHistory"}
OWN: Final = frozenset(
    {
        "me",
        "my_contact",
        "set_my_contact",
        "erase_my_contact",
        "change_password",
        "enrol_second_factor",
        "show_second_factor",
        "list_sessions",
        "log_out",
        "end_session",
        "log_out_everywhere",
    }
)
# What tells nothing of any pair, for whoever is enrolled: sizes, roots and the public key.
ENROLLED: Final = frozenset({"seal_key", "list_city_checkpoints", "city_growth_proof"})
# Without any credential: to enter, to be watched, and to be read about.
OPEN: Final = frozenset({"log_in", "log_in_by_platform", "return_from_platform"})
OPEN_PATHS: Final = frozenset(
    {"/livez", "/readyz", "/metrics", "/asyncapi.json", "/docs", "/openapi.json", "/static"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """One route and what it is under."""

    method: str
    path: str
    operation: str
    under: str


class Unbound(Exception):
    """A route has no row in the access table: nobody has decided who may use it."""


def under(operation: str) -> str | None:
    """Tell, in Chinese, which row an operation is under; None where there is none."""
    if operation in COMMANDS:
        return f"指令 {operation}"
    if operation in AS_COMMAND:
        return f"指令 {AS_COMMAND[operation]}"
    if operation in READ:
        return f"读取 {READ[operation].value}"
    if operation in ADMINISTERED:
        return "、".join(ROLE_LABELS[each] for each in Role if each in ADMINISTERED[operation])
    if operation in OWN:
        return "本人"
    if operation in ENROLLED:
        return "任何已登记的人员"
    return "无须登录" if operation in OPEN else None


def bound(routes: Iterable[BaseRoute], *, prefix: str = "") -> list[Bound]:
    """Bind routes to their rows. Raises: Unbound, naming every route without one."""
    found, missing = list[Bound](), list[str]()
    for route in routes:
        path = prefix + str(getattr(route, "path", ""))
        operation = (route.operation_id or "") if isinstance(route, APIRoute) else ""
        row = "无须登录" if path in OPEN_PATHS else under(operation)
        methods = sorted(getattr(route, "methods", None) or {"GET"})
        if row is None:
            missing.append(f"{'/'.join(methods)} {path} ({operation or 'no operation_id'})")
        else:
            found += [Bound(method=each, path=path, operation=operation, under=row) for each in methods]
    if missing:
        raise Unbound("; ".join(missing))
    return found


HEAD: Final = """\
# 权限表

本表由 `make access` 从程序中生成，测试保证与程序一致。默认不允许：表中没有的，都不能办、不能看；
没有列入本表的接口，系统不能启动。指令还须符合各自的规则（如本方、本部门、回避），见 rules.md。

任职以当日有效为准；职责（授权）按起止日期逐日有效，收回或到期后下一次请求即无效。
任职只及本结对单位；职责及于所列结对单位，注明“含下级”的及于其下级；任何人不因此看到上级、同级和无关的单位。
"""


def table(routes: Iterable[Bound]) -> str:
    """Set the whole access table as Markdown, in Chinese."""
    return "\n".join((HEAD, _readers(), _commands(), _administration(), _routes(routes)))


def _readers() -> str:
    shown = list(Reader)
    lines = [
        "## 一、谁能看什么",
        "",
        (
            "格中写能看到的范围和与本人单位的关系；空格为不能看。部门只看涉及本部门的：提出、相关、联合调研的议题，"
            "牵头或配合的议定事项，通知本部门参加或须本部门说明的会议（材料只看本部门的），已印发的所参加会议的纪要和更正。"
        ),
        "",
        f"| 身份 | {' | '.join(re.split('[：、和及]', each.label)[0] for each in Matter)} |",
        f"|---|{'---|' * len(Matter)}",
    ]
    for reader in shown:
        relations = "、".join(
            RELATION_LABELS[each] for each in queries.Relation if each in queries.RELATIONS[reader]
        )
        cells = []
        for matter in Matter:
            extent = TABLE[matter].get(reader)
            cells.append(f"{EXTENT_LABELS[extent]}（{relations}）" if extent is not None else "")
        lines.append(f"| {READER_LABELS[reader]} | {' | '.join(cells)} |")
    lines += ["", *(f"- {MATTER_LABELS[each]}（`{each.value}`）" for each in Matter), ""]
    return "\n".join(lines)


def _commands() -> str:
    lines = ["## 二、谁能办什么", "", "| 指令 | 内容 | 依据 | 身份 |", "|---|---|---|---|"]
    for row in access.TABLE:
        said = (row.command.__doc__ or "").strip().splitlines()[0]
        able = "、".join(CAPACITY_LABELS[each] for each in Capacity if each in row.capacities)
        lines.append(f"| `{row.command.__name__}` | {said} | {row.requirement} | {able} |")
    lent = "、".join(f"`{each.__name__}`" for each in access.DELEGABLE)
    return "\n".join([*lines, "", f"可以由领导同志书面委托的：{lent}。", ""])


def _administration() -> str:
    lines = [
        "## 三、三员分立",
        "",
        (
            "系统管理员、安全管理员、审计管理员须是三个人，不任职，不读取业务；不能给自己授予、发放；"
            "给某人任职或职责的人，不能再给此人发放令牌、口令；持有某人有效令牌、口令的人，不能再给此人任职或职责。"
            "每一动作都是管理台账（administration）中的一条事实。"
        ),
        "",
        "| 事项 | 身份 |",
        "|---|---|",
    ]
    for order, capacities in granting.TABLE.items():
        able = "、".join(CAPACITY_LABELS[each] for each in Capacity if each in capacities)
        lines.append(f"| {(order.__doc__ or '').strip()} | {able} |")
    return "\n".join([*lines, ""])


def _routes(routes: Iterable[Bound]) -> str:
    lines = ["## 四、接口", "", "| 方法 | 路径 | 依据的行 |", "|---|---|---|"]
    lines += [f"| {each.method} | `{each.path}` | {each.under} |" for each in routes]
    return "\n".join([*lines, ""])


def of_app(app: FastAPI, routers: Iterable[Iterable[BaseRoute]]) -> list[Bound]:
    """Bind every route of an application. Raises: Unbound."""
    found = [each for router in routers for each in bound(router, prefix="/v1")]
    plain = [each for each in app.routes if str(getattr(each, "path", "")) and not _included(each)]
    return found + bound(plain)


def _included(route: BaseRoute) -> bool:
    return str(getattr(route, "path", "")).startswith("/v1")

"""The start-up self-check: the application refuses to run where the database would not stop its mistakes."""

from collections.abc import Mapping

import psycopg

from infrastructure import database, migrate, statements

SQL = statements.load("selfcheck.sql")

_MESSAGES: Mapping[str, str] = {
    "powers": "应用角色拥有不应有的集群权限",
    "memberships": "应用角色属于不应属于的角色，或直接继承了读取角色的权限",
    "readers": "读取角色、审计角色、封存角色或所有者角色拥有不应有的集群权限",
    "owned": "应用角色是下列对象的所有者",
    "rights": "应用角色对账本拥有不应有的权限",
    "unforced": "下列表未启用或未强制行级安全",
    "unpoliced": "下列表缺少行级安全策略",
    "policies": "下列行级安全策略不是本系统规定的",
    "views": "下列视图会绕过行级安全",
    "untriggered": "下列表缺少拒绝修改的触发器，或触发器可被关闭",
    "database_rights": "应用角色可以在数据库中创建对象",
    "open_functions": "下列函数对所有人开放，或未固定搜索路径",
    "definers": "应用角色可以调用本系统之外以他人权限执行的函数",
    "durability": "数据库可能丢失已确认的记录，请改回 on（也可能是对应用角色或本库单独设置的）",
}
_TORN = "数据库关闭了整页写入，断电可能损坏数据页；除非文件系统保证不撕裂页，请改回 on"


class NotSafe(Exception):
    """The database would not stop the mistakes of the application; the message, in Chinese, lists why."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("数据库自检未通过：\n" + "\n".join(f"- {fault}" for fault in faults))
        self.faults = faults


def check(db: database.Database) -> None:
    """Look at the database as the application sees it, and refuse where a protection is missing.

    Raises: NotSafe, with a Chinese line for each kind of fault; LedgerUnavailable.
    """
    if found := faults(db):
        raise NotSafe(found)


def faults(db: database.Database) -> list[str]:
    """List what is wrong, in Chinese; empty where all is well. Raises: LedgerUnavailable."""
    with db.connection() as connection:
        try:
            return _migrations(connection) + _protections(connection) + _functions(connection)
        except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName):
            return ["数据库尚未初始化，请先执行迁移"]
        except psycopg.errors.InsufficientPrivilege:
            return ["应用角色无权读取账本，请检查迁移是否完成、连接的角色是否正确"]


def _migrations(connection: database.Connection) -> list[str]:
    applied: dict[str, str] = dict(connection.execute(SQL["applied"]).fetchall())
    here = migrate.available()
    return [
        f"{what}：{'、'.join(sorted(names))}"
        for what, names in (
            ("迁移尚未执行", here.keys() - applied.keys()),
            ("数据库已由更新的版本迁移，本版本不认识", applied.keys() - here.keys()),
            (
                "迁移文件与执行时的内容不同",
                {name for name in here if applied.get(name, here[name]) != here[name]},
            ),
        )
        if names
    ]


def _functions(connection: database.Connection) -> list[str]:
    """Name the functions that do something else than the migrations say: the fences and the append are such."""
    known = migrate.bodies()
    found = connection.execute(SQL["bodies"]).fetchall()
    odd = [str(shown) for shown, name, body in found if body not in known.get(name, set())]
    return [f"下列函数不是本系统的迁移所定义的：{'、'.join(odd)}"] if odd else []


def remarks(db: database.Database) -> list[str]:
    """List, in Chinese, what is unwise and yet no fault. Raises: LedgerUnavailable."""
    with db.connection() as connection:
        return [f"{_TORN}：{shown}" for (shown,) in connection.execute(SQL["torn"]).fetchall()]


def _protections(connection: database.Connection) -> list[str]:
    asked = {"untriggered": {"distributed": _distributed(connection)}}
    found = {
        name: [str(row[0]) for row in connection.execute(SQL[name], asked.get(name)).fetchall()]
        for name in _MESSAGES
    }
    return [f"{message}：{'、'.join(found[name])}" for name, message in _MESSAGES.items() if found[name]]


def _distributed(connection: database.Connection) -> list[int]:
    """Give the tables that Citus distributes or copies to every node; none where there is no Citus."""
    found = connection.execute(SQL["citus"]).fetchone()
    if found is None or found[0] is None:
        return []
    return [int(oid) for (oid,) in connection.execute("SELECT logicalrelid::oid FROM pg_dist_partition")]

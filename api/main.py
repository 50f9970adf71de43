"""The composition root: the only place, with the command line, that knows which machines are behind the ports."""

import base64
import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import structlog
from fastapi import FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.openapi.utils import get_openapi
from fastapi.responses import HTMLResponse, JSONResponse
from fastapi.staticfiles import StaticFiles
from fastapi.telemetry import TelemetryConfig
from starlette.routing import BaseRoute, Route, compile_path

from api import accesses, limits, links, metrics, permits, problems, rates, streams
from api.desk import Desk
from api.routes import (
    access,
    accounts,
    administration,
    bundles,
    conformity,
    contacts,
    corrections,
    decisions,
    events,
    history,
    leader_reports,
    legacy,
    meetings,
    minutes,
    pairs,
    people,
    platform,
    practices,
    publicity,
    reports,
    schemes,
    sessions,
    standards,
    suggestions,
    topics,
    warnings,
    webhooks,
    years,
)
from api.routes import checkpoints as seal_routes
from application import administering, asyncapi, commands, ports, rebuilding, sealing
from application.identity import Identity
from application.identity_ports import Rules
from application.webhooks import Outlet
from infrastructure import (
    access_log,
    checkpoints,
    codes,
    credentials,
    database,
    directory,
    divisions,
    embedded,
    history_books,
    holidays,
    ledger,
    migrate,
    oidc,
    passwords,
    people_keys,
    selfcheck,
    settings,
    signers,
    vault,
    views,
    webhook_key,
    workbook,
)
from infrastructure import accounts as postgres_accounts
from infrastructure import administration as postgres_administration
from infrastructure import webhooks as postgres_webhooks

log = structlog.get_logger()
DESCRIPTION = """\
联席 Lianxi：同级政府与工会联席会议的台账系统（运政办发〔2024〕7号）。

- 每一对政府和工会各有一本台账，每一个动作是其中一条不可更改的事实；
- 凡须双方商定的，双方对同一内容哈希表示同意才算数，一人不能代表双方；
- 制度不允许的动作会被拒绝，并写明所依据的条款和要求编号；
- 每个动作都要带 `Idempotency-Key`，已有对象还要带 `If-Match`（读取时的 `ETag`）。
"""
INLINE = re.compile(rb"<script>(.*?)</script>", re.DOTALL)
# The framework would record validation failures and messages of exceptions, which quote payloads.
NO_TELEMETRY: TelemetryConfig = {
    "tracing": False,
    "metrics": False,
    "logs": False,
    "operation_spans": False,
    "auto_configure": False,
}
ROUTERS = (
    pairs,
    people,
    contacts,
    topics,
    suggestions,
    meetings,
    minutes,
    decisions,
    publicity,
    years,
    schemes,
    practices,
    warnings,
    standards,
    legacy,
    history,
    seal_routes,
    bundles,
    events,
    webhooks,
    conformity,
    corrections,
    leader_reports,
    reports,
    sessions,
    platform,
    accounts,
    administration,
    access,
)


@dataclass(frozen=True, kw_only=True)
class System(Desk):
    """The desk with the settings it was built from."""

    settings: settings.Settings
    database: database.Database
    store: ports.ViewStore


@contextmanager
def system(
    chosen: settings.Settings,
    *,
    progress: Callable[[str], None],
    strict: bool = True,
    given_up: Callable[[], None] = lambda: None,
) -> Iterator[System]:
    """Start what is needed, migrate, check and open the system; everything stops when the block ends.

    Without a DSN the embedded PostgreSQL is started in the data directory, and again should it die; ``given_up`` is
    called where that does not help. An audit is not ``strict``: it must be able to look at what fails the check.
    Raises: embedded.CannotStart, migrate.MigrationChanged, selfcheck.NotSafe, LedgerUnavailable, database.NoEntry.
    """
    with ExitStack() as stack:
        dsn = chosen.dsn
        if dsn is None:
            progress("正在启动内置数据库……")
            server = stack.enter_context(
                embedded.server(chosen.data_dir, pg_bin=chosen.pg_bin, progress=progress, given_up=given_up)
            )
            with nullcontext() if strict else suppress(migrate.MigrationChanged):
                for name in migrate.migrate(server.admin_dsn, app_password=server.app_password):
                    progress(f"已执行迁移：{name}")
            dsn = server.app_dsn
        bounds = database.Limits(
            pool_max=chosen.pool_size, lock_ms=chosen.lock_timeout_ms, per_pair=chosen.pair_concurrency
        )
        database.reach(dsn)
        db = stack.enter_context(database.Database(dsn, limits=bounds))
        if strict:
            selfcheck.check(db)
            for remark in selfcheck.remarks(db):
                progress(remark)
        opened = assemble(db, chosen)
        if strict:
            scopes = sorted({each.code[:2] for each in opened.divisions.all()})
            rebuilding.refresh(opened.store, scopes, progress=progress)
        yield opened


def assemble(db: database.Database, chosen: settings.Settings, **replaced: Any) -> System:
    """Put the machines behind the ports; a test replaces the clock, the office or the passwords."""
    register = divisions.PackagedDivisions()
    store, read = ledger.PostgresLedger(db), views.PostgresViews(db)
    clock: Callable[[], datetime] = replaced.get("clock", lambda: datetime.now(UTC))
    identity_key = partial(webhook_key.load, chosen.identity_key or chosen.seals / "identity.key")
    rules = Rules(
        absolute=timedelta(hours=chosen.session_hours),
        idle=timedelta(minutes=chosen.session_idle_minutes),
        second_factor_roles=chosen.second_factor_roles,
    )
    office = administering.Administration(postgres_administration.PostgresRegister(db))
    parts: dict[str, Any] = {
        "office": commands.Office(store, register, working_days=holidays.PublishedCalendar()),
        "ledger": store,
        "views": read,
        "store": read,
        "credentials": credentials.PostgresCredentials(db, office, clock=clock, idle=rules.idle),
        "identity": Identity(
            postgres_accounts.PostgresAccounts(db),
            replaced.pop("passwords", None) or passwords.Argon2Passwords(),
            codes.TotpCodes(identity_key),
            office,
            clock=clock,
            platform=_platform(chosen, identity_key, clock) if chosen.oidc_issuer else None,
            rules=rules,
        ),
        "public_url": chosen.public_url,
        "administration": office,
        "divisions": register,
        "history_books": history_books.Workbooks(),
        "workbooks": workbook.XlsxWriter(),
        "sealer": sealing.Sealer(
            ledger=ledger.PostgresLedger(db.as_signer()),
            views=read,
            checkpoints=checkpoints.PostgresCheckpoints(db),
            vault=vault.FileVault(chosen.seals, name=chosen.seal_name, command=chosen.seal_command),
            check=signers.check,
        ),
        "webhooks": postgres_webhooks.PostgresWebhooks(db),
        "outlet": Outlet(
            targets=chosen.webhook_targets,
            networks=chosen.webhook_networks,
            key=lambda: webhook_key.load(chosen.webhook_key or chosen.seals / "webhooks.key"),
        ),
        "access_log": access_log.PostgresAccessLog(db, months=chosen.access_log_months),
        "directory": directory.PostgresDirectory(db, people_keys.PeopleKeys(chosen.people)),
        "healthy": lambda: selfcheck.faults(db),
        "settings": chosen,
        "database": db,
        "per_pair": chosen.pair_concurrency,
        "quotas": rates.Quotas(
            person=chosen.rate_person,
            address=chosen.rate_address,
            anonymous=chosen.rate_anonymous,
            login=chosen.rate_login,
        ),
        "metrics_token": chosen.metrics_token.get_secret_value(),
        "hosts": tuple(each.lower() for each in chosen.hosts),
    }
    return System(**{**parts, **replaced})


def _platform(
    chosen: settings.Settings, key: Callable[[], bytes], clock: Callable[[], datetime]
) -> oidc.OidcPlatform:
    return oidc.OidcPlatform(
        oidc.Registration(
            issuer=chosen.oidc_issuer,
            client_id=chosen.oidc_client_id,
            secret=chosen.oidc_client_secret,
            redirect=chosen.oidc_redirect,
            algorithms=chosen.oidc_algorithms,
        ),
        key=key,
        clock=clock,
    )


def create_app(desk: Desk) -> FastAPI:
    """Build the application on a desk."""
    app = FastAPI(
        title="联席 Lianxi",
        version="1",
        description=DESCRIPTION,
        redoc_url=None,
        openapi_url="/openapi.json",
        docs_url=None,
        separate_input_output_schemas=False,
        redirect_slashes=False,
        telemetry=NO_TELEMETRY,
    )
    app.state.desk = desk
    app.state.gate = limits.Gate(places=desk.per_pair)
    app.state.reading = limits.Gate(places=limits.READS)
    app.state.proving = limits.Gate(places=limits.PROOFS)
    app.state.streams = streams.Streams(desk)
    app.state.rates = rates.Rates(lambda: desk.quotas)
    app.state.accesses = accesses.Accesses(lambda: desk.access_log)
    app.state.metrics = _metrics(app)
    app.add_middleware(limits.Guard)
    problems.install(app)
    for each in ROUTERS:
        app.include_router(each.router, prefix="/v1")
    _page(app)
    _probes(app, desk)
    metrics.install(app, token=lambda: desk.metrics_token)
    _document(app)
    # Raises where a route has no row in the access table: nobody has decided who may use it.
    app.state.permits = permits.of_app(app, [each.router.routes for each in ROUTERS])
    app.state.methods = [
        (compile_path(path)[0], methods)
        for path, methods in (
            *(
                (f"/v1{route.path}", route.methods)
                for each in ROUTERS
                for route in _routes(each.router.routes)
            ),
            *((route.path, route.methods) for route in _routes(app.routes)),
        )
    ]
    return app


def _metrics(app: FastAPI) -> metrics.Metrics:
    made = metrics.Metrics()
    made.watch("lianxi_streams_open", "打开的事件流数", lambda: app.state.streams.count)
    made.watch("lianxi_access_log_pending", "尚未写入的查阅记录数", lambda: app.state.accesses.pending)
    return made


def _routes(routes: Iterable[BaseRoute]) -> list[Route]:
    return [route for route in routes if isinstance(route, Route)]


def _page(app: FastAPI) -> None:
    # The page's scripts come from a package: an office without the Internet, or a script of somebody else's, is no risk.
    app.mount("/static", StaticFiles(packages=[("fastapi_offline", "static")]), name="static")

    page = get_swagger_ui_html(
        openapi_url="/openapi.json",
        title="联席接口",
        swagger_js_url="/static/swagger-ui-bundle.js",
        swagger_css_url="/static/swagger-ui.css",
        swagger_favicon_url="/static/favicon.png",
    )
    headers = {"Content-Security-Policy": _page_policy(bytes(page.body))}

    @app.get("/docs", include_in_schema=False)
    def docs() -> HTMLResponse:
        return HTMLResponse(page.body, headers=headers)


def _page_policy(page: bytes) -> str:
    """Allow the page its own scripts, of which the one within it is named by its hash, and nothing else."""
    digests = (hashlib.sha256(each).digest() for each in INLINE.findall(page))
    scripts = " ".join(["'self'", *(f"'sha256-{base64.b64encode(each).decode()}'" for each in digests)])
    # The library sets styles on elements; a style alone reads nothing and sends nothing.
    return (
        f"default-src 'none'; script-src {scripts}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
    )


def _probes(app: FastAPI, desk: Desk) -> None:
    @app.get("/livez", summary="进程存活", tags=["运行"], responses=problems.declared(500))
    def livez() -> dict[str, str]:
        """进程在运行就答 200，不查数据库。"""
        return {"status": "ok"}

    @app.get(
        "/asyncapi.json", summary="事件说明（AsyncAPI 3.0）", tags=["事件"], responses=problems.declared(500)
    )
    def events_described() -> JSONResponse:
        """事件流和推送中每一种事件的内容，供生成代码和校验。"""
        return JSONResponse(asyncapi.document())

    @app.get("/readyz", summary="可以服务", tags=["运行"], responses=problems.declared(500, 503))
    def readyz() -> JSONResponse:
        """数据库可用、迁移和权限无误时答 200；否则答 503，并列出问题。"""
        try:
            faults = desk.healthy()
        except ports.LedgerUnavailable:
            faults = ["数据库不可用"]
        return JSONResponse(
            {"status": "unavailable" if faults else "ok", "faults": faults},
            status_code=503 if faults else 200,
        )


def _document(app: FastAPI) -> None:
    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            schema = get_openapi(
                title=app.title, version=app.version, description=app.description, routes=app.routes
            )
            shown = problems.Problem.model_json_schema(ref_template="#/components/schemas/{model}")
            definitions = shown.pop("$defs", {})
            schema.setdefault("components", {}).setdefault("schemas", {}).update(
                {"Problem": shown, **definitions}
            )
            for path, operations in schema["paths"].items():
                for operation in operations.values() if path != "/livez" else ():
                    # Every door refuses a name that is not ours, and whoever asks too often.
                    operation["responses"].update(
                        {str(code): answer for code, answer in problems.declared(421, 429).items()}
                    )
            links.add(schema["paths"])
            app.openapi_schema = schema
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]  # FastAPI documents this way of extending it.

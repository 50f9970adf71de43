"""The settings: environment variables that begin with ``LIANXI_``, read once by a composition root."""

import ipaddress
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias

import psycopg
from psycopg.conninfo import conninfo_to_dict
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_core import ErrorDetails, PydanticCustomError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from application.identity_ports import ADMINISTRATORS
from domain.mandates import Role

PREFIX = "LIANXI_"


# Those with a key pair: a secret that both sides know proves nothing about who signed.
Signing: TypeAlias = Literal[
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"
]


class BadSettings(Exception):
    """A setting cannot be used; the message, in Chinese, names the variable and never its value."""


class Settings(BaseSettings):
    """What an installation may choose. Without ``dsn`` the embedded PostgreSQL is started."""

    # A refused value may be a DSN with its password, so errors must not repeat it.
    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, hide_input_in_errors=True)

    dsn: str | None = Field(
        default=None, repr=False, description="应用角色的数据库连接串；不填则启动内置数据库"
    )
    migration_dsn: str | None = Field(default=None, repr=False, description="执行迁移的数据库连接串")
    host: str = Field(default="127.0.0.1", description="监听地址")
    port: int = Field(default=8000, ge=0, le=65535, description="监听端口")
    data_dir: Path = Field(default=Path("data"), description="数据目录")
    pg_bin: Path | None = Field(default=None, description="PostgreSQL 程序所在的 bin 目录")
    pool_size: int = Field(default=10, ge=1, le=200, description="数据库连接数")
    pair_concurrency: int = Field(default=4, ge=1, le=64, description="同一结对单位同时处理的命令数")
    lock_timeout_ms: int = Field(default=2000, ge=1, description="等待账本锁的最长时间（毫秒）")
    seal_dir: Path | None = Field(
        default=None, description="封存目录，放密钥和已签名的检查点；不填则在数据目录之旁"
    )
    seal_name: str = Field(
        default="lianxi.local",
        pattern=r"^[0-9A-Za-z][0-9A-Za-z._:/-]{0,100}$",
        description="封存密钥的名称，宜用本单位的域名；首次封存时定下，此后不变",
    )
    seal_command: str = Field(default="", description="外部签名命令；不填则用封存目录中的密钥")
    seal_every_s: int = Field(default=3600, ge=10, description="服务运行时封存的间隔（秒）")
    people_keys: Path | None = Field(
        default=None, description="人员联系方式的密钥目录，一人一个；不填则在数据目录之旁"
    )
    webhook_targets: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(), description="允许推送的目标（主机、主机:端口或 *.域名，逗号分隔）；不填则不能推送"
    )
    webhook_networks: Annotated[tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...], NoDecode] = Field(
        default=(), description="公网之外允许推送到的网段（如 10.20.0.0/16，逗号分隔）"
    )
    webhook_key: Path | None = Field(
        default=None, description="推送签名主密钥的文件；不填则为封存目录中的 webhooks.key"
    )
    hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(), description="对外的主机名（逗号分隔，不带端口），其他一律拒绝；不填则不限，对外服务时应填"
    )
    trusted_proxies: Annotated[tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...], NoDecode] = Field(
        default=(),
        description="反向代理的地址或网段（逗号分隔）；只有来自这里的 X-Forwarded-For、X-Forwarded-Proto 才算数",
    )
    rate_person: int = Field(default=1200, ge=0, description="每人每分钟的请求数，0 为不限")
    rate_address: int = Field(
        default=6000, ge=0, description="每个来源地址每分钟的请求数（同一单位常共用一个地址），0 为不限"
    )
    rate_anonymous: int = Field(
        default=300, ge=0, description="每个来源地址每分钟无凭据或凭据无效的请求数，0 为不限"
    )
    rate_login: int = Field(default=30, ge=0, description="每个来源地址每分钟的登录尝试数，0 为不限")
    metrics_token: SecretStr = Field(
        default=SecretStr(""), description="从别的机器读取 /metrics 的令牌；不填则只有本机可读"
    )
    backup_dir: Path | None = Field(
        default=None, description="数据库备份所在的目录；lianxi doctor 由此检查最近一次备份"
    )
    access_log_months: int = Field(
        default=12, ge=6, le=120, description="查阅记录保存的整月数；《网络安全法》第二十一条要求不少于六个月"
    )
    identity_key: Path | None = Field(
        default=None, description="加密身份验证器密钥的主密钥文件；不填则为封存目录中的 identity.key"
    )
    public_url: str = Field(
        default="",
        pattern=r"^(https?://[0-9A-Za-z.:\[\]-]+)?$",
        description="对外的网址（如 https://lianxi.example.cn，末尾不带 /）；不填则按请求的主机名核对来源",
    )
    session_hours: int = Field(default=12, ge=1, le=24, description="登录会话最长的时间（小时）")
    session_idle_minutes: int = Field(default=30, ge=5, le=240, description="会话无操作多久后失效（分钟）")
    second_factor_roles: Annotated[tuple[Role | Literal["*"], ...], NoDecode] = Field(
        default=tuple(map(Role, ADMINISTRATORS)),
        description="登录后须出示第二因素的职责，逗号分隔，* 为所有人；默认为三员",
    )
    oidc_issuer: str = Field(
        default="",
        pattern=r"^(https://[!-~]+|http://(localhost|127\.0\.0\.1)(:[0-9]+)?)?$",
        description="统一身份认证平台（OpenID Connect）的签发者网址；不填则不接入",
    )
    oidc_client_id: str = Field(default="", description="本系统在平台上的客户端编号")
    oidc_client_secret_file: Path | None = Field(default=None, description="放平台所发客户端密钥的文件")
    oidc_redirect: str = Field(default="", description="在平台登记的返回地址（…/v1/oidc/return）")
    oidc_algorithms: Annotated[tuple[Signing, ...], NoDecode] = Field(
        default=("RS256",), description="平台签发身份令牌的算法（如 RS256,ES256,PS256），只收所列的"
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(default="info", description="日志级别")

    def oidc_client_secret(self) -> str:
        """Read the secret that the platform knows this installation by; empty where there is none. Raises: OSError."""
        path = self.oidc_client_secret_file
        return path.read_text(encoding="utf-8").strip() if path is not None else ""

    @property
    def seals(self) -> Path:
        """The seal directory: beside the data directory, never in it, so that no backup of the data restores it too."""
        data = self.data_dir.resolve()
        return self.seal_dir or data.with_name(f"{data.name}-seals")

    @property
    def people(self) -> Path:
        """The folder of people's keys: beside the data directory too, so that a backup of the data opens no contact data."""
        data = self.data_dir.resolve()
        return self.people_keys or data.with_name(f"{data.name}-people")

    @field_validator(
        "webhook_targets",
        "webhook_networks",
        "second_factor_roles",
        "oidc_algorithms",
        "hosts",
        "trusted_proxies",
        mode="before",
    )
    @classmethod
    def _listed(cls, text: Any) -> Any:
        return [each.strip() for each in text.split(",") if each.strip()] if isinstance(text, str) else text

    @field_validator("dsn", "migration_dsn")
    @classmethod
    def _readable(cls, dsn: str | None) -> str | None:
        try:
            conninfo_to_dict(dsn or "")
        except psycopg.ProgrammingError:
            # The library's message repeats parts of the text, and with them the password.
            raise PydanticCustomError(
                "dsn", "不是数据库连接串（如 postgresql://用户:口令@主机/库名）"
            ) from None
        return dsn


def _in_chinese(fault: ErrorDetails) -> str:
    bounds = fault.get("ctx", {})
    match fault["type"]:
        case "int_parsing" | "int_type" | "int_from_float":
            return "须为整数"
        case "greater_than_equal":
            return f"不得小于 {bounds['ge']}"
        case "less_than_equal":
            return f"不得大于 {bounds['le']}"
        case "literal_error":
            return f"只能是 {bounds['expected'].replace(' or ', '、').replace(', ', '、')}"
        case "dsn":
            return fault["msg"]
        case _:
            return "取值不对"


def load() -> Settings:
    """Read the settings from the environment.

    Raises: BadSettings, with one line for each variable that is wrong.
    """
    try:
        return Settings()
    except ValidationError as error:
        lines = [
            f"环境变量 {PREFIX}{str(fault['loc'][0]).upper()} 不可用：{_in_chinese(fault)}"
            for fault in error.errors(include_input=False, include_url=False)
        ]
        raise BadSettings("\n".join(dict.fromkeys(lines))) from None

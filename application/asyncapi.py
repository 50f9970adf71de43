"""The AsyncAPI 3.0 document: every event that leaves the system, made of the very models of the facts."""

from functools import cache
from typing import Any, Final

from pydantic.json_schema import models_json_schema

from application import events
from domain import catalogue

VERSION: Final = "3.0.0"
SCHEMAS: Final = "#/components/schemas/"
MESSAGES: Final = "#/components/messages/"
DESCRIPTION: Final = """\
台账中的每一条事实都是一个 CloudEvents 1.0 事件，`data` 是台账所存的原文，一字不改。
同一结对单位之内按台账位置排列，没有空缺；不同结对单位之间没有先后。

- 事件流（SSE）：`/v1/pairs/{pair}/events`，`id` 是台账位置；`/v1/events`，每条消息是一批事件，`id` 是游标。断线后带 `Last-Event-ID` 重连。
- 分页读取：`/v1/events/batch`。
- 推送：按 Standard Webhooks 签名的 POST 请求，至少一次；以 `webhook-id` 识别重复。

谁今天有权查看历史，谁才能读取。
"""
_HASH: Final = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
_TEXT: Final = {"type": "string", "minLength": 1}
_COUNT: Final = {"type": "integer", "minimum": 1}
ATTRIBUTES: Final[dict[str, dict[str, Any]]] = {
    "specversion": {"title": "CloudEvents 版本", "const": "1.0"},
    "id": {"title": "事件编号（即这条记录的哈希）", **_HASH},
    "source": {
        "title": "来源（结对单位）",
        "type": "string",
        "pattern": "^/v1/pairs/",
        "format": "uri-reference",
    },
    "type": {"title": "事件种类", "type": "string", "pattern": r"^lianxi\."},
    "subject": {"title": "对象", **_TEXT},
    "time": {"title": "记入台账的时间", "type": "string", "format": "date-time"},
    "datacontenttype": {"title": "内容格式", "const": "application/json"},
    "partitionkey": {"title": "结对单位", **_TEXT},
    "sequence": {"title": "台账位置（等长，可按文字排序）", "type": "string", "pattern": "^[0-9]{19}$"},
    "position": {"title": "台账位置", **_COUNT},
    "streamversion": {"title": "对象的版本", **_COUNT},
    "actor": {"title": "办理人", **_TEXT},
    "commandid": {"title": "指令编号", **_TEXT},
    "statehash": {"title": "内容的哈希", **_HASH},
    "prevhash": {"title": "前一条记录的哈希", **_HASH},
    "hash": {"title": "这条记录的哈希", **_HASH},
}
PROBLEM: Final[dict[str, Any]] = {
    "title": "事件流结束的原因",
    "type": "object",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"title": "原因种类", "type": "string", "format": "uri"},
        "title": {"title": "说明", "type": "string"},
        "status": {"title": "相应的 HTTP 状态码", "type": "integer"},
    },
}
SIGNED: Final[dict[str, Any]] = {
    "title": "Standard Webhooks 请求头",
    "type": "object",
    "required": ["webhook-id", "webhook-timestamp", "webhook-signature"],
    "properties": {
        "webhook-id": {"title": "消息编号，重复送达时不变", "type": "string"},
        "webhook-timestamp": {"title": "发送时间（Unix 秒）", "type": "string"},
        "webhook-signature": {"title": "签名（v1，HMAC-SHA256），换发密钥时有两个", "type": "string"},
    },
}


@cache
def document() -> dict[str, Any]:
    """Make the document; it depends on the program alone."""
    return {
        "asyncapi": VERSION,
        "info": {"title": "联席 Lianxi 事件", "version": "1", "description": DESCRIPTION},
        "defaultContentType": events.MEDIA_TYPE,
        "channels": _channels(),
        "operations": _operations(),
        "components": {
            "messages": _messages(),
            "schemas": _schemas(),
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "系统管理员发放的令牌"}
            },
        },
    }


def _channels() -> dict[str, Any]:
    facts = {topic: {"$ref": f"{MESSAGES}{topic}"} for topic in catalogue.FACTS}
    problem = {"problem": {"$ref": f"{MESSAGES}problem"}}
    return {
        "pair": {
            "address": "/v1/pairs/{pair}/events",
            "title": "一个结对单位的事件流",
            "parameters": {"pair": {"description": "结对单位的区划代码", "examples": ["140830"]}},
            "messages": facts | problem,
        },
        "all": {
            "address": "/v1/events",
            "title": "所辖各结对单位的事件流",
            "messages": {"batch": {"$ref": f"{MESSAGES}batch"}} | problem,
        },
        "webhook": {"address": None, "title": "推送到登记的目标", "messages": facts},
    }


def _operations() -> dict[str, Any]:
    token = [{"$ref": "#/components/securitySchemes/token"}]
    return {
        name: {
            "action": "send",
            "channel": {"$ref": f"#/channels/{channel}"},
            "title": title,
            "bindings": {"http": {"method": method, "bindingVersion": "0.3.0"}},
            **({"security": token} if method == "GET" else {}),
        }
        for name, channel, method, title in (
            ("stream_pair_events", "pair", "GET", "推送一个结对单位的每一条事实"),
            ("stream_events", "all", "GET", "推送所辖各结对单位的事实，一批一批"),
            ("deliver_webhook", "webhook", "POST", "把每一条事实送到登记的目标"),
        )
    }


def _messages() -> dict[str, Any]:
    found: dict[str, Any] = {
        topic: {
            "name": events.event_type(topic),
            "title": fact.label,
            "summary": f"台账记入：{fact.label}",
            "contentType": events.MEDIA_TYPE,
            "headers": {"$ref": f"{SCHEMAS}SignedHeaders"},
            "payload": {"$ref": f"{SCHEMAS}{_event(topic)}"},
        }
        for topic, fact in catalogue.FACTS.items()
    }
    found["batch"] = {
        "name": "batch",
        "title": "一批事件",
        "contentType": events.BATCH_MEDIA_TYPE,
        "payload": {"$ref": f"{SCHEMAS}Batch"},
    }
    found["problem"] = {
        "name": "problem",
        "title": "事件流结束的原因",
        "contentType": "application/json",
        "payload": {"$ref": f"{SCHEMAS}Ended"},
    }
    return found


def _event(topic: str) -> str:
    return f"event.{topic}"


def _schemas() -> dict[str, Any]:
    # What was stored earlier may lack what has a default today, so that what is read is described.
    made, shared = models_json_schema(
        [(fact, "validation") for fact in catalogue.FACTS.values()], ref_template=f"{SCHEMAS}{{model}}"
    )
    found: dict[str, Any] = _draft_07(shared["$defs"])
    for topic, fact in catalogue.FACTS.items():
        data = made[fact, "validation"]
        own = str(data["$ref"]).removeprefix(SCHEMAS)
        found[own] = {**found[own], "title": fact.label}
        found[_event(topic)] = {
            "title": fact.label,
            "allOf": [
                {"$ref": f"{SCHEMAS}Event"},
                {"properties": {"type": {"const": events.event_type(topic)}, "data": data}},
            ],
        }
    found["Event"] = {
        "title": "事件（CloudEvents 1.0）",
        "type": "object",
        "required": [*ATTRIBUTES, "data"],
        "properties": {**ATTRIBUTES, "data": {"title": "事实原文", "type": "object"}},
        "additionalProperties": False,
    }
    every = [{"$ref": f"{SCHEMAS}{_event(topic)}"} for topic in catalogue.FACTS]
    found["Batch"] = {"title": "一批事件", "type": "array", "items": {"oneOf": every}, "maxItems": 100}
    found["Ended"], found["SignedHeaders"] = PROBLEM, SIGNED
    return found


def _draft_07(schema: Any) -> Any:
    """Say tuples as the draft says them that AsyncAPI's own schemas build on; pydantic speaks a later one."""
    if isinstance(schema, list):
        return [_draft_07(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    said = {key: _draft_07(value) for key, value in schema.items()}
    if "prefixItems" in said:
        said["items"] = said.pop("prefixItems")
        said["additionalItems"] = False
    return said

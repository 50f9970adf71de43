"""Requests on their way out: to checked addresses alone, without redirects, proxies or a look at the content."""

import asyncio
import ipaddress
import logging
import socket
import ssl
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

import httpx2

from application import webhooks

CONNECT_S: Final = 5.0
READ_S: Final = 10.0
WHOLE_S: Final = 15.0
NO_ADDRESS: Final = "域名无法解析"
NOT_PERMITTED: Final = "域名指向不许可的地址（内网、本机等）"
NO_CONNECTION: Final = "无法建立连接或证书未通过验证"
TOO_SLOW: Final = "目标未在限定时间内答复"
NO_ANSWER: Final = "连接中断，没有得到答复"
# Its lines name whole URLs, and in them what a target may hold for secret.
logging.getLogger("httpx2").setLevel(logging.WARNING)


class HttpSender:
    """The port ``Sender``. A host is resolved here, and what is connected to is the very address that was checked."""

    def __init__(self, outlet: webhooks.Outlet, *, verify: ssl.SSLContext | bool = True) -> None:
        self._outlet = outlet
        self._client = httpx2.AsyncClient(
            verify=verify,
            trust_env=False,
            follow_redirects=False,
            timeout=httpx2.Timeout(READ_S, connect=CONNECT_S),
            # A connection kept for one host must never serve another at the same address.
            limits=httpx2.Limits(max_connections=None, max_keepalive_connections=0),
        )

    async def close(self) -> None:
        """Give every connection back."""
        await self._client.aclose()

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> webhooks.Answer:
        """Send and tell the answer; of the answer's content nothing is read."""
        refused = self._outlet.refusal(url)
        if refused is not None:
            return webhooks.Answer(reason=refused)
        try:
            async with asyncio.timeout(WHOLE_S):
                return await self._sent(url, body, headers)
        except (TimeoutError, httpx2.TimeoutException):
            return webhooks.Answer(reason=TOO_SLOW)
        except httpx2.ConnectError:
            return webhooks.Answer(reason=NO_CONNECTION)
        except httpx2.HTTPError:
            return webhooks.Answer(reason=NO_ANSWER)

    async def _sent(self, url: str, body: bytes, headers: Mapping[str, str]) -> webhooks.Answer:
        parts = urlsplit(url)
        addresses = await _resolved(str(parts.hostname), parts.port or parts.scheme)
        if not addresses:
            return webhooks.Answer(reason=NO_ADDRESS)
        # One bad address condemns the name: which of them is connected to would be chance.
        if not all(self._outlet.permits(each, scheme=parts.scheme) for each in addresses):
            return webhooks.Answer(reason=NOT_PERMITTED)
        target = httpx2.URL(url)
        request = self._client.build_request(
            "POST",
            target.copy_with(host=str(addresses[0])),
            content=body,
            headers={**headers, "Host": target.netloc.decode("ascii")},
            extensions={"sni_hostname": str(parts.hostname)},
        )
        answer = await self._client.send(request, stream=True)
        await answer.aclose()
        return webhooks.Answer(status=answer.status_code)


async def _resolved(host: str, port: int | str) -> list[webhooks.Address]:
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError:
        return []
    return [ipaddress.ip_address(str(each[4][0]).partition("%")[0]) for each in found]

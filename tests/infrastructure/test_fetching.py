"""What the platform is asked by: a client that follows nobody and trusts no certificate that nobody vouches for."""

import httpx2
import pytest

from infrastructure import fetching
from tests.api.receiving import receiver
from tests.api.test_webhooks import certificate


def test_a_redirect_is_not_followed():
    with receiver() as there, receiver() as elsewhere, fetching.client() as client:
        there.answers, there.location = lambda _: 302, f"{elsewhere.root}/taken"
        assert client.post(f"{there.root}/token", content=b"code").status_code == 302
        assert (len(there.got), elsewhere.got) == (1, [])


def test_a_certificate_that_nobody_vouches_for_ends_the_connection(tmp_path):
    """Nothing was sent before it was looked at. The control is the same server without TLS."""
    cert, key = certificate(tmp_path, "localhost")
    with receiver(cert=cert, key=key) as there, fetching.client() as client:
        with pytest.raises(httpx2.ConnectError, match=r"(?i)certificate"):
            client.post(f"https://localhost:{there.port}/token", content=b"code")
        assert there.got == []
    with receiver() as there, fetching.client() as client:
        assert client.post(f"{there.root}/token", content=b"code").status_code == 204

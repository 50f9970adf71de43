"""Entering in tests: an account with a password of its own, a session, and requests in it."""

import pyotp

GOOD = "四月的风吹过中条山 2026"
OTHER = "盐湖的月亮照着三座旧桥洞"
SESSION = "/v1/sessions"


class Entrance:
    """Log-ins through HTTP. ``clock`` is the system's."""

    def __init__(self, http, clock) -> None:
        self.http, self.clock = http, clock
        self.secrets: dict[str, str] = {}

    @property
    def identity(self):
        return self.http.system.identity

    def enrol(self, person: str, *roles: tuple[str, str]) -> None:
        credentials = self.http.credentials
        credentials.enrol(person, label=person)
        for role, scope in roles:
            credentials.grant(person, role=role, scope=scope)

    def one_time(self, person: str, *roles: tuple[str, str]) -> str:
        """Enrol somebody and give him a one-time password."""
        self.enrol(person, *roles)
        return self.identity.open_account(person)[0]

    def account(self, person: str, *roles: tuple[str, str], password: str = GOOD) -> None:
        """Make somebody who has changed his one-time password."""
        token = self.token(person, self.one_time(person, *roles))
        assert self.change(token, self.last, password).status_code == 204
        assert self.request("DELETE", f"{SESSION}/current", token).status_code == 204

    def log_in(self, person: str, password: str = GOOD, **more):
        body = {"account": person, "password": password, **more.pop("body", {})}
        return self.http.checked(self.http.client.post(SESSION, json=body, **more))

    def token(self, person: str, password: str = GOOD, **body) -> str:
        self.last = password
        answer = self.log_in(person, password, body=body)
        assert answer.status_code == 201, answer.json()
        return answer.json()["token"]

    def request(self, method: str, path: str, token: str = "", *, headers=None, **more):
        sent = {"Authorization": f"Bearer {token}"} if token else {}
        return self.http.checked(
            self.http.client.request(method, path, headers={**sent, **(headers or {})}, **more)
        )

    def change(self, token: str, current: str, new: str):
        return self.request(
            "PUT", f"{SESSION}/current/password", token, json={"current": current, "new": new}
        )

    def with_factor(self, person: str, token: str) -> None:
        """Enrol and confirm a second factor."""
        answer = self.request("POST", f"{SESSION}/current/second-factor", token)
        assert answer.status_code == 201, answer.json()
        self.secrets[person] = pyotp.parse_uri(answer.json()["uri"]).secret
        assert self.show(token, self.code(person)).status_code == 204

    def code(self, person: str, *, beside: int = 0) -> str:
        return pyotp.TOTP(self.secrets[person]).at(int(self.clock().timestamp()) + 30 * beside)

    def show(self, token: str, code: str):
        return self.request("POST", f"{SESSION}/current/second-factor/code", token, json={"code": code})


def problem(answer) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].removeprefix("urn:lianxi:problem:")

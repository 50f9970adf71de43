"""What auditors learn through HTTP of administrators and of ledgers that are not there."""


def test_r097_an_act_through_the_api_is_that_of_who_asked(http):
    body = {"person": "p-2", "label": "科员"}
    http.become("p-admin", ("system_administrator", "140800"))
    assert http.post("p-admin", "/v1/people", body).status_code == 201
    http.post("p-admin", "/v1/people/p-2/roles", {"role": "auditor", "scope": "140800"})
    http.post("p-admin", "/v1/people/p-2/tokens", {"label": "办公", "days": 1})
    acts = [(each.actor, each.what) for each in http.credentials.acts() if each.person == "p-2"]
    assert acts == [("p-admin", what) for what in ("enrolled", "granted", "issued")]


def test_r094_the_api_misses_mandatory_ledgers_too(http):
    http.become("p-auditor", ("auditor", "140800"))
    for kind in ("verification", "replay"):
        items = http.get("p-auditor", f"/v1/audit/{kind}", scope="140800").json()["items"]
        assert (len(items), {each["ok"] for each in items}) == (14, {False})

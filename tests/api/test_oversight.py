"""What auditors learn through HTTP of administrators and of ledgers that are not there; and who may read which report."""

from tests.application.ledgers import late_city, model_county, record


def test_r097_an_act_through_the_api_is_that_of_who_asked(http):
    body = {"person": "p-2", "label": "科员"}
    http.become("p-admin", ("system_administrator", "140800"))
    for security in ("p-security", "p-keeper"):
        http.become(security, ("security_administrator", "140800"))
    http.become("p-watch", ("audit_administrator", "140800"))
    assert http.post("p-admin", "/v1/people", body).status_code == 201
    http.post("p-security", "/v1/people/p-2/roles", {"role": "auditor", "scope": "140800"})
    http.post("p-keeper", "/v1/people/p-2/tokens", {"label": "办公", "days": 1})
    acts = http.get("p-watch", "/v1/administration/acts", subject="p-2").json()["items"]
    assert [(each["actor"], each["topic"]) for each in acts] == [
        ("p-admin", "person.enrolled"),
        ("p-security", "mandate.granted"),
        ("p-keeper", "key.issued"),
    ]


def test_r094_the_api_misses_mandatory_ledgers_too(http):
    http.become("p-auditor", ("auditor", "140800"))
    for kind in ("verification", "replay"):
        items = http.get("p-auditor", f"/v1/audit/{kind}", scope="140800").json()["items"]
        assert (len(items), {each["ok"] for each in items}) == (14, {False})


def test_r092_reports_come_as_workbook_and_csv_with_names_in_chinese(http):
    http.become("p-reader", ("city_reader", "140800"))
    for kind, media, more in (
        ("workbook", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", {}),
        ("csv", "text/csv; charset=utf-8", {"table": "figures"}),
    ):
        answer = http.get("p-reader", f"/v1/reports/city/2025/{kind}", **more)
        assert (answer.status_code, answer.headers["content-type"]) == (200, media)
        assert "filename*=UTF-8''%E8%BF%90%E5%9F%8E" in answer.headers["content-disposition"]
        assert answer.content == http.get("p-reader", f"/v1/reports/city/2025/{kind}", **more).content
        assert answer.headers["etag"]
    assert http.get("p-reader", "/v1/reports/city/2025/csv", table="nonsense").status_code == 422
    assert http.get("p-reader", "/v1/reports/city/2099/workbook").status_code == 422
    http.become("p-stranger")
    for kind in ("workbook", "csv"):
        path = f"/v1/reports/city/2025/{kind}"
        assert http.get("p-stranger", path, table="ledger").status_code == 403


def test_r092_a_pairs_own_people_read_its_report_and_nobody_elses(http, system):
    record(system.ledger, model_county())
    record(system.ledger, late_city())
    http.become("GO")
    root = "/v1/pairs/140830/reports/2025"
    shown = http.get("GO", root).json()
    assert [each["pair"] for each in shown["report"]["pairs"]] == ["140830"]
    link = shown["members"]["140830"]["decisions.established"]
    assert [each["id"] for each in http.get("GO", link).json()["items"]] == ["M1-01"]
    assert http.get("GO", f"{root}/workbook").content.startswith(b"PK")
    assert "检查高温津贴发放80户" in http.get("GO", f"{root}/csv", table="ledger").text
    http.become("p-stranger")
    for kind in ("", "/figures/meetings", "/workbook", "/csv"):
        assert http.get("p-stranger", f"{root}{kind}", table="ledger").status_code == 404
    http.become("p-reader", ("city_reader", "140800"))
    assert http.get("p-reader", "/v1/pairs/140829/reports/2025").status_code == 404
    assert http.get("p-reader", f"{root}/csv", table="members").status_code == 200

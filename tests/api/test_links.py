"""The links of the OpenAPI: each leads to an operation by parameters that it has, and following one works."""

PAIR = "140830"


def test_every_link_leads_somewhere(http):
    """Nothing is linked that is not described, and every act on a subject is linked from where it is read."""
    paths = http.client.get("/openapi.json").json()["paths"]
    operations = {each["operationId"]: each for found in paths.values() for each in found.values()}
    linked = set()
    for operation in operations.values():
        for answer in operation["responses"].values():
            for link in answer.get("links", {}).values():
                linked.add(link["operationId"])
                known = {
                    f"{each['in']}.{each['name']}" for each in operations[link["operationId"]]["parameters"]
                }
                assert set(link["parameters"]) <= known
    acts = {
        found["post"]["operationId"]
        for path, found in paths.items()
        if path.startswith("/v1/pairs/{pair}/topics/{id}/") and "post" in found
    }
    assert acts <= linked
    assert {"get_topic", "get_unit", "get_meeting"} <= linked


def test_what_begins_a_unit_links_to_where_it_is_read(http):
    """The id of the answer and the pair of the request are the parameters; the ETag is that of the next act."""
    http.become("admin", ("system_administrator", "140800"))
    http.become("auditor", ("auditor", "140800"))
    body = {"on": "2025-01-06", "division_code": PAIR, "union_division_code": PAIR}
    assert http.post("admin", "/v1/pairs", body).status_code == 201
    body = {"on": "2025-01-06", "name": "县统计局", "side": "government"}
    begun = http.post("admin", f"/v1/pairs/{PAIR}/units", body)
    paths = http.client.get("/openapi.json").json()["paths"]
    (link,) = paths["/v1/pairs/{pair}/units"]["post"]["responses"]["201"]["links"].values()
    assert link["parameters"]["path.id"] == "$response.body#/id"
    path = next(
        path
        for path, found in paths.items()
        if found.get("get", {}).get("operationId") == link["operationId"]
    )
    read = http.get("auditor", path.format(pair=PAIR, id=begun.json()["id"]))
    assert (read.status_code, read.headers["ETag"]) == (200, begun.headers["ETag"])

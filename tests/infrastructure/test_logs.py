import json
import logging
import time
from datetime import UTC, datetime

import structlog

from infrastructure import logs


def test_a_line_is_one_json_object_with_the_bound_fields(capsys):
    logs.configure("info")
    with structlog.contextvars.bound_contextvars(tenant="140800"):
        structlog.get_logger().info("command_accepted", position=3)
        logging.getLogger("uvicorn").warning("started")
    ours, theirs = map(json.loads, capsys.readouterr().err.splitlines())
    assert (ours["event"], ours["position"], ours["tenant"]) == ("command_accepted", 3, "140800")
    assert (theirs["event"], theirs["logger"], theirs["tenant"]) == ("started", "uvicorn", "140800")


def test_the_level_is_kept(capsys):
    logs.configure("warning")
    structlog.get_logger().info("quiet")
    assert capsys.readouterr().err == ""


def test_a_traceback_shows_no_local_variables(capsys):
    logs.configure()
    password = "x"
    try:
        int(password)
    except ValueError:
        structlog.get_logger().exception("failed")
    assert "password" not in capsys.readouterr().err


def test_what_breaks_lines_in_a_field_begins_no_line(capsys):
    """A text that looks like a line of its own stays a field of the line that it belongs to."""
    logs.configure("info")
    forged = 'x\n{"event": "logged_in", "person": "admin"}\r\u2028\u0085\x1b[2J'
    structlog.get_logger().info("login_failed", person=forged)
    logging.getLogger("uvicorn").warning("%s", forged)
    ours, theirs = capsys.readouterr().err.removesuffix("\n").split("\n")
    assert json.loads(ours)["person"] == forged
    assert json.loads(theirs)["event"] == "x"
    assert "\x1b" not in ours + theirs


def test_a_line_says_when_in_utc(capsys, monkeypatch):
    logs.configure("info")
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    time.tzset()
    try:
        before = datetime.now(UTC)
        structlog.get_logger().info("ours")
        logging.getLogger("uvicorn").warning("theirs")
        after = datetime.now(UTC)
    finally:
        monkeypatch.undo()
        time.tzset()
    for line in capsys.readouterr().err.splitlines():
        said = json.loads(line)["at"]
        assert said.endswith(("Z", "+00:00"))
        assert before <= datetime.fromisoformat(said) <= after


def test_what_is_logged_goes_to_standard_error_alone(capsys):
    logs.configure("info")
    structlog.get_logger().info("ours")
    logging.getLogger("uvicorn").warning("theirs")
    told = capsys.readouterr()
    assert (told.out, len(told.err.splitlines())) == ("", 2)
    assert [type(each) for each in logging.getLogger().handlers] == [logging.StreamHandler]

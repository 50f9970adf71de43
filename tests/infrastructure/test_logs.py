import json
import logging

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

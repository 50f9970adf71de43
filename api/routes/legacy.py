"""Import of paper history: the template, a filled one checked or taken over, the batches, and the command as JSON."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from api import forms, problems
from api.auth import Person, TheDesk, Who, may_read
from api.desk import Desk
from api.limits import XLSX, Admitted, PairId
from api.moments import NowOnly
from api.routes.acts import Key, acts, etag, location
from api.routes.reads import READ_ERRORS, read
from application import commands, importing, surroundings
from domain import legacy, wording
from domain.queries import Matter

router = APIRouter(tags=["历史资料补录"])
ERRORS = {
    **problems.declared(400, 401, 403, 404, 405, 408, 413, 422, 500, 503),
    415: {**problems.declared(415)[415], "description": "请求内容须为 xlsx 工作簿"},
}
BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "填好的模板，不超过 5 MB。",
        "content": {XLSX: {"schema": {"type": "string", "format": "binary"}}},
    }
}
# What a check asks of the office is never recorded, so its key is nobody's.
CHECK = "import-check"


class Checked(BaseModel):
    """核对结果：没有矛盾，补录将记入多少。"""

    meetings: int = Field(title="将记入的会议")
    decisions: int = Field(title="将记入的议定事项")
    unfulfilled: int = Field(title="其中未落实的议定事项")
    repeated: int = Field(title="以前已经补录、不再记入的")
    warnings: tuple[str, ...] = Field(title="提示", description="可以补录，但请再核对。")


@dataclass(frozen=True, slots=True)
class Paper:
    """A workbook as it came in, with the day on which it is imported and its name."""

    content: bytes
    on: date
    title: str


async def _paper(
    request: Request,
    on: Annotated[forms.Day, Query(title="业务日期", examples=["2025-01-10"])],
    title: Annotated[
        wording.Line, Query(title="资料名称", examples=["芮城县联席会议历史资料.xlsx"])
    ] = "历史资料.xlsx",
) -> Paper:
    return Paper(await request.body(), on, title)


APaper = Annotated[Paper, Depends(_paper)]


@router.get(
    "/pairs/{pair}/imports/template",
    operation_id="import_template",
    summary="下载历史资料模板",
    responses={200: {"content": {XLSX: {}}, "description": "模板（.xlsx）"}, **READ_ERRORS},
    response_class=Response,
    dependencies=[NowOnly],
)
def import_template(pair: PairId, the_desk: TheDesk, who: Who) -> Response:
    """空白模板，写明填写要求，列出已登记的单位。"""
    may_read(the_desk, who, pair, Matter.REGISTER)
    known = the_desk.office.dossier(pair)
    if known.pair.division is None:
        raise commands.UnknownPair
    made = the_desk.history_books.template(known.units.values())
    headers = {"Content-Disposition": f'attachment; filename="imports-{pair}.xlsx"'}
    return Response(made, media_type=XLSX, headers=headers)


@router.post(
    "/pairs/{pair}/imports/check",
    operation_id="check_import",
    summary="核对历史资料（不记入）",
    response_model=Checked,
    responses=ERRORS,
    dependencies=[Admitted],
    openapi_extra=BODY,
)
def check_import(pair: PairId, the_desk: TheDesk, who: Who, paper: APaper) -> JSONResponse:
    """逐条核对填好的模板，不记入台账；有矛盾的，在 errors 中全部列出（表!列行，问题和办法）。"""
    asked, reading = _asked(the_desk, who, pair, paper, key=CHECK)
    try:
        facts = commands.decide(the_desk.office.dossier(pair), asked, today=the_desk.today())
    except legacy.HistoryConflicts as refused:
        raise importing.refusal(importing.located(refused.conflicts, reading)) from refused
    return JSONResponse(_checked(asked.command, (fact for _, fact in facts)).model_dump(mode="json"))


@router.post(
    "/pairs/{pair}/imports",
    operation_id="import_history",
    summary="补录历史资料（工作簿）",
    status_code=201,
    response_model=commands.Receipt,
    responses={
        200: {"model": commands.Receipt, "description": "没有新内容：以前已经全部补录"},
        **ERRORS,
    },
    dependencies=[Admitted],
    openapi_extra=BODY,
)
def run_import(pair: PairId, the_desk: TheDesk, who: Who, paper: APaper, key: Key) -> JSONResponse:
    """全部记入，或列出全部矛盾、一件不记。同一份资料再次补录，不会重复记入。"""
    asked, reading = _asked(the_desk, who, pair, paper, key=key)
    try:
        receipt = the_desk.office.submit(asked)
    except legacy.HistoryConflicts as refused:
        raise importing.refusal(importing.located(refused.conflicts, reading)) from refused
    headers = {"ETag": etag(receipt.version)}
    if receipt.replayed:
        headers["Idempotency-Replayed"] = "true"
    # Where nothing was new, no batch was made that could be looked at.
    if receipt.facts:
        headers["Location"] = location(pair, "legacy", receipt.id)
    return JSONResponse(
        receipt.model_dump(mode="json"), status_code=201 if receipt.facts else 200, headers=headers
    )


def _asked(
    the_desk: Desk, who: Person, pair: str, paper: Paper, *, key: str
) -> tuple[commands.Request, importing.Reading]:
    """Read a workbook into the request that imports it.

    What the rules have against it is not asked here, for a repeated key is answered before they are.
    Raises: UnknownPair, NotEntitled, BadWorkbook, HistoryConflicts where something cannot be read.
    """
    caller, known = who.caller(pair), the_desk.office.dossier(pair)
    blank = importing.command(importing.Reading(), on=paper.on, title=paper.title, content=b"")
    # Nobody's workbook is opened, nor its rows compared with the ledger, before he may import at all.
    commands.authority(known, caller, command=blank, today=the_desk.today())
    ledger = surroundings.of_legacy(known)
    reading = importing.read(the_desk.history_books.read(paper.content), units=ledger.units)
    command = importing.command(reading, on=paper.on, title=paper.title, content=paper.content)
    if reading.faults:
        raise importing.refusal(importing.faults(reading, command, ledger=ledger))
    subject = legacy.batch_id(command)
    return commands.Request(tenant=pair, command=command, subject=subject, caller=caller, key=key), reading


def _checked(command: legacy.ImportHistory, facts: Iterable[object]) -> Checked:
    batch = next((fact for fact in facts if isinstance(fact, legacy.BatchImported)), None)
    if batch is None:
        rows = len(command.meetings) + len(command.decisions)
        return Checked(meetings=0, decisions=0, unfulfilled=0, repeated=rows, warnings=())
    return Checked.model_validate(batch, from_attributes=True)


acts(router, ("/imports/records", legacy.ImportHistory, "补录历史资料（JSON）"))
read(router, "legacy", label="补录批次", matter=Matter.BUSINESS)

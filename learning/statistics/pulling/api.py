"""GET /api/v1/statistics: figures by unit, and the people behind them."""

from __future__ import annotations

import datetime
import hashlib
import json
from decimal import Decimal
from typing import Any, Literal

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.cache import get_conditional_response
from ninja import Field as ApiField
from ninja import Query, Router, Schema

from learning.api.access import TokenAuth
from learning.api.models import ApiToken
from learning.api.models import Scope as TokenScope
from learning.audit.actions import tell_disclosure
from learning.audit.models import Disclosure
from learning.organisations.models import Unit
from learning.statistics.columns import PEOPLE_COLUMNS, UNIT_COLUMNS
from learning.statistics.exports import csv_blocks
from learning.statistics.figures import Figures
from learning.statistics.filters import Filters, Status
from learning.statistics.moments import By
from learning.statistics.people import PersonRow, listed, page_of_people
from learning.statistics.pulling.asking import read_question
from learning.statistics.pulling.guarding import Guard, guard
from learning.statistics.queries import Report, get_report
from learning.statistics.scope import UnitNode

router = Router(tags=["statistics"])
A_PAGE, MOST_A_PAGE = 500, 2_000
FIGURES = tuple(column.name for column in UNIT_COLUMNS if column.name)
PERIOD = ("new_assigned", "new_completed")


class Question(Schema):
    """What is asked."""

    course: str = ApiField(
        "",
        max_length=40,
        description="Key of a course, or of a programme; the first course otherwise",
    )
    unit: str = ApiField("", description="Code of the token's unit or of one below it")
    since: datetime.date | None = ApiField(None, alias="from", description="First day of a period")
    to: datetime.date | None = ApiField(None, description="Up to the end of this day; today")
    by: By = ApiField(By.THEN, description="Of a past day: units then, or as they are now")


class PeopleQuestion(Question):
    """The same for people, a page at a time."""

    status: Status | None = None
    cursor: int = ApiField(0, ge=0, description="What `next` of the page before said")
    limit: int = ApiField(A_PAGE, ge=1, le=MOST_A_PAGE)
    form: Literal["json", "csv"] = ApiField("json", alias="format")


@router.get("", auth=TokenAuth(TokenScope.STATISTICS), summary="Figures of a unit, by sub-unit")
def statistics(request: HttpRequest, asked: Query[Question]) -> Any:
    """The figures are those of the screen. An unchanged answer is 304 to its ETag.

    To a token without the scope `people` groups of fewer than five people are not told: their
    figures are null and `withheld` is true, and so are those of other units from which they could
    be reckoned.
    """
    token: ApiToken = request.auth  # type: ignore[attr-defined]
    filters = _filters(request, asked)
    names_people = TokenScope.PEOPLE in token.scopes
    shield = None if names_people else guard(filters, top=filters.scope.get(token.unit_id))
    return _answer(request, report_json(get_report(filters), shield))


@router.get("/people", auth=TokenAuth(TokenScope.PEOPLE), summary="The people behind the figures")
def statistics_people(request: HttpRequest, asked: Query[PeopleQuestion]) -> Any:
    """Pages follow each other by the key of the enrolment: nobody is left out or told twice when
    others are enrolled meanwhile. Who restricted the use of her data is not among them."""
    token: ApiToken = request.auth  # type: ignore[attr-defined]
    filters = _filters(request, asked, status=asked.status or "")
    if asked.form == "csv":
        report = get_report(filters)
        _tell(token, filters, report.total.assigned)
        return StreamingHttpResponse(csv_blocks(report), content_type="text/csv; charset=utf-8")
    after = listed(filters).order_by("pk").filter(pk__gt=asked.cursor)
    keys = list(after.values_list("pk", flat=True)[: asked.limit + 1])
    page = keys[: asked.limit]
    _tell(token, filters, len(page))
    told = {
        "people": [_person(row) for row in page_of_people(filters, page)],
        "next": page[-1] if len(keys) > asked.limit else None,
    }
    return _answer(request, told)


def report_json(report: Report, shield: Guard | None = None) -> dict[str, Any]:
    """The report as plain values: shares in percent to one place, hours as numbers.

    Behind a `shield` what tells of too few people is None.
    """
    filters = report.filters
    codes = dict(
        Unit.objects.filter(pk__in={row.unit.pk for row in report.rows}).values_list("pk", "code")
    )
    names = FIGURES + (PERIOD if filters.moment.start else ())

    def line(figures: Figures, unit: UnitNode | None, direct: bool) -> dict[str, Any]:
        told = _figures(figures, names)
        return shield.line(told, unit, direct=direct) if shield else told

    return {
        "course": {
            "key": filters.subject.value if filters.subject else None,
            "title": filters.course_title,
        },
        "unit": filters.unit.name if filters.unit else None,
        "from": filters.moment.start,
        "to": filters.moment.day,
        "total": line(report.total, filters.unit, False),
        "rows": [
            {
                "unit": {"code": codes.get(row.unit.pk, ""), "name": row.unit.name},
                "direct": row.direct,
                **line(row.figures, row.unit, row.direct),
            }
            for row in report.rows
        ],
    }


def _figures(figures: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: _number(getattr(figures, name)) for name in names}


def _number(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else value


def _person(row: PersonRow) -> dict[str, Any]:
    return {
        column.name: _number(getattr(row, column.name)) for column in PEOPLE_COLUMNS if column.name
    } | {"status": row.status.value, "overdue": row.overdue, "required": row.required}


def _filters(request: HttpRequest, asked: Question, *, status: str = "") -> Filters:
    token: ApiToken = request.auth  # type: ignore[attr-defined]
    return read_question(
        token,
        course=asked.course,
        unit=asked.unit,
        since=asked.since,
        to=asked.to,
        by=asked.by,
        status=status,
    )


def _tell(token: ApiToken, filters: Filters, count: int) -> None:
    unit = Unit.objects.get(pk=filters.unit.pk) if filters.unit else token.unit
    tell_disclosure(
        how=Disclosure.How.PULLED,
        what="learners",
        by=None,
        unit=unit,
        count=count,
        filters={"token": token.name, "course": filters.course_title},
    )


def _answer(request: HttpRequest, told: dict[str, Any]) -> HttpResponse:
    body = json.dumps(told, cls=DjangoJSONEncoder, ensure_ascii=False).encode()
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    answer = HttpResponse(body, content_type="application/json")
    answer["ETag"], answer["Cache-Control"] = etag, "private, no-cache"
    made: HttpResponse = get_conditional_response(request, etag=etag, response=answer) or answer
    return made

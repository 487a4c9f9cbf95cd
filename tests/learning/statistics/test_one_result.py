"""One result: the screen, the workbook, the CSV, the document, the PDFs and the API say the same.

Of a world in which people moved, were exempted, came late and earned certificates; of today, of a
past day by the units of that day and by those of now, and of a period.
"""

import csv
import datetime
import io
import re
from unittest import mock

import docx
import openpyxl
import pypdf
import pytest
from django.utils import timezone

from learning.api.actions import make_token
from learning.api.models import Scope
from learning.enrolments.models import Enrolment
from learning.organisations.actions import place_member
from learning.statistics.columns import PEOPLE_COLUMNS, PERIOD_COLUMNS, UNIT_COLUMNS
from learning.statistics.filters import Status
from tests.learning.organisations.factories import make_member, make_officer, make_unit
from tests.learning.statistics.factories import enrolled, make_course
from tests.learning.statistics.screens import export, figures, overview, table

pytestmark = pytest.mark.django_db

# What is asked, in the words of the screens' addresses and in those of the API.
QUESTIONS = {
    "today": ({}, {}),
    "period": ({"tu-ngay": "2026-08-01"}, {"from": "2026-08-01"}),
    "then": (
        {"den-ngay": "2026-06-30", "theo": "khi-do"},
        {"to": "2026-06-30", "by": "khi-do"},
    ),
    "now": (
        {"den-ngay": "2026-06-30", "theo": "hien-nay", "tu-ngay": "2026-05-01"},
        {"to": "2026-06-30", "by": "hien-nay", "from": "2026-05-01"},
    ),
}
# The screen's table, and its big numbers.
SHOWN = ("assigned", "completed", "in_progress", "not_started", "overdue", "exempt", "rate")
SHOWN += ("mean_score", "certificates")
BIG = (*SHOWN[:5], "mean_score", "certificates", "on_time_rate", "hours")


def at(month, day):
    return timezone.make_aware(datetime.datetime(2026, month, day, 9))


@pytest.fixture
def world(db):
    """Two agencies, one with a room: seven people before the summer, and what became of them."""
    root = make_unit("Thành phố")
    one, two = make_unit("Sở Một", parent=root), make_unit("Sở Hai", parent=root)
    room = make_unit("Phòng Một", parent=one)
    make_unit("Sở Trống", parent=root)
    course, due = make_course(), datetime.date(2026, 6, 1)
    places = (one, one, room, two, two, room, one)
    staff = [
        make_member(unit, f"Lê Mẫu {name}") for unit, name in zip(places, "ABCDEGH", strict=True)
    ]
    # What a certificate prints never changes: it is made on its day.
    for person, day, percent in ((staff[0], at(5, 4), "91.5"), (staff[1], at(8, 4), "70")):
        with mock.patch("django.utils.timezone.now", return_value=day):
            enrolled(
                person, course, completed_at=day, percent=percent, certificate=True, due_on=due
            )
    enrolled(staff[2], course, started=True, due_on=due)
    enrolled(staff[3], course, completed_at=at(6, 4), percent="82.25", due_on=due)
    enrolled(staff[4], course)
    enrolled(staff[5], course)
    enrolled(staff[6], course, due_on=due)
    Enrolment.objects.update(created_at=at(2, 1))
    Enrolment.objects.filter(user=staff[2]).update(started_at=at(6, 20))
    Enrolment.objects.filter(user=staff[5]).update(
        exempt_on=datetime.date(2026, 6, 10), exempt_reason="Nghỉ thai sản"
    )
    place_member(user=staff[0], unit=two, on=datetime.date(2026, 9, 1))
    enrolled(make_member(room, "Lê Mẫu Muộn"), course)
    return root


def number(text):
    """What a printed figure says; None of a dash."""
    plain = text.strip().removesuffix("%").replace(".", "").replace(",", ".")
    return None if plain in ("–", "—", "-", "") else float(plain)


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_form_tells_the_same(client, world, question):
    asked, pulled = QUESTIONS[question]
    officer = make_officer(world, "Vũ Mẫu Minh")
    told = api(client, officer, world, pulled)
    client.force_login(officer)
    columns = UNIT_COLUMNS[1:] + (PERIOD_COLUMNS if "tu-ngay" in asked else ())
    names = [column.name for column in columns]
    lines = [[row["unit"]["name"], *(row[name] for name in names)] for row in told["rows"]]
    total = [told["total"][name] for name in names]
    busy = [line for line in lines if any(line[1:])]
    assert told["total"]["assigned"] >= 7
    assert told["total"]["assigned"] == sum(
        told["total"][name] for name in ("completed", "in_progress", "not_started", "exempt")
    )

    screen = overview(client, **asked)
    body = table(screen)[1:]
    for line in body[:-1]:
        found = next(row for row in told["rows"] if row["unit"]["name"] == line[0])
        assert [number(cell) for cell in line[1:]] == [found[name] for name in SHOWN]
    assert len(body) == len(lines) + 1
    assert [number(cell) for cell in body[-1][1:]] == [told["total"][name] for name in SHOWN]
    big = figures(screen)
    assert {name: number(big[name]) for name in BIG} == {name: told["total"][name] for name in BIG}

    assert workbook(client, asked) == (lines, total)
    assert annex(client, asked) == (busy, total)
    for form in ("pdf", "don-vi-pdf"):
        printed = pdf_text(client, form, asked)
        for place, line in enumerate([*busy, ["Cộng", *total]], start=1):
            cells = [as_printed(value) for value in line[1:]]
            ahead = f"{place} " if form == "pdf" and place <= len(busy) else ""
            assert f"{ahead}{line[0]} {' '.join(cells)}" in printed
    people_counted(client, asked, told["total"])


def api(client, officer, unit, asked):
    _token, secret = make_token(
        name="Phần mềm nhân sự",
        unit=unit,
        scopes=list(Scope.values),
        by=officer,
        expires_at=timezone.now() + datetime.timedelta(days=1),
    )
    headers = {"Authorization": f"Bearer {secret}"}
    return client.get("/api/v1/statistics", asked, headers=headers).json()


def workbook(client, asked):
    content = b"".join(export(client, "xlsx", **asked).streaming_content)
    sheet = openpyxl.load_workbook(io.BytesIO(content), data_only=True).worksheets[1]
    lines = [[cell.value for cell in line] for line in sheet.iter_rows(min_row=2)]
    lines = [
        [line[0], *(None if cell in ("", None) else cell for cell in line[1:])] for line in lines
    ]
    return lines[:-1], lines[-1][1:]


def annex(client, asked):
    document = docx.Document(io.BytesIO(export(client, "docx", **asked).content))
    rows = [[cell.text for cell in row.cells][1:] for row in document.tables[-1].rows][1:]
    lines = [[row[0], *map(number, row[1:])] for row in rows]
    return lines[:-1], lines[-1][1:]


def pdf_text(client, form, asked):
    reader = pypdf.PdfReader(io.BytesIO(export(client, form, **asked).content))
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in reader.pages))


def as_printed(value):
    if value is None:
        return "–"
    return f"{value:.1f}".removesuffix(".0").replace(".", ",")


def people_counted(client, asked, total):
    """The rows of the list, counted: each figure has its people."""
    text = b"".join(export(client, "csv", **asked).streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))[1:]
    place = {column.name: n for n, column in enumerate(PEOPLE_COLUMNS)}
    states = [row[6] for row in rows]
    assert len(rows) == total["assigned"]
    for name, status in (
        ("completed", Status.COMPLETED),
        ("in_progress", Status.IN_PROGRESS),
        ("not_started", Status.NOT_STARTED),
        ("exempt", Status.EXEMPT),
    ):
        assert states.count(str(status.label)) == total[name]
    assert sum(bool(row[7]) for row in rows) == total["overdue"]
    assert sum(bool(row[place["certificate_number"]]) for row in rows) == total["certificates"]
    done = [row for row in rows if row[place["completed_on"]]]
    in_time = [
        row
        for row in done
        if row[place["due_on"]] and row[place["completed_on"]] <= row[place["due_on"]]
    ]
    assert len(in_time) == total["on_time"]
    scores = [float(row[place["percent"]]) for row in done]
    assert round(sum(scores) / len(scores) + 1e-9, 1) == total["mean_score"]

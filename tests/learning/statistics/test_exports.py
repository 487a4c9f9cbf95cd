"""The files: read back, they say what the screen says."""

import csv
import datetime
import io
from collections import Counter

import openpyxl
import pytest

from learning.enrolments.actions import save_goal
from learning.statistics import exports
from learning.statistics.exports import safe_text
from tests.learning.organisations.factories import make_member
from tests.learning.statistics.factories import enrolled
from tests.learning.statistics.screens import export, figures, listed, overview, people


@pytest.fixture
def officer(client, city):
    client.force_login(city.officer)
    return client


def read_csv(response):
    assert response.streaming
    text = b"".join(response.streaming_content).decode("utf-8")
    assert text.startswith("\ufeff")
    assert text.count("\ufeff") == 1
    return list(csv.DictReader(io.StringIO(text[1:])))


def read_xlsx(response, *, formulas=False):
    content = b"".join(response.streaming_content)
    return openpyxl.load_workbook(io.BytesIO(content), data_only=not formulas)


def column(sheet, place):
    return [line[place].value for line in sheet.iter_rows(min_row=2)]


def test_csv_has_the_screens_people_and_figures(officer, city):
    rows = read_csv(export(officer, "csv"))
    name, status, certificate = next(iter(rows[0])), list(rows[0])[6], list(rows[0])[15]
    assert [row[name] for row in rows] == listed(people(officer))
    seen = figures(overview(officer))
    counted = sorted(Counter(row[status] for row in rows).values())
    assert counted == sorted(int(seen[key]) for key in ("completed", "in_progress", "not_started"))
    assert sum(bool(row[certificate]) for row in rows) == int(seen["certificates"])
    assert len(rows) == int(seen["assigned"])


def test_csv_cells_read_alike_in_every_locale(officer, city, today):
    rows = [list(row.values()) for row in read_csv(export(officer, "csv"))]
    done = next(row for row in rows if row[0] == "Lê Mẫu Đức")
    assert done[12] == today.isoformat()
    assert done[13] == "80.00"


def test_xlsx_has_the_screens_figures_with_their_types(officer, city, today):
    book = read_xlsx(export(officer, "xlsx"))
    persons, units, about = book.worksheets
    assert column(persons, 0) == listed(people(officer))
    done = next(line for line in persons.iter_rows(min_row=2) if line[0].value == "Lê Mẫu Đức")
    assert done[12].is_date
    assert done[12].value.date() == today
    assert done[12].number_format == "dd/mm/yyyy"
    assert done[13].value == 80.0
    assert done[13].data_type == "n"
    assert done[10].value.date() == today - datetime.timedelta(days=1)
    seen = figures(overview(officer))
    total = [cell.value for cell in units[units.max_row]]
    assert total[2:7] == [
        int(seen[key]) for key in ("assigned", "completed", "in_progress", "not_started", "overdue")
    ]
    assert total[7] == 0  # exempt
    assert f"{total[8]:.1f}".replace(".", ",") + "%" == "40,0%"
    assert f"{total[11]:.1f}".replace(".", ",") + "%" == seen["mean_score"]
    assert total[-1] == int(seen["certificates"])
    lines = [[cell.value for cell in line][1:8] for line in units.iter_rows(min_row=2)]
    assert [sum(parts) for parts in zip(*lines[:-1], strict=True)] == lines[-1]
    for sheet in (persons, units):
        assert sheet.freeze_panes == "B2"
        assert sheet.auto_filter.ref.startswith("A1:")
    assert about.max_row >= 5


@pytest.mark.parametrize(("most", "rows"), [(2, [2, 2, 1]), (5, [5]), (6, [5])])
def test_people_beyond_a_sheet_go_on_in_the_next(officer, city, monkeypatch, most, rows):
    monkeypatch.setattr(exports, "MOST_ROWS", most)
    *persons, _units, about = read_xlsx(export(officer, "xlsx")).worksheets
    assert [sheet.max_row - 1 for sheet in persons] == rows
    assert [name for sheet in persons for name in column(sheet, 0)] == listed(people(officer))
    told = about.cell(about.max_row, 2).value
    assert (told == len(rows)) is (len(rows) > 1)


def test_totals_are_formulas_that_agree(officer, city):
    counted = read_xlsx(export(officer, "xlsx")).worksheets[1]
    written = read_xlsx(export(officer, "xlsx"), formulas=True).worksheets[1]
    last = counted.max_row
    formulas = {
        cell.column_letter: cell.value for cell in written[last] if str(cell.value).startswith("=")
    }
    for letter, formula in formulas.items():
        shown = counted[f"{letter}{last}"].value
        if formula.startswith("=SUM"):
            assert formula == f"=SUM({letter}2:{letter}{last - 1})"
            rows = [counted[f"{letter}{row}"].value for row in range(2, last)]
            assert shown == sum(rows)
        else:
            assert formula == f'=IF(C{last}=0,"",ROUND(D{last}/C{last}*100,1))'
            assert shown == 40.0
    assert len(formulas) == 12
    assert written.page_setup.orientation == "landscape"
    assert written.print_title_rows == "$1:$1"


def test_xlsx_carries_the_goal(officer, city, today):
    save_goal(
        name="Chỉ tiêu mẫu",
        decision="QĐ",
        target_percent=80,
        due_on=today,
        course_keys=[city.course],
    )
    about = read_xlsx(export(officer, "xlsx")).worksheets[2]
    values = [line[1].value for line in about.iter_rows()]
    assert "Chỉ tiêu mẫu" in values
    assert values[-3:] == [5, 2, 2]


def test_a_file_keeps_the_lists_filters(officer, city):
    asked = {"trang-thai": "chua-hoc", "tim": "anh"}
    assert [next(iter(row.values())) for row in read_csv(export(officer, "csv", **asked))] == [
        "Trần Thí Dụ Ánh"
    ]
    persons = read_xlsx(export(officer, "xlsx", **asked)).worksheets[0]
    assert column(persons, 0) == ["Trần Thí Dụ Ánh"]


def test_a_name_is_never_a_formula(officer, city):
    evil = '=HYPERLINK("http://x.example","An")'
    enrolled(make_member(city.one, evil), city.course)
    names = [next(iter(row.values())) for row in read_csv(export(officer, "csv"))]
    assert f"'{evil}" in names
    assert evil not in names
    persons = read_xlsx(export(officer, "xlsx")).worksheets[0]
    cell = next(line[0] for line in persons.iter_rows(min_row=2) if "HYPERLINK" in line[0].value)
    assert cell.data_type != "f"
    assert cell.value == evil


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\t=1", "  =1", "\r\n=1", "＝1"])
def test_what_a_spreadsheet_would_compute_is_quoted(text):
    assert safe_text(text) == f"'{text}"


def test_ordinary_text_is_left_alone():
    assert safe_text("Đặc khu Cát Hải - Phòng 1") == "Đặc khu Cát Hải - Phòng 1"
    assert safe_text("") == ""


def test_the_files_are_named_and_attached(officer, city):
    for form in ("csv", "xlsx"):
        response = export(officer, form)
        assert f'.{form}"' in response["Content-Disposition"]
        assert response["Content-Disposition"].startswith("attachment")
        b"".join(response.streaming_content)

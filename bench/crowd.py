"""A city's worth of people, written by the database itself: one statement a table and batch.

Rows are numbered from 1; each column is an SQL expression of `n`. What isn't named takes the
field's default, so that a new column doesn't break the bench.
"""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass
from typing import Any

AGENCIES = 150
LESSONS = 8
NAMES = 600
# Far above whatever the demo holds.
BASE = 1_000_000_000
CODE = "bench-tk-"
_FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Phan", "Vũ", "Đặng", "Bùi", "Đỗ")
_MIDDLE = ("Văn Mẫu", "Thị Mẫu", "Thí Dụ", "Hữu Mẫu", "Thị Thí Dụ", "Đức Mẫu")
_GIVEN = ("An", "Bình", "Cường", "Dũng", "Giang", "Hà", "Hiếu", "Hoa", "Lan", "Minh")


@dataclass(frozen=True)
class Crowd:
    """The bench's own city: its top unit, an agency, the course, and how many there are."""

    root: int
    agency: int
    course: uuid.UUID
    people: int
    units: int


class Writer:
    """Inserts numbered rows by SQL that both databases understand."""

    def __init__(self) -> None:
        from django.db import connection

        self.cursor: Any = connection.cursor()
        self.is_postgres = connection.vendor == "postgresql"

    def days_before(self, expression: str) -> str:
        """A moment so many days before now."""
        if self.is_postgres:
            return f"now() - ({expression}) * interval '1 day'"
        return f"datetime('now', '-' || ({expression}) || ' days')"

    def day_after(self, expression: str) -> str:
        """A day so many days (negative: before) from today."""
        if self.is_postgres:
            return f"current_date + CAST(({expression}) AS int)"
        return f"date('now', ({expression}) || ' days')"

    def insert(
        self, model: Any, *, first: int, last: int, source: str = "", **columns: str
    ) -> None:
        """Rows `first` to `last`; `source` joins more to the numbers."""
        if last < first:
            return
        names, values, params = [], [], []
        for field in model._meta.concrete_fields:
            given = columns.get(field.attname)
            if given is None:
                default = field.get_default() if field.has_default() else None
                if field.primary_key or (default is None and field.null):
                    continue
                values.append("%s")
                params.append(self._plain(field, "" if default is None else default))
            else:
                values.append(given)
            names.append(f'"{field.column}"')
        numbers = (
            f"SELECT n FROM generate_series({first}::bigint, {last}::bigint) AS series(n)"
            if self.is_postgres
            else f"WITH RECURSIVE series(n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM series"
            f" WHERE n < {last}) SELECT n FROM series"
        )
        self.cursor.execute(
            f'INSERT INTO "{model._meta.db_table}" ({", ".join(names)}) '
            f"SELECT {', '.join(values)} FROM ({numbers}) AS numbered {source}",
            params,
        )

    def _plain(self, field: Any, value: Any) -> Any:
        from django.db import connection

        return field.get_db_prep_save(value, connection)


def build_units(count: int) -> tuple[int, int]:
    """The city with its agencies and divisions; keys of the city and of the first agency."""
    from learning.organisations.models import Unit, UnitKind

    root = Unit.objects.filter(code=f"{CODE}0").first()
    if root is None:
        root = Unit.add_root(code=f"{CODE}0", name="Thành phố Đo", kind=UnitKind.CITY)
        steplen, alphabet = Unit.steplen, Unit.alphabet
        units = []
        for number in range(1, count):
            agency = number <= AGENCIES
            place = number if agency else (number - 1) // AGENCIES
            above = root.path if agency else units[(number - 1) % AGENCIES].path
            unit = Unit(
                code=f"{CODE}{number}",
                name=f"Phường Đo {number}" if agency else f"Phòng Đo {number}",
                kind=UnitKind.WARD if agency else UnitKind.DIVISION,
                path=above + Unit._int2str(place).rjust(steplen, alphabet[0]),
                depth=len(above) // steplen + 1,
            )
            unit.derive()
            units.append(unit)
        Unit.objects.bulk_create(units, batch_size=500)
        for above in (root, *units[:AGENCIES]):
            below = Unit.objects.filter(path__startswith=above.path, depth=above.depth + 1)
            Unit.objects.filter(pk=above.pk).update(numchild=below.count())
    agency = Unit.objects.get(code=f"{CODE}1")
    return root.pk, agency.pk


def grow(course: uuid.UUID, *, people: int, units: int, already: int = 0) -> Crowd:
    """Fill up from `already` people to `people`; half have completed, a tenth are overdue."""
    from django.db import transaction

    root, agency = build_units(units)
    writer = Writer()
    _helpers(writer, units)
    batch = 100_000
    for first in range(already + 1, people + 1, batch):
        with transaction.atomic():
            _write(writer, course, first, min(first + batch - 1, people))
    if writer.is_postgres:
        writer.cursor.execute("ANALYZE")
    else:
        writer.cursor.execute("PRAGMA optimize=0x10002")
    return Crowd(root, agency, course, people, units)


def _helpers(writer: Writer, units: int) -> None:
    """Two small tables beside: names with their sort keys, and the units in a row."""
    from learning.organisations.models import Unit
    from learning.vietnamese import name_sort_key, search_key

    cursor = writer.cursor
    cursor.execute("DROP TABLE IF EXISTS bench_names")
    cursor.execute("CREATE TABLE bench_names (i int PRIMARY KEY, full_name text, s text, k text)")
    names = [f"{a} {b} {c}" for a in _FAMILY for b in _MIDDLE for c in _GIVEN]
    rows = [(i, name, name_sort_key(name), search_key(name)) for i, name in enumerate(names)]
    cursor.executemany("INSERT INTO bench_names VALUES (%s, %s, %s, %s)", rows)
    cursor.execute("DROP TABLE IF EXISTS bench_units")
    cursor.execute("CREATE TABLE bench_units (i int PRIMARY KEY, pk bigint, name text)")
    found = Unit.objects.filter(code__startswith=CODE).order_by("pk").values_list("pk", "name")
    cursor.executemany(
        "INSERT INTO bench_units VALUES (%s, %s, %s)",
        [(i, pk, name) for i, (pk, name) in enumerate(found[1:])],
    )


def _write(writer: Writer, course: uuid.UUID, first: int, last: int) -> None:
    from django.contrib.auth import get_user_model
    from django.db import connection

    from learning.certificates.models import Certificate
    from learning.courses.origins import origin_of_final
    from learning.courses.queries import get_outline
    from learning.enrolments.models import Enrolment
    from learning.organisations.models import Membership
    from learning.progress.models import CourseCompletion, LessonRead, ModuleCompletion
    from quizzes.attempts.models import Attempt
    from quizzes.bank.models import Quiz

    outline = get_outline(course)
    assert outline is not None
    key = Enrolment._meta.get_field("course_key").get_db_prep_value(course, connection)
    key = f"'{key}'" + ("::uuid" if writer.is_postgres else "")
    person = f"{BASE} + n"
    in_unit = "JOIN bench_units u ON u.i = (n * 7919) % (SELECT count(*) FROM bench_units)"
    in_unit = in_unit.replace("%", "%%")

    def insert(model: Any, source: str = "", **columns: str) -> None:
        safe = {name: text.replace("%", "%%") for name, text in columns.items()}
        writer.insert(model, first=first, last=last, source=source, **safe)

    insert(
        get_user_model(),
        f"JOIN bench_names m ON m.i = (n * 31) %% {NAMES}",
        id=person,
        password="'!'",
        email="'do-' || n || '@vidu.example'",
        staff_code="'DO' || n",
        full_name="m.full_name",
        name_sort="m.s",
        name_search="m.k",
        date_joined=writer.days_before("200"),
    )
    insert(
        Membership,
        in_unit,
        id=person,
        user_id=person,
        unit_id="u.pk",
        position="CASE WHEN n % 9 = 0 THEN 'Trưởng phòng' ELSE 'Chuyên viên' END",
        started_on=writer.day_after("-200"),
    )
    begun = "n % 10 < 8"
    insert(
        Enrolment,
        in_unit,
        id=person,
        user_id=person,
        unit_id="u.pk",
        course_key=key,
        due_on=f"CASE WHEN n % 3 < 2 THEN {writer.day_after('(n % 60) - 20')} END",
        exempt_on=f"CASE WHEN n % 97 = 9 THEN {writer.day_after('-30')} END",
        exempt_reason="CASE WHEN n % 97 = 9 THEN 'Nghỉ dài ngày' ELSE '' END",
        created_at=writer.days_before("90 + n % 60"),
        started_at=f"CASE WHEN {begun} THEN {writer.days_before('n % 90')} END",
    )
    done = "WHERE n % 10 < 5"
    insert(
        CourseCompletion,
        in_unit + done.replace("%", "%%").replace("WHERE", " WHERE"),
        id=person,
        enrolment_id=person,
        unit_id="u.pk",
        unit_name="u.name",
        hours="2.5",
        percent="70 + (n % 31)",
        completed_at=writer.days_before("n % 85"),
    )
    for place, module in enumerate(outline.modules[:3]):
        insert(
            ModuleCompletion,
            f" WHERE n %% 10 < {8 - place}",
            enrolment_id=person,
            module_key=_uuid(writer, module.key),
            percent="60 + (n % 41)",
            completed_at=writer.days_before("n % 88"),
        )
    for lesson in range(LESSONS):
        insert(
            LessonRead,
            enrolment_id=person,
            lesson_key=_uuid(writer, uuid.UUID(int=lesson + 1)),
            read_at=writer.days_before("n % 90"),
        )
    insert(
        Certificate,
        in_unit + " WHERE n %% 10 < 4",
        id=person,
        enrolment_id=person,
        code="'DO' || n",
        issuer="'do'",
        year="2026",
        number=f"{person}",
        number_text="n || '/DO'",
        register_number="'' || n",
        full_name="'Nguyễn Văn Mẫu'",
        course_key=key,
        course_title="'Đo'",
        unit_name="u.name",
        hours="2.5",
        started_on=writer.day_after("-90"),
        completed_on=writer.day_after("-80"),
        issued_at=writer.days_before("n % 80"),
        status="'valid'",
        percent="80",
    )
    insert(
        Attempt,
        " WHERE n %% 10 < 6",
        taker_id=person,
        quiz_id=str(Quiz.objects.order_by("pk").values_list("pk", flat=True)[0]),
        number="1",
        origin=f"'{origin_of_final(course)}'",
        state="'graded'",
        started_at=writer.days_before("n % 86"),
        submitted_at=writer.days_before("n % 86"),
        pass_percent="50",
        points="8",
        max_points="10",
        percent="80",
        passed="true",
        receipt="'DO-' || n",
        gradings="1",
    )


def _uuid(writer: Writer, key: uuid.UUID) -> str:
    return f"'{key}'::uuid" if writer.is_postgres else f"'{key.hex}'"


def today() -> datetime.date:
    """The day the bench asks about."""
    from django.utils import timezone

    return timezone.localdate()

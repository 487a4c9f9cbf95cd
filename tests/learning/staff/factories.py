"""An agency with its officer, and lists handed in and checked through the doors of the product."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from learning.organisations.models import Membership, Unit, UnitKind
from learning.staff.actions import start_apply, start_check, start_undo, upload_list
from learning.staff.models import StaffImport, StaffImportRow
from tests.learning.organisations.factories import make_officer, make_unit
from tests.learning.staff.files import workbook

Commit = Callable[..., AbstractContextManager[Any]]
COLUMNS = ("Mã cán bộ", "Họ và tên", "Ngày sinh", "Chức vụ", "Phòng", "Email", "SĐT")


@dataclass
class Agency:
    """A department with two divisions, and a stranger's ward beside it."""

    unit: Unit
    office: Unit
    finance: Unit
    officer: Any
    commit: Commit

    def hand_in(
        self, *rows: tuple[Any, ...], header: tuple[str, ...] = COLUMNS, **options: bool
    ) -> StaffImport:
        """A list with these rows, checked."""
        data = workbook([header, *rows])
        found = upload_list(
            unit=self.unit,
            by=self.officer,
            name="ds.xlsx",
            stream=io.BytesIO(data),
            size=len(data),
            complete=options.get("complete", False),
        )
        self.check(found, **options)
        return found

    def check(self, found: StaffImport, **options: bool) -> None:
        with self.commit(execute=True):
            start_check(
                found=found,
                mapping=None,
                complete=options.get("complete", False),
                loose_units=options.get("loose_units", False),
            )
        found.refresh_from_db()

    def apply(self, found: StaffImport) -> StaffImport:
        with self.commit(execute=True):
            start_apply(found=found, seal=found.seal, by=self.officer)
        found.refresh_from_db()
        return found

    def undo(self, found: StaffImport) -> StaffImport:
        with self.commit(execute=True):
            start_undo(found=found, by=self.officer)
        found.refresh_from_db()
        return found

    def bring_in(self, *rows: tuple[Any, ...], **options: Any) -> StaffImport:
        """A list handed in, checked and applied."""
        return self.apply(self.hand_in(*rows, **options))

    def staff(self) -> dict[str, str]:
        """Who works here, by name, with the unit's name."""
        here = Membership.objects.open().filter(unit__path__startswith=self.unit.path)
        return dict(here.values_list("user__full_name", "unit__name"))


def make_agency(commit: Commit, name: str = "Sở Thí Dụ") -> Agency:
    unit = make_unit(name, kind=UnitKind.DEPARTMENT)
    office, finance = make_unit("Văn phòng", parent=unit), make_unit("Phòng Tài chính", parent=unit)
    return Agency(unit, office, finance, make_officer(unit), commit)


def rows_of(found: StaffImport) -> list[StaffImportRow]:
    return list(StaffImportRow.objects.filter(of=found).order_by("number"))


def outcomes(found: StaffImport) -> list[str]:
    """The outcome of each row, in the order of the file, leavers last."""
    rows = rows_of(found)
    return [row.outcome for row in sorted(rows, key=lambda row: row.number or 10**9)]

"""What each row of a list would do: nothing is written, and what is in doubt is left to a person.

A person is found by staff code, then by e-mail, then by name, birth and unit together. A name
alone is nobody («Hoà» and «Hòa» are one name, and a city has hundreds of each).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from learning.staff.finding import Person, UnitError, Units, birth_text, find_people
from learning.staff.models import StaffImport, StaffImportRow
from learning.staff.reading.records import Fault, ReadRow, Record
from learning.staff.reading.values import as_text
from learning.vietnamese import search_key

Outcome = StaffImportRow.Outcome
# More probable duplicates than these nobody compares.
_MOST_CANDIDATES = 5


class Matcher:
    """Judges the rows of one list, chunk by chunk, in their order."""

    def __init__(
        self, found: StaffImport, *, units: Units, managed: Sequence[tuple[str, str]]
    ) -> None:
        self.found = found
        self.units = units
        self.managed = managed
        # Persons who are in the list though no row may be applied to them: they have not left.
        self.spared: set[int] = set()
        self._claimed: dict[int, int] = {}
        self._seen: dict[int, int] = {}
        self._by_code: dict[str, Person] = {}
        self._by_email: dict[str, Person] = {}
        self._by_name: dict[str, list[Person]] = {}

    def judge(self, rows: Sequence[ReadRow]) -> list[StaffImportRow]:
        """A judgement for each row, in two queries."""
        self._load([one.record for one in rows])
        return [self._judge(one) for one in rows]

    def _load(self, records: Sequence[Record]) -> None:
        codes = {one.staff_code for one in records if one.staff_code}
        emails = {one.email for one in records if one.email}
        people = find_people(Q(staff_code__in=codes) | Q(email__in=emails))
        self._by_code = {one.code: one for one in people if one.code in codes}
        self._by_email = {one.email: one for one in people if one.email in emails}
        # A common name has hundreds of bearers: only asked where nothing better is known.
        names = {
            search_key(one.full_name)
            for one in records
            if one.staff_code not in self._by_code and one.email not in self._by_email
        }
        self._by_name = {}
        for one in find_people(Q(name_search__in=names), within=self.managed):
            self._by_name.setdefault(one.key, []).append(one)

    def _judge(self, one: ReadRow) -> StaffImportRow:
        record = one.record
        row = StaffImportRow(of=self.found, number=record.row, record=as_json(record))
        faults = list(one.faults)
        try:
            row.record["unit_id"] = self.units.find(record.unit)
        except UnitError as error:
            faults.append(Fault("", record.unit, str(error)))
        faults += self._twice(record)
        by_code = self._by_code.get(record.staff_code)
        by_email = self._by_email.get(record.email)
        if by_code and by_email and by_code.pk != by_email.pk:
            faults.append(
                Fault("", "", _("The staff code is one person's, the e-mail address another's."))
            )
        person = by_code or by_email
        if faults:
            self.spared |= {found.pk for found in (by_code, by_email) if found}
            return self._error(row, one, faults)
        return self._known(row, one, person) if person else self._by_name_and_birth(row, one)

    def _twice(self, record: Record) -> list[Fault]:
        """What an earlier row has said already of somebody."""
        faults = []
        for kind, text in (("code", record.staff_code), ("email", record.email)):
            if not text:
                continue
            first = self._seen.setdefault(hash((kind, text)), record.row)
            if first != record.row:
                says = _("“%(text)s” stands in row %(row)s too.") % {"text": text, "row": first}
                faults.append(Fault("", text, says))
        return faults

    def _known(self, row: StaffImportRow, one: ReadRow, person: Person) -> StaffImportRow:
        """Her code or address is in the row; is it her name as well?"""
        record = one.record
        if person.unit_id is not None and not self._is_managed(person):
            self.spared.add(person.pk)
            says = _(
                "This person works in a unit that you don't manage. Ask that unit's HR officer, or"
                " the department, to move her."
            )
            return self._error(row, one, [Fault("", "", says)])
        same_name = person.key == search_key(record.full_name)
        other_code = record.staff_code and person.has_own_code and person.code != record.staff_code
        if (not same_name and _same_birth(person, record) is not True) or other_code:
            return self._doubt(row, [person])
        return self._settle(row, one, person)

    def _by_name_and_birth(self, row: StaffImportRow, one: ReadRow) -> StaffImportRow:
        record, unit_id = one.record, row.record["unit_id"]
        people = [
            person
            for person in self._by_name.get(search_key(record.full_name), [])
            if person.pk not in self._claimed
        ]
        for person in people:
            if person.unit_id == unit_id and not changes_of(person, row.record):
                return self._settle(row, one, person)
        sure = [person for person in people if _is_surely(person, record, unit_id)]
        if len(sure) == 1:
            return self._settle(row, one, sure[0])
        probable = [person for person in people if _is_probably(person, record, unit_id)]
        if probable:
            return self._doubt(row, probable)
        namesake = hash(("same", search_key(record.full_name), birth_text(record.birth), unit_id))
        first = self._seen.setdefault(namesake, record.row)
        # One list gives each person one code; addresses differ where only a year is shared.
        dated = record.birth is not None and record.birth.on is not None
        told_apart = record.staff_code or (record.email and not dated)
        if first != record.row and not told_apart:
            row.outcome = Outcome.DOUBTFUL
            row.candidates = [{"row": first}]
            return row
        row.outcome = Outcome.NEW
        return row

    def _settle(self, row: StaffImportRow, one: ReadRow, person: Person) -> StaffImportRow:
        """The row is this person's."""
        first = self._claimed.setdefault(person.pk, one.record.row)
        if first != one.record.row:
            says = _("Row %(row)s is about the same person.") % {"row": first}
            return self._error(row, one, [Fault("", "", says)])
        changes = changes_of(person, row.record)
        if person.privileged and changes.keys() & {"email", "staff_code"}:
            self.spared.add(person.pk)
            return self._error(row, one, [Fault("", "", login_refusal())])
        row.user_id, row.before, row.changes = person.pk, person.state(), changes
        if "unit" in changes:
            row.outcome = Outcome.MOVED
        else:
            row.outcome = Outcome.CHANGED if changes else Outcome.UNCHANGED
        return row

    def _doubt(self, row: StaffImportRow, people: Sequence[Person]) -> StaffImportRow:
        row.outcome = Outcome.DOUBTFUL
        row.candidates = [
            {
                "user": person.pk,
                "before": person.state(),
                "changes": changes_of(person, row.record),
                "privileged": person.privileged,
            }
            for person in people[:_MOST_CANDIDATES]
        ]
        self.spared |= {person.pk for person in people}
        return row

    def _error(self, row: StaffImportRow, one: ReadRow, faults: Sequence[Fault]) -> StaffImportRow:
        row.outcome = Outcome.ERROR
        row.errors = [{"cell": f.cell, "text": f.text, "says": f.says} for f in faults]
        row.record["cells"] = [as_text(cell)[:500] for cell in one.row.cells]
        return row

    def _is_managed(self, person: Person) -> bool:
        return any(first <= person.path <= last for first, last in self.managed)


def login_refusal() -> str:
    """Why nobody may change how an editor or officer logs in by a list."""
    return _(
        "This person has a role here. Only an administrator changes her e-mail address or staff"
        " code."
    )


def as_json(record: Record) -> dict[str, Any]:
    """A record as rows keep it."""
    return {
        "full_name": record.full_name,
        "staff_code": record.staff_code,
        "email": record.email,
        "phone": record.phone,
        "sex": record.sex,
        "birth": birth_text(record.birth),
        "position": record.position,
        "unit": record.unit,
    }


def changes_of(person: Person, record: dict[str, Any]) -> dict[str, list[Any]]:
    """Field → [now, then]. What a list leaves empty it doesn't take away; a year doesn't replace a
    date in it."""
    now = person.state()
    changes = {}
    for name in ("full_name", "email", "staff_code", "birth", "sex", "phone", "position"):
        new = record[name]
        if not new or new == now[name] or (name == "birth" and now[name].startswith(f"{new}-")):
            continue
        changes[name] = [now[name], new]
    if record["unit_id"] != person.unit_id:
        changes["unit"] = [person.unit_id, record["unit_id"]]
    if not person.active and person.unit_id is None:
        changes["active"] = [False, True]
    return changes


def _same_birth(person: Person, record: Record) -> bool | None:
    """Whether both births agree as far as they are known; None where one is not known at all."""
    if record.birth is None or person.born_in is None:
        return None
    if record.birth.on and person.born_on:
        return record.birth.on == person.born_on
    return record.birth.year == person.born_in


def _is_at_odds(person: Person, record: Record) -> bool:
    """Whether code or address say it is somebody else."""
    codes = bool(record.staff_code) and person.has_own_code and record.staff_code != person.code
    emails = bool(record.email) and bool(person.email) and record.email != person.email
    return codes or emails


def _is_surely(person: Person, record: Record, unit_id: int) -> bool:
    if person.unit_id != unit_id or _is_at_odds(person, record):
        return False
    neither = record.birth is None and person.born_in is None
    return neither or _same_birth(person, record) is True


def _is_probably(person: Person, record: Record, unit_id: int) -> bool:
    birth = _same_birth(person, record)
    if birth is False:
        return bool(record.phone) and record.phone == person.phone
    codes = bool(record.staff_code) and person.has_own_code and record.staff_code != person.code
    if codes and not (birth and record.birth and record.birth.on and person.born_on):
        return False
    if birth is True or person.unit_id == unit_id:
        return True
    # Nothing that tells them apart but the division: she may have moved.
    bare = not (record.staff_code or record.email)
    return bare or (bool(record.phone) and record.phone == person.phone)

"""The register: an unbroken chain that the database keeps and a command checks."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from uuid import UUID, uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from learning.certificates.actions import (
    NotValidError,
    issue_certificate,
    reissue_certificate,
    restore_certificate,
    revoke_certificate,
)
from learning.certificates.guards import remove_guards
from learning.certificates.models import (
    Certificate,
    CertificateSeries,
    RegisterChain,
    RegisterEntry,
)
from learning.certificates.register.chain import HASHED, canonical, entry_hash
from learning.certificates.register.checking import check_chain
from tests.factories import EnrolmentFactory, UserFactory
from tests.learning.certificates.factories import facts, issue

pytestmark = pytest.mark.django_db
ISSUER = "SKHCN"


@pytest.fixture
def unguarded():
    """Somebody with the database's password: the triggers are gone."""
    if connection.vendor == "sqlite":
        remove_guards()
    else:
        with connection.cursor() as cursor:
            for table in ("certificates_registerentry", "certificates_certificate"):
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")


def acts() -> list[tuple[int, str, str]]:
    return list(RegisterEntry.objects.values_list("sequence", "act", "number_text"))


def told() -> list[tuple[int, str]]:
    return [(problem.sequence, problem.what) for problem in check_chain(ISSUER).problems]


def test_every_act_is_an_entry_that_continues_the_one_before():
    old = issue(full_name="Le Van Sai")
    new = reissue_certificate(
        certificate=old, full_name="Lê Văn Đúng", reason="Sai họ tên", by=UserFactory()
    )
    officer, chief = UserFactory(full_name="Vũ Mẫu A"), UserFactory(full_name="Vũ Mẫu B")
    revoke_certificate(certificate=new, reason="Gian lận", by=officer, approved_by=chief)
    restore_certificate(certificate=new, reason="Xét lại", by=officer, approved_by=chief)
    assert acts() == [
        (1, "issued", old.number_text),
        (2, "replaced", old.number_text),
        (3, "reissued", new.number_text),
        (4, "revoked", new.number_text),
        (5, "restored", new.number_text),
    ]
    entries = list(RegisterEntry.objects.all())
    assert [e.previous for e in entries] == ["", *(e.hash for e in entries[:-1])]
    assert (entries[1].other_number, entries[2].other_number) == (new.number_text, old.number_text)
    assert (entries[3].by_name, entries[3].approved_by_name) == ("Vũ Mẫu A", "Vũ Mẫu B")
    chain = RegisterChain.objects.get()
    assert (chain.last_sequence, chain.last_hash) == (5, entries[-1].hash)
    assert told() == []


def test_the_canonical_form_is_what_it_was_when_the_first_entry_was_written():
    values = dict.fromkeys(HASHED, "") | {
        "issuer": ISSUER,
        "sequence": 7,
        "at": datetime(2026, 3, 5, 1, 2, 3, 40, tzinfo=UTC),
        "full_name": "Đặng Thị «Ưởng»",
        "birth_date": None,
        "course_key": UUID(int=1),
        "issued_on": date(2026, 3, 5),
    }
    text = canonical(values)
    assert text == (
        '{"act":"","approved_by_name":"","at":"2026-03-05T01:02:03.000040Z","birth_date":null,'
        '"by_name":"","code":"","course_key":"00000000-0000-0000-0000-000000000001",'
        '"course_title":"","expires_on":"","form":1,"full_name":"Đặng Thị «Ưởng»",'
        '"issued_on":"2026-03-05","issuer":"SKHCN","number_text":"","other_number":"",'
        '"previous":"","reason":"","register_number":"","result":"","sequence":7,"unit_name":""}'
    )
    assert entry_hash(values) == hashlib.sha256(text.encode()).hexdigest()


@settings(max_examples=25)
@given(st.sampled_from(HASHED), st.text(min_size=1, max_size=8), st.text(max_size=8))
def test_any_change_changes_the_hash(name, one, other):
    values = dict.fromkeys(HASHED, "x")
    changed = entry_hash(values | {name: one}) != entry_hash(values | {name: other})
    assert changed is (one != other)
    assert json.loads(canonical(values | {name: one}))[name] == one


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE certificates_registerentry SET full_name = 'Khác'",
        "DELETE FROM certificates_registerentry",
        "DELETE FROM certificates_certificate",
        "UPDATE certificates_certificate SET full_name = 'Khác'",
        "UPDATE certificates_certificate SET number_text = '1'",
        "UPDATE certificates_certificate SET expires_on = '2030-01-01'",
    ],
)
def test_the_database_refuses(statement):
    issue()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_changed_entry_is_named(unguarded):
    for _n in range(3):
        issue()
    RegisterEntry.objects.filter(sequence=2).update(full_name="Người Khác")
    assert [sequence for sequence, _what in told()] == [2, 2]


def test_a_changed_entry_with_its_hash_computed_anew_breaks_the_next(unguarded):
    for _n in range(3):
        issue()
    RegisterEntry.objects.filter(sequence=2).update(reason="thêm vào")
    entry = RegisterEntry.objects.get(sequence=2)
    digest = entry_hash({name: getattr(entry, name) for name in HASHED})
    RegisterEntry.objects.filter(sequence=2).update(hash=digest)
    assert [sequence for sequence, _what in told()] == [3]


def test_a_removed_entry_is_named(unguarded):
    for _n in range(4):
        issue()
    RegisterEntry.objects.filter(sequence=2).delete()
    assert [sequence for sequence, _what in told()] == [2, 3, 0]
    RegisterEntry.objects.filter(sequence=4).delete()
    assert 4 in [sequence for sequence, _what in told()]


def test_two_swapped_entries_are_named(unguarded):
    for _n in range(4):
        issue()
    RegisterEntry.objects.filter(sequence=2).update(sequence=99)
    RegisterEntry.objects.filter(sequence=3).update(sequence=2)
    RegisterEntry.objects.filter(sequence=99).update(sequence=3)
    assert {sequence for sequence, _what in told()} == {2, 3, 4}


def test_a_certificate_changed_beside_the_register_is_named(unguarded):
    issue()
    mended = issue()
    Certificate.objects.filter(pk=mended.pk).update(full_name="Tên Khác")
    assert [sequence for sequence, _what in told()] == [2]
    Certificate.objects.filter(pk=mended.pk).update(full_name=mended.full_name, status="reissued")
    assert [sequence for sequence, _what in told()] == [2]


def test_the_command_tells_and_fails(unguarded):
    issue()
    out, err = StringIO(), StringIO()
    call_command("check_register", stdout=out, stderr=err)
    entry = RegisterEntry.objects.get()
    assert out.getvalue() == f"{ISSUER}: 1 entries, end {entry.hash}\n"
    call_command("check_register", hash=[f"{ISSUER}:1:{entry.hash[:16]}"], stdout=out)
    for wrong in (f"{ISSUER}:1:{'0' * 64}", f"{ISSUER}:2:{entry.hash}", "nonsense"):
        with pytest.raises(CommandError):
            call_command("check_register", hash=[wrong], stdout=out, stderr=err)
    RegisterEntry.objects.update(full_name="Khác")
    with pytest.raises(CommandError):
        call_command("check_register", stdout=out, stderr=err)
    assert f"{ISSUER}, entry 1:" in err.getvalue()


def test_a_clock_that_goes_back_turns_neither_order_nor_year(monkeypatch):
    new_year = datetime(2027, 1, 1, 0, 0, 5, tzinfo=timezone.get_current_timezone())
    monkeypatch.setattr(timezone, "now", lambda: new_year)
    first = issue()
    monkeypatch.setattr(timezone, "now", lambda: new_year - timedelta(seconds=30))
    second = issue()
    assert (first.number_text, second.number_text) == (
        "0001/2027/GCN-SKHCN",
        "0002/2027/GCN-SKHCN",
    )
    assert second.issued_at == first.issued_at == new_year
    assert told() == []


def test_a_new_year_begins_with_one(monkeypatch):
    year_end = datetime(2026, 12, 31, 23, 59, 59, tzinfo=timezone.get_current_timezone())
    monkeypatch.setattr(timezone, "now", lambda: year_end)
    issue()
    monkeypatch.setattr(timezone, "now", lambda: year_end + timedelta(seconds=1))
    assert issue().number_text == "0001/2027/GCN-SKHCN"
    assert told() == []


def test_a_failed_issue_leaves_neither_number_nor_entry():
    issue()
    with pytest.raises(RuntimeError), transaction.atomic():
        issue()
        raise RuntimeError
    assert issue().number == 2
    assert [sequence for sequence, *_rest in acts()] == [1, 2]
    assert told() == []


def test_a_reissued_one_keeps_its_number_and_points_to_the_new():
    old = issue(full_name="Le Van Sai")
    by = UserFactory()
    new = reissue_certificate(certificate=old, full_name="Lê Văn Đúng", reason="Sai tên", by=by)
    again = reissue_certificate(certificate=old, full_name="Lê Văn Đúng", reason="Sai tên", by=by)
    old.refresh_from_db()
    assert again == new
    assert (old.full_name, old.number, old.state()) == ("Le Van Sai", 1, "reissued")
    assert (new.full_name, new.number, new.replaces) == ("Lê Văn Đúng", 2, old)
    assert old.replaced_by == new
    assert (new.hours, new.unit_name, new.result) == (old.hours, old.unit_name, "Đạt (92,5%)")
    with pytest.raises(NotValidError):
        reissue_certificate(certificate=old, full_name="Tên Thứ Ba", reason="", by=by)
    assert CertificateSeries.objects.get().last_number == 2


def test_one_cannot_be_restored_beside_another():
    enrolment = EnrolmentFactory(course_key=uuid4())
    old = revoke_certificate(certificate=issue(enrolment), reason="Sai", by=UserFactory())
    issue_certificate(enrolment=enrolment, holder=facts(enrolment))
    with pytest.raises(NotValidError):
        restore_certificate(certificate=old, reason="Xét lại", by=UserFactory())


@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.sampled_from(["issue", "fail", "revoke", "restore", "rename"]), max_size=12))
def test_whatever_happens_numbers_have_no_gap_and_the_chain_holds(steps):
    by, made = UserFactory(), []
    with transaction.atomic():
        for place, step in enumerate(steps):
            if step == "issue" or not made:
                made.append(issue())
            elif step == "fail":
                with pytest.raises(RuntimeError), transaction.atomic():
                    issue()
                    raise RuntimeError
            elif step == "revoke":
                revoke_certificate(certificate=made[-1], reason="x", by=by)
            elif step == "restore":
                restore_certificate(certificate=made[-1], reason="x", by=by)
            elif Certificate.objects.get(pk=made[-1].pk).status == "valid":
                name = f"Tên {place}"
                made.append(
                    reissue_certificate(certificate=made[-1], full_name=name, reason="x", by=by)
                )
        numbers = sorted(Certificate.objects.values_list("number", flat=True))
        assert numbers == list(range(1, len(made) + 1))
        assert told() == []
        transaction.set_rollback(True)

"""«Sổ cấp giấy chứng nhận»: who reads which lines, what is found, the files, the kept check."""

from __future__ import annotations

import io
from datetime import timedelta
from uuid import uuid4

import openpyxl
import pypdf
import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from learning.audit.models import Disclosure
from learning.certificates.actions import reissue_certificate, revoke_certificate
from learning.certificates.guards import remove_guards
from learning.certificates.models import CourseRule, RegisterCheck, RegisterEntry
from learning.certificates.register import files, views
from learning.certificates.register.checks import ask_for_check, check_all
from learning.certificates.signing.admin.views import SIGNING_URL
from learning.organisations.models import Responsibility, Unit
from portal.accounts.roles import REGISTRARS
from portal.home.setup import ensure_home
from tests.factories import (
    EnrolmentFactory,
    MembershipFactory,
    UnitFactory,
    UserFactory,
)
from tests.learning.certificates.factories import issue, responsible
from tests.learning.organisations.changes import done, new, plan
from tests.learning.organisations.factories import make_unit

pytestmark = pytest.mark.django_db
REGISTER = "/so-cap-giay-chung-nhan/"


@pytest.fixture(autouse=True)
def _home():
    ensure_home(hostname="testserver")


@pytest.fixture
def unit():
    return UnitFactory(name="UBND phường Lê Chân")


@pytest.fixture
def officer(unit):
    return logged_in(responsible(unit))


def logged_in(user) -> Client:
    client = Client()
    client.force_login(user)
    client.user = user
    return client


def department():
    user = UserFactory(full_name="Trần Mẫu Sở")
    user.user_permissions.add(Permission.objects.get(codename="manage_register"))
    return user


def of(unit, **changed):
    return issue(unit_id=unit.pk, unit_name=unit.name, **changed)


def numbers(reply) -> list[str]:
    return [line.number for line in reply.context["lines"]]


def sheet(reply):
    book = openpyxl.load_workbook(io.BytesIO(b"".join(reply.streaming_content)))
    return book.worksheets[0]


def test_each_reads_the_lines_of_her_units(unit, officer):
    other = UnitFactory(name="Sở khác")
    mine, hers = of(unit), of(other)
    assert numbers(officer.get(REGISTER)) == [mine.number_text]
    auditor = responsible(other, role=Responsibility.Role.AUDITOR)
    assert numbers(logged_in(auditor).get(REGISTER)) == [hers.number_text]
    assert numbers(logged_in(department()).get(REGISTER)) == [hers.number_text, mine.number_text]
    learner = logged_in(MembershipFactory(unit=unit).user)
    for address in (REGISTER, f"{REGISTER}so.xlsx", f"{REGISTER}so.pdf"):
        assert learner.get(address).status_code == 404, address
    assert Client().get(REGISTER).status_code == 302
    assert officer.get(f"{REGISTER}?don-vi={other.pk}").status_code == 404
    line = reverse("certificates:register_line", args=[hers.code])
    assert officer.get(line).status_code == 404
    assert logged_in(auditor).get(line).status_code == 200


def test_it_is_found_by_year_state_course_and_text(unit, officer, monkeypatch):
    key, now = uuid4(), timezone.now()
    CourseRule.objects.create(course_key=key, valid_months=1)
    with monkeypatch.context() as past:
        past.setattr(timezone, "now", lambda: now - timedelta(days=400))
        expired = of(unit, course_key=key)
    valid = of(unit, full_name="Đặng Thị Thí Dụ")
    old = of(unit, full_name="Le Van Sai")
    new = reissue_certificate(certificate=old, full_name="Lê Văn Mẫu", reason="Tên", by=None)
    void = revoke_certificate(certificate=of(unit), reason="Thi hộ", by=UserFactory())
    for question, wanted in {
        "tinh-trang=expired": [expired],
        "tinh-trang=revoked": [void],
        "tinh-trang=reissued": [old],
        "tinh-trang=valid": [new, valid],
        f"nam={expired.year}": [expired],
        f"khoa={key}": [expired],
        "tim=dang thi": [valid],
        "tim=LE VAN": [new, old],
        f"tim={void.number_text}": [void],
        "nam=x&khoa=y&tinh-trang=z&don-vi=a": [void, new, old, valid, expired],
        "tim=%00&nam=99999999999": [void, new, old, valid, expired],
    }.items():
        found = numbers(officer.get(f"{REGISTER}?{question}"))
        assert found == [one.number_text for one in wanted], question
    notes = {line.number: line.note for line in officer.get(REGISTER).context["lines"]}
    assert old.number_text in notes[new.number_text]
    assert new.number_text in notes[old.number_text]
    assert "Thi hộ" in notes[void.number_text]


def test_a_page_costs_the_same_whatever_it_holds(unit, officer):
    def count() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert officer.get(REGISTER).status_code == 200
        return len(asked)

    of(unit)
    count()
    one = count()
    old = of(unit)
    reissue_certificate(certificate=old, full_name="Lê Văn Mẫu", reason="Tên", by=None)
    assert count() == one


def test_it_comes_in_pages(unit, officer, monkeypatch):
    monkeypatch.setattr(views, "A_PAGE", 2)
    made = [of(unit) for _n in range(3)]
    assert numbers(officer.get(REGISTER)) == [made[2].number_text, made[1].number_text]
    second = officer.get(f"{REGISTER}?trang=2")
    assert numbers(second) == [made[0].number_text]
    assert numbers(officer.get(f"{REGISTER}?trang=99")) == [made[0].number_text]


def test_the_workbook_has_every_line_and_no_formula(unit, officer):
    names = ["=HYPERLINK(1)", "+84", "@x", "Lê Mẫu"]
    for name in names:
        of(unit, full_name=name)
    cells = sheet(officer.get(f"{REGISTER}so.xlsx"))
    assert [row[3].value for row in cells.iter_rows(min_row=2)] == [
        "'=HYPERLINK(1)",
        "'+84",
        "'@x",
        "Lê Mẫu",
    ]
    assert {cell.data_type for row in cells.iter_rows() for cell in row} <= {"s", "n", "d"}
    assert cells.cell(2, 9).value.date() == timezone.localdate()


def test_the_book_to_print_has_every_line_and_page_numbers(unit, officer, monkeypatch):
    monkeypatch.setattr(files, "LINES_A_VOLUME", 20)
    monkeypatch.setattr(views, "LINES_A_VOLUME", 20)
    made = [of(unit, full_name="Nguyễn #set Mẫu *đậm*") for _n in range(21)]
    reply = officer.get(f"{REGISTER}so.pdf")
    assert reply["Content-Type"] == "application/pdf"
    pages = pypdf.PdfReader(io.BytesIO(reply.content)).pages
    text = "".join(page.extract_text() for page in pages)
    assert "SỔ CẤP GIẤY CHỨNG NHẬN" in text
    assert text.count("#set") == 20
    assert made[-1].number_text not in text.replace("\n", "")
    width, height = pages[0].mediabox[2:]
    assert (round(width), round(height)) == (842, 595)
    assert pages[1].extract_text().startswith("2")
    assert not pages[0].extract_text().startswith("1")
    last = officer.get(f"{REGISTER}so.pdf?quyen=2").content
    text = pypdf.PdfReader(io.BytesIO(last)).pages[0].extract_text()
    assert made[-1].number_text in text.replace("\n", "")
    assert officer.get(f"{REGISTER}so.pdf?quyen=3").status_code == 404
    assert officer.get(f"{REGISTER}so.pdf?tim=nobody").status_code == 200


def test_who_looks_and_takes_away_is_noted(unit, officer):
    of(unit)
    officer.get(REGISTER)
    sheet(officer.get(f"{REGISTER}so.xlsx"))
    officer.get(f"{REGISTER}so.pdf")
    noted = Disclosure.objects.order_by("pk").values_list("how", "what", "count", "unit_path")
    assert list(noted) == [
        ("viewed", "certificates", 1, unit.path),
        ("exported", "certificates", 1, unit.path),
        ("exported", "certificates", 1, unit.path),
    ]
    member = MembershipFactory(unit=unit).user
    certificate = of(unit)
    mine = issue(EnrolmentFactory(user=member, course_key=uuid4()), unit_id=unit.pk)
    officer.get(reverse("certificates:register_line", args=[mine.code]))
    assert Disclosure.objects.filter(what="register-line", about=member).count() == 1
    story = officer.get(reverse("certificates:register_line", args=[certificate.code]))
    assert [entry.act for entry in story.context["entries"]] == ["issued"]


def test_the_chain_is_checked_by_the_worker_and_the_screen_says_how_it_stands(unit, officer):
    of(unit)
    assert officer.get(f"{REGISTER}kiem-tra/").status_code == 405
    assert officer.get(REGISTER).context["chains"][0].check is None
    assert officer.post(f"{REGISTER}kiem-tra/").status_code == 302
    one = officer.get(REGISTER).context["chains"][0]
    assert (one.is_good, one.check.entries) == (True, 1)
    if connection.vendor == "sqlite":
        remove_guards()
        RegisterEntry.objects.update(full_name="Người Khác")
        assert check_all() == 2
        page = officer.get(REGISTER)
        assert not page.context["chains"][0].is_good
        assert "callout--bad" in page.content.decode()
    stranger = logged_in(UserFactory())
    assert stranger.post(f"{REGISTER}kiem-tra/").status_code == 404


def test_a_check_that_runs_is_not_asked_for_again():
    RegisterCheck.objects.create(issuer="SKHCN", asked_at=timezone.now())
    assert ask_for_check("SKHCN") is False
    RegisterCheck.objects.update(asked_at=timezone.now() - timedelta(hours=1))
    assert ask_for_check("SKHCN") is True


def test_who_answers_for_a_unit_reads_what_those_it_took_over_from_left(unit):
    root, stranger = UnitFactory(name="Thành phố"), UnitFactory(name="Phường Ba")
    one, two = make_unit("Phường Một", parent=root), make_unit("Phường Hai", parent=root)
    left = [of(one), of(two)]
    done(plan("merge", one, two, into=new("PM", "Phường Mới", root)))
    officer = logged_in(responsible(Unit.objects.get(code="PM")))
    assert set(numbers(officer.get(REGISTER))) == {one.number_text for one in left}
    line = reverse("certificates:register_line", args=[left[0].code])
    assert officer.get(line).status_code == 200
    for other in (unit, stranger):
        assert numbers(logged_in(responsible(other)).get(REGISTER)) == []
    auditor = logged_in(responsible(one, role=Responsibility.Role.AUDITOR))
    assert numbers(auditor.get(REGISTER)) == [left[0].number_text]


def test_registrars_keep_the_register_without_being_administrators(client):
    registrar = UserFactory(is_staff=True)
    registrar.groups.add(Group.objects.get(name=REGISTRARS))
    certificate = of(UnitFactory(name="Sở khác"))
    browser = logged_in(registrar)
    assert numbers(browser.get(REGISTER)) == [certificate.number_text]
    menu = browser.get(reverse("wagtailadmin_home")).content.decode()
    places = (reverse("certificates:register"), reverse(SIGNING_URL), "/certificates/certificate/")
    assert [place for place in places if place not in menu] == []
    assert "/bank/question/" not in menu
    assert browser.get("/admin/users/").status_code == 302

"""Activation cards: made by HR officers for their people, used once, worth nothing afterwards."""

from __future__ import annotations

import datetime
import io

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from learning.audit.models import Disclosure, Entry
from learning.certificates.codes import ALPHABET
from learning.organisations.actions import make_responsible
from learning.organisations.models import Responsibility
from portal.accounts.cards.actions import make_cards
from portal.accounts.cards.codes import new_card_code, read_card_code
from portal.accounts.cards.paper import draw_cards
from portal.accounts.keys.models import ActivationCard
from portal.accounts.roles import APPROVERS
from tests.learning.organisations.factories import make_member, make_officer, make_unit, make_user
from tests.portal.accounts.keys import log_in, who

pytestmark = pytest.mark.django_db

DOOR, PASSWORD_DOOR = "/kich-hoat/", "/kich-hoat/mat-khau/"
OWN = "mat-khau-cua-toi-2026"


@pytest.fixture
def unit():
    return make_unit("UBND phường Mẫu")


@pytest.fixture
def person(unit):
    return make_member(unit, "Đỗ Mẫu Ánh", email=None, staff_code="PM-01")


@pytest.fixture
def officer(unit):
    return make_officer(unit)


def browser_of(user):
    browser = Client()
    browser.force_login(user)
    return browser


def show(name, code, browser=None):
    return (browser or Client()).post(DOOR, {"name": name, "code": code})


def make(unit, officer):
    _sheet, cards = make_cards(unit=unit, by=officer)
    return {card.login: card.code for card in cards}


def test_a_card_opens_her_account_once(unit, officer, person):
    code = make(unit, officer)["PM-01"]
    browser = Client()
    reply = show("pm-01", code.lower().replace("-", " "), browser)
    assert reply.url == PASSWORD_DOOR
    assert "Đỗ Mẫu Ánh" in browser.get(PASSWORD_DOOR).content.decode()
    short = browser.post(PASSWORD_DOOR, {"new_password1": "1", "new_password2": "2"})
    assert list(short.context["form"].errors) == ["new_password2"]
    reply = browser.post(PASSWORD_DOOR, {"new_password1": OWN, "new_password2": OWN})
    assert (reply.url, who(browser)) == (reverse("study:my"), person.pk)
    assert log_in("PM-01", password=OWN).status_code == 302
    assert show("PM-01", code).status_code == 200
    entry = Entry.objects.get(act="account-activated")
    assert (entry.about_key, entry.unit_path) == (str(person.pk), unit.path)


def test_two_browsers_cannot_use_one_card(unit, officer, person):
    code = make(unit, officer)["PM-01"]
    first, second = Client(), Client()
    show("PM-01", code, first)
    show("PM-01", code, second)
    first.post(PASSWORD_DOOR, {"new_password1": OWN, "new_password2": OWN})
    other = "mat-khau-khac-2026"
    reply = second.post(PASSWORD_DOOR, {"new_password1": other, "new_password2": other})
    assert (reply.url, who(second)) == (DOOR, None)
    assert log_in("PM-01", password=other).status_code == 200


def test_wrong_unknown_old_and_foreign_codes_get_one_answer(unit, officer, person):
    make_member(unit, email=None, staff_code="PM-02")
    old = make(unit, officer)["PM-01"]
    codes = make(unit, officer)
    answers = [
        show("PM-01", new_card_code()),
        show("PM-01", old),
        show("PM-02", codes["PM-01"]),
        show("KHONG-CO", codes["PM-01"]),
        show("ai@vidu.example", codes["PM-01"]),
    ]
    assert {reply.status_code for reply in answers} == {200}
    assert len({str(reply.context["form"].errors["code"]) for reply in answers}) == 1
    slip = show("PM-01", codes["PM-01"][:-1] + ("0" if codes["PM-01"][-1] != "0" else "1"))
    assert str(slip.context["form"].errors) != str(answers[0].context["form"].errors)
    assert show("PM-01", codes["PM-01"]).status_code == 302


def test_a_card_is_over_after_sixty_days_or_a_first_log_in(unit, officer, person):
    code = make(unit, officer)["PM-01"]
    card = ActivationCard.objects.get()
    assert (card.expires_at - timezone.now()).days == 59
    person.last_login = timezone.now()
    person.save(update_fields=["last_login"])
    assert show("PM-01", code).status_code == 200
    person.last_login = None
    person.save(update_fields=["last_login"])
    ActivationCard.objects.update(expires_at=timezone.now() - datetime.timedelta(seconds=1))
    assert show("PM-01", code).status_code == 200


def test_guessing_stops_at_ten_and_leaves_the_office_alone(unit, officer, person):
    make_member(unit, email=None, staff_code="PM-02")
    codes = make(unit, officer)
    for _guess in range(10):
        show("PM-01", new_card_code())
    assert show("PM-01", codes["PM-01"]).status_code == 200
    assert show("PM-02", codes["PM-02"]).status_code == 302


def test_the_code_is_kept_nowhere(unit, officer, person):
    code = make(unit, officer)["PM-01"]
    kept = [*ActivationCard.objects.values(), *Entry.objects.values(), *Disclosure.objects.values()]
    assert code not in repr(kept)
    assert Disclosure.objects.get().what == "activation-cards"


# --- the HR officer's side -----------------------------------------------------------------------


def test_the_officer_sees_her_units_and_downloads_the_sheet(unit, officer, person):
    below = make_unit("Phòng Văn hóa", parent=unit)
    make_member(below, "Vũ Mẫu Bình", email=None, staff_code="PM-03")
    other = make_unit("UBND xã khác")
    make_member(other, email=None, staff_code="XK-01")
    browser = browser_of(officer)
    shown = browser.get("/the-kich-hoat/").context["page_of"].object_list
    assert [(row.name, row.depth, row.people, row.waiting) for row in shown] == [
        ("UBND phường Mẫu", 0, 2, 2),
        ("Phòng Văn hóa", 1, 1, 1),
    ]
    reply = browser.post(reverse("cards:make", args=[unit.pk]))
    assert (reply.status_code, reply["Content-Type"]) == (200, "application/pdf")
    assert (
        reply["Content-Disposition"] == 'attachment; filename="the-kich-hoat-ubnd-phuong-mau.pdf"'
    )
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(reply.content)).pages)
    for words in ("Đỗ Mẫu Ánh", "PM-01", "Vũ Mẫu Bình", "Phòng Văn hóa"):
        assert words in text
    assert Entry.objects.get(act="cards-made").details == {"count": 2}
    assert browser.post(reverse("cards:make", args=[other.pk])).status_code == 404


def test_learner_auditor_and_other_officers_get_nothing(unit, officer, person):
    auditor, elsewhere = make_user(), make_officer(make_unit("UBND xã khác"))
    make_responsible(user=auditor, unit=unit, role=Responsibility.Role.AUDITOR)
    door = reverse("cards:make", args=[unit.pk])
    seen = {}
    for name, user in {"learner": person, "auditor": auditor, "other": elsewhere}.items():
        browser = browser_of(user)
        seen[name] = (browser.get("/the-kich-hoat/").status_code, browser.post(door).status_code)
    assert seen == {"learner": (404, 404), "auditor": (404, 404), "other": (200, 404)}
    assert ActivationCard.objects.count() == 0
    assert Client().get("/the-kich-hoat/").url.startswith("/dang-nhap/")
    assert browser_of(officer).get(door).status_code == 405


def test_no_card_hands_an_officer_anothers_powers(unit, officer, person):
    """She could use the cards she prints: there are none for who edits, approves or answers."""
    boss = make_member(unit, email=None, staff_code="PM-09", is_superuser=True)
    editor = make_member(unit, email=None, staff_code="PM-08", is_staff=True)
    approver = make_member(unit, email=None, staff_code="PM-07")
    approver.groups.add(Group.objects.get(name=APPROVERS))
    above = make_member(unit, email=None, staff_code="PM-06")
    make_responsible(user=above, unit=make_unit("Sở Mẫu"), role=Responsibility.Role.HR_OFFICER)
    codes = make(unit, officer)
    assert list(codes) == ["PM-01"]
    (row,) = browser_of(officer).get("/the-kich-hoat/").context["page_of"].object_list
    assert (row.people, row.waiting) == (5, 1)
    make_responsible(user=person, unit=unit, role=Responsibility.Role.HR_OFFICER)
    assert show("PM-01", codes["PM-01"]).status_code == 200  # she was made an officer meanwhile
    assert not {boss.pk, editor.pk} & set(ActivationCard.objects.values_list("user", flat=True))


def test_who_has_an_address_only_reads_it_on_her_card(unit, officer):
    make_member(unit, "Vũ Mẫu Cảnh", email="canh@vidu.example")
    reply = browser_of(officer).post(reverse("cards:make", args=[unit.pk]))
    text = PdfReader(io.BytesIO(reply.content)).pages[0].extract_text()
    assert ("canh@vidu.example" in text, "Thư điện tử" in text, "Mã cán bộ" in text) == (
        True,
        True,
        False,
    )


def test_the_overview_costs_the_same_for_one_unit_and_three(
    unit, officer, person, django_assert_num_queries
):
    browser = browser_of(officer)
    browser.get("/the-kich-hoat/")
    for number in range(3):
        with django_assert_num_queries(9):
            browser.get("/the-kich-hoat/")
        make_member(make_unit(f"Phòng {number}", parent=unit))


def test_nobody_waits(unit, officer):
    browser = browser_of(officer)
    assert "page_of" in browser.get("/the-kich-hoat/").context
    reply = browser.post(reverse("cards:make", args=[unit.pk]))
    assert reply.url == "/the-kich-hoat/"


def test_eleven_cards_are_two_sheets_and_long_names_fit():
    from portal.accounts.cards.actions import PrintedCard

    name = "Nguyễn Phước Thí Dụ Hoàng Thị Thanh Huyền"
    unit_name = "Trung tâm Phục vụ hành chính công và Ứng dụng công nghệ số phường Mẫu Thí Dụ" * 2
    card = PrintedCard(name, unit_name, "can-bo.rat-dai-dong@haiphong.vidu.example", "7K3M-92QF")
    pdf = draw_cards([card] * 11, expires_on=datetime.date(2026, 12, 31))
    assert len(PdfReader(io.BytesIO(pdf)).pages) == 2


@given(st.text(alphabet=ALPHABET, min_size=8, max_size=8))
def test_any_one_wrong_sign_is_noticed(typed):
    meant = read_card_code(typed)
    wrong = typed[:3] + ALPHABET[(ALPHABET.index(typed[3]) + 1) % len(ALPHABET)] + typed[4:]
    assert meant is None or read_card_code(wrong) is None


def test_a_fresh_code_reads_as_itself():
    code = new_card_code()
    assert read_card_code(f" {code.lower().replace('-', '')} ") == code

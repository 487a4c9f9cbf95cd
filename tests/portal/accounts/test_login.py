"""Logging in and out: by e-mail or staff code, as people type them."""

from __future__ import annotations

import unicodedata
from html import unescape

import pytest
from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from portal.accounts.forms import LoginForm
from portal.accounts.guessing import WRONG_AN_HOUR
from portal.accounts.keys.models import TryCount
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db

LOGIN = "/dang-nhap/"


@pytest.fixture
def person():
    return UserFactory(full_name="Đỗ Thị Hòa", email="Hoa.Do@vidu.example", staff_code="hp-đô-01")


def log_in(name, password=PASSWORD, browser=None, **extra):
    return (browser or Client()).post(LOGIN, {"username": name, "password": password}, **extra)


def who(browser):
    pk = browser.session.get("_auth_user_id")
    return int(pk) if pk else None


@pytest.mark.parametrize(
    "typed",
    [
        "hoa.do@vidu.example",
        "HOA.DO@VIDU.EXAMPLE",
        "  Hoa.Do@vidu.example ",
        "HP-ĐÔ-01",
        "hp-đô-01",
        unicodedata.normalize("NFD", "Hp-Đô-01"),
    ],
)
def test_she_logs_in_with_either_name_in_any_case_and_form(person, typed):
    browser = Client()
    reply = log_in(typed, browser=browser)
    assert (reply.status_code, reply.url) == (302, reverse("study:my"))
    assert who(browser) == person.pk


def test_after_logging_in_she_is_where_she_wanted_to_be(person):
    assert log_in(person.email, QUERY_STRING="next=/giay-chung-nhan/").url == ("/giay-chung-nhan/")
    assert log_in(person.email, QUERY_STRING="next=https://ac.example/").url == (
        reverse("study:my")
    )


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("hoa.do@vidu.example", "sai-mat-khau"),
        ("hoa.do@vidu.example", PASSWORD.upper()),
        ("nguoi.la@vidu.example", PASSWORD),
        ("HP-DO-01", PASSWORD),
        ("Đỗ Thị Hòa", PASSWORD),
    ],
)
def test_a_wrong_name_or_password_gets_one_and_the_same_message(person, name, password):
    browser = Client()
    with translation.override("vi"):
        message = str(LoginForm.error_messages["invalid_login"])
    reply = log_in(name, password, browser)
    assert reply.status_code == 200
    assert reply.context["form"].non_field_errors() == [message]
    assert message in unescape(reply.content.decode())
    assert who(browser) is None


def test_a_closed_account_stays_out(person):
    person.is_active = False
    person.save()
    browser = Client()
    assert log_in(person.email, browser=browser).status_code == 200
    assert who(browser) is None


def test_a_person_without_a_password_cannot_log_in():
    person = UserFactory(password=None)
    for guess in ("", "None", "!"):
        browser = Client()
        log_in(person.email, guess, browser)
        assert who(browser) is None


def test_the_form_is_there_for_her_and_skipped_when_she_is_in(person):
    assert Client().get(LOGIN).status_code == 200
    browser = Client()
    browser.force_login(person)
    assert browser.get(LOGIN).url == reverse("study:my")


def test_logging_out_is_a_post(person):
    browser = Client()
    browser.force_login(person)
    assert browser.get("/dang-xuat/").status_code == 405
    assert who(browser) == person.pk
    assert browser.post("/dang-xuat/").url == "/"
    assert who(browser) is None


def test_she_changes_her_password(person):
    browser = Client()
    assert browser.get("/doi-mat-khau/").url.startswith(LOGIN)
    browser.force_login(person)
    assert browser.get("/doi-mat-khau/").status_code == 200
    new = "mat-khau-moi-2026"
    fields = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    reply = browser.post("/doi-mat-khau/", fields)
    assert reply.url == "/doi-mat-khau/xong/"
    assert browser.get(reply.url).status_code == 200
    assert log_in(person.email, new).status_code == 302
    assert log_in(person.email).status_code == 200


# --- one account a name --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "same", [{"email": "HOA.DO@vidu.example"}, {"staff_code": "HP-đô-01", "email": None}]
)
def test_two_people_never_share_a_name_to_log_in_with(person, same):
    with pytest.raises(IntegrityError), transaction.atomic():
        UserFactory(**same)


def test_a_person_needs_one_of_the_two_names():
    with pytest.raises(IntegrityError), transaction.atomic():
        UserFactory(email=None, staff_code="")
    UserFactory(email=None, staff_code="hp-02")
    UserFactory(email=None, staff_code="hp-03")
    assert get_user_model().objects.filter(email__isnull=True).count() == 2


def test_a_changed_name_is_sorted_and_found_anew(person):
    person.full_name = unicodedata.normalize("NFD", "Đỗ Thị Ánh")
    person.save(update_fields=["full_name"])
    UserFactory(full_name="Lê Bình")
    people = get_user_model().objects
    assert [x.full_name for x in people.all()] == ["Đỗ Thị Ánh", "Lê Bình"]
    assert list(people.search("thi anh")) == [person]
    assert list(people.search("hoa")) == [person]  # her e-mail
    assert (person.get_short_name(), person.last_name) == ("Ánh", "Đỗ Thị")


# --- guessing ------------------------------------------------------------------------------------


@pytest.fixture
def _locks(settings):
    settings.AXES_ENABLED = True


def guess(name, times, **extra):
    return [log_in(name, f"doan-{n}", **extra).status_code for n in range(times)]


@pytest.mark.usefixtures("_locks")
def test_the_tenth_wrong_password_locks_this_person_at_this_address_only(person):
    other = UserFactory()
    assert guess(person.email, 10) == [200] * 9 + [429]
    assert log_in(person.email).status_code == 429
    assert log_in(other.email).status_code == 302
    assert log_in(person.email, REMOTE_ADDR="203.0.113.7").status_code == 302


@pytest.mark.usefixtures("_locks")
def test_typing_the_name_otherwise_gives_no_further_tries(person):
    names = ["hoa.do@vidu.example", "HOA.do@vidu.example", " hoa.DO@vidu.example"]
    tries = [guess(names[n % 3], 1)[0] for n in range(10)]
    assert tries == [200] * 9 + [429]
    assert log_in("Hoa.Do@Vidu.Example").status_code == 429


@pytest.mark.usefixtures("_locks")
def test_logging_in_forgets_the_wrong_tries(person):
    guess(person.email, 9)
    assert log_in(person.email).status_code == 302
    assert guess(person.email, 9) == [200] * 9


@pytest.mark.usefixtures("_locks")
def test_the_admins_own_door_is_locked_too(person):
    door = reverse("wagtailadmin_login")
    for n in range(10):
        Client().post(door, {"username": person.email, "password": f"doan-{n}"})
    reply = Client().post(door, {"username": person.email, "password": PASSWORD})
    assert reply.status_code == 429


@pytest.mark.usefixtures("_locks")
def test_an_office_behind_one_address_is_never_locked_out_together():
    office = UserFactory.create_batch(5)
    for colleague in office:
        guess(colleague.email, 9)
    guess(office[0].email, 1)
    assert [log_in(colleague.email).status_code for colleague in office] == [429] + [302] * 4


# A robot with an address for every guess: the account rests for who comes from elsewhere.


@pytest.fixture
def _guessed_at(person):
    log_in(person.email, REMOTE_ADDR="203.0.113.7")
    for n in range(WRONG_AN_HOUR):
        log_in(person.email, "doan", REMOTE_ADDR=f"198.51.100.{n}")


@pytest.mark.usefixtures("_guessed_at", "_locks")
def test_guessed_at_from_everywhere_she_gets_in_where_she_was_before(person):
    robot = log_in(person.email, REMOTE_ADDR="198.51.100.77")
    assert [error.code for error in robot.context["form"].errors.as_data()["__all__"]] == ["paused"]
    assert log_in(person.email, REMOTE_ADDR="203.0.113.7").status_code == 302
    # Neither her staff code nor another case of her address is another door.
    for name in ("HP-ĐÔ-01", "HOA.DO@vidu.example"):
        assert log_in(name, REMOTE_ADDR="198.51.100.77").status_code == 200
    assert log_in(UserFactory().email, REMOTE_ADDR="198.51.100.77").status_code == 302


@pytest.mark.usefixtures("_guessed_at")
def test_the_rest_is_over_after_an_hour(person):
    TryCount.objects.update(ends_at=timezone.now())
    assert log_in(person.email, REMOTE_ADDR="198.51.100.77").status_code == 302


def test_a_name_that_nobody_has_rests_like_any_other():
    for n in range(WRONG_AN_HOUR + 1):
        reply = log_in("ai@vidu.example", "doan", REMOTE_ADDR=f"198.51.100.{n}")
    assert [error.code for error in reply.context["form"].errors.as_data()["__all__"]] == ["paused"]

"""Who forgot the password gets in by a code that came by mail, and nobody learns who exists."""

from __future__ import annotations

import datetime

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from learning.audit.models import Entry
from portal.accounts.keys.actions import forget_old_keys
from portal.accounts.keys.models import MailCode, TryCount
from tests.factories import PASSWORD, UserFactory
from tests.portal.accounts.keys import ASK, TYPE, log_in, mailed_code, who

pytestmark = pytest.mark.django_db

NEW = "mot-mat-khau-moi-2026"


@pytest.fixture
def person():
    return UserFactory(full_name="Đỗ Mẫu Hòa", email="hoa@vidu.example", staff_code="hp-01")


@pytest.fixture
def ask(django_capture_on_commit_callbacks):
    """Ask for a code; the browser that did."""

    def asked(name, browser=None):
        browser = browser or Client()
        with django_capture_on_commit_callbacks(execute=True):
            reply = browser.post(ASK, {"name": name})
        assert (reply.status_code, reply.get("Location")) == (302, TYPE)
        return browser

    return asked


@pytest.mark.parametrize("name", ["hoa@vidu.example", "HOA@vidu.example", "HP-01"])
def test_a_code_by_mail_lets_her_in_and_choose_a_new_password(person, ask, name):
    browser = ask(name)
    assert [letter.to for letter in mail.outbox] == [["hoa@vidu.example"]]
    code = mailed_code()
    assert mail.outbox[0].subject.startswith(code)
    html = mail.outbox[0].alternatives[0][0]
    assert code in html and "Đỗ Mẫu Hòa" in html
    reply = browser.post(TYPE, {"code": f"{code[:3]} {code[3:]}"})
    assert (reply.status_code, who(browser)) == (302, person.pk)
    assert reply.url.startswith(reverse("accounts:password_new"))
    reply = browser.post(reply.url, {"new_password1": NEW, "new_password2": NEW})
    assert reply.url == reverse("accounts:password_change_done")
    assert log_in(person.email, password=NEW).status_code == 302
    assert log_in(person.email).status_code == 200
    acts = Entry.objects.filter(about_key=str(person.pk)).values_list("act", flat=True)
    assert list(acts) == ["password-changed"]


def test_the_page_says_the_same_for_a_name_that_nobody_has(person, ask):
    UserFactory(email=None, staff_code="HP-02")
    UserFactory(email="dong@vidu.example", is_active=False)
    pages = {}
    for name in ("hoa@vidu.example", "la@vidu.example", "HP-02", "dong@vidu.example"):
        browser = ask(name)
        page = browser.get(TYPE).content.decode()
        pages[name] = page.replace(name, "…").split("<main")[1].split("csrfmiddlewaretoken")[0]
        wrong = browser.post(TYPE, {"code": "000000" if name != "hoa@vidu.example" else "x"})
        assert wrong.context["form"].has_error("code")
    assert len(set(pages.values())) == 1
    assert [letter.to for letter in mail.outbox] == [["hoa@vidu.example"]]


def test_a_code_counts_once_only_here_and_not_for_long(person, ask):
    browser = ask(person.email)
    code = mailed_code()
    stranger = ask("la@vidu.example")
    assert stranger.post(TYPE, {"code": code}).status_code == 200
    assert who(stranger) is None
    assert browser.post(TYPE, {"code": code}).status_code == 302
    browser.logout()
    session = browser.session
    session["accounts.code"] = {"id": str(MailCode.objects.earliest("asked_at").pk), "then": ""}
    session.save()
    assert browser.post(TYPE, {"code": code}).status_code == 200
    late = ask(person.email)
    MailCode.objects.update(expires_at=timezone.now() - datetime.timedelta(seconds=1))
    reply = late.post(TYPE, {"code": mailed_code()})
    assert reply.context["dead"] is True
    assert who(late) is None


def test_after_five_wrong_tries_the_right_code_is_dead(person, ask):
    browser = ask(person.email)
    code = mailed_code()
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    dead = [browser.post(TYPE, {"code": wrong}).context["dead"] for _try in range(5)]
    assert dead == [False] * 4 + [True]
    assert browser.post(TYPE, {"code": code}).status_code == 200
    assert who(browser) is None


def test_a_further_request_by_a_stranger_does_not_spoil_her_code(person, ask):
    browser = ask(person.email)
    code = mailed_code()
    ask(person.email)
    assert browser.post(TYPE, {"code": code}).status_code == 302
    assert who(browser) == person.pk


def test_nobody_can_fill_her_mailbox(person, ask):
    for _time in range(5):
        ask(person.email)
    reply = Client().post(ASK, {"name": person.email.upper()})
    assert reply.status_code == 200
    assert len(reply.context["form"].errors["name"]) == 1
    assert len(mail.outbox) == 5
    ask(UserFactory().email)


def test_what_is_kept_tells_no_code_and_goes_away(person, ask):
    ask(person.email)
    row = MailCode.objects.get()
    assert mailed_code() not in repr(row.__dict__)
    assert {len(key) for key in TryCount.objects.values_list("key", flat=True)} == {64}
    assert forget_old_keys(before=timezone.now() + datetime.timedelta(days=2)) == 4
    assert MailCode.objects.count() == 0


def test_without_a_code_the_old_password_is_asked_for(person):
    browser = Client()
    log_in(person.email, browser)
    assert browser.get("/mat-khau-moi/").url == "/doi-mat-khau/"
    fields = {"old_password": "sai", "new_password1": NEW, "new_password2": NEW}
    reply = browser.post("/doi-mat-khau/", fields)
    assert list(reply.context["form"].errors) == ["old_password"]
    for _guess in range(9):
        browser.post("/doi-mat-khau/", fields)
    reply = browser.post("/doi-mat-khau/", fields | {"old_password": PASSWORD})
    assert list(reply.context["form"].errors) == ["old_password"]


def test_who_has_no_password_is_shown_the_way():
    browser = Client()
    browser.force_login(UserFactory(password=None))
    assert browser.get("/doi-mat-khau/").url == "/mat-khau-moi/"
    assert "password_by_code" in browser.get("/mat-khau-moi/").templates[0].name
    assert browser.post("/mat-khau-moi/", {"new_password1": NEW, "new_password2": NEW}).context


def test_a_new_address_counts_once_its_code_came_back(person, django_capture_on_commit_callbacks):
    browser = Client()
    log_in(person.email, browser)
    UserFactory(email="co-nguoi@vidu.example")
    for wrong in ("hoa@vidu.example", "CO-NGUOI@vidu.example", "không phải"):
        reply = browser.post("/tai-khoan/thu-dien-tu/", {"email": wrong})
        assert list(reply.context["form"].errors) == ["email"]
    with django_capture_on_commit_callbacks(execute=True):
        reply = browser.post("/tai-khoan/thu-dien-tu/", {"email": "Moi@vidu.example"})
    person.refresh_from_db()
    assert (reply.url, person.email) == ("/tai-khoan/thu-dien-tu/ma/", "hoa@vidu.example")
    assert mail.outbox[-1].to == ["moi@vidu.example"]
    code = mailed_code()
    assert browser.post(reply.url, {"code": "1"}).status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        assert browser.post(reply.url, {"code": code}).url == "/tai-khoan/"
    person.refresh_from_db()
    assert person.email == "moi@vidu.example"
    assert mail.outbox[-1].to == ["hoa@vidu.example"]
    assert Entry.objects.filter(act="email-changed", about_key=str(person.pk)).count() == 1


def test_a_new_address_wants_her_password_first():
    browser = Client()
    browser.force_login(UserFactory())
    reply = browser.get("/tai-khoan/thu-dien-tu/")
    assert reply.url == "/xac-nhan/?next=%2Ftai-khoan%2Fthu-dien-tu%2F"
    assert browser.post(reply.url, {"password": "sai"}).status_code == 200
    done = browser.post(reply.url, {"password": PASSWORD, "next": "/tai-khoan/thu-dien-tu/"})
    assert done.url == "/tai-khoan/thu-dien-tu/"
    assert browser.get(done.url).status_code == 200

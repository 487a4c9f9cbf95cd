"""The second factor: an app, passkeys, recovery codes; asked for at log-in, required by role."""

from __future__ import annotations

import json

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group
from django.core import mail
from django.test import Client
from django.urls import reverse

from learning.audit.models import Entry
from learning.organisations.actions import make_responsible
from learning.organisations.models import Responsibility, UnitKind
from portal.accounts.adapters import SecondFactorAdapter
from portal.accounts.roles import APPROVERS
from portal.accounts.second.actions import recovery_codes_of, reset_second_factor
from tests.factories import PASSWORD, UserFactory
from tests.learning.organisations.factories import make_member, make_officer, make_unit
from tests.portal.accounts.keys import Key, app_code, broken, log_in, set_up_app, who

pytestmark = pytest.mark.django_db

STEP = "/dang-nhap/buoc-hai/"
SECOND = "/tai-khoan/buoc-hai/"
PASSKEY = f"{SECOND}khoa/"


@pytest.fixture
def person():
    return UserFactory(full_name="Vũ Mẫu Hạnh")


def logged_in(person):
    browser = Client()
    log_in(person.email, browser)
    return browser


def acts_about(person):
    found = Entry.objects.filter(about_key=str(person.pk)).order_by("pk")
    return list(found.values_list("act", flat=True))


def add_passkey(browser, key=None, **fields):
    key = key or Key()
    asked = browser.post(f"{PASSKEY}hoi/").json()
    return key, browser.post(PASSKEY, {"credential": key.make(asked), **fields})


def test_an_app_is_asked_for_after_the_password_and_lets_her_in(person):
    secret = set_up_app(logged_in(person))
    browser = Client()
    assert log_in(person.email, browser, QUERY_STRING="next=/tai-khoan/").url == STEP
    assert who(browser) is None
    assert browser.get("/tai-khoan/").url.startswith("/dang-nhap/")
    assert browser.get(STEP).status_code == 200
    wrong = browser.post(STEP, {"code": f"{(int(app_code(secret)) + 1) % 10**6:06d}"})
    assert (wrong.status_code, who(browser)) == (200, None)
    assert list(wrong.context["form"].errors) == ["code"]
    right = browser.post(STEP, {"code": app_code(secret, later=1)})
    assert (right.url, who(browser)) == ("/tai-khoan/", person.pk)
    assert acts_about(person) == ["second-factor-added"]


def test_a_code_of_the_app_opens_only_once(person):
    secret = set_up_app(logged_in(person))
    code, first, second = app_code(secret, later=1), Client(), Client()
    log_in(person.email, first)
    log_in(person.email, second)
    assert first.post(STEP, {"code": code}).status_code == 302
    assert second.post(STEP, {"code": code}).status_code == 200


def test_the_step_cannot_be_reached_or_left_without_the_password(person):
    set_up_app(logged_in(person))
    assert Client().get(STEP).url == "/dang-nhap/"
    assert Client().post("/xac-nhan/buoc-hai/hoi/").status_code == 404
    browser = Client()
    log_in(person.email, browser, "sai-mat-khau")
    assert browser.get(STEP).url == "/dang-nhap/"


def test_ten_wrong_codes_are_enough(person):
    secret = set_up_app(logged_in(person))
    browser = Client()
    log_in(person.email, browser)
    for _guess in range(10):
        browser.post(STEP, {"code": "x"})
    assert browser.post(STEP, {"code": app_code(secret, later=1)}).status_code == 200
    assert who(browser) is None


def test_the_secret_is_not_readable_in_the_database(person):
    secret = set_up_app(logged_in(person)).replace(" ", "")
    kept = json.dumps([row.data for row in Authenticator.objects.all()])
    assert secret not in kept
    assert {row.type for row in Authenticator.objects.all()} == {"totp", "recovery_codes"}


def test_a_new_secret_key_keeps_the_secrets_readable_beside_the_old_one(settings):
    kept = SecondFactorAdapter().encrypt("JBSWY3DP")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "mot-khoa-moi"
    assert SecondFactorAdapter().decrypt(kept) == "JBSWY3DP"


def test_setting_up_wants_a_right_code_and_a_fresh_proof(person):
    browser = Client()
    browser.force_login(person)
    assert browser.post(f"{SECOND}ung-dung/moi/").url == "/xac-nhan/?next=%2Ftai-khoan%2F"
    browser.post("/xac-nhan/", {"password": PASSWORD})
    assert browser.get(f"{SECOND}ung-dung/").url == SECOND
    browser.post(f"{SECOND}ung-dung/moi/")
    page = browser.get(f"{SECOND}ung-dung/")
    assert page.context["address"].startswith("otpauth://totp/")
    assert browser.post(f"{SECOND}ung-dung/", {"code": "12"}).status_code == 200
    assert Authenticator.objects.count() == 0


def test_a_recovery_code_opens_once(person):
    browser = logged_in(person)
    set_up_app(browser)
    codes = browser.get(f"{SECOND}ma-du-phong/").context["codes"]
    assert len(codes) == 10
    for expected in (302, 200):
        other = Client()
        log_in(person.email, other)
        assert other.post(STEP, {"code": codes[3]}).status_code == expected
    assert len(recovery_codes_of(person)) == 9
    browser.post(f"{SECOND}ma-du-phong/moi/")
    assert len(set(recovery_codes_of(person)) - set(codes)) == 10


def test_a_passkey_is_added_and_asked_for(person):
    browser = logged_in(person)
    key, reply = add_passkey(browser, name="Điện thoại")
    assert reply.url == f"{SECOND}ma-du-phong/"
    assert "Điện thoại" in browser.get(SECOND).content.decode()
    other = Client()
    assert log_in(person.email, other).url == STEP
    assert other.get(STEP).context["has_passkey"] is True
    asked = other.post("/xac-nhan/buoc-hai/hoi/").json()
    forged = other.post(STEP, {"credential": broken(key.show(asked))})
    assert (forged.status_code, who(other)) == (200, None)
    assert forged.context["passkey"].has_error("credential")
    asked = other.post("/xac-nhan/buoc-hai/hoi/").json()
    assert other.post(STEP, {"credential": key.show(asked)}).status_code == 302
    assert who(other) == person.pk


def test_an_answer_to_another_question_site_or_from_another_key_is_refused(person):
    browser = logged_in(person)
    key, _reply = add_passkey(browser)
    other = Client()
    log_in(person.email, other)
    asked = other.post("/xac-nhan/buoc-hai/hoi/").json()
    elsewhere = Key(host="ac.example", origin="http://ac.example")
    elsewhere.private, elsewhere.id = key.private, key.id
    stale = {"publicKey": {"challenge": "AAAA"}}
    for answer in (key.show(stale), elsewhere.show(asked), Key().show(asked), "{}", "không"):
        reply = other.post(STEP, {"credential": answer})
        assert (reply.status_code, who(other)) == (200, None)


def test_two_passkeys_stand_side_by_side_and_one_goes(person):
    browser = logged_in(person)
    add_passkey(browser)
    add_passkey(browser)
    keys = Authenticator.objects.filter(type="webauthn").order_by("pk")
    assert [key.data["name"] for key in keys] == ["Khóa 1", "Khóa 2"] or [
        key.data["name"] for key in keys
    ] == ["Key 1", "Key 2"]
    stranger = logged_in(UserFactory())
    assert stranger.post(f"{SECOND}{keys[0].pk}/bo/").status_code == 404
    for key in list(keys):
        assert browser.post(f"{SECOND}{key.pk}/bo/").status_code == 302
    assert Authenticator.objects.count() == 0  # recovery codes go with the last
    assert acts_about(person)[-1] == "second-factor-removed"


# --- where it is required ------------------------------------------------------------------------


@pytest.fixture
def _required(settings):
    settings.MFA_REQUIRED = True


@pytest.fixture
def people(person):
    city = make_unit("Thành phố", kind=UnitKind.CITY)
    editor = UserFactory(is_staff=True)
    approver = UserFactory()
    approver.groups.add(Group.objects.get(name=APPROVERS))
    auditor = UserFactory()
    make_responsible(user=auditor, unit=city, role=Responsibility.Role.AUDITOR)
    return {
        "learner": make_member(city),
        "hr": make_officer(make_unit("Sở Mẫu", parent=city)),
        "department": make_officer(city),
        "auditor": auditor,
        "administrator": UserFactory(is_superuser=True),
        "editor": editor,
        "approver": approver,
    }


@pytest.mark.usefixtures("_required")
def test_admin_statistics_and_cards_stand_behind_it(people):
    walled = {
        "hr": ["/thong-ke/", "/the-kich-hoat/"],
        "department": ["/thong-ke/", "/the-kich-hoat/"],
        "auditor": ["/thong-ke/"],
        "administrator": ["/admin/"],
        "editor": ["/admin/", "/admin/pages/"],
        "approver": ["/admin/"],
    }
    for role, places in walled.items():
        browser = Client()
        browser.force_login(people[role])
        for place in places:
            assert browser.get(place).url == f"{SECOND}?next={place}", (role, place)
            assert browser.post(place).url == f"{SECOND}?next={place}", (role, place)
        for place in ("/viec-hoc/", "/tai-khoan/", SECOND):
            assert browser.get(place).status_code == 200, (role, place)


@pytest.mark.usefixtures("_required")
def test_a_learner_meets_no_wall(people):
    browser = Client()
    browser.force_login(people["learner"])
    assert browser.get("/viec-hoc/").status_code == 200
    assert browser.get("/thong-ke/").status_code == 404
    assert Client().get("/admin/").url.startswith("/admin/login/")


@pytest.mark.usefixtures("_required")
def test_setting_one_up_opens_the_way_and_each_session_shows_it(people):
    officer = people["hr"]
    officer.set_password(PASSWORD)
    officer.save()
    first = logged_in(officer)
    secret = set_up_app(first)
    assert first.get("/thong-ke/").status_code == 200
    # A session that began without the step is asked for it at the wall.
    other = Client()
    other.force_login(officer)
    reply = other.get("/thong-ke/")
    assert reply.url == "/xac-nhan/buoc-hai/?next=/thong-ke/"
    assert other.get(reply.url).status_code == 200
    done = other.post(reply.url, {"code": app_code(secret, later=1)})
    assert done.url == "/thong-ke/"
    assert other.get("/thong-ke/").status_code == 200


def test_without_the_setting_nothing_is_in_the_way(people):
    browser = Client()
    browser.force_login(people["hr"])
    assert browser.get("/the-kich-hoat/").status_code == 200


def test_the_admins_own_log_in_asks_for_it_too(person):
    person.is_staff = True
    person.save()
    set_up_app(logged_in(person))
    for door in ("/admin/login/", "/_util/login/"):
        browser = Client()
        assert log_in(person.email, browser).url == STEP
        reply = browser.post(door, {"username": person.email, "password": PASSWORD})
        assert (reply.url, who(browser)) == (STEP, None)


def test_each_change_of_what_protects_her_is_told_by_mail(
    person, django_capture_on_commit_callbacks
):
    browser = logged_in(person)
    with django_capture_on_commit_callbacks(execute=True):
        set_up_app(browser)
    with django_capture_on_commit_callbacks(execute=True):
        browser.post(f"{SECOND}{Authenticator.objects.get(type='totp').pk}/bo/")
    new = {"new_password1": "mat-khau-moi-2026", "new_password2": "mat-khau-moi-2026"}
    with django_capture_on_commit_callbacks(execute=True):
        browser.post("/en/doi-mat-khau/", {"old_password": PASSWORD, **new})
    assert [letter.to for letter in mail.outbox] == [[person.email]] * 3
    assert len({letter.subject for letter in mail.outbox}) == 1  # Vietnamese, whatever the page
    assert len({letter.body for letter in mail.outbox}) == 2


def test_the_admins_own_account_page_changes_neither_address_nor_password(person):
    """It would do so unconfirmed and untold."""
    person.is_staff = person.is_superuser = True
    person.save()
    browser = logged_in(person)
    shown = browser.get(reverse("wagtailadmin_account")).content.decode()
    assert [word for word in ("password", 'type="email"', "first_name") if word in shown] == []


def test_an_administrator_resets_what_was_lost(person):
    set_up_app(logged_in(person))
    boss = UserFactory(is_staff=True, is_superuser=True)
    browser = Client()
    browser.force_login(boss)
    door = reverse("second_factor_reset", args=[person.pk])
    assert browser.get(door).status_code == 200
    assert Authenticator.objects.count() == 2
    assert browser.post(door).status_code == 302
    assert Authenticator.objects.count() == 0
    entry = Entry.objects.get(act="second-factor-reset")
    assert (entry.by, entry.about_key) == (boss, str(person.pk))
    assert reset_second_factor(user=person, by=boss) == 0
    assert Entry.objects.filter(act="second-factor-reset").count() == 1
    assert log_in(person.email).url == reverse("study:my")


def test_nobody_else_resets_it(people):
    for role in ("editor", "hr", "learner", "approver"):
        browser = Client()
        browser.force_login(people[role])
        browser.post(reverse("second_factor_reset", args=[people["learner"].pk]))
    assert Entry.objects.filter(act="second-factor-reset").count() == 0

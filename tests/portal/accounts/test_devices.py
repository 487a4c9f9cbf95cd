"""«Thiết bị đang đăng nhập»: what is listed, and logging out elsewhere."""

from __future__ import annotations

import datetime
import io

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from learning.audit.models import Entry
from portal.accounts.devices.actions import SEEN_SECONDS
from portal.accounts.devices.words import device_words
from tests.factories import PASSWORD, UserFactory
from tests.portal.accounts.keys import log_in, who

pytestmark = pytest.mark.django_db

DEVICES = "/tai-khoan/thiet-bi/"
ALL = f"{DEVICES}dang-xuat-het/"
PHONE = (
    "Mozilla/5.0 (Linux; Android 14; SM-A155F) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/129.0.0.0 Mobile Safari/537.36"
)
OFFICE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "coc_coc_browser/130.0.130 Chrome/124.0.6367.130 Safari/537.36"
)


@pytest.fixture
def person():
    return UserFactory(email="hoa@vidu.example")


def on(user_agent, address, person):
    browser = Client(headers={"user-agent": user_agent}, REMOTE_ADDR=address)
    assert log_in(person.email, browser).status_code == 302
    return browser


def listed(browser):
    return [
        (device.words, device.address, device.is_this)
        for device in browser.get(DEVICES).context["devices"]
    ]


def test_each_log_in_is_listed_this_one_first(person):
    on(PHONE, "203.0.113.5", person)
    office = on(OFFICE, "198.51.100.7", person)
    on(PHONE, "203.0.113.9", UserFactory())
    assert listed(office) == [
        ("Cốc Cốc, Windows", "198.51.100.7", True),
        ("Chrome, Android", "203.0.113.5", False),
    ]


def test_one_device_is_logged_out_and_the_other_goes_on(person):
    phone, office = on(PHONE, "203.0.113.5", person), on(OFFICE, "198.51.100.7", person)
    row = UserSession.objects.get(user=person, ip="203.0.113.5")
    stranger = on(PHONE, "203.0.113.9", UserFactory())
    assert stranger.post(f"{DEVICES}{row.pk}/dang-xuat/").status_code == 404
    assert office.get(f"{DEVICES}{row.pk}/dang-xuat/").status_code == 405
    assert office.post(f"{DEVICES}{row.pk}/dang-xuat/").url == DEVICES
    assert phone.get(DEVICES).url.startswith("/dang-nhap/")
    assert len(listed(office)) == 1
    assert office.post(f"{DEVICES}{row.pk}/dang-xuat/").status_code == 404
    entry = Entry.objects.get()
    assert (entry.act, entry.about_key) == ("session-ended", str(person.pk))


def test_everywhere_else_is_one_button(person):
    others = [on(PHONE, f"203.0.113.{n}", person) for n in range(3)]
    office = on(OFFICE, "198.51.100.7", person)
    assert office.post(ALL).url == DEVICES
    assert [who(browser) for browser in (*others, office)] == [None, None, None, person.pk]
    assert Entry.objects.get(act="sessions-ended").details["count"] == 3
    assert office.post(ALL).url == DEVICES
    assert Entry.objects.filter(act="sessions-ended").count() == 1


def test_a_new_password_logs_the_others_out_and_this_device_stays(person):
    phone, office = on(PHONE, "203.0.113.5", person), on(OFFICE, "198.51.100.7", person)
    new = "mot-mat-khau-moi-2026"
    fields = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    office.post("/doi-mat-khau/", fields)
    assert listed(office) == [("Cốc Cốc, Windows", "198.51.100.7", True)]
    assert phone.get(DEVICES).url.startswith("/dang-nhap/")


def test_who_logs_out_is_listed_no_longer(person):
    phone, office = on(PHONE, "203.0.113.5", person), on(OFFICE, "198.51.100.7", person)
    phone.post("/dang-xuat/")
    on(PHONE, "203.0.113.6", person)
    Session.objects.exclude(session_key=office.session.session_key).update(
        expire_date=timezone.now() - datetime.timedelta(seconds=1)
    )
    assert len(listed(office)) == 1


def test_a_timer_forgets_what_is_over(person):
    on(PHONE, "203.0.113.5", person)
    office = on(OFFICE, "198.51.100.7", person)
    Session.objects.exclude(session_key=office.session.session_key).update(
        expire_date=timezone.now() - datetime.timedelta(seconds=1)
    )
    call_command("forget_old_keys", stdout=io.StringIO())
    assert [row.ip for row in UserSession.objects.all()] == ["198.51.100.7"]
    assert (Session.objects.count(), who(office)) == (1, person.pk)


def test_last_seen_is_written_by_what_she_sends_once_an_hour(person):
    phone = on(PHONE, "203.0.113.5", person)
    long_ago = timezone.now() - datetime.timedelta(days=2)
    rows = UserSession.objects.filter(user=person)
    rows.update(last_seen_at=long_ago)
    phone.post(ALL)
    assert rows.get().last_seen_at == long_ago  # noted at log-in, within this hour
    cache.clear()  # an hour later
    phone.get(DEVICES)
    assert rows.get().last_seen_at == long_ago
    phone.post(ALL, REMOTE_ADDR="203.0.113.77")
    seen = rows.get()
    assert (timezone.now() - seen.last_seen_at).total_seconds() < 60 < SEEN_SECONDS
    assert seen.ip == "203.0.113.77"


def test_the_list_costs_the_same_for_one_device_and_three(person, django_assert_num_queries):
    office = on(OFFICE, "198.51.100.7", person)
    office.get(DEVICES)
    for number in range(3):
        with django_assert_num_queries(6):
            office.get(DEVICES)
        on(PHONE, f"203.0.113.{number}", person)


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (PHONE, "Chrome, Android"),
        (PHONE.replace("Chrome", "SamsungBrowser/26.0 Chrome"), "Samsung Internet, Android"),
        (OFFICE.replace("coc_coc_browser/130.0.130 ", "") + " Edg/129.0", "Edge, Windows"),
        (
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 "
                "(KHTML, like Gecko) Mobile/15E148 Zalo iOS/612"
            ),
            "Zalo, iPhone",
        ),
        ("curl/8.5.0", "Thiết bị không rõ"),
        ("", "Thiết bị không rõ"),
    ],
)
def test_a_browser_is_named_in_words(user_agent, words):
    assert device_words(user_agent) in (words, "Unknown device")

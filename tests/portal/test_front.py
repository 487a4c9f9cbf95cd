"""What every answer of the site carries: health, security headers."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.factories import PASSWORD, UserFactory, make_course, make_editor

pytestmark = pytest.mark.django_db


def policy(reply):
    """The answer's content security policy as directive → sources."""
    parts = reply.headers["Content-Security-Policy"].split(";")
    return {part.split()[0]: set(part.split()[1:]) for part in parts if part.strip()}


def test_healthy():
    reply = Client().get("/healthz", HTTP_ACCEPT="application/json")
    assert reply.status_code == 200
    assert "no-store" in reply.headers["Cache-Control"]


def test_public_pages_allow_no_inline_script_or_style():
    course = make_course(modules=1, lessons=1)
    addresses = ["/", course.page.url, course.all_lessons[0].url, "/dang-nhap/", "/khong-co/"]
    for address in addresses:
        rules = policy(Client().get(address))
        assert rules["script-src"] == rules["style-src"] == rules["default-src"] == {"'self'"}
        assert rules["object-src"] == {"'none'"}
        assert rules["frame-ancestors"] == {"'self'"}


def test_public_pages_hold_no_inline_script_style_or_handler():
    course = make_course(modules=1, lessons=1)
    for address in ["/", course.page.url, course.all_lessons[0].url, "/dang-nhap/"]:
        html = Client().get(address).content.decode()
        assert "<style" not in html
        assert " style=" not in html
        assert " onclick=" not in html
        assert html.count("<script") == html.count("<script src=")


def test_the_admin_has_a_policy_of_its_own():
    make_course(modules=1, lessons=1)
    rules = policy(make_editor().get("/admin/"))
    assert "'unsafe-inline'" in rules["script-src"] & rules["style-src"]
    assert rules["object-src"] == {"'none'"}


def test_other_headers():
    make_course(modules=1, lessons=1)
    headers = Client().get("/").headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "SAMEORIGIN"


def test_the_session_is_kept_from_scripts_and_other_sites():
    browser, person = Client(), UserFactory()
    browser.post("/dang-nhap/", {"username": person.email, "password": PASSWORD})
    morsel = browser.cookies["sessionid"]
    assert morsel["httponly"] is True
    assert morsel["samesite"] == "Lax"

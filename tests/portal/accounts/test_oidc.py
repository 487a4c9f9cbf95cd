"""Log-in by another system, against a real OpenID Connect provider over HTTP."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.conf import settings as plain_settings
from django.contrib.auth import get_user_model
from django.test import Client
from oidc_provider_mock import User, run_server_in_thread

from learning.audit.models import Entry
from tests.factories import UserFactory
from tests.portal.accounts.keys import app_code, set_up_app, who

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]

START, BACK = "/dang-nhap/mot-lan/sso/", "/dang-nhap/mot-lan/sso/ve/"
EMAIL = "hoa@vidu.example"
HOA = {"ho_ten": "Đỗ Mẫu Hòa", "email": EMAIL, "email_verified": True}
PEOPLE = [
    User(sub="code", claims=HOA | {"ma_can_bo": "hp-01", "email": "khac@vidu.example"}),
    User(sub="mail", claims=HOA),
    User(sub="unproved", claims=HOA | {"email_verified": False}),
    User(sub="changing", claims=HOA),
]


@pytest.fixture(scope="module")
def provider():
    with run_server_in_thread(user_claims=PEOPLE, require_nonce=True) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture(autouse=True)
def _plugged_in(provider, settings):
    settings.OIDC_ISSUER = provider
    settings.OIDC_CLAIMS = plain_settings.OIDC_CLAIMS | {
        "staff_code": "ma_can_bo",
        "full_name": "ho_ten",
    }
    settings.SOCIALACCOUNT_PROVIDERS = providers(provider)


def providers(address: str) -> dict[str, Any]:
    """The settings' one provider, at this address."""
    app = {
        "provider_id": "sso",
        "name": "Cổng mẫu",
        "client_id": "khoa-hoc",
        "secret": "bi-mat",
        "settings": {
            "server_url": address,
            "oauth_pkce_enabled": True,
            "scope": ["openid", "profile", "email"],
        },
    }
    return {"openid_connect": {"APPS": [app]}}


def asked_for(browser: Client, then: str = "") -> str:
    """The address at the provider that the button leads to."""
    reply = browser.post(START, {"next": then} if then else {})
    assert reply.status_code == 302, reply.content.decode()
    return reply.url


def answer_of(question: str, sub: str = "", *, deny: bool = False) -> str:
    """Where the provider sends the browser back to, once the person has chosen there."""
    told = {"action": "deny"} if deny else {"sub": sub}
    reply = requests.post(question, data=told, allow_redirects=False, timeout=10)
    assert reply.status_code in (302, 303), reply.text
    back = urlsplit(reply.headers["Location"])
    assert back.path == BACK
    return f"{back.path}?{back.query}"


def come_in(browser: Client, sub: str, then: str = "") -> Any:
    return browser.get(answer_of(asked_for(browser, then), sub))


def words_of(reply: Any) -> str:
    return re.sub(r"\s+", " ", reply.content.decode())


def test_she_is_found_by_the_staff_code_that_the_claim_map_names():
    hoa = UserFactory(email=None, staff_code="HP-01")
    UserFactory(email=EMAIL)
    browser = Client()
    assert "Đăng nhập bằng tài khoản thành phố" in words_of(browser.get("/dang-nhap/"))
    reply = come_in(browser, "code", then="/hoc/?a=1")
    assert (reply.status_code, reply.url, who(browser)) == (302, "/hoc/?a=1", hoa.pk)
    joined = SocialAccount.objects.get()
    assert (joined.user_id, joined.uid, joined.extra_data) == (hoa.pk, "code", {})
    assert list(Entry.objects.values_list("act", "about_key")) == [("sso-joined", str(hoa.pk))]


def test_a_checked_e_mail_finds_her_and_an_unchecked_one_does_not():
    hoa = UserFactory(email=EMAIL)
    browser, other = Client(), Client()
    come_in(browser, "mail")
    assert who(browser) == hoa.pk
    refused = come_in(other, "unproved")
    assert (refused.status_code, who(other)) == (403, None)
    assert SocialAccount.objects.count() == 1


def test_she_is_still_herself_when_her_address_changes_there(provider):
    hoa = UserFactory(email=EMAIL)
    come_in(Client(), "changing")
    new = HOA | {"email": "ten-moi@vidu.example"}
    stranger = UserFactory(email=new["email"])
    requests.put(f"{provider}/users/changing", json=new, timeout=10).raise_for_status()
    browser = Client()
    come_in(browser, "changing")
    hoa.refresh_from_db()
    assert (who(browser), hoa.email) == (hoa.pk, EMAIL)
    assert not SocialAccount.objects.filter(user=stranger).exists()


def test_who_is_unknown_here_is_told_and_kept_out():
    browser = Client()
    reply = come_in(browser, "mail")
    assert (reply.status_code, who(browser)) == (403, None)
    assert EMAIL in words_of(reply)
    assert (get_user_model().objects.count(), SocialAccount.objects.count()) == (0, 0)


def test_where_the_setting_allows_it_she_gets_an_account(settings):
    settings.OIDC_MAKES_ACCOUNTS = True
    browser = Client()
    come_in(browser, "code")
    made = get_user_model().objects.get()
    told = (made.full_name, made.staff_code, made.email, made.has_usable_password())
    assert told == ("Đỗ Mẫu Hòa", "HP-01", "khac@vidu.example", False)
    assert (who(browser), made.is_staff) == (made.pk, False)


def test_cancelled_there_is_a_page_here():
    browser = Client()
    reply = browser.get(answer_of(asked_for(browser), deny=True))
    assert (reply.status_code, reply.context["cancelled"]) == (400, True)
    assert who(browser) is None


def test_an_answer_counts_once_and_only_in_the_browser_that_asked():
    UserFactory(email=EMAIL)
    mine, thief = Client(), Client()
    answer = answer_of(asked_for(mine), "mail")
    stolen = thief.get(answer)
    assert (stolen.status_code, who(thief)) == (400, None)
    assert mine.get(answer).status_code == 302
    mine.post("/dang-xuat/")
    replayed = mine.get(answer)
    assert (replayed.status_code, who(mine)) == (400, None)


@pytest.mark.parametrize("lost", ["state", "code"])
def test_an_answer_without_its_parts_is_refused(lost):
    UserFactory(email=EMAIL)
    browser = Client()
    parts = parse_qs(urlsplit(answer_of(asked_for(browser), "mail")).query)
    del parts[lost]
    reply = browser.get(f"{BACK}?{urlencode(parts, doseq=True)}")
    assert (reply.status_code, who(browser)) == (400, None)


def test_a_token_for_another_question_is_refused():
    """Somebody puts an answer of hers under a question of ours: its nonce is not the one sent."""
    UserFactory(email=EMAIL)
    browser = Client()
    question = urlsplit(asked_for(browser))
    parts = parse_qs(question.query)
    assert (parts["code_challenge_method"], len(parts["nonce"][0])) == (["S256"], 32)
    parts["nonce"] = ["mot-cau-hoi-khac"]
    reply = browser.get(answer_of(question._replace(query=urlencode(parts, True)).geturl(), "mail"))
    assert (reply.status_code, who(browser)) == (400, None)


def test_a_provider_that_speaks_for_somebody_else_is_refused(settings):
    settings.OIDC_ISSUER = "https://sso.vidu.example"
    reply = Client().post(START)
    assert (reply.status_code, reply.context["cancelled"]) == (400, False)


def test_a_provider_out_of_reach_is_a_page(settings):
    settings.SOCIALACCOUNT_PROVIDERS = providers("http://localhost:1")
    assert Client().post(START).status_code == 400


def test_the_second_factor_is_asked_for_all_the_same():
    hoa = UserFactory(email=EMAIL)
    browser = Client()
    browser.post("/dang-nhap/", {"username": EMAIL, "password": "mat-khau-thu-2026"})
    secret = set_up_app(browser)
    browser = Client()
    reply = come_in(browser, "mail")
    assert (reply.url, who(browser)) == ("/dang-nhap/buoc-hai/", None)
    browser.post(reply.url, {"code": app_code(secret, later=1)})
    assert who(browser) == hoa.pk


def test_a_closed_account_stays_out():
    UserFactory(email=EMAIL, is_active=False)
    browser = Client()
    assert (come_in(browser, "mail").status_code, who(browser)) == (403, None)


def test_without_a_provider_there_is_neither_button_nor_door(settings):
    settings.OIDC_ISSUER, settings.SOCIALACCOUNT_PROVIDERS = "", {"openid_connect": {"APPS": []}}
    browser = Client()
    assert browser.get("/dang-nhap/").context["sso"] == ""
    assert (browser.post(START).status_code, browser.get(BACK).status_code) == (404, 404)
    assert browser.get(START).status_code == 405

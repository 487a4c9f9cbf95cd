"""Log-in by another system, against a real OpenID Connect provider over HTTP."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth import get_user_model
from django.test import Client
from oidc_provider_mock import User, run_server_in_thread

from tests.factories import UserFactory
from tests.portal.accounts.keys import set_up_app, who

pytestmark = pytest.mark.django_db

START, BACK = "/dang-nhap/mot-lan/sso/", "/dang-nhap/mot-lan/sso/ve/"
HOA = {"name": "Đỗ Mẫu Hòa", "email": "hoa@vidu.example", "email_verified": True, "ma_can_bo": "hp-01"}
PEOPLE = [
    User(sub="1", claims=HOA, userinfo=HOA),
    User(sub="2", claims=HOA | {"ma_can_bo": None, "email_verified": False}),
    User(sub="3", claims={"name": "Người Thí Dụ Lạ", "email": "la@vidu.example", "email_verified": True}),
]


@pytest.fixture(scope="module")
def provider():
    with run_server_in_thread(user_claims=PEOPLE, require_nonce=True) as server:
        yield f"http://localhost:{server.server_port}"

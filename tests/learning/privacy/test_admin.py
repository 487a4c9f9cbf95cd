"""What the department sets about personal data, in the admin: each change stands in the log."""

from __future__ import annotations

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from learning.audit.models import Entry
from learning.privacy.actions import record_consent
from learning.privacy.models import CalendarDay, ConsentText, RetentionRule
from learning.privacy.queries import answer_due, current_consent_text
from tests.learning.organisations.factories import make_user
from tests.learning.privacy.factories import browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    return browser(make_user("Đỗ Mẫu Quản Trị", is_staff=True, is_superuser=True))


def sent(browser, name, data, *args):
    return browser.post(reverse(name, args=args), data)


def test_a_rule_is_set_changed_and_taken_back_and_the_notice_says_so(admin):
    told = {"kind": "disclosures", "months": "24", "reason": "Quyết định 1/QĐ-VD"}
    sent(admin, "privacy_rules:add", told)
    rule = RetentionRule.objects.get()
    assert (rule.kind, rule.months) == ("disclosures", 24)
    notice = admin.get("/thong-bao-xu-ly-du-lieu/").context["kept"]
    assert [line.how_long for line in notice if line.kept.slug == "disclosures"] != []
    sent(admin, "privacy_rules:edit", told | {"months": "12"}, rule.pk)
    sent(admin, "privacy_rules:delete", {}, rule.pk)
    assert not RetentionRule.objects.exists()
    entries = Entry.objects.filter(act="privacy-setting-changed").order_by("pk")
    assert [
        (e.details.get("before", {}).get("months"), e.details.get("after", {}).get("months"))
        for e in entries
    ] == [(None, 24), (24, 12), (12, None)]


@pytest.mark.parametrize(
    ("change", "field"),
    [({"kind": "khong-co"}, "kind"), ({"kind": "roles"}, "kind"), ({"months": "0"}, "months")],
)
def test_a_rule_that_rules_nothing_is_refused_at_its_field(admin, change, field):
    told = {"kind": "disclosures", "months": "24", "reason": "Quyết định 1"} | change
    form = sent(admin, "privacy_rules:add", told).context["form"]
    assert (list(form.errors), form["reason"].value()) == ([field], "Quyết định 1")
    assert not RetentionRule.objects.exists()


def test_a_text_that_was_agreed_to_stays_and_a_new_version_follows(admin):
    text = ConsentText.objects.get()
    record_consent(user=make_user(), purpose=text.purpose, version=text.version, at=timezone.now())
    told = {
        "purpose": text.purpose,
        "version": text.version,
        "title": "Khác",
        "text": "Khác",
        "valid_from": "01/11/2026",
    }
    sent(admin, "privacy_consents:edit", told, text.pk)
    sent(admin, "privacy_consents:delete", {}, text.pk)
    assert ConsentText.objects.get().text == text.text
    sent(admin, "privacy_consents:add", told | {"version": "2"})
    assert ConsentText.objects.count() == 2
    now = current_consent_text(text.purpose)
    assert now is not None
    assert (now.version, now.text) == ("2", "Khác")


def test_a_day_off_puts_the_answer_off(admin):
    monday = datetime.date(2026, 11, 23)
    assert answer_due(asked_on=monday) == datetime.date(2026, 11, 25)
    sent(admin, "privacy_calendar:add", {"day": "24/11/2026", "name": "Ngày thử"})
    assert CalendarDay.objects.get(name="Ngày thử").works is False
    assert answer_due(asked_on=monday) == datetime.date(2026, 11, 26)

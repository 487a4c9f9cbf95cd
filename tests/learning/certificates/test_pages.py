"""Anyone checks a certificate; only those who may have it get the paper."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from learning.certificates import actions
from learning.certificates.actions import revoke_certificate
from learning.certificates.codes import new_code, printed
from learning.certificates.models import Certificate, CertificateFile
from learning.organisations.actions import make_responsible, place_member
from portal.home.setup import ensure_home
from tests.factories import EnrolmentFactory, MembershipFactory, UnitFactory, UserFactory
from tests.learning.certificates.factories import issue

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _home():
    ensure_home(hostname="testserver")


def page_of(certificate) -> str:
    return reverse("certificates:verify_code", args=[certificate.code])


def paper_at(certificate) -> str:
    return reverse("certificates:pdf", args=[certificate.code])


def browser(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def check(client, typed):
    return client.get(reverse("certificates:verify"), {"ma": typed}, follow=True)


def test_a_valid_one_is_confirmed_with_what_the_paper_says(client):
    certificate = issue(full_name="Đặng Thị Ưởng")
    with CaptureQueriesContext(connection) as queries:
        reply = client.get(page_of(certificate))
    html = reply.content.decode()
    assert reply.status_code == 200
    assert len(queries) < 5, [query["sql"] for query in queries]
    assert "verdict--ok" in html
    assert "verdict--void" not in html
    for said in ("Đặng Thị Ưởng", "UBND phường Lê Chân", certificate.number_text, certificate.code):
        assert said in html
    assert certificate.enrolment.user.email not in html
    assert reply["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize(
    "typed_as",
    [
        str,
        str.lower,
        lambda code: code.replace("-", ""),
        lambda code: f"  {code.replace('-', ' ')} ",
        lambda code: code.replace("0", "O").replace("1", "l"),
        lambda code: code.replace("0", "o").replace("1", "I"),
    ],
)
def test_a_code_is_found_however_it_was_typed(client, typed_as, monkeypatch):
    code = printed("0101000011110", check=True)
    monkeypatch.setattr(actions, "new_code", lambda: code)
    certificate = issue()
    reply = check(client, typed_as(code))
    assert reply.redirect_chain[-1][0] == reverse("certificates:verify_code", args=[code])
    assert certificate.number_text in reply.content.decode()
    reply = client.get(reverse("certificates:verify_code", args=[typed_as(code)]), follow=True)
    assert certificate.number_text in reply.content.decode()


@pytest.mark.parametrize("typed", ["", "   ", "7K3M", "<b>x</b>", "Ă" * 14, "7" * 5000])
def test_what_is_no_code_is_told_at_the_field(client, typed):
    html = check(client, typed).content.decode()
    assert 'id="code-error"' in html
    assert re.search(r'<input[^>]*aria-describedby="code-hint code-error"[^>]*aria-invalid', html)
    assert "verdict--" not in html
    assert "<b>x</b>" not in html


def test_one_wrong_sign_is_told_apart_from_an_unknown_code(client):
    code = issue().code
    wrong = ("1" if code[0] != "1" else "2") + code[1:]
    mistyped, unknown = check(client, wrong), check(client, new_code())
    assert mistyped.context["error"] != unknown.context["error"]
    assert mistyped.context["typed"] == wrong
    assert client.get(reverse("certificates:verify_code", args=[new_code()])).status_code == 404


def test_the_empty_form_complains_about_nothing(client):
    reply = client.get(reverse("certificates:verify"))
    assert reply.status_code == 200
    assert "code-error" not in reply.content.decode()


def test_a_revoked_one_says_when_why_and_what_replaced_it(client):
    enrolment = EnrolmentFactory(course_key=uuid4())
    old = issue(enrolment, full_name="Le Van Sai")
    revoke_certificate(certificate=old, reason="Cấp lại do sai họ tên", by=UserFactory())
    new = issue(enrolment, full_name="Lê Văn Đúng")
    html = client.get(page_of(old)).content.decode()
    assert "verdict--void" in html
    assert "verdict--ok" not in html
    assert "Cấp lại do sai họ tên" in html
    assert page_of(new) in html
    assert "verdict--ok" in client.get(page_of(new)).content.decode()


def test_three_people_and_a_stranger_ask_for_the_paper(issue_drawn):
    city = UnitFactory()
    ward, other = UnitFactory(parent=city), UnitFactory(parent=city)
    holder = MembershipFactory(unit=ward).user
    certificate = issue_drawn(EnrolmentFactory(user=holder, course_key=uuid4()))
    hr, hr_above, hr_elsewhere = UserFactory(), UserFactory(), UserFactory()
    make_responsible(user=hr, unit=ward)
    make_responsible(user=hr_above, unit=city)
    make_responsible(user=hr_elsewhere, unit=other)
    root = UserFactory(is_superuser=True)

    for person in (holder, hr, hr_above, root):
        reply = browser(person).get(paper_at(certificate))
        assert reply.status_code == 200, person
        assert reply["Content-Type"] == "application/pdf"
        assert b"".join(reply.streaming_content).startswith(b"%PDF-")
    for person in (hr_elsewhere, MembershipFactory(unit=ward).user):
        assert browser(person).get(paper_at(certificate)).status_code == 404
    reply = Client().get(paper_at(certificate))
    assert reply.status_code == 302
    assert reply["Location"].startswith(reverse("accounts:login"))


def test_the_officer_of_the_unit_she_moved_to_has_the_paper(issue_drawn):
    before, after = UnitFactory(), UnitFactory()
    member = MembershipFactory(unit=before)
    certificate = issue_drawn(EnrolmentFactory(user=member.user, course_key=uuid4()))
    officers = {unit: UserFactory() for unit in (before, after)}
    for unit, officer in officers.items():
        make_responsible(user=officer, unit=unit)
    place_member(user=member.user, unit=after, position="", on=member.started_on)
    asked = {
        unit: browser(officer).get(paper_at(certificate)) for unit, officer in officers.items()
    }
    assert asked[before].status_code == 404
    assert asked[after].status_code == 200
    assert b"".join(asked[after].streaming_content).startswith(b"%PDF-")


def test_an_unknown_code_has_no_paper():
    assert browser(UserFactory()).get(f"/giay-chung-nhan/{new_code()}.pdf").status_code == 404


def test_a_paper_that_is_not_drawn_yet_is_waited_for():
    certificate = issue()
    before = CertificateFile.objects.values().get(certificate=certificate)
    reply = browser(certificate.enrolment.user).get(paper_at(certificate))
    assert reply.status_code == 202
    assert paper_at(certificate) in reply.content.decode()
    assert CertificateFile.objects.values().get(certificate=certificate) == before


def test_my_certificates_are_mine_alone(issue_drawn):
    mine, hers = issue_drawn(), issue_drawn()
    html = browser(mine.enrolment.user).get(reverse("certificates:mine")).content.decode()
    assert paper_at(mine) in html
    assert "Tải PDF" in html
    assert hers.code not in html
    assert Client().get(reverse("certificates:mine")).status_code == 302


def test_administrators_read_the_register_and_change_nothing():
    certificate = issue()
    admin = browser(UserFactory(is_superuser=True, is_staff=True))
    url = "/admin/snippets/certificates/certificate"
    listed = admin.get(f"{url}/")
    assert listed.status_code == 200
    assert certificate.number_text in listed.content.decode()
    assert admin.get(f"{url}/inspect/{certificate.pk}/").status_code == 200
    for way in ("add/", f"edit/{certificate.pk}/", f"delete/{certificate.pk}/"):
        assert admin.post(f"{url}/{way}", {"full_name": "Khác"}).status_code in (302, 403, 404), way
    assert Certificate.objects.get(pk=certificate.pk).full_name == certificate.full_name
    assert Certificate.objects.count() == 1

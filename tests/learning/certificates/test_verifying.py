"""Anyone checks a certificate: every state, by code, by file, by machine, and how often."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from learning.certificates.actions import reissue_certificate, revoke_certificate
from learning.certificates.codes import new_code
from learning.certificates.hashes import note_hash
from learning.certificates.models import CourseRule, PaperHash
from learning.certificates.verifying import limits
from portal.home.setup import ensure_home
from tests.factories import EnrolmentFactory, MembershipFactory, UserFactory
from tests.learning.certificates.factories import issue

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _home():
    ensure_home(hostname="testserver")


def page(certificate) -> str:
    return reverse("certificates:verify_code", args=[certificate.code])


def machine(client, code):
    return client.get(reverse("certificates:verify_json", args=[code]))


def send(client, content=b"%PDF-1.7 x", **fields):
    sent = SimpleUploadedFile("a.pdf", content, content_type="application/pdf")
    return client.post(reverse("certificates:check_file"), {"pdf": sent, **fields})


def drawn(certificate, content: bytes, kind=PaperHash.Kind.DRAWN) -> bytes:
    note_hash(certificate=certificate, sha256=hashlib.sha256(content).hexdigest(), kind=kind)
    return content


@pytest.fixture
def in_each_state(monkeypatch):
    """One certificate in each state, by its name."""
    key = uuid4()
    CourseRule.objects.create(course_key=key, valid_months=1)
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now - timedelta(days=60))
    expired = issue(course_key=key)
    monkeypatch.undo()
    by = UserFactory()
    reissued = issue(full_name="Le Van Sai")
    newer = reissue_certificate(certificate=reissued, full_name="Lê Văn", reason="Tên", by=by)
    reissue_certificate(certificate=newer, full_name="Lê Văn Đúng", reason="Tên", by=by)
    revoked = revoke_certificate(certificate=issue(), reason="Thi hộ", by=by)
    return {"valid": issue(), "expired": expired, "reissued": reissued, "revoked": revoked}


@pytest.mark.parametrize("state", ["valid", "expired", "reissued", "revoked"])
def test_each_state_is_told_to_people_and_machines(client, in_each_state, state):
    certificate = in_each_state[state]
    with CaptureQueriesContext(connection) as queries:
        reply = client.get(page(certificate))
    assert len(queries) < 5, [query["sql"] for query in queries]
    html = reply.content.decode()
    assert certificate.full_name in html
    assert ("verdict--ok" in html) is (state == "valid")
    told = machine(client, certificate.code).json()
    assert (told["state"], told["number"]) == (state, certificate.number_text)
    if state == "reissued":
        assert "Lê Văn Đúng" not in html
        assert page(certificate.replaced_by.replaced_by) in html
        assert told["replaced_by"]["number"] == certificate.replaced_by.number_text
    if state == "revoked":
        assert "Thi hộ" in html
        assert told["revoked_reason"] == "Thi hộ"
        assert told["revoked_on"] == timezone.localdate().isoformat()
    if state == "expired":
        assert f"{certificate.expires_on:%d/%m/%Y}" in html


def test_a_machine_is_answered_from_every_origin_and_by_the_accept_header(client):
    certificate = issue()
    asked = client.get(page(certificate), headers={"accept": "application/json"})
    assert asked["Content-Type"] == "application/json"
    assert asked["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in asked
    assert "Set-Cookie" not in asked.headers
    assert "Accept" in asked["Vary"]
    told = machine(client, certificate.code.lower().replace("-", " ")).json()
    assert told | {"checked_at": ""} == asked.json() | {"checked_at": ""}
    assert certificate.enrolment.user.email not in asked.content.decode()
    assert machine(client, new_code()).json() == {"error": "unknown_code"}
    assert machine(client, "x").json() == {"error": "malformed_code"}


def test_it_is_shown_when_person_course_unit_and_template_are_gone(client):
    member = MembershipFactory()
    enrolment = EnrolmentFactory(user=member.user, course_key=uuid4())
    certificate = issue(enrolment, unit_id=member.unit.pk, unit_name=member.unit.name)
    user, unit = member.user, member.unit
    enrolment.delete()
    member.delete()
    user.delete()
    unit.delete()
    html = client.get(page(certificate)).content.decode()
    assert "verdict--ok" in html
    assert certificate.full_name in html
    assert certificate.unit_name in html
    assert machine(client, certificate.code).json()["state"] == "valid"


@pytest.mark.parametrize(
    "code",
    [
        "7K3M-92QF-XWAB-4C%00",
        "<script>alert(1)</script>",
        "' OR 1=1 --",
        "Ａ" * 14,
        "٠" * 14,
        "0" * 3000,
        "‮7K3M",
    ],
)
def test_a_forged_address_finds_nothing_and_runs_nothing(client, code):
    issue()
    reply = client.get(reverse("certificates:verify_code", args=[code.replace("/", "")]))
    assert reply.status_code == 404
    assert "<script>alert" not in reply.content.decode()
    assert machine(client, code.replace("/", "")).status_code == 404


@pytest.mark.parametrize(
    "name",
    ["Mẫu 🙂 An", "מרים אל", '<b>Đậm</b> & "x"', "Nguyễn " * 17, "{{ x }} {% y %} #set page()"],
)
def test_odd_names_are_shown_as_they_are(client, name):
    name = name.strip()[:120]
    certificate = issue(full_name=name)
    reply = client.get(page(certificate))
    assert reply.context["certificate"].full_name == name
    assert "<b>Đậm" not in reply.content.decode()
    assert "<bdi>" in reply.content.decode()
    assert machine(client, certificate.code).json()["full_name"] == name


def test_the_right_pdf_matches_and_says_which(client):
    certificate = issue()
    pdf = drawn(certificate, b"%PDF-1.7 A", PaperHash.Kind.SIGNED)
    reply = send(client, pdf, ma=certificate.code)
    assert reply.context["matches"] is True
    assert reply.context["dropped"].kind == "signed"
    sha256 = hashlib.sha256(pdf).hexdigest()
    by_hash = client.post(reverse("certificates:check_file"), {"sha256": sha256})
    assert by_hash.context["certificate"] == certificate
    assert sha256 in client.get(page(certificate)).content.decode()


def test_one_changed_byte_does_not_match(client):
    certificate = issue()
    drawn(certificate, b"%PDF-1.7 A")
    reply = send(client, b"%PDF-1.7 B", ma=certificate.code)
    assert (reply.context["matches"], reply.context["certificate"]) == (False, certificate)
    alone = send(client, b"%PDF-1.7 B")
    assert alone.context["unknown_file"] is True


def test_somebody_elses_pdf_is_told_with_its_own_state(client):
    mine, hers = issue(), issue()
    pdf = drawn(hers, b"%PDF-1.7 hers")
    revoke_certificate(certificate=hers, reason="Thi hộ", by=UserFactory())
    reply = send(client, pdf, ma=mine.code)
    assert (reply.context["matches"], reply.context["certificate"]) == (False, hers)
    assert reply.context["state"] == "revoked"


@pytest.mark.parametrize(
    ("content", "status"), [(b"PK no pdf", 400), (b"%PDF-" + b"x" * (10 * 1024 * 1024), 400)]
)
def test_a_file_that_cannot_be_one_is_refused(client, content, status):
    reply = send(client, content)
    assert reply.status_code == status
    assert reply.context["file_error"]


def test_no_file_at_all_is_told(client):
    reply = client.post(reverse("certificates:check_file"), {})
    assert reply.context["file_error"]
    assert client.get(reverse("certificates:check_file")).status_code == 302


def test_guessing_is_slowed_and_the_office_goes_on(monkeypatch):
    monkeypatch.setattr(limits, "MISSES", 3)
    certificate, client = issue(), Client(REMOTE_ADDR="203.0.113.7")
    for _n in range(3):
        assert machine(client, new_code()).status_code == 404
    refused = machine(client, new_code())
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) > 0
    told = client.get(reverse("certificates:verify_code", args=[new_code()]))
    assert (
        told.status_code,
        told.context.get("certificate", ""),
    ) == (429, "")
    assert client.get(page(certificate)).status_code == 200
    assert machine(client, certificate.code).json()["state"] == "valid"
    assert machine(client, "typing error").status_code == 404
    elsewhere = Client(REMOTE_ADDR="203.0.113.8")
    assert machine(elsewhere, new_code()).status_code == 404


def test_too_many_questions_are_put_off(monkeypatch):
    monkeypatch.setattr(limits, "LOOKUPS", 2)
    certificate = issue()
    client = Client(REMOTE_ADDR="2001:db8::1")
    neighbour = Client(REMOTE_ADDR="2001:db8::2")
    for _n in range(2):
        assert client.get(page(certificate)).status_code == 200
    assert client.get(page(certificate)).status_code == 429
    assert machine(neighbour, certificate.code).status_code == 429
    assert machine(Client(REMOTE_ADDR="2001:db8:1::1"), certificate.code).status_code == 200


def test_an_expired_one_is_valid_to_the_end_of_its_last_day():
    certificate = issue()
    certificate.expires_on = date(2026, 3, 5)
    assert certificate.state(on=date(2026, 3, 5)) == "valid"
    assert certificate.state(on=date(2026, 3, 6)) == "expired"

"""After the issue: two persons revoke and restore, expiry, sharing, the papers of a unit."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from uuid import uuid4

import openpyxl
import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from learning.audit.models import Disclosure, Entry
from learning.certificates.actions import NotValidError, reissue_certificate
from learning.certificates.kept import CERTIFICATES
from learning.certificates.life import bundling
from learning.certificates.life.bundling import forget_bundles, name_of
from learning.certificates.life.expiring import enter_expired
from learning.certificates.life.requests import SamePersonError, ask, decide
from learning.certificates.life.sharing import switch_sharing
from learning.certificates.models import (
    Bundle,
    Certificate,
    CourseRule,
    RegisterEntry,
    ShareLink,
    StandingRequest,
)
from learning.certificates.register.checking import check_chain
from learning.notices.models import Notice
from learning.organisations.models import Responsibility
from learning.privacy.signals import name_corrected
from portal.home.setup import ensure_home
from tests.factories import EnrolmentFactory, UnitFactory, UserFactory
from tests.learning.certificates.factories import issue, responsible

pytestmark = pytest.mark.django_db
Kind = StandingRequest.Kind
REQUESTS = "/so-cap-giay-chung-nhan/de-nghi/"
BUNDLES = "/so-cap-giay-chung-nhan/tap-giay/"


@pytest.fixture(autouse=True)
def _home():
    ensure_home(hostname="testserver")


@pytest.fixture
def unit():
    return UnitFactory(name="UBND phường Lê Chân")


def logged_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def department(**named):
    user = UserFactory(**named)
    user.user_permissions.add(Permission.objects.get(codename="manage_register"))
    return user


def of(unit, enrolment=None, **changed):
    return issue(enrolment, unit_id=unit.pk, unit_name=unit.name, **changed)


def asking(certificate) -> str:
    return reverse("certificates:ask", args=[certificate.code])


def acts(certificate) -> list[tuple[str, str, str]]:
    entries = RegisterEntry.objects.filter(certificate=certificate).order_by("sequence")
    return list(entries.values_list("act", "by_name", "approved_by_name"))


def test_one_asks_another_decides_and_both_stand_in_register_and_log(unit):
    officer, chief = responsible(unit), department(full_name="Trần Mẫu Sở")
    certificate = of(unit)
    assert logged_in(officer).post(asking(certificate), {"reason": "Thi hộ"}).status_code == 302
    assert Certificate.objects.get().state() == "valid"
    asked = StandingRequest.objects.get()
    page = logged_in(chief).get(REQUESTS)
    assert list(page.context["page_of"]) == [asked]
    decision = logged_in(chief).post(f"{REQUESTS}{asked.pk}/", {"decision": "approve"})
    assert decision.status_code == 302
    certificate.refresh_from_db()
    assert (certificate.state(), certificate.revoked_reason) == ("revoked", "Thi hộ")
    assert acts(certificate)[1:] == [("revoked", officer.get_full_name(), "Trần Mẫu Sở")]
    logged = Entry.objects.filter(act__in=("certificate-act-asked", "certificate-revoked"))
    assert [entry.by for entry in logged.order_by("pk")] == [officer, chief]
    notice = Notice.objects.get(kind="certificate-revoked")
    assert (notice.person, notice.facts["reason"]) == (certificate.enrolment.user, "Thi hộ")
    logged_in(officer).post(asking(certificate), {"reason": "Xét lại"})
    restoring = StandingRequest.objects.get(kind=Kind.RESTORE)
    logged_in(chief).post(f"{REQUESTS}{restoring.pk}/", {"decision": "approve"})
    certificate.refresh_from_db()
    assert certificate.state() == "valid"
    assert check_chain("SKHCN").problems == ()


def test_who_asked_does_not_decide(unit):
    chief = department()
    certificate = of(unit)
    asked = ask(certificate=certificate, kind=Kind.REVOKE, reason="x", by=chief)
    with pytest.raises(SamePersonError):
        decide(request=asked, approve=True, note="", by=chief)
    reply = logged_in(chief).post(f"{REQUESTS}{asked.pk}/", {"decision": "approve"}, follow=True)
    assert [str(message.level_tag) for message in reply.context["messages"]] == ["error"]
    asked.refresh_from_db()
    assert asked.decision == "pending"
    assert Certificate.objects.get().state() == "valid"


def test_only_those_who_may_ask_and_decide(unit):
    other = UnitFactory()
    certificate = of(unit)
    auditor = responsible(unit, role=Responsibility.Role.AUDITOR)
    for person in (UserFactory(), responsible(other), auditor):
        assert logged_in(person).post(asking(certificate), {"reason": "x"}).status_code == 404
    officer = responsible(unit)
    asked = ask(certificate=certificate, kind=Kind.REVOKE, reason="x", by=officer)
    again = ask(certificate=certificate, kind=Kind.REVOKE, reason="y", by=officer)
    assert again == asked
    for person in (UserFactory(), responsible(unit), auditor):
        address = f"{REQUESTS}{asked.pk}/"
        assert logged_in(person).post(address, {"decision": "approve"}).status_code == 404
    assert list(logged_in(responsible(other)).get(REQUESTS).context["page_of"]) == []
    assert list(logged_in(auditor).get(REQUESTS).context["page_of"]) == [asked]
    assert logged_in(UserFactory()).get(REQUESTS).status_code == 404


def test_a_reason_is_wanted_and_nothing_typed_is_lost(unit):
    officer, chief, certificate = responsible(unit), department(), of(unit)
    reply = logged_in(officer).post(asking(certificate), {"reason": " "})
    assert reply.status_code == 400
    assert reply.context["form"].errors["reason"]
    asked = ask(certificate=certificate, kind=Kind.REVOKE, reason="x", by=officer)
    reply = logged_in(chief).post(f"{REQUESTS}{asked.pk}/", {"decision": "decline"})
    assert (reply.status_code, reply.context["form_of"]) == (400, asked.pk)
    declined = {"decision": "decline", "note": "Chưa đủ căn cứ"}
    assert logged_in(chief).post(f"{REQUESTS}{asked.pk}/", declined).status_code == 302
    asked.refresh_from_db()
    assert (asked.decision, asked.note) == ("declined", "Chưa đủ căn cứ")
    assert Certificate.objects.get().state() == "valid"
    assert Entry.objects.filter(act="certificate-act-declined", by=chief).count() == 1


def test_what_stands_otherwise_meanwhile_is_not_revoked(unit):
    certificate = of(unit)
    asked = ask(certificate=certificate, kind=Kind.REVOKE, reason="x", by=UserFactory())
    reissue_certificate(certificate=certificate, full_name="Lê Mẫu", reason="Tên", by=None)
    with pytest.raises(NotValidError):
        decide(request=asked, approve=True, note="", by=UserFactory())
    asked.refresh_from_db()
    assert asked.decision == "pending"
    decide(request=asked, approve=False, note="Đã cấp lại", by=UserFactory())


def test_a_corrected_name_is_printed_on_a_new_one_and_the_old_points_to_it(client):
    person, officer = UserFactory(full_name="Le Van Sai"), UserFactory()
    old = issue(EnrolmentFactory(user=person, course_key=uuid4()))
    person.full_name = "Lê Văn Mẫu"
    person.save()
    for _time in range(2):
        name_corrected.send(None, user=person, old="Le Van Sai", new="Lê Văn Mẫu", by=officer)
    old.refresh_from_db()
    assert (old.state(), old.replaced_by.full_name) == ("reissued", "Lê Văn Mẫu")
    assert Certificate.objects.count() == 2
    page = client.get(reverse("certificates:verify_code", args=[old.code])).content.decode()
    assert old.replaced_by.number_text in page
    client.force_login(person)
    mine = client.get(reverse("certificates:mine")).content.decode()
    assert old.replaced_by.code in mine


def test_what_expired_is_entered_once(monkeypatch, client):
    key, now = uuid4(), timezone.now()
    CourseRule.objects.create(course_key=key, valid_months=1)
    with monkeypatch.context() as past:
        past.setattr(timezone, "now", lambda: now - timedelta(days=60))
        expired = issue(course_key=key)
    issue(course_key=key)
    assert (enter_expired(), enter_expired()) == (1, 0)
    assert [act for act, *_names in acts(expired)] == ["issued", "expired"]
    assert check_chain("SKHCN").problems == ()
    page = client.get(reverse("certificates:verify_code", args=[expired.code]))
    assert page.context["state"] == "expired"


def test_the_holder_is_told_once_and_gets_the_paper_by_mail(issue_drawn, mailoutbox):
    certificate = issue_drawn()
    notice = Notice.objects.get(kind="certificate-issued")
    assert (notice.person, notice.by_mail) == (certificate.enrolment.user, False)
    assert [letter.to for letter in mailoutbox] == [[certificate.enrolment.user.email]]
    name, content, kind = mailoutbox[0].attachments[0]
    assert (name, content[:5], kind) == (f"{certificate.code}.pdf", b"%PDF-", "application/pdf")


def test_the_holder_switches_her_link_on_and_off(issue_drawn):
    certificate = issue_drawn()
    holder = logged_in(certificate.enrolment.user)
    switch = reverse("certificates:share", args=[certificate.code])
    assert logged_in(UserFactory()).post(switch, {"on": "1"}).status_code == 404
    holder.post(switch, {"on": "0"})
    assert ShareLink.objects.count() == 0
    for _time in range(2):
        holder.post(switch, {"on": "1"})
    link = ShareLink.objects.get()
    anyone = Client()
    page = reverse("certificates:shared", args=[link.token])
    pdf = reverse("certificates:shared_pdf", args=[link.token])
    assert certificate.full_name in anyone.get(page).content.decode()
    assert b"".join(anyone.get(pdf).streaming_content)[:5] == b"%PDF-"
    assert page in holder.get(reverse("certificates:mine")).content.decode()
    holder.post(switch, {"on": "0"})
    assert (anyone.get(page).status_code, anyone.get(pdf).status_code) == (404, 404)
    switch_sharing(certificate=certificate, on=True, by=certificate.enrolment.user)
    assert anyone.get(page).status_code == 404
    assert ShareLink.objects.get().token != link.token
    assert list(
        Entry.objects.filter(act__contains="shared").order_by("pk").values_list("act", flat=True)
    ) == ["certificate-shared", "certificate-unshared", "certificate-shared"]


def test_the_papers_of_a_unit_come_as_a_zip_with_a_list(
    unit, issue_drawn, django_capture_on_commit_callbacks
):
    drawn = issue_drawn(unit_id=unit.pk, full_name="Đặng Thị =Mẫu")
    undrawn = of(unit)
    officer = responsible(unit)
    client = logged_in(officer)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(BUNDLES, {"don-vi": unit.pk, "nam": ""})
    bundle = Bundle.objects.get()
    assert (bundle.state, bundle.done, bundle.total) == ("ready", 2, 2)
    address = reverse("certificates:bundle_file", args=[bundle.key])
    assert address in client.get(BUNDLES).content.decode()
    archive = zipfile.ZipFile(io.BytesIO(b"".join(client.get(address).streaming_content)))
    assert archive.namelist() == [name_of(drawn), "danh-sach.xlsx"]
    assert name_of(drawn) == f"{drawn.year}-{drawn.register_number}-dang-thi-mau.pdf"
    drawn.paper.refresh_from_db()
    with drawn.paper.file.open("rb") as paper:
        assert archive.read(name_of(drawn)) == paper.read()
    book = openpyxl.load_workbook(io.BytesIO(archive.read("danh-sach.xlsx")))
    listed, missing = book.worksheets
    assert [row[1].value for row in listed.iter_rows(min_row=2)] == [
        drawn.number_text,
        undrawn.number_text,
    ]
    assert missing.cell(2, 1).value == undrawn.number_text
    assert Disclosure.objects.filter(how="exported", by=officer, count=2).count() == 1
    assert logged_in(responsible(unit)).get(address).status_code == 404
    Responsibility.objects.filter(user=officer).delete()
    assert client.get(address).status_code == 404


def test_a_bundle_goes_when_it_expires(unit, django_capture_on_commit_callbacks, paper_storage):
    officer = responsible(unit)
    with django_capture_on_commit_callbacks(execute=True):
        logged_in(officer).post(BUNDLES, {"don-vi": unit.pk})
    bundle = Bundle.objects.get()
    assert paper_storage.exists(bundle.file.name)
    assert forget_bundles() == 0
    Bundle.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    address = reverse("certificates:bundle_file", args=[bundle.key])
    assert logged_in(officer).get(address).status_code == 404
    assert forget_bundles() == 1
    assert not paper_storage.exists(bundle.file.name)


def test_an_erased_persons_paper_stays_in_no_bundle(
    unit, django_capture_on_commit_callbacks, paper_storage
):
    certificate = of(unit)
    with django_capture_on_commit_callbacks(execute=True):
        bundling.ask_for_bundle(unit=unit, year=None, by=responsible(unit))
    name = Bundle.objects.get().file.name
    CERTIFICATES.erase(certificate.enrolment.user)
    assert (Bundle.objects.count(), paper_storage.exists(name)) == (0, False)


def test_a_bundle_that_cannot_be_made_says_so(
    unit, monkeypatch, django_capture_on_commit_callbacks, broken_storage
):
    with django_capture_on_commit_callbacks(execute=True):
        bundle = bundling.ask_for_bundle(unit=unit, year=None, by=responsible(unit))
    bundle.refresh_from_db()
    assert (bundle.state, bundle.file.name) == ("failed", "")


def test_papers_are_for_officers_of_the_unit_only(unit):
    auditor = responsible(unit, role=Responsibility.Role.AUDITOR)
    for person in (UserFactory(), auditor):
        assert logged_in(person).get(BUNDLES).status_code == 404
    other = responsible(UnitFactory())
    logged_in(other).post(BUNDLES, {"don-vi": unit.pk})
    assert Bundle.objects.count() == 0

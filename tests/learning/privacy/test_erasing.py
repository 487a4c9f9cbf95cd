"""Erasing: what is gone is gone, what stays is nameless, and the figures still add up."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone

from learning.audit.actions import tell_disclosure
from learning.audit.models import Entry
from learning.certificates.life.sharing import switch_sharing
from learning.certificates.models import Certificate, CertificateFile
from learning.certificates.register.checks import check_all
from learning.certificates.tasks import render_certificate
from learning.enrolments.models import Enrolment
from learning.notices.models import Notice
from learning.organisations.actions import place_member
from learning.organisations.models import Membership
from learning.privacy.actions import answer_request, ask, record_consent
from learning.privacy.erasing import ERASED_NAME, MayNotEraseError, erase_person, preview_erasure
from learning.privacy.kept import Fate, kinds
from learning.privacy.models import DataCopy, DataRequest
from learning.progress.models import CourseCompletion, LessonRead, ModuleCompletion
from learning.staff.models import StaffProfile
from quizzes.attempts.models import Attempt, Erasure
from tests.factories import EnrolmentFactory, Learner, make_course
from tests.learning.organisations.factories import SINCE, make_user
from tests.learning.privacy.factories import browser, make_city

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return make_city()


@pytest.fixture
def finished(city):
    """She has completed one course and begun another."""
    course = make_course(modules=1, lessons=1, questions=1)
    learner = Learner(course, enrolled=False, full_name="Đỗ Thị Mẫu Xóa", staff_code="VD-77")
    place_member(user=learner.user, unit=city.one, position="Kế toán", on=SINCE)
    EnrolmentFactory(user=learner.user, course_key=course.key)
    learner.finish()
    other = make_course(modules=1, lessons=1, questions=1, title="Khóa khác")
    EnrolmentFactory(user=learner.user, course_key=other.key)
    learner.course = other
    learner.read(other.lessons[0][0])
    learner.user.refresh_from_db()
    return learner


def everything_stored():
    """Each text in the database but for what says what is allowed to stay."""
    from django.apps import apps

    texts = []
    for model in apps.get_models():
        if model._meta.app_label in {"certificates", "wagtailsearch", "wagtailcore", "sessions"}:
            continue
        texts += [str(row) for row in model._base_manager.values()]
    return "\n".join(texts)


def test_the_preview_is_what_happens(city, finished):
    user = finished.user
    record_consent(user=user, purpose="public-sign-up", version="1", at=timezone.now())
    StaffProfile.objects.create(user=user, phone="0912345678")
    Notice.objects.create(person=user, kind="assigned", key="thu", not_before=timezone.now())
    DataCopy.objects.create(person=user)
    tell_disclosure(how="viewed", what="staff-record", by=city.officer, about=user)
    told = {line.kept.slug: line.fate for line in preview_erasure(user)}
    assert told["attempts"] == Fate(deleted=1)
    assert told["steps"] == Fate(deleted=3)
    assert told["enrolments"] == Fate(deleted=1, nameless=1)
    assert told["completions"] == Fate(nameless=1)
    assert told["certificates"] == Fate(stays=1)
    before = {kind.slug: kind.count(user) for kind in kinds()}
    for slug, fate in told.items():
        assert fate.deleted + fate.nameless + fate.stays == before[slug], slug
    assert {slug for slug, count in before.items() if count} == set(told)
    erase_person(person=user, by=city.officer)
    user.refresh_from_db()
    after = {kind.slug: kind.count(user) for kind in kinds()}
    for slug, fate in told.items():
        # The register lets go of her account; the log has gained the erasure itself.
        left = {"certificates": 0, "audit": before["audit"] + 1}
        assert after[slug] == left.get(slug, before[slug] - fate.deleted), slug
    assert Erasure.objects.count() == 1
    assert Certificate.objects.count() == 1


def test_nothing_stored_tells_who_she_was(city, finished):
    user = finished.user
    ask(person=user, kind=DataRequest.Kind.NAME, new_name="Đỗ Thị Mẫu Xoá")
    answer_request(request=DataRequest.objects.get(), by=city.officer, grant=True)
    ask(person=user, kind=DataRequest.Kind.RESTRICTION, wish="Tên tôi là Đỗ Thị Mẫu Xoá")
    email = user.email
    assert "Mẫu Xo" in everything_stored()
    erase_person(person=user, by=city.officer)
    stored = everything_stored()
    for personal in ("Mẫu Xoá", "Mẫu Xóa", "mau xoa", email, "VD-77", "Kế toán"):
        assert personal not in stored, personal


def test_figures_still_add_up(city, finished):
    completion = CourseCompletion.objects.get()
    certificate = Certificate.objects.get()
    render_certificate.call(certificate.pk)
    paper = CertificateFile.objects.get().file
    name, stored = paper.name, paper.storage
    assert name and stored.exists(name)
    erase_person(person=finished.user, by=city.officer)
    kept = CourseCompletion.objects.get()
    assert (kept.pk, kept.unit_id, kept.percent) == (completion.pk, city.one.pk, completion.percent)
    register = Certificate.objects.get()
    assert (register.number_text, register.full_name) == (
        certificate.number_text,
        "Đỗ Thị Mẫu Xóa",
    )
    assert (register.position, register.enrolment_id, register.paper.file.name) == (
        "Kế toán",
        None,
        "",
    )
    assert not stored.exists(name)
    assert (Enrolment.objects.count(), LessonRead.objects.count()) == (1, 0)
    assert (ModuleCompletion.objects.count(), Attempt.objects.count()) == (0, 0)
    assert list(Membership.objects.open().for_units(type(city.one).objects.all())) == list(
        Membership.objects.filter(user=city.learner)
    )


def test_her_certificate_is_still_answered_for_and_its_link_is_gone(city, finished):
    certificate = Certificate.objects.get()
    share = switch_sharing(certificate=certificate, on=True, by=finished.user)
    said = f"/xac-thuc/{certificate.code}.json"
    before = Client().get(said).json()
    del before["checked_at"]
    assert (before["state"], before["full_name"]) == ("valid", "Đỗ Thị Mẫu Xóa")
    assert Client().get(f"/chia-se/{share.token}/").status_code == 200
    erase_person(person=finished.user, by=city.officer)
    assert before.items() <= Client().get(said).json().items()
    assert "Đỗ Thị Mẫu Xóa" in Client().get(f"/xac-thuc/{certificate.code}/").content.decode()
    assert Client().get(f"/chia-se/{share.token}/").status_code == 404
    assert browser(finished.user).get("/giay-chung-nhan/").status_code == 302, "no log-in"
    assert check_all() == 0, "the chain of hashes is whole"


def test_she_can_log_in_no_longer_and_lists_show_no_name(city, finished):
    assert finished.client.get("/viec-hoc/").status_code == 200
    erase_person(person=finished.user, by=city.officer)
    assert finished.client.get("/viec-hoc/").status_code == 302
    user = get_user_model().objects.get(pk=finished.user.pk)
    assert (user.full_name, user.email, user.is_active) == (ERASED_NAME, None, False)
    assert not user.has_usable_password()
    assert browser(city.officer).get("/thong-ke/nguoi-hoc/").status_code == 200


def test_it_is_one_act_in_the_log_and_harmless_repeated(city, finished):
    erase_person(person=finished.user, by=city.officer)
    entry = Entry.objects.get(act="person-erased")
    assert (entry.by, entry.about_name, entry.unit_path) == (
        city.officer,
        ERASED_NAME,
        city.one.path,
    )
    assert entry.details["kinds"]["attempts"] == {"deleted": 1, "nameless": 0, "stays": 0}
    erase_person(person=finished.user, by=city.officer)
    assert get_user_model().objects.get(pk=finished.user.pk).full_name == ERASED_NAME


def test_an_administrator_is_not_erased(city):
    administrator = make_user(is_superuser=True)
    with pytest.raises(MayNotEraseError):
        erase_person(person=administrator, by=city.officer)

"""What happens after the commit: the paper is drawn, kept and mailed once; failures wait."""

from __future__ import annotations

import hashlib
import io
from datetime import timedelta
from email import message_from_string

import pytest
from django.core import mail
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from django_tasks import default_task_backend

from learning.certificates.actions import revoke_certificate
from learning.certificates.models import Certificate, CertificateFile
from learning.certificates.tasks import MAX_TRIES, render_certificate
from tests.factories import Learner, make_course

pytestmark = pytest.mark.django_db


def paper_of(certificate) -> CertificateFile:
    return CertificateFile.objects.get(certificate=certificate)


def ask_again() -> str:
    told = io.StringIO()
    call_command("render_certificates", stdout=told)
    return told.getvalue()


@pytest.fixture
def patient_queue(settings):
    """A queue that can wait, and only notes what it is asked for."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    return default_task_backend


def test_the_paper_is_kept_with_its_hash(issue_drawn):
    paper = paper_of(issue_drawn())
    with paper.file.open() as kept:
        content = kept.read()
    assert content.startswith(b"%PDF-")
    assert paper.sha256 == hashlib.sha256(content).hexdigest()
    assert (paper.tries, paper.last_error) == (0, "")


def test_drawing_again_changes_nothing(issue_drawn, paper_storage):
    certificate = issue_drawn()
    before = paper_of(certificate)
    render_certificate.call(certificate.pk)
    after = paper_of(certificate)
    assert (after.file.name, after.rendered_at) == (before.file.name, before.rendered_at)
    assert len(paper_storage.listdir(before.file.name.rpartition("/")[0])[1]) == 1


def test_a_certificate_that_is_gone_is_no_error():
    render_certificate.call(10**9)


def test_the_holder_gets_one_letter_in_vietnamese(issue_drawn):
    certificate = issue_drawn()
    render_certificate.call(certificate.pk)
    ask_again()
    [letter] = mail.outbox
    assert letter.to == [certificate.enrolment.user.email]
    assert certificate.number_text in letter.subject
    assert certificate.full_name in letter.body
    assert certificate.code in letter.body
    [part] = [
        part
        for part in message_from_string(letter.message().as_string()).walk()
        if part.get_content_type() == "application/pdf"
    ]
    assert hashlib.sha256(part.get_payload(decode=True)).hexdigest() == paper_of(certificate).sha256


def test_names_are_not_escaped_in_the_letter(issue_drawn):
    issue_drawn(course_title="Bản quyền & <nhãn hiệu>")
    assert "Bản quyền & <nhãn hiệu>" in mail.outbox[0].body


def test_nobody_without_an_address_is_written_to(issue_drawn, django_user_model):
    certificate = issue_drawn()
    mail.outbox.clear()
    CertificateFile.objects.update(mailed_at=None)
    django_user_model.objects.update(email=None, staff_code="CB-1")
    render_certificate.call(certificate.pk)
    assert mail.outbox == []


def test_a_revoked_certificate_is_not_mailed(broken_storage, issue_drawn):
    certificate = issue_drawn()
    revoke_certificate(certificate=certificate, reason="Cấp nhầm", by=certificate.enrolment.user)
    broken_storage()
    ask_again()
    assert paper_of(certificate).rendered_at is not None
    assert mail.outbox == []


def test_a_failure_leaves_the_certificate_and_is_made_good(broken_storage, issue_drawn, client):
    certificate = issue_drawn()
    paper = paper_of(certificate)
    assert (paper.rendered_at, paper.tries) == (None, 1)
    assert paper.last_error
    assert Certificate.objects.filter(pk=certificate.pk, status="valid").exists()
    assert mail.outbox == []
    assert (
        client.get(reverse("certificates:verify_code", args=[certificate.code])).status_code == 200
    )

    broken_storage()
    assert "1" in ask_again()
    paper = paper_of(certificate)
    assert paper.rendered_at is not None
    assert paper.last_error == ""
    assert len(mail.outbox) == 1


def test_a_failure_does_not_reach_the_learner(broken_storage, django_capture_on_commit_callbacks):
    learner = Learner(make_course(modules=1, lessons=1, questions=1))
    with django_capture_on_commit_callbacks(execute=True):
        learner.finish()
    certificate = Certificate.objects.get(enrolment=learner.enrolment)
    assert learner.enrolment.completion is not None
    assert paper_of(certificate).tries == 1


def test_the_next_try_waits_longer_each_time_and_ends(broken_storage, issue_drawn, patient_queue):
    certificate = issue_drawn()
    patient_queue.clear()
    pauses = []
    for _round in range(MAX_TRIES + 1):
        before = timezone.now()
        render_certificate.call(certificate.pk)
        pauses += [
            round((result.task.run_after - before) / timedelta(minutes=1))
            for result in patient_queue.results
        ]
        patient_queue.clear()
    assert pauses == [1, 5, 30, 60, 120, 240, 480]


def test_a_refused_letter_is_sent_later(settings, issue_drawn):
    with_post = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nobody listens there
    certificate = issue_drawn()
    paper = paper_of(certificate)
    assert paper.rendered_at is not None
    assert (paper.mailed_at, paper.tries) == (None, 1)

    settings.EMAIL_BACKEND = with_post
    ask_again()
    assert len(mail.outbox) == 1
    assert paper_of(certificate).rendered_at == paper.rendered_at

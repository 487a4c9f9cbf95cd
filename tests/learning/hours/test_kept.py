"""What is kept about a person: told, copied with its files, expired, erased. And the settings."""

from __future__ import annotations

import datetime
import io
import zipfile

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from learning.audit.models import Entry
from learning.hours.kept import COURSES, EVIDENCE
from learning.hours.models import Obligation, OutsideCourse
from learning.privacy.copies import write_zip
from learning.privacy.erasing import erase_person
from learning.privacy.retention import apply_rules
from tests.learning.hours.factories import PDF, make_approved, make_outside
from tests.learning.organisations.factories import make_user

pytestmark = pytest.mark.django_db


def test_a_copy_of_her_data_has_the_evidence(city):
    course = make_approved(city.learner, city.officer)
    make_outside(city.colleague)
    file = io.BytesIO()
    write_zip(city.learner, file)
    with zipfile.ZipFile(file) as archive:
        names = [name for name in archive.namelist() if name.startswith("tep/")]
        assert names == [f"tep/evidence/{course.pk}-minh-chung.pdf"]
        assert archive.read(names[0]) == PDF
        assert "Khóa ngoài" in archive.read("bang/outside-courses.csv").decode()


def test_what_is_foretold_of_an_erasure_happens(city, django_capture_on_commit_callbacks):
    approved = make_approved(city.learner, city.officer)
    waiting = make_outside(city.learner)
    make_outside(city.learner, handed_in=False)
    fates = [EVIDENCE.fate(city.learner), COURSES.fate(city.learner)]
    assert [(fate.deleted, fate.nameless) for fate in fates] == [(3, 0), (2, 1)]
    storage = waiting.evidence.storage
    with django_capture_on_commit_callbacks(execute=True):
        for _time in range(2):
            erase_person(person=city.learner, by=None)
    assert [storage.exists(one.evidence.name) for one in (approved, waiting)] == [False, False]
    left = OutsideCourse.objects.get()
    assert (left.pk, left.title, left.reason, left.approved_hours) == (approved.pk, "", "", 8)
    entry = Entry.objects.get(act="outside-course-approved")
    assert "Khóa ngoài" not in f"{entry.about_name} {entry.details}"


def test_evidence_goes_when_its_time_is_over_and_the_hours_stay(
    city, django_capture_on_commit_callbacks
):
    old, young = (make_approved(city.learner, city.officer) for _n in range(2))
    waiting = make_outside(city.learner)
    long_ago = timezone.now() - datetime.timedelta(days=366 * 5)
    OutsideCourse.objects.exclude(pk=young.pk).update(created_at=long_ago, handed_in_at=long_ago)
    OutsideCourse.objects.filter(pk=old.pk).update(decided_at=long_ago)
    with django_capture_on_commit_callbacks(execute=True):
        gone = {done.kept.slug: done.rows for done in apply_rules()}
    assert gone["evidence"] == 1
    kept = OutsideCourse.objects.exclude(evidence="").order_by("pk")
    assert list(kept) == [young, waiting]
    assert not old.evidence.storage.exists(old.evidence.name)
    old.refresh_from_db()
    assert old.approved_hours == 8


def test_the_department_sets_an_obligation_in_the_admin():
    client = Client()
    client.force_login(make_user(is_staff=True, is_superuser=True))
    add = reverse("wagtailsnippets_hours_obligation:add")
    fields = {"hours": "20", "basis": "Văn bản mẫu", "year": "", "unit_kind": "", "position": ""}
    assert client.post(add, fields).status_code == 302
    assert str(Obligation.objects.get()) == "20.0"
    twice = client.post(add, fields)
    assert (twice.status_code, Obligation.objects.count()) == (200, 1)
    assert client.get(reverse("wagtailsnippets_hours_obligation:list")).status_code == 200
    assert client.get(reverse("wagtailsnippets_hours_countingrule:add")).status_code == 200

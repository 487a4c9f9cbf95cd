"""Restricted: figures still count her, lists of learning and optional mail leave her out."""

import csv
import datetime
import io

import pytest
from django.core import mail
from django.utils import timezone

from learning.enrolments.reminding.kinds import SOON
from learning.notices.actions import Told, tell
from learning.notices.sending import send_batch, write_letters
from learning.privacy.actions import answer_request, ask, lift_restriction
from learning.privacy.models import DataRequest
from tests.factories import EnrolmentFactory, make_course
from tests.learning.privacy.factories import browser, make_city

pytestmark = pytest.mark.django_db

PEOPLE = "/thong-ke/nguoi-hoc/"


@pytest.fixture
def city():
    return make_city()


@pytest.fixture
def learning(city):
    """The person is late with a course; her officer is at her screens."""
    course = make_course()
    return EnrolmentFactory(
        user=city.learner,
        course_key=course.key,
        unit=city.one,
        due_on=timezone.localdate(),
        required=True,
    )


@pytest.fixture
def restricted(city, learning):
    request = ask(person=city.learner, kind=DataRequest.Kind.RESTRICTION)
    return answer_request(request=request, by=city.officer, grant=True)


def page(city, url):
    return browser(city.officer).get(url).content.decode()


def test_figures_count_her_and_lists_do_not_name_her(city, restricted):
    assert 'data-figure="assigned" href' in page(city, "/thong-ke/")
    listed = page(city, PEOPLE)
    assert city.learner.full_name not in listed
    assert "Ngoài ra có 1 người đã hạn chế xử lý dữ liệu" in listed


def test_no_search_finds_her(city, restricted):
    listed = page(city, f"{PEOPLE}?tim={city.learner.email}")
    assert "Ngoài ra" not in listed
    assert "Không có ai phù hợp" in listed


def test_no_file_names_her(city, restricted):
    file = browser(city.officer).get("/thong-ke/xuat/csv/")
    rows = list(csv.reader(io.StringIO(file.getvalue().decode("utf-8-sig"))))
    assert [row[0] for row in rows] == ["Họ và tên"]


def test_nobody_reminds_her(city, learning):
    def named():
        return city.learner.full_name in page(city, "/nhac-nho/?ten=1")

    assert named()
    request = ask(person=city.learner, kind=DataRequest.Kind.RESTRICTION)
    answer_request(request=request, by=city.officer, grant=True)
    assert not named()


def test_lifted_by_herself_all_is_as_before(city, restricted):
    lift_restriction(person=city.learner)
    assert city.learner.full_name in page(city, PEOPLE)


def test_only_what_is_required_is_mailed(city, restricted):
    mail.outbox.clear()
    later = timezone.now() + datetime.timedelta(days=2)
    write_letters(now=later)
    send_batch(now=later)
    mail.outbox.clear()
    for key, required in (("a", False), ("b", True)):
        told = Told(city.learner.pk, key, {"course": key, "due": "1/1"}, required=required)
        tell(kind=SOON, people=[told])
    write_letters(now=later)
    send_batch(now=later)
    (letter,) = mail.outbox
    assert "«b»" in letter.subject + letter.body
    assert "«a»" not in letter.subject + letter.body

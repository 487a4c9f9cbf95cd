"""Citizens sign up for what is open to them, and stay out of the agencies' figures."""

from __future__ import annotations

import hashlib
import itertools
import re
import time

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from learning.audit.models import Entry
from learning.courses.models import CoursePage
from learning.enrolments.models import Enrolment
from learning.organisations.actions import make_responsible
from learning.organisations.models import Membership, UnitKind
from portal.accounts.joining import robots
from portal.accounts.joining.actions import PUBLIC_CODE, public_unit
from portal.accounts.keys.models import MailCode
from portal.accounts.models import User
from tests.factories import PASSWORD, UserFactory, make_course
from tests.learning.organisations.factories import make_member, make_officer, make_unit
from tests.learning.statistics.factories import enrolled
from tests.learning.statistics.screens import figures, listed, overview, people
from tests.portal.accounts.keys import log_in, mailed_code, who

pytestmark = pytest.mark.django_db

DOOR, CODE = "/dang-ky/", "/dang-ky/ma/"
EMAIL, NAME = "lan@vidu.example", "Trần Thí Dụ Lan"


@pytest.fixture
def course():
    made = make_course(modules=1, lessons=1, quiz=False, title="Sáng kiến của bạn")
    CoursePage.objects.filter(pk=made.page.pk).update(public_sign_up=True)
    return made.key


def form_of(browser=None):
    return (browser or Client()).get(DOOR).context["form"]


def filled(key, *, seconds=30, **other):
    """What a person without a script sends, `seconds` after she opened the page."""
    slip = robots.new_slip(shown_at=time.time() - seconds)
    first, second = re.findall(r"\d+", robots.question_of(slip))
    told = {"full_name": NAME, "email": EMAIL, "course": str(key), "consent": "on"}
    return told | {"slip": slip, "answer": str(int(first) + int(second)), "website": ""} | other


@pytest.fixture
def sign_up(course, django_capture_on_commit_callbacks):
    """Send the form; the browser that did."""

    def sent(browser=None, **other):
        browser = browser or Client()
        with django_capture_on_commit_callbacks(execute=True):
            reply = browser.post(DOOR, filled(course, **other))
        assert (reply.status_code, reply.get("Location")) == (302, CODE)
        return browser

    return sent


# --- the switch ----------------------------------------------------------------------------------


def test_the_door_is_there_while_a_course_is_open(course, client):
    page = CoursePage.objects.get(translation_key=course)
    link = f'href="{DOOR}?khoa={course}"'
    assert client.get(DOOR).status_code == 200
    assert link in client.get(page.url).content.decode()
    assert f'href="{DOOR}"' in client.get("/dang-nhap/").content.decode()
    page.public_sign_up = False
    page.save_revision().publish()
    assert client.get(DOOR).status_code == 404
    assert client.post(DOOR, filled(course)).status_code == 404
    assert link not in client.get(page.url).content.decode()
    assert f'href="{DOOR}"' not in client.get("/dang-nhap/").content.decode()


def test_only_open_courses_can_be_chosen(course):
    closed = make_course(modules=1, lessons=1, quiz=False, title="Chỉ cho cán bộ").key
    assert form_of().courses == [(str(course), "Sáng kiến của bạn")]
    reply = Client().post(DOOR, filled(closed))
    assert list(reply.context["form"].errors) == ["course"]


def test_the_switch_stands_with_the_courses_terms_in_the_admin(course):
    boss = UserFactory(is_staff=True, is_superuser=True)
    browser = Client()
    browser.force_login(boss)
    page = CoursePage.objects.get(translation_key=course)
    shown = browser.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    assert re.search(r'<input type="checkbox" name="public_sign_up"[^>]* checked', shown)


# --- signing up ----------------------------------------------------------------------------------


def test_a_citizen_confirms_her_address_and_is_in(course, sign_up):
    browser = sign_up()
    assert (User.objects.count(), Membership.objects.count()) == (0, 0)
    assert [letter.to for letter in mail.outbox] == [[EMAIL]]
    assert NAME not in mail.outbox[0].body  # nobody's words but ours go into a stranger's mailbox
    reply = browser.post(CODE, {"code": mailed_code()})
    user = User.objects.get()
    page = CoursePage.objects.get(translation_key=course)
    assert (who(browser), user.full_name, user.email) == (user.pk, NAME, EMAIL)
    assert reply.url == f"/mat-khau-moi/?next={page.url}"
    place = Membership.objects.get()
    assert (place.user, place.unit.code, place.unit.kind) == (user, PUBLIC_CODE, UnitKind.PUBLIC)
    assert (place.unit.name, place.unit.depth) == ("Người dân, doanh nghiệp", 1)
    assert Enrolment.objects.get().course_key == course
    told = {entry.act: entry.details for entry in Entry.objects.filter(about_key=str(user.pk))}
    assert sorted(told) == ["consent-given", "signed-up"]
    assert (told["consent-given"]["purpose"], told["consent-given"]["version"]) == (
        "public-sign-up",
        "1",
    )
    assert MailCode.objects.get().data == {}
    browser.post(reply.url, {"new_password1": PASSWORD, "new_password2": PASSWORD})
    assert log_in(EMAIL).status_code == 302


def test_the_next_citizen_comes_into_the_same_branch(sign_up):
    for name in ("lan@vidu.example", "mai@vidu.example"):
        sign_up(email=name).post(CODE, {"code": mailed_code()})
    assert Membership.objects.filter(unit=public_unit()).count() == 2


def test_without_the_code_nothing_comes_into_being(sign_up):
    browser, stranger = sign_up(), Client()
    assert stranger.post(CODE, {"code": mailed_code()}).url == DOOR
    wrong = "0" * 6 if mailed_code() != "0" * 6 else "1" * 6
    assert browser.post(CODE, {"code": wrong}).status_code == 200
    assert User.objects.count() == 0


def test_who_has_an_account_is_told_by_mail_and_the_page_says_nothing(sign_up):
    UserFactory(email=EMAIL)
    browser = sign_up()
    known = browser.get(CODE).content.decode()
    assert "Trần Thí Dụ Lan" not in mail.outbox[0].body  # the name typed by whoever it was
    assert re.search(r"\d{6}", mail.outbox[0].body) is None
    other = sign_up(email="moi@vidu.example").get(CODE).content.decode()
    strip = re.compile(r'(lan|moi)@vidu\.example|value="[^"]*"')
    assert strip.sub("", known) == strip.sub("", other)


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("full_name", ""),
        ("full_name", "1234"),
        ("full_name", "Trúng thưởng https://ac.example"),
        ("email", "lan"),
        ("consent", ""),
        ("course", ""),
    ],
)
def test_bad_input_is_told_at_its_field_and_nothing_typed_is_lost(course, field, typed):
    told = filled(course, **{field: typed})
    reply = Client().post(DOOR, told)
    form = reply.context["form"]
    assert (reply.status_code, list(form.errors)) == (200, [field])
    shown = reply.content.decode()
    for kept in {"full_name", "email"} - {field}:
        assert f'value="{told[kept]}"' in shown
    assert (MailCode.objects.count(), len(mail.outbox)) == (0, 0)


def test_the_consent_is_never_ticked_beforehand(course):
    shown = Client().get(DOOR).content.decode()
    box = re.search(r'<input type="checkbox" name="consent"[^>]*>', shown)
    assert box and "checked" not in box[0]


def test_who_is_logged_in_has_no_use_for_it(course):
    browser = Client()
    browser.force_login(UserFactory())
    assert browser.get(DOOR).url == reverse("study:my")


def test_nobody_can_fill_a_strangers_mailbox(course):
    replies = [Client().post(DOOR, filled(course)).status_code for _ask in range(6)]
    assert replies == [302] * 5 + [200]


# --- robots --------------------------------------------------------------------------------------


def proof_of(slip):
    for number in itertools.count():
        found = hashlib.sha256(f"{slip}.{number}".encode()).digest()
        if int.from_bytes(found[:4], "big") >> (32 - robots.BITS) == 0:
            return str(number)
    raise AssertionError


def test_a_script_works_instead_of_the_sum(course, sign_up):
    slip = robots.new_slip(shown_at=time.time() - 30)
    sign_up(slip=slip, answer="", proof=proof_of(slip))


def robots_answers(course):
    """What robots send: everything at once, the hidden field too, an old or forged slip."""
    used = filled(course)
    Client().post(DOOR, used)
    return [
        filled(course, website="https://ac.example"),
        filled(course, seconds=0),
        filled(course, seconds=3 * 3600),
        filled(course, slip="1:2:3"),
        filled(course, answer="99"),
        filled(course, answer="", proof="12"),
        filled(course, answer="", proof="9" * 50),
        used | {"email": "khac@vidu.example"},
    ]


def test_what_robots_send_is_refused_and_says_what_a_person_does(course):
    for told in robots_answers(course):
        reply = Client().post(DOOR, told)
        errors = reply.context["form"].errors.as_data()
        assert [error.code for error in errors["__all__"]] == ["robot"]
    assert MailCode.objects.count() == 1


# --- the figures ---------------------------------------------------------------------------------


def test_citizens_are_in_no_agencys_figures(course, sign_up, client):
    city = make_unit("Thành phố", kind=UnitKind.CITY)
    enrolled(make_member(city, "Lê Mẫu Đức"), course)
    sign_up().post(CODE, {"code": mailed_code()})
    officer = make_officer(city)
    client.force_login(officer)
    assert figures(overview(client))["assigned"] == "1"
    assert listed(people(client)) == ["Lê Mẫu Đức"]
    # Who answers for both sees them one beside the other, never added up.
    make_responsible(user=officer, unit=public_unit())
    assert figures(overview(client))["assigned"] == "1"
    assert listed(people(client)) == ["Lê Mẫu Đức"]
    apart = {"don-vi": public_unit().pk}
    assert figures(overview(client, **apart))["assigned"] == "1"
    assert listed(people(client, **apart)) == [NAME]
    assert "Người dân, doanh nghiệp" in overview(client).content.decode()
    # Who answers for the citizens alone has them as her figures.
    client.force_login(make_officer(public_unit(), "Vũ Mẫu Minh"))
    assert figures(overview(client))["assigned"] == "1"

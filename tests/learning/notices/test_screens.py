"""The list, the wishes and the unsubscribe link; others' notices are never seen."""

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from learning.notices.actions import Told, tell
from learning.notices.models import Notice, Text, Unsubscription
from learning.notices.queries import unread_shown
from learning.notices.writing import unsubscribe_address
from tests.learning.organisations.factories import make_user

pytestmark = pytest.mark.django_db


def browser(person):
    client = Client()
    client.force_login(person)
    return client


def test_the_list_shows_ones_own_and_marks_them_read_by_the_button(
    django_assert_max_num_queries,
):
    me, other = make_user(), make_user()
    people = [Told(me.pk, f"k{n}", {"course": "Sáng chế"}, "/x/") for n in range(3)]
    tell(kind="thu-tu-chon", people=people)
    tell(kind="thu-tu-chon", people=[Told(other.pk, "k9", {"course": "Kín"})])
    client = browser(me)
    with django_assert_max_num_queries(12):
        page = client.get(reverse("notices:list")).content.decode()
    assert (page.count("Tin về Sáng chế"), "Kín" in page) == (3, False)
    assert Notice.objects.filter(seen_at__isnull=False).count() == 0
    client.post(reverse("notices:list"))
    assert Notice.objects.filter(seen_at__isnull=False, person=me).count() == 3
    assert Notice.objects.get(person=other).seen_at is None


@pytest.mark.parametrize(("count", "shown"), [(0, None), (1, "1"), (9, "9"), (12, "9+")])
def test_the_header_tells_how_many_are_unread_for_eye_and_ear(
    count, shown, django_assert_num_queries
):
    me, other = make_user(), make_user()
    tell(kind="thu-tu-chon", people=[Told(me.pk, f"k{n}") for n in range(count)])
    tell(kind="thu-tu-chon", people=[Told(other.pk, "k99")])
    header = BeautifulSoup(browser(me).get(reverse("study:my")).content, "html.parser").header
    marks = {mark.find(attrs={"aria-hidden": "true"}).text for mark in header.select(".unread")}
    heard = {mark.select_one(".visually-hidden").text for mark in header.select(".unread")}
    assert (marks, len(heard)) == (({shown}, 1) if shown else (set(), 0))
    with django_assert_num_queries(1):
        assert unread_shown(me.pk) == (shown or "")
    assert "unread" not in Client().get("/").content.decode().split("</header>")[0]


def test_wishes_are_kept_and_required_kinds_stay():
    me = make_user()
    client = browser(me)
    client.post(reverse("notices:preferences"), {"kind": []})
    left = set(Unsubscription.objects.filter(person=me).values_list("kind", flat=True))
    assert ("thu-tu-chon" in left, "thu-bat-buoc" in left) == (True, False)
    client.post(reverse("notices:preferences"), {"kind": sorted(left)})
    assert Unsubscription.objects.count() == 0


def test_unsubscribe_by_link_and_by_the_mail_program():
    me = make_user()
    tell(kind="thu-tu-chon", people=[Told(me.pk, "k1")])
    address = "/" + unsubscribe_address(me.pk, list(Notice.objects.all())).split("/", 3)[3]
    stranger = Client(enforce_csrf_checks=True)
    assert stranger.get(address).status_code == 200
    assert Unsubscription.objects.count() == 0
    for _twice in range(2):
        assert stranger.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert Unsubscription.objects.values_list("person", "kind").get() == (me.pk, "thu-tu-chon")
    assert stranger.post(address[:-3] + "x/").status_code == 404


@pytest.mark.parametrize(
    "text", ["{course.key}", "{other}", "{course!r}", "{course:>9}", "{", "{}", "{0}", "a } b"]
)
def test_a_text_may_use_only_its_fields(text):
    with pytest.raises(ValidationError) as fault:
        Text(kind="thu-tu-chon", subject="Tin", body=text).full_clean()
    assert list(fault.value.message_dict) == ["body"]
    Text(kind="thu-tu-chon", subject="{course}", body="{name}\n\nx").full_clean()


def test_an_editors_text_is_used(post):
    from learning.notices.tasks import run
    from tests.learning.notices.test_sending import say

    Text.objects.create(kind="thu-tu-chon", subject="Mới: {course}", body="Chào {name}")
    say(make_user(), "k1")
    run()
    assert [mail["Subject"] for mail in post.taken] == ["Mới: Sáng chế"]

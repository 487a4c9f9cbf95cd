"""The words of messages and the outbox in the admin."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, Permission
from django.utils import timezone

from learning.audit.models import Entry
from learning.notices.models import DeadAddress, Letter, Notice, Text
from learning.notices.queries import dead_addresses
from learning.notices.writing import own_texts, words_of
from portal.accounts.roles import EDITORS
from tests.learning.organisations.factories import make_user
from tests.learning.privacy.factories import browser

pytestmark = pytest.mark.django_db

TEXTS, OUTBOX = "/admin/thu/mau/", "/admin/reports/thu/"
ONE = f"{TEXTS}thu-tu-chon/"
NEW = {"subject": "Mới: {course}", "body": "Kính gửi {name}.\n\nCó {course}."}


@pytest.fixture
def editor():
    person = make_user("Phạm Mẫu Biên Tập", is_staff=True)
    person.groups.add(Group.objects.get(name=EDITORS))
    return person


@pytest.fixture
def administrator():
    return make_user("Đỗ Mẫu Quản Trị", is_staff=True, is_superuser=True)


def said(preview):
    words = getattr(preview, "words", preview)
    return [words.subject, *words.paragraphs]


def test_every_kind_stands_in_the_list_with_its_subject(editor):
    lines = browser(editor).get(TEXTS).context["lines"]
    told = {line.kind.slug: (line.subject, line.changed) for line in lines}
    assert told["thu-tu-chon"] == ("Tin về {course}", False)
    assert {"assigned", "soon-due", "overdue", "completed", "weekly-digest"} < set(told)


def test_what_is_typed_is_looked_at_and_not_kept(editor):
    page = browser(editor).post(ONE, NEW | {"do": "look"})
    assert said(page.context["preview"]) == [
        "Mới: Sở hữu trí tuệ và các Mục tiêu phát triển bền vững",
        "Kính gửi Phạm Mẫu Biên Tập.",
        "Có Sở hữu trí tuệ và các Mục tiêu phát triển bền vững.",
    ]
    assert not Text.objects.exists()


def test_a_saved_text_is_what_people_read_from_then_on(editor):
    assert browser(editor).post(ONE, NEW | {"do": "save"}).status_code == 302
    notice = Notice(kind="thu-tu-chon", facts={"course": "Khóa A"})
    words = words_of(notice, texts=own_texts(), name="Lan")
    assert said(words) == ["Mới: Khóa A", "Kính gửi Lan.", "Có Khóa A."]
    entry = Entry.objects.get(act="message-text-changed")
    assert (entry.by, entry.details) == (editor, {"before": {}, "after": NEW})
    browser(editor).post(ONE, NEW | {"do": "save"})
    assert Entry.objects.filter(act="message-text-changed").count() == 1


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("subject", "Chào {nobody}"),
        ("body", "Chào {name.password}"),
        ("body", "Chào {name"),
        ("subject", ""),
    ],
)
def test_a_wrong_text_is_refused_at_its_field_and_kept_in_the_form(editor, field, text):
    page = browser(editor).post(ONE, NEW | {field: text, "do": "save"})
    assert list(page.context["form"].errors) == [field]
    assert page.context["form"][field].value() == text
    assert page.context["preview"] is None
    assert not Text.objects.exists()


def test_the_houses_words_come_back(editor):
    browser(editor).post(ONE, NEW | {"do": "save"})
    browser(editor).post(ONE, {"do": "reset"})
    assert not Text.objects.exists()
    assert Entry.objects.get(act="message-text-reset").details == {"before": NEW}
    assert said(browser(editor).get(ONE).context["preview"])[1] == "Chào Phạm Mẫu Biên Tập."


def test_texts_are_for_editors_letters_for_administrators(editor, administrator):
    clerk = make_user("Võ Mẫu Duyệt", is_staff=True)
    clerk.user_permissions.add(Permission.objects.get(codename="access_admin"))
    for who, texts, letters in ((editor, 200, 302), (administrator, 200, 200), (clerk, 302, 302)):
        assert browser(who).get(TEXTS).status_code == texts
        assert browser(who).get(ONE).status_code == texts
        assert browser(who).get(OUTBOX).status_code == letters
    assert browser(administrator).get(f"{TEXTS}khong-co/").status_code == 404


def make_letter(state, **fields):
    person = make_user("Nguyễn Thị Mẫu")
    count = Letter.objects.count()
    return Letter.objects.create(
        person=person,
        address=person.email,
        state=state,
        message_id=f"<{count}@vidu.example>",
        **fields,
    )


def test_the_outbox_is_narrowed_and_sends_again_what_failed(administrator):
    failed = make_letter(Letter.State.FAILED, error="550")
    make_letter(Letter.State.SENT, sent_at=timezone.now())
    DeadAddress.objects.create(address=failed.address, reason="550")
    admin = browser(administrator)
    page = admin.get(f"{OUTBOX}?trang-thai=failed")
    assert list(page.context["object_list"]) == [failed]
    assert len(admin.get(OUTBOX).context["object_list"]) == 2
    assert admin.get(f"{OUTBOX}{failed.pk}/gui-lai/").status_code == 405
    admin.post(f"{OUTBOX}{failed.pk}/gui-lai/")
    failed.refresh_from_db()
    assert (failed.state, DeadAddress.objects.count()) == (Letter.State.QUEUED, 0)
    entry = Entry.objects.get(act="letter-sent-again")
    assert (entry.by, entry.details) == (administrator, {"error": "550"})


def test_an_editor_sends_nothing_again(editor):
    failed = make_letter(Letter.State.FAILED)
    browser(editor).post(f"{OUTBOX}{failed.pk}/gui-lai/")
    failed.refresh_from_db()
    assert failed.state == Letter.State.FAILED


def test_a_preview_is_the_letter_as_html_and_as_plain_text(editor):
    preview = (
        browser(editor)
        .post(ONE, NEW | {"body": "<b>{course}</b>", "do": "look"})
        .context["preview"]
    )
    title = "Sở hữu trí tuệ và các Mục tiêu phát triển bền vững"
    assert (f"<b>{title}</b>" in preview.plain, f"<b>{title}</b>" in preview.html) == (True, False)
    assert f"&lt;b&gt;{title}&lt;/b&gt;" in preview.html
    assert "bo-nhan" not in preview.plain + preview.html


def test_every_change_stands_below_the_text(editor):
    client = browser(editor)
    client.post(ONE, NEW | {"do": "save"})
    client.post(ONE, NEW | {"subject": "Khác", "do": "save"})
    client.post(ONE, {"do": "reset"})
    client.post(f"{TEXTS}thu-bat-buoc/", {"subject": "Việc", "body": "Việc", "do": "save"})
    changes = client.get(ONE).context["changes"]
    told = [one.details.get("after", {}).get("subject") for one in changes]
    assert told == [None, "Khác", "Mới: {course}"]


def test_addresses_that_reach_nobody_are_listed_with_whose_they_are(
    editor, administrator, django_assert_num_queries
):
    person = make_user("Nguyễn Thị Mẫu")
    DeadAddress.objects.create(address=person.email.lower(), reason="550")
    for number in range(3):
        DeadAddress.objects.create(address=f"cu-{number}@vidu.example", reason="550")
    address = f"{OUTBOX}dia-chi/"
    found = browser(administrator).get(address).context["object_list"]
    with django_assert_num_queries(1):
        assert len(dead_addresses()) == 4
    assert [one.person_name for one in found] == [None, None, None, "Nguyễn Thị Mẫu"]
    assert browser(editor).get(address).status_code == 302


def test_what_waits_to_be_written_is_told(administrator):
    from learning.notices.actions import Told, tell

    tell(kind="thu-tu-chon", people=[Told(administrator.pk, f"k{n}") for n in range(3)])
    waits = browser(administrator).get(OUTBOX).context["waiting"]
    assert (waits.count, waits.first_at) == (3, Notice.objects.first().not_before)

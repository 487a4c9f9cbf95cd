"""Bringing questions in and taking them out, as editors do it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from quizzes.bank.models import Question
from quizzes.exchange.actions import MOST_BYTES, apply_import, choose, keep_file
from quizzes.exchange.base import FileError
from quizzes.exchange.exporting import drafts_of, questions_for
from quizzes.exchange.formats import all_formats
from quizzes.exchange.models import Import
from tests.factories import make_editor
from tests.quizzes.factories import PersonFactory, QuestionFactory, QuizFactory

pytestmark = pytest.mark.django_db

UPLOAD, EXPORT = "/admin/nhap-cau-hoi/", "/admin/xuat-cau-hoi/"
GIFT = """\
// [id:cau-mot]
Một cộng một bằng mấy? {=hai ~ba}

Câu này hỏng {=một mình ~}

// [id:cau-ba]
Hai cộng hai bằng mấy? {=bốn ~năm}
"""


@pytest.fixture
def editor(db: Any) -> Client:
    return make_editor()


def a_writer(*rights: str) -> Client:
    """The browser of a person who may see the admin and has these rights alone."""
    person = PersonFactory(is_staff=True)
    group = Group.objects.create(name=f"writers {person.pk}")
    group.permissions.add(
        Permission.objects.get(codename="access_admin"),
        *Permission.objects.filter(codename__in=rights, content_type__app_label="bank"),
    )
    person.groups.add(group)
    browser = Client()
    browser.force_login(person)
    return browser


def upload(browser: Client, text: str = GIFT, **fields: Any) -> str:
    """The address of the preview."""
    sent = {"text": text, "format": "", "topic": "", "known": "skip", **fields}
    response = browser.post(UPLOAD, sent)
    assert response.status_code == 302, BeautifulSoup(response.content, "html.parser").text
    return str(response.url)


def rows(browser: Client, address: str) -> list[tuple[bool, bool]]:
    """Of each row whether it is ticked, and whether it can be."""
    page = BeautifulSoup(browser.get(address).content, "html.parser")
    boxes = page.select("input[name=row]")
    return [(box.has_attr("checked"), not box.has_attr("disabled")) for box in boxes]


def test_a_text_is_looked_at_and_written(editor: Client) -> None:
    address = upload(editor, topic="Toán")
    assert Question.objects.count() == 0
    assert rows(editor, address) == [(True, True), (False, False), (True, True)]
    page = BeautifulSoup(editor.get(address).content, "html.parser")
    assert [box.text for box in page.select(".exchange__source")][1] == "Câu này hỏng {=một mình ~}"
    assert [box.text.strip() for box in page.select(".exchange__row:nth-of-type(1) .answer__v")][:1]
    response = editor.post(address, {"shown": [0, 1, 2], "row": [0, 1, 2], "apply": "publish"})
    assert response.url == address
    assert list(Question.objects.values_list("key", "topic", "live")) == [
        ("cau-ba", "Toán", True),
        ("cau-mot", "Toán", True),
    ]
    result = BeautifulSoup(editor.get(address).content, "html.parser")
    assert len(result.select("td.title a")) == 2


def test_applying_twice_changes_nothing(editor: Client) -> None:
    address = upload(editor)
    for _time in range(2):
        editor.post(address, {"shown": [0, 1, 2], "row": [0], "apply": "draft"})
    [question] = Question.objects.all()
    assert (question.key, question.live, question.revisions.count()) == ("cau-mot", False, 1)


def test_who_may_not_publish_writes_drafts() -> None:
    writer = a_writer("add_question")
    address = upload(writer)
    writer.post(address, {"shown": [0, 1, 2], "row": [0], "apply": "publish"})
    assert list(Question.objects.values_list("key", "live", "current_version")) == [
        ("cau-mot", False, None)
    ]


def test_only_the_uploader_sees_it_and_only_those_who_may_add(editor: Client) -> None:
    address = upload(editor)
    other, learner = make_editor_again(), Client()
    learner.force_login(PersonFactory())
    seer = a_writer("view_question")
    assert other.get(address).status_code == 404
    assert other.post(address, {"apply": "draft"}).status_code == 404
    for browser in (learner, seer, Client()):
        for page in (UPLOAD, address, EXPORT, f"{UPLOAD}mau.xlsx"):
            assert browser.get(page).status_code in (302, 403, 404)
    assert Question.objects.count() == 0
    [found] = Import.objects.all()
    with pytest.raises(PermissionDenied):
        apply_import(found=found, user=PersonFactory())


def make_editor_again() -> Client:
    return a_writer("add_question", "change_question", "publish_question")


def test_a_known_key_is_skipped_or_updated(editor: Client) -> None:
    known = QuestionFactory(key="cau-mot", prompt="Câu cũ?")
    skipped = upload(editor)
    assert rows(editor, skipped)[0] == (False, False)
    updated = upload(editor, known="update")
    assert rows(editor, updated)[0] == (False, True)
    editor.post(updated, {"shown": [0, 1, 2], "row": [0], "apply": "draft"})
    known.refresh_from_db()
    assert (known.prompt, known.live, known.has_unpublished_changes) == ("Câu cũ?", True, True)
    assert known.get_latest_revision_as_object().prompt == "Một cộng một bằng mấy?"
    writer = a_writer("add_question")
    assert rows(writer, upload(writer, known="update"))[0] == (False, False)


def test_repeated_questions_are_told_and_not_chosen(editor: Client) -> None:
    QuestionFactory(key="co-san", prompt="Hai cộng hai bằng MẤY?")
    text = "Một là một? {=a ~b}\n\nMột là một? {=a ~b}\n\nHai cộng hai bằng mấy? {=a ~b}\n"
    assert rows(editor, upload(editor, text)) == [(True, True), (False, True), (False, True)]


def test_all_or_nothing(editor: Client) -> None:
    address = upload(editor)
    found = Import.objects.get()
    choose(found=found, chosen=[])
    with pytest.raises(ValidationError):
        apply_import(found=found, user=found.user)
    editor.post(address, {"shown": [0, 1, 2], "row": [], "apply": "draft"})
    assert Question.objects.count() == 0
    assert Import.objects.get().applied_at is None


def test_the_choice_of_other_pages_is_kept(editor: Client) -> None:
    text = "\n\n".join(f"Câu số {n} hỏi gì? {{=a ~b}}" for n in range(60))
    address = upload(editor, text)
    editor.post(address, {"shown": list(range(50)), "row": [0], "page": "2"})
    assert [tick for tick, _can in rows(editor, f"{address}?page=2")] == [True] * 10
    assert Import.objects.get().chosen == [0, *range(50, 60)]
    editor.post(address, {"choose": "none"})
    assert Import.objects.get().chosen == []


def test_the_format_can_be_changed(editor: Client) -> None:
    address = upload(editor, "Hỏi?\nA. một\nB. hai\nANSWER: B\n")
    assert Import.objects.get().format == "aiken"
    sent = {"format": "xlsx", "topic": "", "known": "skip", "reread": "1"}
    assert editor.post(address, sent).status_code == 200
    assert Import.objects.get().format == "aiken"
    editor.post(address, {**sent, "format": "aiken", "topic": "Khác"})
    assert Import.objects.get().topic == "Khác"


def test_a_file_is_recognised_by_its_content(editor: Client) -> None:
    draft = all_formats()["gift"].read(GIFT.encode())[0].draft
    assert draft
    for name in ("gift", "csv", "xlsx", "aiken"):
        data = all_formats()[name].write([draft]).data
        extension = all_formats()[name].extensions[0]
        editor.post(UPLOAD, {"file": SimpleUploadedFile(f"de{extension}", data), "known": "skip"})
        assert Import.objects.first().format == name  # type: ignore[union-attr]


def test_limits_are_told(editor: Client) -> None:
    user = PersonFactory()
    with pytest.raises(FileError):
        keep_file(user=user, data=b"x" * (MOST_BYTES + 1))
    with pytest.raises(FileError):
        keep_file(user=user, data=b"A? {=a ~b}\n\n" * 5001)
    for sent in ({"text": ""}, {"text": "không là gì cả"}):
        response = editor.post(UPLOAD, {**sent, "known": "skip"})
        assert response.status_code == 200
        assert BeautifulSoup(response.content, "html.parser").select(
            ".messages .error, .error-message"
        )
    assert Import.objects.count() == 0


def test_old_files_go_when_a_new_one_comes(editor: Client) -> None:
    upload(editor)
    Import.objects.update(created_at=timezone.now() - timedelta(days=8))
    upload(editor)
    assert Import.objects.count() == 1


@pytest.mark.parametrize("few,many", [(1, 30)])
def test_a_longer_preview_costs_no_more_queries(editor: Client, few: int, many: int) -> None:
    counts = []
    for number in (few, many):
        address = upload(editor, "\n\n".join(f"Câu {n} hỏi gì? {{=a ~b}}" for n in range(number)))
        editor.get(address)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            editor.get(address)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_questions_go_out_and_come_back(editor: Client) -> None:
    quiz = QuizFactory(size=2)
    QuestionFactory(key="ngoai-de")
    page = editor.get(EXPORT, {"format": "aiken", "quiz": quiz.pk})
    text = BeautifulSoup(page.content, "html.parser")
    assert len(text.select(".exchange__scroll tbody tr")) == 4
    file = editor.get(EXPORT, {"format": "csv", "quiz": quiz.pk, "download": "1"})
    assert file["Content-Disposition"] == 'attachment; filename="cau-hoi-csv.csv"'
    entries = all_formats()["csv"].read(file.content)
    keys = [place.question.key for place in quiz.places.all()]
    assert [entry.draft.key for entry in entries if entry.draft] == sorted(keys)
    editor.post(UPLOAD, {"file": SimpleUploadedFile("a.csv", file.content), "known": "update"})
    found = Import.objects.get()
    choose(found=found, chosen=[0, 1])
    before = list(Question.objects.values_list("key", "current_version", "latest_revision"))
    apply_import(found=found, user=found.user, publish=True)
    after = list(Question.objects.values_list("key", "current_version", "latest_revision"))
    assert after == before


def test_ticked_questions_go_to_the_export(editor: Client) -> None:
    first, second = QuestionFactory(), QuestionFactory()
    response = editor.get(
        "/admin/bulk/bank/question/export_questions/",
        {"id": [first.pk], "next": "/admin/snippets/bank/question/"},
    )
    assert response.url == f"{EXPORT}?id={first.pk}"
    page = editor.get(response.url + "&format=gift")
    assert BeautifulSoup(page.content, "html.parser").select(f'input[name=id][value="{first.pk}"]')
    assert [d.key for d in drafts_of(questions_for(ids=[second.pk]))] == [second.key]


def test_forged_numbers_are_no_error(editor: Client) -> None:
    address = upload(editor)
    for sent in ({"row": ["x", "99", "-1", "²"], "shown": ["0", "٣"]}, {"page": "x"}):
        assert editor.post(address, sent).status_code == 302
    assert editor.get(f"{address}?page=9999").status_code == 200
    assert editor.get(EXPORT, {"format": "nix", "id": "x"}).status_code == 200

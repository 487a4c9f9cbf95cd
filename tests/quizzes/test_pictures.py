"""Pictures of questions: made fit, kept once, frozen with the version, chosen in the admin."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from quizzes.attempts.actions import start_attempt
from quizzes.bank.actions import keep_picture, save_question
from quizzes.bank.models import Picture, Question
from quizzes.bank.pictures import MOST_BYTES, PictureFile, encode
from tests.quizzes.factories import PersonFactory, QuizFactory
from tests.quizzes.samples import ALT, drawn_picture
from tests.quizzes.steps import url

OPTIONS: list[Any] = [
    {"text": "Nhãn A", "right": True, "picture": "a.png"},
    {"text": "Nhãn B", "picture": "b.png"},
]
FILES = {
    "q.png": PictureFile(drawn_picture(), ALT, "A red square on white."),
    "a.png": PictureFile(drawn_picture(100, 60), "Nhãn thứ nhất.", "The first label."),
    "b.png": PictureFile(drawn_picture(120, 60), "Nhãn thứ hai.", "The second label."),
}


def ask(**fields: Any) -> Question:
    return save_question(
        **{
            "key": "co-hinh",
            "kind": "single",
            "prompt": "Nhãn nào?",
            "options": OPTIONS,
            "picture": "q.png",
            "pictures": FILES,
            **fields,
        }
    )


def written(file_format: str, size: tuple[int, int] = (40, 30), mode: str = "RGB", **how: Any):
    data = BytesIO()
    Image.new(mode, size).save(data, file_format, **how)
    return data.getvalue()


# --- made fit ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "file_format"),
    [
        (written("PNG", mode="RGBA"), "png"),
        (written("PNG", mode="P"), "png"),
        (written("JPEG"), "jpg"),
        (written("JPEG", mode="CMYK"), "jpg"),
        (written("WEBP"), "jpg"),
        (written("WEBP", mode="RGBA"), "png"),
        (written("GIF", mode="P"), "png"),
    ],
)
def test_a_picture_is_written_anew(data, file_format):
    made = encode(data)
    assert (made.format, made.width, made.height) == (file_format, 40, 30)
    assert encode(data) == made


def test_a_large_picture_is_made_smaller_and_a_camera_s_words_are_left_out():
    exif = Image.Exif()
    exif[0x010E] = "Nhà riêng của ai đó"
    exif[0x0112] = 6  # lying on its side
    made = encode(written("JPEG", (3200, 800), exif=exif))
    assert (made.width, made.height) == (400, 1600)
    assert b"ri\xc3\xaang" not in made.data
    assert dict(Image.open(BytesIO(made.data)).getexif()) == {}


def _moving() -> bytes:
    data = BytesIO()
    first = Image.new("RGB", (9, 9), "red")
    first.save(data, "GIF", save_all=True, append_images=[Image.new("RGB", (9, 9), "blue")])
    return data.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%PDF-1.4",
        drawn_picture()[:200],
        _moving(),
        b"\0" * (MOST_BYTES + 1),
        written("PNG", (9000, 9000), mode="1"),
        written("BMP"),
    ],
    ids=["empty", "svg", "pdf", "cut", "moving", "heavy", "huge", "bmp"],
)
def test_what_cannot_be_shown_is_refused_with_a_sentence(data):
    with pytest.raises(ValidationError) as refused:
        encode(data)
    assert len(refused.value.messages) == 1


@given(
    st.binary(max_size=300), st.sampled_from([b"", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"\xff\xd8"])
)
def test_whatever_is_uploaded_is_a_picture_or_refused(data, head):
    try:
        made = encode(head + data)
    except ValidationError:
        return
    assert made.width >= 1


# --- kept once and frozen ------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_same_file_is_one_picture_and_so_is_what_was_made_of_it():
    data = written("WEBP")
    first = keep_picture(data=data, title="Một")
    assert keep_picture(data=data, title="Hai") == first
    with default_storage.open(first.file.name) as file:
        assert keep_picture(data=file.read()) == first
    assert first.file.name == f"questions/{first.digest}.{first.format}"
    with pytest.raises(TypeError):
        first.save()


@pytest.mark.django_db
def test_loading_a_question_with_pictures_twice_writes_nothing_new():
    version = ask().current_version
    assert version.content["picture"]["alt"] == ALT
    assert version.content["options"][1]["picture"]["width"] == 120
    before = Picture.objects.count()
    assert ask().current_version == version
    assert (before, Picture.objects.count()) == (3, 3)
    other = ask(pictures={**FILES, "q.png": PictureFile(drawn_picture(), "Khác.")})
    assert other.current_version.number == 2


@pytest.mark.django_db
def test_a_question_without_pictures_keeps_the_digest_it_had():
    plain = [{"text": "Một", "right": True}, {"text": "Hai"}]
    version = ask(options=plain, picture="").current_version
    assert set(version.content) == {"kind", "prompt", "explanation", "sources", "options"}
    assert set(version.content["options"][0]) == {"key", "text", "right", "why"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields",
    [
        {"picture": "z.png"},
        {"pictures": {**FILES, "q.png": PictureFile(drawn_picture(), "  ")}},
        {"pictures": {**FILES, "a.png": PictureFile(b"<svg/>", "Nhãn")}},
        {"prompt_en": "Which?", "pictures": {**FILES, "q.png": PictureFile(drawn_picture(), ALT)}},
    ],
    ids=["not there", "says nothing", "no picture", "untranslated"],
)
def test_a_picture_that_cannot_be_shown_refuses_the_question_before_anything_is_written(fields):
    with pytest.raises(ValidationError):
        ask(**fields)
    assert (Question.objects.count(), Picture.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_an_attempt_shows_the_picture_it_was_given_after_the_editor_took_it_away(client, taker):
    question = ask(prompt_en="Which label?")
    shown = {one["alt"]: one for one in [question.current_version.content["picture"]]}
    attempt = start_attempt(taker=taker, quiz=QuizFactory(questions=[question]))
    ask(options=[{"text": "Một", "right": True}, {"text": "Hai"}], picture="", pictures={})
    page = client.get(url("attempt", attempt)).content.decode()
    for picture in Picture.objects.all():
        assert page.count(f'src="{picture.url}"') == 1
        assert page.count(f'href="{picture.url}"') == 1
        assert f'width="{picture.width}" height="{picture.height}"' in page
    assert f'alt="{ALT}"' in page
    assert page.count('loading="lazy"') == 3
    assert default_storage.exists(f"questions/{shown[ALT]['digest']}.png")
    review = client.post(url("submit", attempt), follow=True).content.decode()
    assert f'alt="{ALT}"' in review
    english = client.get(f"/en{url('result', attempt)}").content.decode()
    assert 'alt="A red square on white."' in english
    assert 'alt="The first label."' in english


@pytest.mark.django_db
def test_a_question_with_pictures_costs_a_learner_no_further_query(client, taker):
    counts = []
    plain = [{"text": "Một", "right": True}, {"text": "Hai"}]
    for number, fields in enumerate(({}, {"options": plain, "picture": ""})):
        question = ask(key=f"cau-{number}", **fields)
        attempt = start_attempt(taker=taker, quiz=QuizFactory(questions=[question]))
        client.get(url("attempt", attempt))
        with CaptureQueriesContext(connection) as asked:
            client.get(url("attempt", attempt))
        counts.append(len(asked))
    assert counts[0] == counts[1]


# --- the admin -----------------------------------------------------------------------------------


@pytest.fixture
def editor(db: None) -> Client:
    browser = Client()
    browser.force_login(PersonFactory(is_staff=True, is_superuser=True))
    return browser


def test_an_editor_uploads_a_picture_and_finds_it_again(editor):
    address = reverse("question_pictures:create")
    file = SimpleUploadedFile("nhan-hieu.png", drawn_picture(), "image/png")
    told = editor.post(address, {"title": "", "file": file}).json()
    picture = Picture.objects.get()
    assert (told["step"], told["result"]["id"]) == ("chosen", str(picture.pk))
    assert (picture.title, told["result"]["preview"]["url"]) == ("nhan-hieu", picture.url)
    listed = editor.get(reverse("question_pictures:choose")).json()["html"]
    assert picture.url in listed
    chosen = editor.get(reverse("question_pictures:chosen", args=[picture.pk])).json()
    assert chosen["result"]["id"] == str(picture.pk)
    bad = SimpleUploadedFile("x.svg", b"<svg/>", "image/svg+xml")
    refused = editor.post(address, {"title": "", "file": bad}).json()
    assert "PNG, JPEG" in refused["htmlFragment"]
    assert Picture.objects.count() == 1


@pytest.mark.django_db
def test_who_may_not_write_questions_uploads_nothing():
    browser = Client()
    browser.force_login(PersonFactory())
    file = SimpleUploadedFile("x.png", drawn_picture(), "image/png")
    assert browser.post(reverse("question_pictures:create"), {"file": file}).status_code != 200
    assert Picture.objects.count() == 0

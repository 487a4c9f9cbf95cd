"""The bank: versions, loading from packs, and the editor's screens in the admin."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from wagtail.models import Revision
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from quizzes.bank.actions import publish_question, save_question, save_quiz
from quizzes.bank.content import next_option_key, parse_sources, sources_as_text
from quizzes.bank.kinds import kind_names
from quizzes.bank.models import Option, Question, QuestionVersion, Quiz
from tests.quizzes.factories import PersonFactory, QuestionFactory, QuizFactory

pytestmark = pytest.mark.django_db

PACK: dict[str, Any] = {
    "key": "ba-nhom",
    "kind": "single",
    "prompt": "Ba nhóm đối tượng là gì?",
    "options": [{"text": "Nhóm đúng", "right": True}, {"text": "Nhóm sai"}],
    "sources": [{"title": "Điều 3", "url": "https://vidu.example/"}],
    "reference": "bai-1",
    "topic": "Kiến thức nền",
}


def rows() -> list[int]:
    return [model.objects.count() for model in (Question, QuestionVersion, Option, Quiz, Revision)]


# --- loading -------------------------------------------------------------------------------------


def test_loading_a_question_twice_writes_nothing_new():
    save_question(**PACK)
    before = rows()
    again = save_question(**PACK)
    assert rows() == before
    assert again.live
    assert again.current_version.number == 1


def test_a_changed_question_gets_a_new_version_and_keeps_the_old():
    old = save_question(**PACK).current_version
    new = save_question(**{**PACK, "prompt": "Có mấy nhóm?"}).current_version
    assert (old.number, new.number) == (1, 2)
    old.refresh_from_db()
    assert old.content["prompt"] == "Ba nhóm đối tượng là gì?"
    back = save_question(**PACK).current_version
    assert back == old


def test_what_is_not_asked_makes_no_version():
    first = save_question(**PACK).current_version
    moved = save_question(**{**PACK, "topic": "Khác", "difficulty": 3})
    assert moved.current_version == first
    assert moved.topic == "Khác"


def test_text_is_kept_in_one_unicode_form():
    composed = save_question(**PACK)
    decomposed = {**PACK, "prompt": "Ba nho\u0301m đo\u0302\u0301i tươ\u0323ng là gì?"}
    assert save_question(**decomposed).current_version == composed.current_version


@pytest.mark.parametrize(
    ("kind", "rights"),
    [
        ("single", [False, False]),
        ("single", [True, True]),
        ("single", [True]),
        ("multiple", [False, False, False]),
        ("multiple", [True, True, True]),
        ("true_false", [True, False, False]),
        ("true_false", [False, False]),
        ("unheard-of", [True, False]),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused_before_anything_is_written(kind, rights):
    options = [{"text": f"Câu {n}", "right": right} for n, right in enumerate(rights)]
    with pytest.raises(ValidationError):
        save_question(**{**PACK, "kind": kind, "options": options})
    assert rows() == [0, 0, 0, 0, 0]


def test_two_options_may_not_say_the_same():
    options = [{"text": "Như nhau", "right": True}, {"text": "như nhau "}]
    with pytest.raises(ValidationError):
        save_question(**{**PACK, "options": options})


def test_a_quiz_keeps_its_order_and_is_written_once():
    questions = QuestionFactory.create_batch(3)
    keys = [question.key for question in questions]
    quiz = save_quiz(key="bai", title="Bài", question_keys=keys)
    before = rows()
    assert save_quiz(key="bai", title="Bài", question_keys=keys) == quiz
    assert rows() == before
    save_quiz(key="bai", title="Bài", question_keys=keys[::-1])
    order = quiz.places.order_by("sort_order").values_list("question__key", flat=True)
    assert list(order) == keys[::-1]


def test_a_quiz_names_only_questions_that_exist_and_each_once():
    question = QuestionFactory()
    for keys in (["khong-co"], [question.key, question.key]):
        with pytest.raises(ValidationError):
            save_quiz(key="bai", title="Bài", question_keys=keys)
    assert not Quiz.objects.exists()


def test_publishing_twice_makes_one_version():
    question = QuestionFactory()
    assert publish_question(question=question) == question.current_version
    assert QuestionVersion.objects.count() == 1


def test_sources_as_lines():
    text = "Điều 3 | https://vidu.example/a\nCông văn 633 | không phải địa chỉ\n\n"
    sources = parse_sources(text)
    assert [source["url"] for source in sources] == ["https://vidu.example/a", ""]
    assert parse_sources(sources_as_text(sources)) == sources


def test_option_keys_go_on_after_z():
    taken = {chr(code) for code in range(ord("a"), ord("z") + 1)}
    assert next_option_key(taken) == "aa"


def test_an_unknown_kind_is_refused_by_the_model():
    """The database knows no list of kinds; whoever writes a question asks the model."""
    for kind in kind_names():
        Question(kind=kind, prompt="?").full_clean()
    with pytest.raises(ValidationError) as refused:
        Question(kind="unheard-of", prompt="?").full_clean()
    assert set(refused.value.error_dict) == {"kind"}


def test_a_setting_left_as_usual_makes_no_new_version():
    options = [{"text": t, "right": r} for t, r in (("Một", True), ("Hai", True), ("Ba", False))]
    pack = {**PACK, "kind": "multiple", "options": options}
    first = save_question(**pack).current_version
    assert "settings" not in first.content
    assert save_question(**pack, settings={"scoring": "all"}).current_version == first
    other = save_question(**pack, settings={"scoring": "penalty"})
    assert other.settings == other.current_version.content["settings"] == {"scoring": "penalty"}
    assert other.current_version.number == 2


@pytest.mark.parametrize("settings", [{"scoring": "half"}, {"colour": "red"}, {"scoring": True}])
def test_a_setting_that_does_not_exist_is_refused(settings):
    with pytest.raises(ValidationError):
        save_question(**PACK | {"kind": "multiple"}, settings=settings)
    assert rows() == [0, 0, 0, 0, 0]


# The digests of the versions of before there were settings, counterparts and gaps.
DIGESTS = {
    "single": "293f1ade723311120d3cf556dfd2fd66f6236879b600c8cf3f6d13f70ea6ebd0",
    "multiple": "f4d2944633d9d46dd117caad4b7f55f51a008b29ecc91f450c87a643912d0b44",
    "true_false": "add16630eb1f01b147bcb3b4fe03b3595b5ed5f9ad788a754c2093e34010a58c",
}


@pytest.mark.parametrize("kind", DIGESTS)
def test_the_digests_of_older_versions_stay(kind):
    options = {
        "single": [{"text": "Nhóm đúng", "right": True, "why": "Vì"}, {"text": "Nhóm sai"}],
        "multiple": [
            {"text": "Một", "right": True},
            {"text": "Hai", "right": True},
            {"text": "Ba"},
        ],
        "true_false": [{"text": "Đúng", "right": True}, {"text": "Sai", "text_en": "False"}],
    }[kind]
    question = save_question(**{**PACK, "kind": kind, "options": options, "prompt_en": "Which?"})
    assert question.current_version.digest == DIGESTS[kind]


# --- the admin -----------------------------------------------------------------------------------


@pytest.fixture
def editor() -> Client:
    browser = Client()
    browser.force_login(PersonFactory(is_staff=True, is_superuser=True))
    return browser


def admin_url(name: str, model: type, *args: Any) -> str:
    return reverse(f"wagtailsnippets_bank_{model.__name__.lower()}:{name}", args=args)


def form(question: Question | None, *options: dict[str, Any], **fields: Any) -> dict[str, Any]:
    initial = question.options.count() if question else 0
    return nested_form_data(
        {
            "key": question.key if question else "cau-moi",
            "kind": "single",
            "prompt": "Câu của biên tập viên?",
            "explanation": "",
            "sources_text": "",
            "topic": "",
            "difficulty": "2",
            "options": inline_formset(list(options), initial=initial),
            **fields,
        }
    )


GOOD = ({"text": "Đúng", "is_right": "on", "why": ""}, {"text": "Sai", "why": ""})
BAD = ({"text": "Một", "is_right": "on", "why": ""}, {"text": "Hai", "is_right": "on", "why": ""})


def test_an_editor_publishes_a_question_and_it_gets_its_version(editor):
    reply = editor.post(admin_url("add", Question), {**form(None, *GOOD), "action-publish": "1"})
    assert reply.status_code == 302, reply.context["form"].errors
    question = Question.objects.get(key="cau-moi")
    assert question.live
    assert question.current_version.content["prompt"] == "Câu của biên tập viên?"
    assert [option.key for option in question.options.all()] == ["a", "b"]
    assert question.current_version.created_by is not None


def test_two_right_options_are_refused_when_publishing_but_may_wait_in_a_draft(editor):
    refused = editor.post(admin_url("add", Question), {**form(None, *BAD), "action-publish": "1"})
    assert refused.status_code == 200
    assert refused.context["form"].non_field_errors()
    assert not Question.objects.exists()
    draft = editor.post(admin_url("add", Question), form(None, *BAD))
    assert draft.status_code == 302
    question = Question.objects.get()
    assert not question.live
    assert question.current_version is None


def test_a_draft_of_a_live_question_changes_nothing_until_it_is_published(editor):
    question = QuestionFactory(wrong=1)
    options = [
        {"id": option.pk, "text": text, "is_right": "on" if option.is_right else "", "why": ""}
        for option, text in zip(question.options.all(), ("Đúng mới", "Sai mới"), strict=True)
    ]
    address = admin_url("edit", Question, question.pk)
    assert editor.post(address, form(question, *options)).status_code == 302
    question.refresh_from_db()
    assert question.current_version.number == 1
    published = editor.post(address, {**form(question, *options), "action-publish": "1"})
    assert published.status_code == 302
    question.refresh_from_db()
    assert question.current_version.number == 2
    contents = question.current_version.content["options"]
    assert [(option["key"], option["text"]) for option in contents] == [
        ("a", "Đúng mới"),
        ("b", "Sai mới"),
    ]


def test_the_key_of_a_removed_option_is_not_given_to_another(editor):
    question = QuestionFactory(wrong=2)
    kept = [
        {"id": option.pk, "text": option.text, "is_right": "on" if option.is_right else ""}
        for option in question.options.all()
    ]
    kept[2]["DELETE"] = "on"
    reply = editor.post(
        admin_url("edit", Question, question.pk),
        {**form(question, *kept, {"text": "Mới thêm"}), "action-publish": "1"},
    )
    assert reply.status_code == 302
    question.refresh_from_db()
    keys = [option["key"] for option in question.current_version.content["options"]]
    assert keys == ["a", "b", "d"]


def test_the_preview_shows_the_question_as_the_learner_sees_it(editor):
    question = QuestionFactory()
    address = admin_url("preview_on_edit", Question, question.pk)
    options = [{"text": "Đang gõ", "is_right": "on"}, {"text": ""}]
    sent = editor.post(address, form(None, *options, prompt="Đang soạn?", key=question.key))
    assert sent.json()["is_valid"]
    html = editor.get(address).content.decode()
    assert "Đang soạn?" in html
    assert 'type="radio"' in html
    assert "Đang gõ" in html


RULES = {
    "mode": "exam",
    "pass_percent": "80",
    "counting": "best",
    "paging": "question",
    "may_go_back": "on",
    "grace_seconds": "30",
}


def test_the_preview_of_a_quiz_shows_its_questions(editor):
    quiz = QuizFactory()
    address = admin_url("preview_on_edit", Quiz, quiz.pk)
    data = nested_form_data(
        {
            "key": quiz.key,
            "title": "Bài đang soạn",
            "introduction": "",
            **RULES,
            "places": inline_formset(
                [
                    {"id": place.pk, "question": place.question_id, "points": 1}
                    for place in quiz.places.all()
                ],
                initial=3,
            ),
            "draws": inline_formset([]),
        }
    )
    assert editor.post(address, data).json()["is_valid"]
    html = editor.get(address).content.decode()
    assert "Bài đang soạn" in html
    assert html.count('class="question__no"') == 3


def test_a_quiz_is_edited_in_the_admin(editor):
    question = QuestionFactory()
    data = nested_form_data(
        {
            "key": "bai-moi",
            "title": "Bài mới",
            "introduction": "",
            **RULES,
            "places": inline_formset([{"question": question.pk, "points": 2}]),
            "draws": inline_formset([]),
        }
    )
    assert editor.post(admin_url("add", Quiz), data).status_code == 302
    assert Quiz.objects.get().places.get().points == 2
    twice = inline_formset([{"question": question.pk, "points": 1}] * 2)
    refused = editor.post(
        admin_url("add", Quiz),
        {**data, **nested_form_data({"places": twice}), "key": "bai-khac"},
    )
    assert refused.status_code == 200
    nothing = nested_form_data({"places": inline_formset([])})
    assert (
        editor.post(admin_url("add", Quiz), {**data, **nothing, "key": "bai-rong"}).status_code
        == 200
    )
    assert Quiz.objects.count() == 1


def test_a_quiz_that_draws_from_others_is_edited_in_the_admin(editor):
    pool = QuizFactory(size=2)
    drawn = {"pool": pool.pk, "count": 3}
    data = nested_form_data(
        {
            "key": "cuoi-khoa",
            "title": "Cuối khóa",
            "introduction": "",
            **RULES,
            "places": inline_formset([]),
            "draws": inline_formset([drawn]),
        }
    )
    assert editor.post(admin_url("add", Quiz), data).status_code == 302
    assert Quiz.objects.get(key="cuoi-khoa").draws.get().count == 3
    # The list says that the pool is too small.
    assert f"{pool.title}" in Quiz.objects.get(key="cuoi-khoa").pool_line()
    twice = nested_form_data({"draws": inline_formset([drawn, drawn])})
    assert (
        editor.post(admin_url("add", Quiz), {**data, **twice, "key": "hai-lan"}).status_code == 200
    )


@pytest.mark.parametrize("model", [Question, Quiz])
def test_the_lists_open(editor, model):
    QuizFactory()
    assert editor.get(admin_url("list", model)).status_code == 200
    assert editor.get(admin_url("add", model)).status_code == 200
    assert editor.get(admin_url("edit", model, model.objects.first().pk)).status_code == 200


def test_the_admin_is_closed_to_learners():
    browser = Client()
    browser.force_login(PersonFactory())
    assert browser.get(admin_url("list", Question)).status_code == 302

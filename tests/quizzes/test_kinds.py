"""What holds for every kind of question: secrecy, the right answer, the review, the admin."""

from __future__ import annotations

import importlib
import re
import sys
from fractions import Fraction
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given as hypothesis_given
from hypothesis import strategies as st
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from quizzes.attempts.actions import start_attempt
from quizzes.attempts.models import Attempt, AttemptItem
from quizzes.bank import kinds
from quizzes.bank.actions import keep_picture
from quizzes.bank.kinds import BadAnswerError, all_kinds, get_kind, kind_names
from quizzes.bank.models import Question, Quiz
from tests.quizzes.factories import PersonFactory, QuizFactory
from tests.quizzes.samples import ALT, SAMPLES, Sample, drawn_picture
from tests.quizzes.steps import JSON, url

every_kind = pytest.mark.parametrize("sample", SAMPLES.values(), ids=SAMPLES)
machine_marked = pytest.mark.parametrize(
    "sample",
    [sample for sample in SAMPLES.values() if sample.marked_by_machine],
    ids=[name for name, sample in SAMPLES.items() if sample.marked_by_machine],
)
anything = st.text(max_size=12)
some_fields = st.dictionaries(
    st.sampled_from(["answer", "answer:a", "answer:1", "answer:", "answer:zz", "go"]),
    st.lists(st.one_of(st.sampled_from(["a", "1", "2", "true", "a=b", "", "\0"]), anything)),
)


def test_every_kind_has_its_sample():
    assert set(SAMPLES) == set(kind_names())


def sit(taker: Any, sample: Sample) -> Attempt:
    """An attempt at the sample alone, shown in the sample's order."""
    attempt = start_attempt(taker=taker, quiz=QuizFactory(questions=[sample.save()]))
    attempt.items.update(option_order=sample.order)
    return attempt


def send(client: Client, attempt: Attempt, fields: dict[str, list[str]]) -> Any:
    return client.post(url("save", attempt, 1), fields, **JSON)


def hand_in(client: Client, attempt: Attempt) -> str:
    reply = client.post(url("submit", attempt), follow=True)
    attempt.refresh_from_db()
    return reply.content.decode()


# --- taking a question ---------------------------------------------------------------------------


@machine_marked
@pytest.mark.django_db
def test_the_right_answer_is_kept_shown_again_and_earns_all(client, taker, sample):
    attempt = sit(taker, sample)
    assert send(client, attempt, sample.right).status_code == 200
    kept = attempt.items.get().answer
    assert kept != []
    assert all(isinstance(one, str) for one in kept)
    kind = get_kind(sample.kind)
    assert kind.fields(kept, sample.order) == sample.right
    page = client.get(url("attempt", attempt)).content.decode()
    for field, values in sample.right.items():
        assert f'name="{field}"' in page
        for value in values:
            assert f'value="{value}"' in page
    review = hand_in(client, attempt)
    assert attempt.points == attempt.max_points == 1
    assert "Giải thích kín" in review
    assert "Nguồn kín" in review


@machine_marked
@pytest.mark.django_db
def test_a_wrong_answer_and_none_earn_nothing(client, taker, sample):
    attempt = sit(taker, sample)
    assert send(client, attempt, sample.wrong).status_code == 200
    hand_in(client, attempt)
    assert attempt.points == 0
    second = start_attempt(taker=taker, quiz=attempt.quiz)
    assert send(client, second, {}).json()["answered"] == 0
    hand_in(client, second)
    assert second.points == 0


@every_kind
@pytest.mark.django_db
def test_an_answer_is_taken_back(client, taker, sample):
    attempt = sit(taker, sample)
    assert send(client, attempt, sample.right).json()["answered"] == 1
    assert send(client, attempt, {}).json()["answered"] == 0
    assert attempt.items.get().answer == []


@every_kind
@pytest.mark.django_db
def test_what_was_not_offered_is_refused_with_a_sentence(client, taker, sample):
    attempt = sit(taker, sample)
    name, value = next(iter(sample.right.items()))
    for fields in (
        {"answer:zz": ["a"]},
        {name: ["x" * 100_000]},
        {name: [*value, *value, "another"]},
    ):
        reply = send(client, attempt, fields)
        assert reply.status_code == 400, fields
        assert reply.json()["error"]
    assert attempt.items.get().answer == []


@every_kind
@pytest.mark.django_db
def test_an_answer_costs_as_many_queries_whatever_its_kind(
    client, taker, sample, django_assert_max_num_queries
):
    attempt = sit(taker, sample)
    with django_assert_max_num_queries(8):
        assert send(client, attempt, sample.right).status_code == 200


# --- the key stays on the server -----------------------------------------------------------------


def look(client: Client, attempt: Attempt, fields: dict[str, list[str]]) -> str:
    """Everything a person is sent before handing in, without what differs by chance."""
    AttemptItem.objects.update(answer=[], saved_at=None)
    seen = [client.get(url("attempt", attempt)).content.decode()]
    seen.append(send(client, attempt, fields).content.decode())
    seen.append(client.get(url("attempt", attempt)).content.decode())
    seen.append(client.get(url("submit", attempt)).content.decode())
    Quiz.objects.update(paging="whole")
    seen.append(client.get(url("attempt", attempt)).content.decode())
    Quiz.objects.update(paging="question")
    seen.append(send(client, attempt, {"answer:zz": ["1"]}).content.decode())
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", "\n".join(seen))
    text = re.sub(r"\d\d:\d\d:\d\d", "", text)
    return re.sub(r'"saved_at": "[^"]+"', "", text)


@every_kind
@pytest.mark.django_db
def test_before_the_review_nothing_depends_on_the_key(client, taker, sample):
    """Two questions that differ in their key alone look the same to the last letter."""
    attempt = sit(taker, sample)
    for fields in (sample.right, sample.wrong):
        seen = look(client, attempt, fields)
        for hidden in ("kín", "right", "is_right", "match_"):
            assert hidden not in seen.lower()
        twin = sample.save(twin=True)
        item = attempt.items.get()
        assert item.version_id != twin.current_version_id
        attempt.items.update(version=twin.current_version, option_order=sample.twin_order)
        assert look(client, attempt, fields) == seen
        attempt.items.update(version=item.version, option_order=sample.order)


@every_kind
@pytest.mark.django_db
def test_the_frozen_order_is_no_key(taker, sample):
    """The order a person sees is drawn anew for each, and holds just what the question shows."""
    attempt = start_attempt(taker=taker, quiz=QuizFactory(questions=[sample.save()]))
    assert sorted(attempt.items.get().option_order) == sorted(sample.order)


# --- pure functions ------------------------------------------------------------------------------


@machine_marked
def test_the_right_answer_is_right_and_nothing_is_nothing(sample):
    kind = get_kind(sample.kind)
    assert kind.grade(sample.content, kind.right_answer(sample.content)) == Fraction(1)
    assert kind.grade(sample.content, []) == 0
    assert kind.read(sample.right, sample.order) != []
    assert kind.read({}, sample.order) == []


@every_kind
@hypothesis_given(sent=some_fields)
def test_whatever_is_sent_is_refused_or_graded_within_bounds(sample, sent):
    kind = get_kind(sample.kind)
    try:
        answer = kind.read(sent, sample.order)
    except BadAnswerError as refused:
        assert str(refused)
        return
    assert all("\0" not in one for one in answer)
    if sample.marked_by_machine:
        assert 0 <= kind.grade(sample.content, answer) <= 1
    assert kind.read(kind.fields(answer, sample.order), sample.order) == answer
    assert hash(kind.asked(sample.content, sample.order, answer)) is not None
    assert hash(kind.reviewed(sample.content, sample.order, answer)) is not None


def test_every_kind_says_what_it_is_and_wants():
    for kind in all_kinds():
        assert str(kind.label)
        assert kind.help_text()
        assert kind.options_help()
    assert len({kind.rank for kind in all_kinds()}) == len(all_kinds())


def test_a_new_kind_is_one_file(tmp_path, monkeypatch):
    (tmp_path / "riddle.py").write_text(
        "from quizzes.bank.kinds.single import Single\n"
        "class Riddle(Single):\n"
        "    name, label, rank = 'riddle', 'Riddle', 999\n"
    )
    monkeypatch.setattr(kinds, "__path__", [*kinds.__path__, str(tmp_path)])
    found = kinds._find_kinds()
    sys.modules.pop("quizzes.bank.kinds.riddle", None)
    importlib.invalidate_caches()
    assert list(found) == [*kind_names(), "riddle"]


# --- the admin -----------------------------------------------------------------------------------


@pytest.fixture
def editor(db: None) -> Client:
    browser = Client()
    browser.force_login(PersonFactory(is_staff=True, is_superuser=True))
    return browser


def admin_url(name: str, *args: Any) -> str:
    return reverse(f"wagtailsnippets_bank_question:{name}", args=args)


def as_form(sample: Sample, options: list[Any] | None = None) -> dict[str, Any]:
    """What the editor's form sends for the sample."""
    listed = sample.options if options is None else options
    settings = {f"settings_{sample.kind}_{name}": v for name, v in sample.settings.items()}
    return nested_form_data(
        {
            "key": "cau-moi",
            "kind": sample.kind,
            "prompt": sample.prompt,
            "explanation": "",
            "sources_text": "",
            "topic": "",
            "difficulty": "2",
            "picture": keep_picture(data=drawn_picture()).pk if sample.picture else "",
            "alt": ALT if sample.picture else "",
            "options": inline_formset(
                [
                    {
                        "text": option.get("text", ""),
                        "is_right": "on" if option.get("right") else "",
                        "why": option.get("why", ""),
                        "match": option.get("match", ""),
                        "gap": option.get("gap", ""),
                        "area": option.get("area", ""),
                        "points": option.get("points", ""),
                    }
                    for option in listed
                ]
            ),
            **settings,
        }
    )


@every_kind
def test_an_editor_publishes_it(editor, sample):
    reply = editor.post(admin_url("add"), {**as_form(sample), "action-publish": "1"})
    assert reply.status_code == 302, reply.context["form"].errors
    question = Question.objects.get(key="cau-moi")
    assert question.settings == sample.settings
    content = question.current_version.content
    assert content["options"] == [
        {**option, "why": option["why"]} for option in sample.content["options"]
    ]
    page = editor.get(admin_url("edit", question.pk)).content.decode()
    for name, value in sample.settings.items():
        assert f"settings_{sample.kind}_{name}" in page
        assert ("checked" if value is True else str(value)) in page


@every_kind
def test_the_preview_shows_it_asked_and_reviewed(editor, sample):
    question = sample.save()
    address = admin_url("preview_on_edit", question.pk)
    assert editor.post(address, as_form(sample)).json()["is_valid"]
    html = editor.get(address).content.decode()
    assert get_kind(sample.kind).help_text() in html
    for field in sample.right:
        assert f'name="{field}"' in html


@every_kind
def test_the_preview_bears_what_is_half_typed(editor, sample):
    question = sample.save()
    address = admin_url("preview_on_edit", question.pk)
    halves: list[list[Any]] = [
        [],
        sample.options[:1],
        [{**option, "text": ""} for option in sample.options],
        [{**option, "text": "?", "match": "", "gap": 9} for option in sample.options],
    ]
    for options in halves:
        assert editor.post(address, as_form(sample, options)).json()["is_valid"]
        assert editor.get(address).status_code == 200


@every_kind
def test_a_question_without_options_is_refused_with_its_reason(editor, sample):
    reply = editor.post(admin_url("add"), {**as_form(sample, []), "action-publish": "1"})
    assert reply.status_code == 200
    assert not Question.objects.exists()


def test_a_wrong_setting_is_refused_in_the_form_even_in_a_draft(editor):
    wrong = {**as_form(SAMPLES["multiple"]), "settings_multiple_scoring": "half"}
    reply = editor.post(admin_url("add"), wrong)
    assert reply.status_code == 200
    assert "settings" in reply.context["form"].errors
    unread = {**as_form(SAMPLES["number"]), "settings_number_tolerance": "ít"}
    assert editor.post(admin_url("add"), {**unread, "action-publish": "1"}).status_code == 200
    assert not Question.objects.exists()


def test_another_kind_leaves_nothing_of_the_one_before(editor):
    question = SAMPLES["matching"].save(key="cau-moi")
    data = as_form(SAMPLES["matching"])
    for place, option in enumerate(question.options.all()):
        data[f"options-{place}-id"] = option.pk
        data[f"options-{place}-is_right"] = "on" if place == 0 else ""
    data |= {
        "kind": "single",
        "options-3-DELETE": "on",
        "options-INITIAL_FORMS": "4",
        "settings_multiple_scoring": "penalty",
        "settings_blank_ignore_accents": "on",
        "action-publish": "1",
    }
    reply = editor.post(admin_url("edit", question.pk), data)
    assert reply.status_code == 302, reply.context["form"].errors
    question.refresh_from_db()
    content = question.current_version.content
    assert "settings" not in content
    keys = {tuple(sorted(option)) for option in content["options"]}
    assert keys == {("key", "right", "text", "why")}

"""Reports of quizzes and questions: what they say, to whom, and in how many queries."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import openpyxl
import pytest
from django.contrib.auth.models import Permission
from django.core.cache import cache
from django.db.models import F
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from quizzes.analysis.counting import Selection, Which
from quizzes.analysis.report import get_report
from quizzes.attempts.actions import save_answer, start_attempt, submit_attempt
from quizzes.attempts.models import Attempt, AttemptItem
from quizzes.bank.actions import save_question
from tests.quizzes.factories import (
    MultipleFactory,
    PersonFactory,
    QuestionFactory,
    QuizFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_kept():
    cache.clear()


def sit(quiz, answers, taker=None):
    """A finished attempt; `answers` gives the key of each question, "" for none."""
    attempt = start_attempt(taker=taker or PersonFactory(), quiz=quiz, origin="test", return_to="/")
    for position, key in enumerate(answers, start=1):
        if key:
            save_answer(attempt=attempt, position=position, sent={"answer": [key]})
    submit_attempt(attempt=attempt)
    return Attempt.objects.get(pk=attempt.pk)


def person(*permissions):
    """Somebody with these permissions of the bank, and entry to the admin."""
    found = PersonFactory()
    wanted = ["access_admin", *permissions]
    found.user_permissions.add(*Permission.objects.filter(codename__in=wanted))
    return found


def browser(*permissions):
    client = Client()
    client.force_login(person(*permissions))
    return client


@pytest.fixture
def editor():
    return browser("view_quiz", "change_quiz", "view_question", "change_question")


def by_key(report):
    return {item.content["prompt"]: item for item in report.items}


def test_only_graded_attempts_count(editor):
    quiz = QuizFactory(size=2)
    sit(quiz, "aa")
    start_attempt(taker=PersonFactory(), quiz=quiz, origin="", return_to="/")
    assert get_report(Selection(quiz_id=quiz.pk)).count == 1


def test_figures_come_from_the_stored_points():
    quiz = QuizFactory(size=3)
    for answers in ("aaa", "aab", "abb", "bbb"):
        sit(quiz, answers)
    report = get_report(Selection(quiz_id=quiz.pk))
    assert [item.figures.facility for item in report.items] == [
        Fraction(3, 4), Fraction(1, 2), Fraction(1, 4),
    ]  # fmt: skip
    # By hand: item variances 1/4 + 1/3 + 1/4, totals 3 2 1 0 with variance 5/3.
    assert report.reliability.coefficient == Fraction(3, 2) * (1 - Fraction(5, 6) / Fraction(5, 3))
    assert report.is_kr20
    assert report.scores.mean == HALF
    # A ruling changes what is stored; the figures follow.
    first = AttemptItem.objects.filter(position=1, earned=0).get()
    Attempt.objects.filter(pk=first.attempt_id).update(points=1, gradings=F("gradings") + 1)
    AttemptItem.objects.filter(pk=first.pk).update(earned=1)
    assert get_report(Selection(quiz_id=quiz.pk)).items[0].figures.facility == 1


HALF = Fraction(1, 2)


def test_which_attempt_of_a_person_counts():
    quiz = QuizFactory(size=2, attempts_allowed=None)
    taker = PersonFactory()
    for answers in ("bb", "aa", "ab"):
        sit(quiz, answers, taker)
    means = {
        which: get_report(Selection(quiz_id=quiz.pk, which=which)).scores.mean for which in Which
    }
    assert means == {Which.FIRST: 0, Which.BEST: 1, Which.LAST: HALF, Which.ALL: HALF}


def test_only_attempts_of_the_period_count(monkeypatch):
    quiz = QuizFactory(size=1)
    long_ago = timezone.now() - timedelta(days=40)
    with monkeypatch.context() as then:
        then.setattr(timezone, "now", lambda: long_ago)
        sit(quiz, "a")
    today = timezone.localdate(sit(quiz, "b").submitted_at)
    assert get_report(Selection(quiz_id=quiz.pk, since=today, until=today)).scores.mean == 0
    before = today - timedelta(days=1)
    assert get_report(Selection(quiz_id=quiz.pk, until=before)).scores.mean == 1


def test_options_by_thirds_and_remarks():
    quiz = QuizFactory(size=4)
    # The strong get the last question wrong, nobody takes option D there.
    for _n in range(4):
        sit(quiz, "aaab")
        sit(quiz, "aabc")
        sit(quiz, "bbba")
    item = get_report(Selection(quiz_id=quiz.pk)).items[3]
    assert item.answers.sizes == (4, 4, 4)
    assert [row.by_third for row in item.answers.options] == [
        (4, 0, 0), (0, 0, 4), (0, 4, 0), (0, 0, 0),
    ]  # fmt: skip
    assert [(flag.name, flag.letters) for flag in item.flags] == [
        ("key", ()), ("unchosen", ("D",)),
    ]  # fmt: skip
    assert item.figures.covariance < 0


def test_few_attempts_make_no_remarks():
    quiz = QuizFactory(size=2)
    for _n in range(9):
        sit(quiz, "a")
    item = get_report(Selection(quiz_id=quiz.pk)).items[1]
    assert (item.blank, item.flags, item.is_enough) == (9, (), False)
    sit(quiz, "a")
    item = get_report(Selection(quiz_id=quiz.pk)).items[1]
    assert [flag.name for flag in item.flags] == ["hard", "blank", "unchosen"]


def test_every_version_is_told_apart(editor):
    question = QuestionFactory()
    quiz = QuizFactory(questions=[question, QuestionFactory()])
    sit(quiz, "aa")
    save_question(
        key=question.key,
        kind="single",
        prompt="Câu hỏi đã sửa?",
        options=[{"key": "a", "text": "Một", "right": True}, {"key": "b", "text": "Hai"}],
    )
    sit(quiz, "ba")
    versions = [
        i for i in get_report(Selection(quiz_id=quiz.pk)).items if i.question_id == question.pk
    ]
    assert [(item.number, item.figures.facility) for item in versions] == [(1, 1), (2, 0)]
    page = editor.get(reverse("analysis_item", args=[quiz.pk, question.pk])).content.decode()
    assert page.index("version-1") < page.index("version-2")


def test_a_question_over_all_quizzes(editor):
    question = QuestionFactory()
    for answers in ("a", "b"):
        sit(QuizFactory(questions=[question]), answers)
    (item,) = get_report(Selection(question_id=question.pk)).items
    assert (item.figures.count, item.figures.facility) == (2, HALF)
    assert editor.get(reverse("analysis_question", args=[question.pk])).status_code == 200


def test_a_void_question_is_left_out():
    quiz = QuizFactory(size=2)
    sit(quiz, "ab")
    AttemptItem.objects.filter(position=2).update(points=0, earned=0)
    assert len(get_report(Selection(quiz_id=quiz.pk)).items) == 1


def test_reliability_of_random_draws():
    quiz = QuizFactory(size=6, draw=2)
    for n in range(12):
        attempt = start_attempt(taker=PersonFactory(), quiz=quiz, origin="", return_to="/")
        for position in (1, 2):
            save_answer(attempt=attempt, position=position, sent={"answer": ["ab"[n % 2]]})
        submit_attempt(attempt=attempt)
    report = get_report(Selection(quiz_id=quiz.pk))
    # Everybody had both right or both wrong: nothing varies within a person.
    assert (report.is_of_draws, report.reliability.coefficient) == (True, 1)


def test_why_there_is_no_reliability():
    quiz = QuizFactory(size=2)
    sit(quiz, "aa")
    one = get_report(Selection(quiz_id=quiz.pk))
    sit(quiz, "aa")
    same = get_report(Selection(quiz_id=quiz.pk))
    assert [one.reliability, same.reliability] == [None, None]
    assert len({one.why_not, same.why_not, ""}) == 3


def test_times_are_those_between_saves():
    quiz = QuizFactory(size=2)
    attempt = start_attempt(taker=PersonFactory(), quiz=quiz)
    for position, seconds in ((2, 30), (1, 100)):
        attempt.items.filter(position=position).update(
            answer=["a"], saved_at=attempt.started_at + timedelta(seconds=seconds)
        )
    submit_attempt(attempt=attempt)
    items = get_report(Selection(quiz_id=quiz.pk)).items
    assert [item.seconds for item in items] == [70, 30]


def test_answers_of_parts(samples_of_parts):
    quiz, _attempt = samples_of_parts
    for item in get_report(Selection(quiz_id=quiz.pk)).items:
        for part in item.answers.parts:
            assert [(row.right, row.count) for row in part.rows] == [(True, 1)], item.content[
                "kind"
            ]
            assert part.rows[0].text


@pytest.fixture
def samples_of_parts():
    """A quiz of every kind without options to choose, and an attempt that has all of it right."""
    from quizzes.bank.kinds import get_kind
    from quizzes.bank.kinds.choices import ChoiceKind
    from tests.quizzes.samples import SAMPLES

    questions = [
        sample.save()
        for sample in SAMPLES.values()
        if not isinstance(get_kind(sample.kind), ChoiceKind)
    ]
    quiz = QuizFactory(questions=questions)
    attempt = start_attempt(taker=PersonFactory(), quiz=quiz, origin="", return_to="/")
    for item in attempt.items.select_related("version"):
        content = item.version.content
        kind = get_kind(content["kind"])
        sent = kind.fields(kind.right_answer(content), item.option_order)
        save_answer(attempt=attempt, position=item.position, sent=sent)
    submit_attempt(attempt=attempt)
    return quiz, attempt


def test_pages_are_for_those_who_may_see_quizzes():
    quiz = QuizFactory(size=1)
    sit(quiz, "a")
    question = quiz.places.get().question_id
    addresses = [
        reverse("analysis_quiz", args=[quiz.pk]),
        reverse("analysis_item", args=[quiz.pk, question]),
        reverse("analysis_question", args=[question]),
        reverse("analysis_export", args=[quiz.pk, "answers", "csv"]),
    ]
    viewer = browser("view_quiz", "view_question")
    assert [viewer.get(url).status_code for url in addresses] == [200] * 4
    stranger = browser()
    assert {stranger.get(url).status_code for url in addresses} == {302}
    learner = Client()
    learner.force_login(PersonFactory())
    assert {learner.get(url).status_code for url in addresses} <= {302, 403}


def test_ways_to_the_reports(editor):
    quiz = QuizFactory(size=1)
    address = reverse("analysis_quiz", args=[quiz.pk])
    for page in (
        reverse("wagtailsnippets_bank_quiz:list"),
        reverse("wagtailsnippets_bank_quiz:edit", args=[quiz.pk]),
    ):
        assert address in editor.get(page).content.decode()


def test_empty_reports_say_what_to_do(editor):
    quiz = QuizFactory(size=1)
    page = editor.get(reverse("analysis_quiz", args=[quiz.pk]))
    assert page.context["report"].count == 0
    assert "help-info" in page.content.decode()
    question = QuestionFactory()
    assert (
        "help-info" in editor.get(reverse("analysis_question", args=[question.pk])).content.decode()
    )


def test_no_page_and_no_file_names_a_person(editor):
    quiz = QuizFactory(size=1)
    taker = PersonFactory(full_name="Trần Thị Kín", email="kin@vidu.example")
    sit(quiz, "a", taker)
    question = quiz.places.get().question_id
    told = [
        editor.get(reverse("analysis_quiz", args=[quiz.pk])).content,
        editor.get(reverse("analysis_item", args=[quiz.pk, question])).content,
        b"".join(editor.get(reverse("analysis_export", args=[quiz.pk, "answers", "csv"]))),
    ]
    for content in told:
        assert b"kin@vidu" not in content
        assert "Trần Thị Kín".encode() not in content


def test_sorting(editor):
    quiz = QuizFactory(size=3)
    sit(quiz, "aab")
    sit(quiz, "abb")
    address = reverse("analysis_quiz", args=[quiz.pk])

    def facilities(sort):
        rows = editor.get(address, {"sort": sort}).context["rows"]
        return [row["item"].figures.facility for row in rows]

    assert facilities("facility") == [0, HALF, 1]
    assert facilities("-facility") == [1, HALF, 0]
    assert facilities("nonsense") == [0, HALF, 1]
    page = editor.get(address, {"sort": "-facility"}).content.decode()
    assert page.count('aria-sort="descending"') == 1


def test_files_have_typed_cells(editor):
    quiz = QuizFactory(questions=[QuestionFactory(key="mot"), MultipleFactory(key="hai")])
    attempt = start_attempt(taker=PersonFactory(), quiz=quiz, origin="", return_to="/")
    save_answer(attempt=attempt, position=1, sent={"answer": ["a"]})
    save_answer(attempt=attempt, position=2, sent={"answer": ["d", "a"]})
    submit_attempt(attempt=attempt)

    def file(what, form):
        return b"".join(editor.get(reverse("analysis_export", args=[quiz.pk, what, form])))

    sheet = openpyxl.load_workbook(io.BytesIO(file("questions", "xlsx"))).active
    _heading, *rows = sheet.iter_rows(values_only=True)
    assert [row[3:5] for row in rows] == [(1, 0), (1, 1)]
    rows = list(csv.reader(io.StringIO(file("answers", "csv").decode("utf-8-sig"))))
    earned = attempt.items.get(position=2).earned
    assert rows[1][2:4] == ["A", "1"]
    assert rows[1][4] == "A, D"
    assert Decimal(rows[1][5]) == earned
    sheet = openpyxl.load_workbook(io.BytesIO(file("answers", "xlsx"))).active
    assert sheet["D2"].value == 1


def test_a_text_in_a_file_is_never_a_formula():
    from quizzes.analysis.exports import safe_text

    assert safe_text("=1+1") == "'=1+1"


@pytest.mark.parametrize("size", [1, 3])
def test_queries_do_not_grow_with_questions(editor, size, django_assert_max_num_queries):
    quiz = QuizFactory(size=size)
    for _n in range(size):
        sit(quiz, "a" * size)
    editor.get(reverse("analysis_quiz", args=[quiz.pk]))
    cache.clear()
    with django_assert_max_num_queries(100) as caught:
        editor.get(reverse("analysis_quiz", args=[quiz.pk]))
    asked = [q for q in caught.captured_queries if "attempts_" in q["sql"] or "bank_" in q["sql"]]
    assert len(asked) == 7


def test_even_choices_look_like_guessing():
    quiz = QuizFactory(size=1)
    for key in "abcd" * 8:
        sit(quiz, key)
    (item,) = get_report(Selection(quiz_id=quiz.pk)).items
    assert [flag.name for flag in item.flags] == ["guessed"]


def test_in_a_question_with_several_right_options_even_choices_say_nothing():
    quiz = QuizFactory(questions=[MultipleFactory()])
    for key in "abcd" * 8:
        sit(quiz, key)
    (item,) = get_report(Selection(quiz_id=quiz.pk)).items
    assert "guessed" not in [flag.name for flag in item.flags]

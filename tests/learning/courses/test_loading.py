"""Content packs loaded by the command: once, again, and changed."""

from __future__ import annotations

import pytest
from django.conf import settings
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Locale, Page, Revision

from learning.courses.models import CoursePage, LessonPage, LoadedItem, ModulePage, Source
from learning.courses.packing.loading import course_key_of
from learning.courses.queries import get_outline
from learning.progress.models import CourseCompletion, LessonRead, ModuleCompletion
from learning.progress.queries import get_progress
from portal.home.setup import ensure_home
from quizzes.bank.models import Question, QuestionVersion, Quiz
from tests.factories import Learner, MadeCourse
from tests.learning.courses.packs import PackFolder, load

pytestmark = pytest.mark.django_db

THE_PACK = settings.ROOT / "learning" / "courses" / "packs" / "world-ip-day-2024"


@pytest.fixture
def pack(tmp_path):
    ensure_home(hostname="testserver")
    return PackFolder(tmp_path)


def rows():
    """Every table that a loading writes, by its number of rows."""
    models = (
        Page, Revision, Source, Question, QuestionVersion, Quiz, LoadedItem,
        get_image_model(), get_document_model(),
    )  # fmt: skip
    return {model.__name__: model._default_manager.count() for model in models}


def lesson(slug):
    return LessonPage.objects.get(slug=slug)


def loaded_course():
    page = CoursePage.objects.get(locale=Locale.get_default())
    modules = list(ModulePage.objects.descendant_of(page).order_by("path"))
    lessons = [list(LessonPage.objects.child_of(module).order_by("path")) for module in modules]
    return MadeCourse(page.get_parent().get_parent().specific, None, page, modules, lessons)


# --- what is loaded ------------------------------------------------------------------------------


def test_the_course_of_the_project_loads_and_loads_again_without_a_trace():
    ensure_home(hostname="testserver")
    first = load(THE_PACK)
    assert (first.problems, first.error) == ([], "")
    assert Page.find_problems() == ([], [], [], [], [])
    outline = get_outline(course_key_of("world-ip-day-2024"))
    assert len(outline.modules) == 8
    assert len(outline.lessons) >= 26
    assert all(5 <= lesson.minutes <= 10 for lesson in outline.lessons)
    assert {n for lesson in outline.lessons for n in lesson.goals} == set(range(1, 18))
    assert Question.objects.filter(live=True, current_version__isnull=False).count() >= 130
    for version in QuestionVersion.objects.all():
        assert version.content["explanation"] and version.content["sources"]
        if version.content["kind"] != "blank":  # there the spellings of a word share one
            assert all(option["why"] for option in version.content["options"])
        assert version.content["en"]["prompt"]
    before = rows()
    again = load(THE_PACK)
    assert (again.account["created"], again.account["updated"], again.account["withdrawn"]) == (
        0,
        0,
        0,
    )
    assert again.account["unchanged"] == first.account["created"]
    assert rows() == before


def test_a_pack_becomes_pages_questions_and_sources(pack):
    reply = pack.load()
    assert (reply.problems, reply.error) == ([], "")
    outline = get_outline(CoursePage.objects.get().translation_key)
    assert outline.url == "/ngay-thu/khoa-thu/"
    assert [module.title for module in outline.modules] == ["Chuyên đề đầu", "Chuyên đề sau"]
    assert [(x.title, x.minutes, x.goals) for x in outline.lessons] == [
        ("Bài một", 5, (9,)),
        ("Bài hai", 7, ()),
        ("Bài ba", 6, ()),
    ]
    body = lesson("bai-mot").body
    assert [block.block_type for block in body] == [
        "text", "heading", "picture", "callout", "practice", "takeaways",
    ]  # fmt: skip
    assert body[0].value.source == "<p>Đoạn mở đầu có <b>chữ đậm</b>.</p>"
    assert body[3].value["source"] == Source.objects.get(key="luat")
    assert list(lesson("bai-mot").sources.values_list("key", flat=True)) == ["luat"]
    quiz = ModulePage.objects.get(slug="chuyen-de-dau").quiz
    assert (quiz.title, quiz.pass_percent) == ("Bài kiểm tra đầu", 70)
    questions = [place.question for place in quiz.places.all()]
    assert [question.prompt for question in questions] == ["Câu hỏi một?", "Câu hỏi hai?"]
    content = questions[1].current_version.content
    assert [option["right"] for option in content["options"]] == [True, True, False]
    assert [source["title"] for source in content["sources"]] == [
        "Luật Sở hữu trí tuệ",
        "Một trang",
    ]


def test_checking_only_writes_nothing(pack):
    before = rows()
    reply = pack.load("--check")
    assert (reply.problems, reply.error) == ([], "")
    assert rows() == before


def test_a_folder_without_a_course_is_refused(tmp_path):
    assert "course.yaml" in load(tmp_path).error


# --- again ---------------------------------------------------------------------------------------


def test_loading_twice_changes_nothing(pack):
    first = pack.load()
    before = rows()
    lessons = list(LessonPage.objects.order_by("pk").values("pk", "live_revision_id", "body"))
    reply = pack.load()
    assert reply.account == {
        "created": 0,
        "updated": 0,
        "unchanged": first.account["created"],
        "withdrawn": 0,
    }
    assert rows() == before
    assert list(LessonPage.objects.order_by("pk").values("pk", "live_revision_id", "body")) == (
        lessons
    )


def test_an_editors_own_changes_survive(pack):
    pack.load()
    page = lesson("bai-mot")
    page.title = "Bài một, do biên tập viên sửa"
    page.save_revision().publish()
    question = Question.objects.get(prompt="Câu hỏi một?")
    question.explanation = "Giải thích do biên tập viên sửa."
    question.save_revision().publish()
    quiz = Quiz.objects.get(title="Bài kiểm tra đầu")
    quiz.pass_percent = 90
    quiz.save()
    pack.change("1-dau/2-bai.md", "Nội dung bài hai.", "Nội dung bài hai, bản mới.")
    pack.load()
    quiz.refresh_from_db()
    assert quiz.pass_percent == 90
    assert lesson("bai-mot").title == "Bài một, do biên tập viên sửa"
    question.refresh_from_db()
    assert question.explanation == "Giải thích do biên tập viên sửa."
    assert question.current_version.content["explanation"] == "Giải thích do biên tập viên sửa."
    assert "bản mới" in lesson("bai-hai").body[0].value.source


def test_a_changed_pack_updates_its_pages_and_keeps_progress(pack):
    pack.load()
    course = loaded_course()
    learner = Learner(course)
    learner.read(*course.lessons[0])
    attempt = learner.start(course.modules[0])
    pack.change("1-dau/1-bai.md", "title: Bài một", "title: Bài một, tên mới")
    pack.change("1-dau/1-bai.md", "slug: bai-mot", "slug: bai-mot-moi")
    pack.change("1-dau/questions.yaml", "Câu hỏi một?", "Câu hỏi một, hỏi lại?")
    reply = pack.load()
    assert (reply.account["updated"], reply.account["created"]) == (2, 0)
    page = lesson("bai-mot-moi")
    assert (page.pk, page.title, page.live) == (
        course.lessons[0][0].pk,
        "Bài một, tên mới",
        True,
    )
    progress = get_progress(learner.enrolment, course.outline)
    assert (progress.lessons_done, progress.lessons_total) == (2, 3)
    assert LessonRead.objects.filter(lesson_key=page.translation_key).count() == 1
    prompts = [x.version.content["prompt"] for x in attempt.items.select_related("version")]
    assert prompts == ["Câu hỏi một?", "Câu hỏi hai?"]
    new = Question.objects.get(prompt="Câu hỏi một, hỏi lại?")
    assert (new.pk, new.current_version.number) == (attempt.items.first().version.question_id, 2)


def test_the_practice_question_keeps_its_id_when_text_around_it_changes(pack):
    pack.load()
    before = next(b.id for b in lesson("bai-mot").body if b.block_type == "practice")
    pack.change("1-dau/1-bai.md", "## {9} Một đầu mục", "Thêm một đoạn.\n\n## {9} Một đầu mục")
    pack.load()
    assert [b.id for b in lesson("bai-mot").body if b.block_type == "practice"] == [before]


def test_a_lesson_taken_out_is_unpublished_and_what_was_earned_stays(pack):
    pack.load()
    course = loaded_course()
    done = Learner(course)
    done.read(*course.all_lessons)
    for module, keys in zip(course.modules, (["a", "b"], ["a"]), strict=True):
        attempt = done.start(module)
        for item in attempt.items.select_related("version"):
            right = [x["key"] for x in item.version.content["options"] if x["right"]]
            done.client.post(f"/bai-lam/{attempt.pk}/luu/{item.position}/", {"answer": right})
        assert done.hand_in(attempt).passed, keys
    assert CourseCompletion.objects.count() == 1
    pack.change("1-dau/module.yaml", "[1-bai.md, 2-bai.md]", "[1-bai.md]")
    pack.change("1-dau/questions.yaml", "lesson: bai-hai", "lesson: bai-mot")
    assert pack.load().account["withdrawn"] == 1
    assert not lesson("bai-hai").live
    assert [x.title for x in course.outline.lessons] == ["Bài một", "Bài ba"]
    assert (LessonRead.objects.count(), ModuleCompletion.objects.count()) == (3, 2)
    assert CourseCompletion.objects.count() == 1


def test_a_lesson_taken_out_and_put_back_is_live_again(pack):
    pack.load()
    whole = (pack.root / "1-dau/module.yaml").read_text()
    questions = (pack.root / "1-dau/questions.yaml").read_text()
    pack.change("1-dau/module.yaml", "[1-bai.md, 2-bai.md]", "[1-bai.md]")
    pack.change("1-dau/questions.yaml", "lesson: bai-hai", "lesson: bai-mot")
    pack.load()
    pack.write("1-dau/module.yaml", whole)
    pack.write("1-dau/questions.yaml", questions)
    pack.load()
    assert lesson("bai-hai").live


def test_the_order_in_the_pack_is_the_order_on_the_site(pack):
    pack.load()
    pack.change("1-dau/module.yaml", "[1-bai.md, 2-bai.md]", "[2-bai.md, 1-bai.md]")
    pack.load()
    outline = get_outline(CoursePage.objects.get().translation_key)
    assert [x.title for x in outline.modules[0].lessons] == ["Bài hai", "Bài một"]


def test_a_lesson_put_into_another_module_moves_with_what_was_read(pack):
    pack.load()
    learner = Learner(loaded_course())
    learner.read(lesson("bai-hai"))
    (pack.root / "1-dau/2-bai.md").rename(pack.root / "2-sau/2-bai.md")
    pack.change("1-dau/module.yaml", "[1-bai.md, 2-bai.md]", "[1-bai.md]")
    pack.change("1-dau/questions.yaml", "lesson: bai-hai", "lesson: bai-mot")
    pack.change("2-sau/module.yaml", "[1-bai.md]", "[2-bai.md, 1-bai.md]")
    assert pack.load().account["withdrawn"] == 0
    outline = get_outline(CoursePage.objects.get().translation_key)
    assert [[x.title for x in module.lessons] for module in outline.modules] == [
        ["Bài một"],
        ["Bài hai", "Bài ba"],
    ]
    assert get_progress(learner.enrolment, outline).modules[1].lessons_read == 1


def test_an_editors_own_order_survives(pack):
    pack.load()
    lesson("bai-hai").move(lesson("bai-mot"), pos="left")
    pack.change("1-dau/2-bai.md", "title: Bài hai", "title: Bài hai mới")
    pack.load()
    outline = get_outline(CoursePage.objects.get().translation_key)
    assert [x.title for x in outline.modules[0].lessons] == ["Bài hai mới", "Bài một"]


def test_a_page_an_editor_added_is_left_alone(pack):
    pack.load()
    module = ModulePage.objects.get(slug="chuyen-de-dau")
    own = LessonPage(title="Bài của biên tập viên", slug="bai-rieng", summary="Riêng.")
    module.add_child(instance=own)
    own.save_revision().publish()
    pack.change("1-dau/2-bai.md", "title: Bài hai", "title: Bài hai mới")
    pack.load()
    own.refresh_from_db()
    assert (own.live, own.title) == (True, "Bài của biên tập viên")

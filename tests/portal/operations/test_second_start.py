"""The trial's second start: nothing is done twice, and nothing that changed is missed."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from learning.courses.models import CoursePage, LessonPage
from learning.courses.packing.located import PackError
from learning.enrolments.models import Enrolment
from portal.accounts.models import User
from portal.home.setup import ensure_home
from portal.operations import demo, steps
from tests.learning.courses.packs import PackFolder, load

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def var(settings, tmp_path) -> Path:
    settings.VAR_DIR = tmp_path / "var"
    settings.VAR_DIR.mkdir()
    return settings.VAR_DIR


@pytest.fixture
def done(monkeypatch) -> list[str]:
    """The names of the costly works, as they are really done; only `migrate` is left out."""
    names: list[str] = []

    def command(name, **options):
        names.append(name)
        if name != "migrate":
            call_command(name, **options)

    def reading(folder):
        names.append("load")
        return read_pack(folder)

    read_pack = steps.read_pack
    monkeypatch.setattr(steps, "call_command", command)
    monkeypatch.setattr(steps, "read_pack", reading)
    return names


@pytest.fixture
def code(monkeypatch, tmp_path) -> Path:
    """A file that stands for the project's code."""
    module = tmp_path / "module.py"
    module.write_text("before = 1\n")
    monkeypatch.setattr(steps, "_code", lambda: [module])
    return module


def again(done: list[str], work, *arguments, **options) -> list[str]:
    """What is done when `work` is called once more."""
    done.clear()
    work(*arguments, **options)
    return list(done)


# --- the database --------------------------------------------------------------------------------


def test_the_names_of_all_migrations_are_found():
    assert steps.unapplied_migrations() == []
    recorder = MigrationRecorder(connection)
    for app, name in (("courses", "0001_initial"), ("wagtailcore", "0001_initial")):
        recorder.record_unapplied(app, name)
    assert steps.unapplied_migrations() == [
        ("courses", "0001_initial"),
        ("wagtailcore", "0001_initial"),
    ]


def test_the_migrations_names_are_those_that_django_knows():
    MigrationRecorder(connection).migration_qs.all().delete()
    known = set(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)
    assert set(steps.unapplied_migrations()) == known


def test_an_app_without_migrations_has_none_to_apply(settings):
    settings.MIGRATION_MODULES = {"courses": None}
    MigrationRecorder(connection).record_unapplied("courses", "0001_initial")
    assert steps.unapplied_migrations() == []


def test_migrating_is_left_out_until_a_migration_is_missing(done, code):
    assert again(done, steps.migrate) == ["migrate"]
    assert again(done, steps.migrate) == []
    MigrationRecorder(connection).record_unapplied("courses", "0001_initial")
    assert again(done, steps.migrate) == ["migrate"]


def test_migrating_is_repeated_after_the_code_changed(done, code):
    steps.migrate()
    code.write_text("after_ = 2\n")
    assert again(done, steps.migrate) == ["migrate"]
    assert again(done, steps.migrate) == []


def test_the_code_is_all_of_the_projects_modules_and_its_lock():
    names = {path.relative_to(demo.settings.ROOT).as_posix() for path in steps._code()}
    assert names >= {
        "requirements.txt",
        "site/portal/settings.py",
        "site/portal/accounts/roles.py",
        "learning/courses/packing/loading.py",
        "learning/courses/migrations/0001_initial.py",
        "quizzes/bank/actions.py",
    }


def test_a_step_that_was_broken_off_is_done_again(done, code, monkeypatch):
    steps.migrate()
    code.write_text("after_ = 2\n")

    def broken(*_arguments, **_options):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(steps, "call_command", broken)
        steps.migrate()
    # As it was when the step had last been finished; but then it was begun anew.
    code.write_text("before = 1\n")
    assert again(done, steps.migrate) == ["migrate"]


def test_what_changes_while_a_step_is_running_is_taken_up_the_next_time(done, code, monkeypatch):
    def slow(*_arguments, **_options):
        code.write_text("meanwhile = 3\n")

    with monkeypatch.context() as patch:
        patch.setattr(steps, "call_command", slow)
        steps.migrate()
    assert again(done, steps.migrate) == ["migrate"]
    assert again(done, steps.migrate) == []


# --- the course ----------------------------------------------------------------------------------


@pytest.fixture
def pack(tmp_path, code) -> PackFolder:
    return PackFolder(tmp_path / "pack")


def add_sentence(pack: PackFolder, sentence: str) -> None:
    lesson = pack.root / "1-dau" / "2-bai.md"
    lesson.write_text(f"{lesson.read_text(encoding='utf-8')}\n{sentence}\n", encoding="utf-8")


def body(slug: str = "bai-hai") -> str:
    return str(LessonPage.objects.filter(slug=slug).order_by("pk")[0].body)


def test_an_unchanged_course_is_neither_read_nor_written_again(done, pack):
    home = ensure_home()
    key = steps.load_course(pack.root, parent=home)
    assert done == ["load"]
    assert CoursePage.objects.live().filter(translation_key=key).exists()
    assert again(done, steps.load_course, pack.root, parent=home) == []
    assert steps.load_course(pack.root, parent=home) == key


def test_a_changed_file_of_the_course_is_taken_up(done, pack):
    home = ensure_home()
    steps.load_course(pack.root, parent=home)
    add_sentence(pack, "Một câu mới.")
    assert again(done, steps.load_course, pack.root, parent=home) == ["load"]
    assert "Một câu mới." in body()
    assert again(done, steps.load_course, pack.root, parent=home) == []


def test_a_picture_is_a_file_of_the_course_too(done, pack):
    home = ensure_home()
    steps.load_course(pack.root, parent=home)
    picture = pack.root / "pictures" / "hinh.svg"
    times = picture.stat()
    picture.write_text(picture.read_text().replace("0 0 9 9", "0 0 8 8"))
    os.utime(picture, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert again(done, steps.load_course, pack.root, parent=home) == ["load"]


def test_an_unsound_course_is_told_each_time_and_taken_up_when_it_is_sound(done, pack):
    home = ensure_home()
    steps.load_course(pack.root, parent=home)
    lesson = pack.root / "1-dau" / "2-bai.md"
    sound = lesson.read_text(encoding="utf-8")
    lesson.unlink()
    for _time in range(2):
        with pytest.raises(PackError):
            steps.load_course(pack.root, parent=home)
    lesson.write_text(f"{sound}\nLại đúng.\n", encoding="utf-8")
    assert again(done, steps.load_course, pack.root, parent=home) == ["load"]
    assert "Lại đúng." in body()


def test_a_changed_loader_loads_again(done, pack, code):
    home = ensure_home()
    steps.load_course(pack.root, parent=home)
    code.write_text("after_ = 2\n")
    assert again(done, steps.load_course, pack.root, parent=home) == ["load"]


def test_what_was_loaded_from_elsewhere_gives_way_to_the_projects_course(done, pack, tmp_path):
    home = ensure_home()
    steps.load_course(pack.root, parent=home)
    other = PackFolder(tmp_path / "other")
    add_sentence(other, "Từ nơi khác.")
    load(other.root)
    assert "Từ nơi khác." in body()
    assert again(done, steps.load_course, pack.root, parent=home) == ["load"]
    assert "Từ nơi khác." not in body()


def test_a_deleted_course_comes_back(done, pack):
    home = ensure_home()
    key = steps.load_course(pack.root, parent=home)
    for page in CoursePage.objects.all():
        page.delete()
    assert again(done, steps.load_course, pack.root, parent=home) == ["load"]
    assert CoursePage.objects.live().filter(translation_key=key).exists()


def test_what_an_editor_changed_is_left_alone(done, pack):
    home = ensure_home()
    steps.load_course(pack.root, parent=home)
    lesson = LessonPage.objects.filter(slug="bai-hai").order_by("pk")[0]
    lesson.title = "Đổi tên"
    lesson.save_revision().publish()
    assert again(done, steps.load_course, pack.root, parent=home) == []
    assert LessonPage.objects.get(pk=lesson.pk).title == "Đổi tên"


# --- static files --------------------------------------------------------------------------------


@pytest.fixture
def static(settings, tmp_path) -> Path:
    """A small folder of static files, collected with a manifest as in production."""
    folder = tmp_path / "sources"
    folder.mkdir()
    (folder / "site.css").write_text("a{b:1}")
    settings.STATICFILES_DIRS = [folder]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
    }
    return folder


def collected(settings) -> str:
    return (settings.STATIC_ROOT / "staticfiles.json").read_text()


def test_unchanged_static_files_are_collected_once(done, static, settings):
    assert again(done, steps.collect_static) == ["collectstatic"]
    assert "site.css" in collected(settings)
    assert again(done, steps.collect_static) == []


def test_a_new_a_changed_and_a_removed_static_file_are_taken_up(done, static, settings):
    steps.collect_static()
    before = collected(settings)
    (static / "new.css").write_text("c{d:2}")
    assert again(done, steps.collect_static) == ["collectstatic"]
    assert "new.css" in collected(settings)
    (static / "new.css").unlink()
    assert again(done, steps.collect_static) == ["collectstatic"]
    assert collected(settings) == before
    times = (static / "site.css").stat()
    (static / "site.css").write_text("a{b:2}")
    os.utime(static / "site.css", ns=(times.st_atime_ns, times.st_mtime_ns))
    assert again(done, steps.collect_static) == ["collectstatic"]
    assert collected(settings) != before


def test_collected_files_that_are_gone_are_collected_again(done, static, settings):
    steps.collect_static()
    shutil.rmtree(settings.STATIC_ROOT)
    assert again(done, steps.collect_static) == ["collectstatic"]
    assert "site.css" in collected(settings)


def test_another_kind_of_storage_collects_again(done, static, settings):
    steps.collect_static()
    kept = settings.STORAGES
    settings.STORAGES = kept | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    assert again(done, steps.collect_static) == ["collectstatic"]
    settings.STORAGES = kept
    assert again(done, steps.collect_static) == ["collectstatic"]
    assert "site.css" in collected(settings)


# --- the whole -----------------------------------------------------------------------------------


@pytest.fixture
def trial(settings, monkeypatch, pack, static, done) -> list[str]:
    """The trial with a tiny course and a handful of people who study; what it does."""
    settings.DEMO = True
    plan = demo.demo_progress_plan
    monkeypatch.setattr(demo, "PACK", pack.root)
    monkeypatch.setattr(demo, "demo_progress_plan", lambda **options: plan(**options)[:3])
    return done


def prepare() -> None:
    demo.prepare(lambda _line: None)


def begun() -> int:
    return Enrolment.objects.filter(started_at__isnull=False).count()


def test_the_second_start_does_nothing_and_keeps_everything(trial):
    assert again(trial, prepare) == ["migrate", "load", "collectstatic"]
    people, studying = User.objects.count(), begun()
    assert studying == 3
    assert again(trial, prepare) == []
    assert (User.objects.count(), begun()) == (people, studying)


@pytest.mark.parametrize("step", ["create_demo_people", "_make_progress", "collect_static"])
def test_a_half_done_first_start_is_finished_by_the_second(trial, settings, monkeypatch, step):
    def broken(*_arguments, **_options):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(demo, step, broken)
        prepare()
    assert again(trial, prepare) == ["collectstatic"]
    assert begun() == 3
    assert "site.css" in collected(settings)
    assert again(trial, prepare) == []

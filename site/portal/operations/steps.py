"""The trial's costly steps, each left out when it was finished before and nothing changed since.

What a step was made from and what it left behind are remembered as a digest in a file of `VAR_DIR`.
The file goes before the step begins and comes when it is done, so a step that was broken off is
done again; so is one whose work was undone, or done from elsewhere, in the meantime.
"""

import hashlib
from collections.abc import Callable, Iterable
from importlib.util import find_spec
from pathlib import Path
from pkgutil import iter_modules
from uuid import UUID

import yaml
from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import ManifestFilesMixin
from django.core.management import call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from wagtail.models import Page

from learning.courses.models import CoursePage, LoadedItem
from learning.courses.packing.loading import course_key_of, load_pack
from learning.courses.packing.reader import read_pack


def migrate() -> None:
    """Django's `migrate`, where a migration is missing or the code is other than last time.

    The code counts because more than migrations hangs on it: rights and roles are made afterwards.
    """
    _unless_done(
        "database",
        source=_digest(_code()),
        result=lambda: repr(unapplied_migrations()),
        work=lambda: call_command("migrate", verbosity=0, interactive=False),
    )


def load_course(folder: Path, *, parent: Page) -> UUID:
    """Load the pack in `folder` below `parent`, where that is news; returns the course's key."""
    text = (folder / "course.yaml").read_text(encoding="utf-8")
    key = course_key_of(yaml.safe_load(text)["key"])
    _unless_done(
        "course",
        source=_digest([*_code(), *_files_below(folder)]),
        result=lambda: _loaded(key),
        work=lambda: load_pack(read_pack(folder), parent=parent),
    )
    return key


def collect_static() -> None:
    """`collectstatic`, where a source file changed or what was collected is not there any more."""
    found = [
        Path(storage.path(name))
        for finder in get_finders()
        for name, storage in finder.list(["*.map"])
    ]
    # The packages and the kind of storage decide how files are named and packed.
    kind = repr(settings.STORAGES["staticfiles"])
    _unless_done(
        "static",
        source=_together(kind, _digest([*found, _packages()])),
        result=_collected,
        work=lambda: call_command("collectstatic", verbosity=0, interactive=False, clear=True),
    )


def unapplied_migrations() -> list[tuple[str, str]]:
    """App and name of every migration that the database has not seen.

    Told from the files' names alone: importing hundreds of migrations takes longer than this.
    """
    applied = MigrationRecorder(connection).applied_migrations()
    return sorted(
        (app.label, module.name)
        for app in apps.get_app_configs()
        for module in iter_modules(_migration_folders(app.name, app.label))
        if not module.ispkg
        and module.name[0] not in "_~"
        and (app.label, module.name) not in applied
    )


def _migration_folders(app: str, label: str) -> list[str]:
    # A setting that leads elsewhere is followed; None there means that the app has no migrations.
    module = settings.MIGRATION_MODULES.get(label, f"{app}.migrations")
    spec = find_spec(module) if module else None
    return list(spec.submodule_search_locations or ()) if spec else []


def _unless_done(
    name: str, *, source: str, result: Callable[[], str], work: Callable[[], object]
) -> None:
    """Do `work`, unless the stamp `name` tells that it was done from `source` and left `result`.

    `source` is of before the work: what changes while it runs is taken up the next time.
    """
    stamp = settings.VAR_DIR / f"{name}.stamp"
    if stamp.exists() and stamp.read_text() == _together(source, result()):
        return
    stamp.unlink(missing_ok=True)
    work()
    stamp.write_text(_together(source, result()))


def _together(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _digest(paths: Iterable[Path]) -> str:
    """Of names and contents: dates mislead after a checkout or an installation."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        content = path.read_bytes()
        digest.update(f"{path}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def _files_below(folder: Path, pattern: str = "*") -> list[Path]:
    return [path for path in folder.rglob(pattern) if path.is_file()]


def _code() -> list[Path]:
    """Every module of the project, and the packages it stands on."""
    houses = (settings.ROOT / "site", settings.ROOT / "learning", settings.ROOT / "quizzes")
    modules = [path for house in houses for path in _files_below(house, "*.py")]
    return [*modules, _packages()]


def _packages() -> Path:
    return settings.ROOT / "requirements.txt"


def _loaded(course_key: UUID) -> str:
    """What the database remembers of packs, whoever loaded them, and whether the course is live."""
    live = CoursePage.objects.live().filter(translation_key=course_key).exists()
    items = LoadedItem.objects.order_by("key").values_list("key", "digest")
    return f"{live} " + " ".join(f"{key}={digest}" for key, digest in items)


def _collected() -> str:
    """The list of collected files; empty where there is none."""
    manifest = settings.STATIC_ROOT / ManifestFilesMixin.manifest_name
    return manifest.read_text() if manifest.exists() else ""

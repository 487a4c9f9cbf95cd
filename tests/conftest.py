"""What every test may count on. The settings' own TESTING branch does the rest: quick password
hashes, plain static files, background tasks run at once, mail kept in memory by Django."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.utils import translation
from hypothesis import settings as hypothesis_settings

from tests.plugins import sequences, templates

# A shared build machine is too uneven for time limits on single examples; with CI set, the examples
# are the same in every run, so that a failure there can be had again at home.
hypothesis_settings.register_profile("default", deadline=None, max_examples=50)
hypothesis_settings.register_profile("ci", deadline=None, max_examples=50, derandomize=True)
hypothesis_settings.load_profile("ci" if os.environ.get("CI") else "default")


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest,
    django_test_environment: None,
    django_db_blocker: Any,
    django_db_modify_db_settings: None,
) -> Iterator[None]:
    """pytest-django's own, but a migrated database is copied from the one that is kept."""
    from django.test.utils import setup_databases, teardown_databases

    def make() -> Any:
        return setup_databases(
            verbosity=0,
            interactive=False,
            aliases={"default"},
            serialized_aliases={"default"},
        )

    own = connection.vendor == "sqlite" or "OWN_POSTGRES" in os.environ
    with django_db_blocker.unblock():
        made = templates.ready(make) if own and templates.wanted() else make()
        sequences.begin_high()
    yield
    if not own:  # ours lie in the run's own folder and go with it
        with django_db_blocker.unblock():
            teardown_databases(made, verbosity=0)


@pytest.fixture(autouse=True)
def _indexing(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Search and «where used» are kept up to date only for tests that are marked `indexed`."""
    from tests.plugins.tasks import Backend

    wanted = request.node.get_closest_marker("indexed") or "live_server" in request.fixturenames
    monkeypatch.setattr(Backend, "indexing", bool(wanted))


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    """Rows are rolled back after a test; what was cached about them must go with them."""
    yield
    # Here, since Django is set up only after this file is read.
    from quizzes.bank.versions import forget_contents

    cache.clear()
    forget_contents()


@pytest.fixture(autouse=True)
def _vietnamese() -> Iterator[None]:
    """What the last page of the test before was shown in is not the language of this one."""
    with translation.override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Path of the Chromium for the journeys; a missing one is an error, never a skip."""
    path = os.environ.get("CHROMIUM_PATH")
    for name in ("chromium", "chromium-browser", "google-chrome"):
        path = path or shutil.which(name)
    if not path:
        pytest.fail("No Chromium: run `make test`, which brings one, or set CHROMIUM_PATH.")
    return path


@pytest.fixture(autouse=True)
def _what_was_handed_in_can_be_flushed(request: pytest.FixtureRequest) -> Iterator[None]:
    """After a test with real transactions, all rows are deleted (PostgreSQL truncates): on SQLite
    the triggers that keep what was handed in want to be asked first."""
    marker = request.node.get_closest_marker("django_db")
    is_real = bool(marker and marker.kwargs.get("transaction")) or bool(
        {"transactional_db", "live_server"} & set(request.fixturenames)
    )
    if not is_real or connection.vendor != "sqlite":
        yield
        return
    from learning.certificates import guards as certificate_guards
    from quizzes.attempts.guards import ensure_guards, remove_guards

    # Taken down before the database is: so it must be there first.
    request.getfixturevalue("transactional_db")
    ensure_guards()
    certificate_guards.ensure_guards()
    yield
    certificate_guards.remove_guards()
    remove_guards()

"""The tests run on the database they were asked to run on."""

from __future__ import annotations

import os

import pytest
from django.conf import settings
from django.db import connection

VENDORS = {"sqlite": "sqlite", "postgres": "postgresql"}


def ask(question: str):
    with connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone()[0]


def test_database_is_the_one_asked_for():
    assert connection.vendor == VENDORS[os.environ["TEST_DATABASE"]]


@pytest.mark.django_db
def test_database_answers():
    assert ask("SELECT 1 + 1") == 2


@pytest.mark.django_db
def test_database_is_set_up_for_a_server():
    database = settings.DATABASES["default"]
    if connection.vendor == "sqlite":
        assert ask("PRAGMA foreign_keys") == 1
        assert ask("PRAGMA busy_timeout") >= 5000
        assert ask("PRAGMA journal_mode") == "wal"
        assert database["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    else:
        assert ask("SHOW server_encoding") == "UTF8"
        assert database["CONN_HEALTH_CHECKS"] is True


def test_a_test_run_leaves_the_demo_alone():
    assert str(settings.VAR_DIR) == os.environ["VAR_DIR"] != str(settings.ROOT / "var")

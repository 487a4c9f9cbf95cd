"""Models and migrations agree."""

from __future__ import annotations

from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command

from tests.project.houses import ROOT


@pytest.mark.django_db
def test_no_migration_is_missing():
    output = StringIO()
    try:
        call_command("makemigrations", check=True, dry_run=True, stdout=output)
    except SystemExit:
        pytest.fail(f"A migration is missing:\n{output.getvalue()}")


def test_migrations_have_meaningful_names():
    """0003_certificate_number says what it does; 0003_auto_20261122_1800 does not."""
    ours = [config.path for config in apps.get_app_configs() if config.path.startswith(str(ROOT))]
    names = [
        path.name
        for folder in ours
        if ".venv" not in folder
        for path in (ROOT / folder / "migrations").glob("0*.py")
    ]
    assert names != []
    assert [name for name in names if "_auto_" in name or "_alter_" in name] == []

"""Disclosures noted before they named their unit by key take that of the unit at their place."""

from typing import Any

from django.db import migrations
from django.db.models import OuterRef, Subquery


def fill(apps: Any, _schema_editor: Any) -> None:
    units = apps.get_model("organisations", "Unit").objects.filter(path=OuterRef("unit_path"))
    told = apps.get_model("audit", "Disclosure").objects.filter(unit_key=None).exclude(unit_path="")
    told.update(unit_key=Subquery(units.values("pk")[:1]))


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0008_log_entries_know_their_unit"),
        ("audit", "0003_disclosures_know_their_unit"),
    ]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]

import datetime

from django.db import migrations, models


def keep_successors(apps, schema_editor):
    """A merged unit's only successor becomes its first row of successions."""
    Unit = apps.get_model("organisations", "Unit")
    Succession = apps.get_model("organisations", "Succession")
    merged = Unit.objects.filter(successor__isnull=False).exclude(successor=models.F("pk"))
    for unit in merged:
        last = unit.valid_to or unit.valid_from
        Succession.objects.get_or_create(
            predecessor_id=unit.pk,
            successor_id=unit.successor_id,
            defaults={"day": last + datetime.timedelta(days=1)},
        )


class Migration(migrations.Migration):
    dependencies = [("organisations", "0003_dated_tree")]

    operations = [migrations.RunPython(keep_successors, migrations.RunPython.noop)]

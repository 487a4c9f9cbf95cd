"""A disclosure names its unit by key: a later move of the unit changes nobody's list."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_entries_know_their_unit")]

    operations = [
        migrations.AddField(
            model_name="disclosure",
            name="unit_key",
            field=models.BigIntegerField(editable=False, null=True),
        ),
        migrations.AddIndex(
            model_name="disclosure",
            index=models.Index(fields=["unit_key", "-at"], name="audit_disclosure_unit"),
        ),
    ]

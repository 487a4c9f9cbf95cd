"""An entry names its unit by key: a unit's place in the tree changes, and is given away again."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0001_logs"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="entry",
            name="unit_key",
            field=models.BigIntegerField(editable=False, null=True),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["unit_key", "-at"], name="audit_entry_unit"),
        ),
    ]

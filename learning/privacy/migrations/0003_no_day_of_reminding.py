"""That officers were reminded is told by the keys of their notices, not by a column."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("privacy", "0002_office_calendar_and_first_consent")]

    operations = [migrations.RemoveField(model_name="datarequest", name="reminded_on")]

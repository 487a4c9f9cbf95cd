from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("organisations", "0004_keep_successors")]

    operations = [migrations.RemoveField(model_name="unit", name="successor")]

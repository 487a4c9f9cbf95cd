"""The answer moves into the row of its question."""

from django.db import migrations, models
from django.db.models import OuterRef, Subquery

_FIELDS = {"answer": "value", "saved_at": "saved_at", "client": "client", "sequence": "sequence"}


def move_answers(apps, _editor):
    """Each answer into its question, and the kind of each question from its version."""
    item, answer = apps.get_model("attempts", "AttemptItem"), apps.get_model("attempts", "Answer")
    version = apps.get_model("bank", "QuestionVersion")
    kinds = version.objects.filter(pk=OuterRef("version_id")).values("kind")
    item.objects.update(kind=Subquery(kinds))
    given = answer.objects.filter(item_id=OuterRef("pk"))
    item.objects.filter(pk__in=answer.objects.values("item_id")).update(
        **{new: Subquery(given.values(old)) for new, old in _FIELDS.items()}
    )


class Migration(migrations.Migration):
    dependencies = [
        ("attempts", "0002_initial"),
        ("bank", "0002_draws_languages_validity"),
    ]

    operations = [
        migrations.AddField(
            "attemptitem",
            "kind",
            models.CharField(default="", max_length=20, verbose_name="kind"),
            preserve_default=False,
        ),
        migrations.AddField(
            "attemptitem",
            "answer",
            models.JSONField(blank=True, default=list, verbose_name="answer"),
        ),
        migrations.AddField(
            "attemptitem",
            "saved_at",
            models.DateTimeField(blank=True, null=True, verbose_name="saved at"),
        ),
        migrations.AddField(
            "attemptitem",
            "client",
            models.CharField(blank=True, max_length=64, default=""),
            preserve_default=False,
        ),
        migrations.AddField("attemptitem", "sequence", models.BigIntegerField(default=0)),
        migrations.RunPython(move_answers),
        migrations.DeleteModel("Answer"),
    ]

"""Attempts that wait for a person's marks, results that may be graded again, rulings."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def count_gradings(apps, _editor):
    """What was graded has been graded once, and its answers are closed."""
    attempt = apps.get_model("attempts", "Attempt")
    item = apps.get_model("attempts", "AttemptItem")
    attempt.objects.filter(state="graded").update(gradings=1)
    item.objects.filter(attempt__state="graded").update(closed=True)


class Migration(migrations.Migration):
    dependencies = [
        ("attempts", "0003_answers_in_their_questions"),
        ("bank", "0003_kinds_without_a_list"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Erasure",
            fields=[
                ("attempt_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("reason", models.TextField()),
                ("erased_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Ruling",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "effect",
                    models.CharField(
                        choices=[
                            ("key", "Correct the key"),
                            ("void", "Void the question"),
                            ("credit", "Full credit to everyone"),
                            ("original", "Back to the original key"),
                        ],
                        max_length=20,
                        verbose_name="ruling",
                    ),
                ),
                ("content", models.JSONField(blank=True, null=True)),
                (
                    "favour",
                    models.BooleanField(default=True, verbose_name="only in favour of the person"),
                ),
                ("reason", models.TextField(verbose_name="reason")),
                ("is_current", models.BooleanField(default=True)),
                ("made_at", models.DateTimeField(verbose_name="decided at")),
            ],
            options={
                "verbose_name": "ruling on a question",
                "verbose_name_plural": "rulings on questions",
                "ordering": ["-made_at", "-pk"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="attempt",
            name="attempts_graded_has_result",
        ),
        migrations.AddField(
            model_name="attempt",
            name="gradings",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="attemptitem",
            name="closed",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="attemptitem",
            name="marking",
            field=models.JSONField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="attemptitem",
            name="voided",
            field=models.BooleanField(default=False),
        ),
        migrations.AlterField(
            model_name="attempt",
            name="state",
            field=models.CharField(
                choices=[
                    ("in_progress", "In progress"),
                    ("submitted", "Handed in, waiting for marks"),
                    ("graded", "Graded"),
                ],
                default="in_progress",
                max_length=20,
                verbose_name="state",
            ),
        ),
        migrations.RunPython(count_gradings, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="attempt",
            index=models.Index(
                condition=models.Q(("state", "submitted")),
                fields=["submitted_at"],
                name="attempts_waiting_oldest",
            ),
        ),
        migrations.AddConstraint(
            model_name="attempt",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("gradings", 0),
                        ("max_points__isnull", True),
                        ("passed__isnull", True),
                        ("percent__isnull", True),
                        ("points__isnull", True),
                        ("receipt__isnull", True),
                        ("state", "in_progress"),
                        ("submitted_at__isnull", True),
                    ),
                    models.Q(
                        ("gradings", 0),
                        ("max_points__isnull", True),
                        ("passed__isnull", True),
                        ("percent__isnull", True),
                        ("points__isnull", True),
                        ("receipt__isnull", False),
                        ("state", "submitted"),
                        ("submitted_at__isnull", False),
                    ),
                    models.Q(
                        ("gradings__gte", 1),
                        ("max_points__isnull", False),
                        ("passed__isnull", False),
                        ("percent__isnull", False),
                        ("points__isnull", False),
                        ("receipt__isnull", False),
                        ("state", "graded"),
                        ("submitted_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="attempts_state_has_its_columns",
            ),
        ),
        migrations.AddConstraint(
            model_name="attempt",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("points__isnull", True),
                    models.Q(
                        ("max_points__gt", 0),
                        ("points__gte", 0),
                        ("points__lte", models.F("max_points")),
                    ),
                    _connector="OR",
                ),
                name="attempts_points_range",
            ),
        ),
        migrations.AddConstraint(
            model_name="attemptitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("earned__isnull", True),
                    models.Q(("earned__gte", 0), ("earned__lte", models.F("points"))),
                    _connector="OR",
                ),
                name="attempts_item_earned_range",
            ),
        ),
        migrations.AddField(
            model_name="ruling",
            name="made_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="decided by",
            ),
        ),
        migrations.AddField(
            model_name="ruling",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="rulings",
                to="bank.questionversion",
                verbose_name="question version",
            ),
        ),
        migrations.AddConstraint(
            model_name="ruling",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_current", True)),
                fields=("version",),
                name="attempts_one_current_ruling",
            ),
        ),
        migrations.AddConstraint(
            model_name="ruling",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("content__isnull", False), ("effect", "key")),
                    models.Q(models.Q(("effect", "key"), _negated=True), ("content__isnull", True)),
                    _connector="OR",
                ),
                name="attempts_ruling_key_has_content",
            ),
        ),
        migrations.AddConstraint(
            model_name="ruling",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="attempts_ruling_has_reason"
            ),
        ),
    ]

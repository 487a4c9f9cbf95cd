"""Figures kept by unit. Whatever is there already is marked: it is counted when it is asked for."""

from django.db import migrations, models

_MARKS = """
INSERT INTO statistics_mark (unit_id, course_key)
SELECT DISTINCT unit_id, course_key FROM enrolments_enrolment WHERE unit_id IS NOT NULL
"""
_STAFF = """
INSERT INTO statistics_mark (unit_id, course_key)
SELECT DISTINCT unit_id, {null} FROM organisations_membership WHERE ended_on IS NULL
"""


def mark_all(_apps, editor):
    """Every unit that has anybody is to be counted."""
    editor.execute(_MARKS)
    null = "NULL::uuid" if editor.connection.vendor == "postgresql" else "NULL"
    editor.execute(_STAFF.format(null=null))


class Migration(migrations.Migration):
    dependencies = [
        ("enrolments", "0002_rounds_audiences_and_milestones"),
        ("organisations", "0009_disclosures_know_their_unit"),
        ("statistics", "0001_letterheads"),
    ]

    operations = [
        migrations.CreateModel(
            name="KeptSet",
            fields=[
                ("courses", models.CharField(max_length=700, primary_key=True, serialize=False)),
            ],
        ),
        migrations.CreateModel(
            name="KeptStaff",
            fields=[
                ("unit_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("staff", models.IntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Mark",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("unit_id", models.BigIntegerField()),
                ("course_key", models.UUIDField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Turn",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("taken_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="KeptDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("unit_id", models.BigIntegerField()),
                ("course_key", models.UUIDField()),
                ("day", models.DateField()),
                ("assigned", models.IntegerField(default=0)),
                ("completed", models.IntegerField(default=0)),
            ],
            options={
                "indexes": [models.Index(fields=["course_key", "day"], name="kept_day_by_day")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("course_key", "unit_id", "day"), name="kept_day_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="KeptFigures",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("unit_id", models.BigIntegerField()),
                ("course_key", models.UUIDField()),
                ("assigned", models.IntegerField(default=0)),
                ("not_started", models.IntegerField(default=0)),
                ("in_progress", models.IntegerField(default=0)),
                ("completed", models.IntegerField(default=0)),
                ("exempt", models.IntegerField(default=0)),
                ("timed", models.IntegerField(default=0)),
                ("on_time", models.IntegerField(default=0)),
                ("certificates", models.IntegerField(default=0)),
                ("hours", models.DecimalField(decimal_places=1, default=0, max_digits=12)),
                ("dues", models.JSONField(default=dict)),
                ("scores", models.JSONField(default=dict)),
                ("attempts", models.JSONField(default=dict)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("course_key", "unit_id"), name="kept_figures_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="KeptGoal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("unit_id", models.BigIntegerField()),
                ("courses", models.CharField(max_length=700)),
                ("day", models.DateField(null=True)),
                ("done", models.IntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("courses", "unit_id", "day"), name="kept_goal_once"
                    )
                ],
                "indexes": [models.Index(fields=["courses", "day"], name="kept_goal_by_day")],
            },
        ),
        migrations.RunPython(mark_all, migrations.RunPython.noop),
    ]

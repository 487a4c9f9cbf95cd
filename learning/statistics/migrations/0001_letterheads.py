"""Who signs a report, and how."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("organisations", "0009_disclosures_know_their_unit"),
    ]

    operations = [
        migrations.CreateModel(
            name="Letterhead",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "parent_name",
                    models.CharField(blank=True, max_length=150, verbose_name="agency above"),
                ),
                (
                    "agency_name",
                    models.CharField(max_length=150, verbose_name="agency that issues"),
                ),
                (
                    "symbol",
                    models.CharField(
                        blank=True, max_length=40, verbose_name="symbol after the number"
                    ),
                ),
                ("place", models.CharField(max_length=60, verbose_name="place")),
                (
                    "addressee",
                    models.CharField(blank=True, max_length=250, verbose_name="addressee"),
                ),
                (
                    "signer_lines",
                    models.TextField(blank=True, verbose_name="signer's authority and office"),
                ),
                (
                    "signer_name",
                    models.CharField(blank=True, max_length=120, verbose_name="signer's name"),
                ),
                ("recipients", models.TextField(blank=True, verbose_name="recipients")),
                (
                    "unit",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="organisations.unit",
                        verbose_name="unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "letterhead",
                "verbose_name_plural": "letterheads",
            },
        ),
    ]

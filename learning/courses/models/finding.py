"""What the search looks in: rows made anew whenever what they tell of changes."""

from django.db import models


class FindableText(models.Model):
    """One thing that can be found, in one language; `words` is its text without marks."""

    class Kind(models.TextChoices):
        LESSON = "lesson"
        TERM = "term"
        SOURCE = "source"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    # A page's translation key, or the key of a term or source.
    key = models.CharField(max_length=80)
    language = models.CharField(max_length=10)
    title = models.CharField(max_length=300)
    text = models.TextField()
    title_words = models.CharField(max_length=400)
    words = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "key", "language"], name="courses_findable_once"
            )
        ]

    def __str__(self) -> str:
        return self.title

"""The words the course uses in a sense of their own."""

from typing import Any

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.search import index

from learning.courses.models.sources import Source
from learning.vietnamese import nfc


class Term(index.Indexed, models.Model):
    """A term with its definition, in both languages."""

    key = models.SlugField(_("key"), max_length=80, unique=True)
    term = models.CharField(_("term"), max_length=120)
    term_en = models.CharField(_("term in English"), max_length=120, blank=True)
    also = models.JSONField(
        _("other forms"),
        default=list,
        blank=True,
        help_text=_("Other spellings and short forms found in texts, as a list."),
    )
    also_en = models.JSONField(_("other forms in English"), default=list, blank=True)
    definition = models.TextField(_("definition"))
    definition_en = models.TextField(_("definition in English"), blank=True)
    source = models.ForeignKey(
        Source,
        verbose_name=_("source"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    search_fields = [index.SearchField("term"), index.AutocompleteField("term")]

    class Meta:
        verbose_name = _("term")
        verbose_name_plural = _("glossary")
        ordering = ["term"]

    def __str__(self) -> str:
        return self.term

    def save(self, *args: Any, **kwargs: Any) -> None:
        for name in ("term", "term_en", "definition", "definition_en"):
            setattr(self, name, nfc(getattr(self, name)).strip())
        super().save(*args, **kwargs)

    @property
    def word(self) -> str:
        """The term in the language of the page."""
        return self.term_en if get_language() == "en" and self.term_en else self.term

    @property
    def meaning(self) -> str:
        """The definition in the language of the page."""
        english = get_language() == "en" and self.definition_en
        return self.definition_en if english else self.definition

    @property
    def forms(self) -> list[str]:
        """How the term may stand in a text of this language."""
        if get_language() == "en":
            return [form for form in (self.term_en, *self.also_en) if form]
        return [self.term, *self.also]

"""Templates of papers. A template is a name and its versions; a version never changes."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class PaperTemplate(models.Model):
    """The paper of one course, or the default one of all the others.

    What it looks like stands in its versions; the newest is used for what is issued from now on.
    """

    wagtail_reference_index_ignore = True

    name = models.CharField(_("name"), max_length=120, unique=True)
    course_key = models.UUIDField(_("course"), null=True, blank=True, unique=True)
    is_default = models.BooleanField(_("for all other courses"), default=False)

    class Meta:
        verbose_name = _("certificate template")
        verbose_name_plural = _("certificate templates")
        ordering = ["-is_default", "name"]
        # Papers were issued by it, so none is ever deleted.
        default_permissions = ("add", "change", "view")
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"],
                condition=Q(is_default=True),
                name="one_default_paper_template",
            ),
            models.CheckConstraint(
                condition=Q(is_default=False) | Q(course_key__isnull=True),
                name="default_paper_template_has_no_course",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PaperPicture(models.Model):
    """A picture as it is printed: checked, cleaned, kept under the digest of what it became."""

    wagtail_reference_index_ignore = True

    digest = models.CharField(max_length=64, unique=True)
    name = models.CharField(_("file name"), max_length=120)
    svg = models.TextField()
    added_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class TemplateVersion(models.Model):
    """One state of a template, whole: a paper can be drawn from it again at any time."""

    wagtail_reference_index_ignore = True

    template = models.ForeignKey(PaperTemplate, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    design = models.JSONField()
    # Of the design and its pictures: what a certificate was issued with can be checked by it.
    digest = models.CharField(max_length=64)
    logo = models.ForeignKey(
        PaperPicture, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    logo2 = models.ForeignKey(
        PaperPicture, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    signature = models.ForeignKey(
        PaperPicture, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    note = models.CharField(_("what changed"), max_length=200, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("version of a certificate template")
        ordering = ["template", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["template", "number"], name="template_version_once")
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """What a certificate notes as its template version: «3.2-9f86d081», the last part being
        the beginning of the digest."""
        return f"{self.template_id}.{self.number}-{self.digest[:8]}"

"""Choosing the picture of a question in the admin, and uploading a new one, as Wagtail's images."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import BaseColumn
from wagtail.admin.views.generic.chooser import (
    ChooseResultsView,
    ChooseView,
    ChosenResponseMixin,
    ChosenView,
    CreateView,
)
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.admin.widgets import BaseChooser
from wagtail.images.widgets import AdminImageChooser, ImageChooserAdapter

from quizzes.bank.actions import keep_picture
from quizzes.bank.models import Picture
from quizzes.bank.pictures import MOST_BYTES

# The sides of the small picture in the form, in pixels.
SMALL = 165


class UploadForm(forms.Form):
    """A file that becomes a picture; a file that was uploaded before gives the same one."""

    title = forms.CharField(
        label=_("Title"),
        max_length=200,
        required=False,
        help_text=_("What editors find it by. Left empty: the file's name."),
    )
    file = forms.FileField(
        label=_("File"),
        help_text=_("PNG, JPEG, WebP or a GIF that stands still, at most 10 MB."),
        widget=forms.ClearableFileInput(
            attrs={"accept": "image/png,image/jpeg,image/webp,image/gif"}
        ),
    )

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        file = (cleaned or {}).get("file")
        if not isinstance(file, UploadedFile):
            return cleaned
        try:
            self._picture = keep_picture(
                data=file.read(MOST_BYTES + 1),
                title=self.cleaned_data.get("title") or (file.name or "").rsplit(".", 1)[0],
            )
        except ValidationError as error:
            self.add_error("file", error)
        return cleaned

    def save(self) -> Picture:
        """The picture, which checking the file has made."""
        return self._picture


def preview_of(picture: Picture) -> dict[str, Any]:
    """What Wagtail's image field shows: the picture made to fit by the browser."""
    largest = max(picture.width, picture.height, SMALL)
    return {
        "url": picture.url,
        "width": max(picture.width * SMALL // largest, 1),
        "height": max(picture.height * SMALL // largest, 1),
    }


class PictureResponse(ChosenResponseMixin):
    """What the form's field is told about the picture chosen."""

    def get_chosen_response_data(self, item: Picture) -> dict[str, Any]:
        data: dict[str, Any] = super().get_chosen_response_data(item)
        return {**data, "preview": preview_of(item), "default_alt_text": ""}


class SmallPicture(BaseColumn):
    """The picture in the list to choose from."""

    cell_template_name = "bank/admin/picture_cell.html"


class PictureList:
    """Pictures with their titles, the newest first."""

    @property
    def columns(self) -> list[Any]:
        """A small picture before the title."""
        return [SmallPicture("small", label=_("Picture")), *super().columns]  # type: ignore[misc]


class PictureChooseView(PictureList, ChooseView):
    """The dialogue."""


class PictureResultsView(PictureList, ChooseResultsView):
    """A page of its list."""


class PictureChosenView(PictureResponse, ChosenView):
    """One from the list."""


class PictureUploadView(PictureResponse, CreateView):
    """One uploaded just now."""


class PictureInput(AdminImageChooser):
    """Wagtail's field for an image, for the pictures of questions."""

    show_edit_link = False

    def __init__(self, **kwargs: Any) -> None:
        BaseChooser.__init__(self, **kwargs)

    def get_value_data_from_instance(self, instance: Picture) -> dict[str, Any]:
        return {
            "id": instance.pk,
            "edit_url": None,
            "title": str(instance),
            "preview": preview_of(instance),
            "default_alt_text": "",
        }


class PictureChooserViewSet(ChooserViewSet):
    model = Picture
    icon = "image"
    choose_one_text = _("Choose a picture")
    choose_another_text = _("Choose another picture")
    create_action_label = _("Upload")
    creation_form_class = UploadForm
    choose_view_class = PictureChooseView
    choose_results_view_class = PictureResultsView
    chosen_view_class = PictureChosenView
    create_view_class = PictureUploadView
    base_widget_class = PictureInput
    widget_telepath_adapter_class = ImageChooserAdapter
    per_page = 12


picture_chooser = PictureChooserViewSet("question_pictures", url_prefix="question-pictures")

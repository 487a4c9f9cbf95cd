"""Sources and the glossary in the admin; `admin.hooks` adds the screens of the register."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

import learning.courses.admin.hooks  # noqa: F401 (registers them)
from learning.courses.admin.forms import SourceForm
from learning.courses.models import Source, Term


class SourceViewSet(SnippetViewSet):
    model = Source
    icon = "doc-full"
    menu_label = _("Sources")
    list_display = ["title", "number", "kind", "in_force_from", "look_again_on"]
    list_filter = ["kind"]
    list_per_page = 50
    # In the database itself: the index of full texts knows no keys.
    search_backend_name = None
    search_fields = ["title", "title_en", "number", "key"]
    ordering = ["title"]
    copy_view_enabled = False
    edit_handler = ObjectList(
        [
            "title",
            "title_en",
            FieldRowPanel(["kind", "number", "issuer"]),
            MultiFieldPanel(
                [
                    FieldRowPanel(["issued_on", "in_force_from", "in_force_until"]),
                    "amended_by",
                    "replaced_by",
                ],
                _("Force"),
            ),
            FieldRowPanel(["checked_on", "look_again_on"]),
            "url",
            "key",
        ],
        base_form_class=SourceForm,
    )


class TermViewSet(SnippetViewSet):
    model = Term
    icon = "openquote"
    menu_label = _("Glossary")
    list_display = ["term", "term_en"]
    list_per_page = 100
    # In the database itself: the index of full texts knows no keys.
    search_backend_name = None
    search_fields = ["term", "term_en", "definition", "key"]
    ordering = ["term"]
    copy_view_enabled = False
    panels = [
        FieldRowPanel(["term", "term_en"]),
        FieldPanel("definition"),
        FieldPanel("definition_en"),
        FieldRowPanel(["also", "also_en"]),
        "source",
        "key",
    ]


class RegisterGroup(SnippetViewSetGroup):
    items = (SourceViewSet, TermViewSet)
    menu_label = _("Sources and glossary")
    menu_icon = "doc-full"
    menu_order = 260
    add_to_admin_menu = True


register_snippet(RegisterGroup)

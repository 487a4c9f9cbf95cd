from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from learning.audit.words import register_acts, register_things


class NoticesConfig(AppConfig):
    name = "learning.notices"
    verbose_name = _("Notices")

    def ready(self) -> None:
        register_acts(
            {
                "message-text-changed": _("Text of a message changed"),
                "message-text-reset": _("Text of a message given back to the house"),
                "letter-sent-again": _("Letter sent again"),
            }
        )
        register_things({"letters": _("Letters sent by the system, with their addresses")})

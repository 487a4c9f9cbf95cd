from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from learning.audit.words import register_acts


class ApiConfig(AppConfig):
    name = "learning.api"
    verbose_name = _("API")

    def ready(self) -> None:
        register_acts({"token-made": _("Token made"), "token-revoked": _("Token revoked")})

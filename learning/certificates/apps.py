from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CertificatesConfig(AppConfig):
    name = "learning.certificates"
    verbose_name = _("Certificates")

    def ready(self) -> None:
        from learning.certificates import kept

        kept.register()

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OperationsConfig(AppConfig):
    name = "portal.operations"
    verbose_name = _("Operations")

    def ready(self) -> None:
        from portal.operations import kept
        from portal.operations.catalogues import compile_catalogues

        kept.register()

        compile_catalogues()

from typing import Any

from django.apps import AppConfig
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class CertificatesConfig(AppConfig):
    name = "learning.certificates"
    verbose_name = _("Certificates")

    def ready(self) -> None:
        from learning.certificates import acts, kept, receivers
        from learning.certificates.guards import ensure_guards, remove_guards
        from learning.certificates.life import telling

        acts.register()
        kept.register()
        receivers.connect()
        telling.register()
        pre_migrate.connect(remove_guards, sender=self, dispatch_uid="certificates.remove_guards")
        post_migrate.connect(_default_template, sender=self, dispatch_uid="certificates.template")
        post_migrate.connect(ensure_guards, sender=self, dispatch_uid="certificates.ensure_guards")


def _default_template(*, using: str = DEFAULT_DB_ALIAS, **signal: Any) -> None:
    """After migrations: the template of all courses is there to be changed, once its table is.

    Emptying the database (`flush`) sends the same signal, without a plan, and wants it empty.
    """
    from learning.certificates.models import TemplateVersion
    from learning.certificates.paper.versions import current_version

    connection = connections[using]
    if (
        using == DEFAULT_DB_ALIAS
        and "plan" in signal
        and TemplateVersion._meta.db_table in connection.introspection.table_names()
    ):
        current_version(None)

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class CertificatesConfig(AppConfig):
    name = "learning.certificates"
    verbose_name = _("Certificates")

    def ready(self) -> None:
        from learning.certificates import acts, receivers
        from learning.certificates.guards import ensure_guards, remove_guards

        acts.register()
        receivers.connect()
        pre_migrate.connect(remove_guards, sender=self, dispatch_uid="certificates.remove_guards")
        post_migrate.connect(ensure_guards, sender=self, dispatch_uid="certificates.ensure_guards")

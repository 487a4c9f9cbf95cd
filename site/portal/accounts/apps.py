from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "portal.accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        from portal.accounts import guessing, kept, receivers  # noqa: F401 — they listen
        from portal.accounts.acts import register
        from portal.accounts.roles import ensure_roles

        register()
        kept.register()

        # After the last app of the list: by then every permission has been made.
        last = list(apps.get_app_configs())[-1]
        post_migrate.connect(ensure_roles, sender=last, dispatch_uid="accounts.ensure_roles")

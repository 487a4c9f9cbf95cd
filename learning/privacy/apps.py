from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PrivacyConfig(AppConfig):
    name = "learning.privacy"
    verbose_name = _("Personal data")

    def ready(self) -> None:
        from learning.audit.words import register_acts, register_things
        from learning.notices.silence import register_silence
        from learning.privacy import below, letters, telling
        from learning.privacy.queries import restricted_among

        below.register()
        letters.register()
        telling.register()
        register_silence(restricted_among)
        register_acts(
            {
                "data-asked": _("Request about personal data made"),
                "data-cancelled": _("Request about personal data cancelled"),
                "data-answered": _("Request about personal data answered"),
                "data-copied": _("Copy of one's own data taken"),
                "name-corrected": _("Name corrected"),
                "restriction-lifted": _("Restriction of data lifted"),
                "consent-given": _("Consent given"),
                "consent-withdrawn": _("Consent withdrawn"),
                "person-erased": _("Person's data erased"),
                "privacy-setting-changed": _("Setting about personal data changed"),
                "retention-applied": _("Old data removed by the rules of retention"),
            }
        )
        register_things(
            {
                "data-request": _("A request about personal data"),
                "data-requests": _("List of requests about personal data"),
            }
        )

"""What the audited acts of accounts are called."""

from django.utils.translation import gettext_lazy as _

from learning.audit.words import register_acts, register_things


def register() -> None:
    """Name them for the screens of the audit log."""
    register_things({"activation-cards": _("Sheet of activation cards")})
    register_acts(
        {
            "account-made": _("Account made"),
            "password-changed": _("Password changed"),
            "email-changed": _("E-mail address changed"),
            "session-ended": _("Device logged out"),
            "sessions-ended": _("Devices logged out"),
            "second-factor-added": _("Second factor added"),
            "second-factor-removed": _("Second factor removed"),
            "second-factor-reset": _("Second factor reset by an administrator"),
            "recovery-codes-renewed": _("Recovery codes renewed"),
            "sso-joined": _("Account joined to another system's log-in"),
            "cards-made": _("Activation cards made"),
            "cards-printed": _("Activation cards downloaded"),
            "account-activated": _("Account activated with a card"),
            "signed-up": _("Public sign-up confirmed"),
            "consent-given": _("Consent given"),
        }
    )

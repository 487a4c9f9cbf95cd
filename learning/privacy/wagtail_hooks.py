"""Personal data in the admin."""

from wagtail import hooks

from learning.privacy.admin_views import PrivacyGroup


@hooks.register("register_admin_viewset")
def privacy_group() -> PrivacyGroup:
    """Rules of retention, texts of consent, the office calendar."""
    return PrivacyGroup()

"""The site's first page."""

from wagtail.models import Locale, Page, Site

from portal.home.models import HomePage


def ensure_home(*, hostname: str = "localhost", port: int = 80) -> HomePage:
    """The home page at the root of the default site, made where Wagtail's welcome page stands."""
    home = HomePage.objects.order_by("path").first()
    if home is None:
        root = Page.get_first_root_node()
        home = HomePage(
            title="Trang chủ", slug="trang-chu", locale=Locale.get_default(), show_in_menus=False
        )
        root.add_child(instance=home)
        home.save_revision().publish()
    site, _created = Site.objects.get_or_create(
        is_default_site=True,
        defaults={"hostname": hostname, "port": port, "root_page": home},
    )
    if site.root_page_id != home.pk or site.hostname != hostname or site.port != port:
        welcome = site.root_page
        site.hostname, site.port, site.root_page = hostname, port, home
        site.site_name = "Sở hữu trí tuệ Hải Phòng"
        site.save()
        if welcome and welcome.pk != home.pk and welcome.specific_class is Page:
            welcome.delete()
    _ensure_english(home)
    return home


def _ensure_english(home: HomePage) -> None:
    """The root of what is translated, beside the home page."""
    locale, _created = Locale.objects.get_or_create(language_code="en")
    if home.get_translation_or_none(locale) is None:
        english = home.copy_for_translation(locale)
        english.title, english.slug = "Home", "home-en"
        english.save_revision().publish()

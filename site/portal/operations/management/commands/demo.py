import json as json_format
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from portal.operations import demo
from portal.operations.serving import Servers, port_is_free


class Command(BaseCommand):
    help = "Prepare a trial of the whole product with invented people, and serve it."
    requires_migrations_checks = False
    # `make test` runs them; here they would make everyone wait at every start.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--no-serve", action="store_true", help="prepare only")
        parser.add_argument("--json", action="store_true", help="tell addresses and logins as JSON")
        parser.add_argument("--workers", type=int, default=2, help="processes of the web server")

    def handle(self, *, no_serve: bool, json: bool, workers: int, **_options: Any) -> None:
        port = settings.PORT
        if not no_serve and not port_is_free(port):
            raise CommandError(
                _("Port %(port)s is taken. Choose another one, as in: make demo PORT=8001")
                % {"port": port}
            )
        quiet = json
        logins = demo.prepare((lambda _line: None) if quiet else self._say)
        if no_serve:
            self._tell(logins, as_json=json)
            return
        servers = Servers(port=port, workers=workers)
        try:
            if servers.start():
                self._tell(logins, as_json=json)
            elif not servers.stopping:
                raise CommandError(_("The server did not start; its own message stands above."))
            code = servers.run()
        finally:
            servers.stop()
        if code:
            raise CommandError(_("The server ended by itself; its own message stands above."))

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def _tell(self, logins: list[demo.DemoLogin], *, as_json: bool) -> None:
        base = settings.SITE_URL
        if as_json:
            told = {
                "url": base,
                "health": f"{base}/healthz",
                "admin": f"{base}/admin/",
                "logins": [asdict(login) | {"url": f"{base}{login.path}"} for login in logins],
            }
            self._say(json_format.dumps(told, ensure_ascii=False, indent=2))
            return
        self._say("")
        self._say(_("The trial is ready: %(url)s") % {"url": base})
        self._say(
            _("All people and figures are invented. Password of all: %(password)s")
            % {"password": demo.PASSWORD}
        )
        for login in logins:
            self._say(f"  {login.role}: {login.login} — {login.try_this} ({base}{login.path})")
        self._say(_("Ctrl-C ends it; everything is kept for the next time."))

"""A real mail server on a free port, that keeps what it takes and refuses whom it is told to."""

from email import message_from_bytes, policy

from aiosmtpd.controller import Controller


class Post:
    """aiosmtpd handler: `taken` are the mails, `refused` addresses get 550, `busy` ones 451."""

    def __init__(self):
        self.taken, self.refused, self.busy = [], set(), set()

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if address in self.refused:
            return "550 5.1.1 no such user"
        if address in self.busy:
            return "451 4.3.0 later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.taken.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


class FreePort(Controller):
    """Listens on whatever port is free."""

    def _trigger_server(self):
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()

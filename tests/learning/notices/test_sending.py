"""Notices go out by a real SMTP server: once, gathered, to whom they may."""

import datetime

import pytest
from django.utils import timezone

from learning.notices import sending
from learning.notices.actions import Told, resend, set_unsubscribed, tell
from learning.notices.bounces import read_report
from learning.notices.models import DeadAddress, Letter, Notice
from learning.notices.sending import CLAIM_ENDS
from learning.notices.tasks import run
from learning.notices.times import next_allowed
from tests.learning.organisations.factories import make_user

pytestmark = pytest.mark.django_db
LONG_AGO = timezone.now() - datetime.timedelta(hours=1)


def say(person, key, kind="thu-tu-chon", course="Sáng chế"):
    return tell(kind=kind, people=[Told(person.pk, key, {"course": course})], at=LONG_AGO)


def states():
    return sorted(Letter.objects.values_list("state", flat=True))


def test_a_key_told_twice_is_one_notice_and_one_mail(post):
    person = make_user()
    assert [say(person, "k1"), say(person, "k1")] == [1, 0]
    assert [run(), run()] == [1, 0]
    (mail,) = post.taken
    assert (mail["Subject"], mail["To"]) == ("Tin về Sáng chế", person.email)
    assert "Tin Sáng chế." in mail.get_body(("plain",)).get_content()
    assert "Tin Sáng chế." in mail.get_body(("html",)).get_content()
    assert states() == ["sent"]


def test_several_notices_of_one_person_are_one_mail(post):
    person = make_user()
    for number in range(3):
        say(person, f"k{number}", course=f"Khóa {number}")
    run()
    (mail,) = post.taken
    text = mail.get_body(("plain",)).get_content()
    assert [f"Tin Khóa {number}." in text for number in range(3)] == [True] * 3


def test_facts_are_escaped_and_never_break_a_header(post):
    say(make_user(), "k1", course="<b>A</b>\r\nBcc: x@vidu.example")
    run()
    (mail,) = post.taken
    assert mail["Bcc"] is None
    assert "<b>A</b>" not in mail.get_body(("html",)).get_content()


def test_a_refused_address_is_marked_and_left_alone_until_sent_again(post):
    person, other = make_user(), make_user()
    post.refused.add(person.email)
    say(person, "k1")
    say(other, "k2")
    run()
    assert states() == ["bounced", "sent"]
    assert DeadAddress.objects.get().reason == "550 5.1.1 no such user"
    say(person, "k3")
    assert run() == 0
    post.refused.clear()
    assert resend(letter=Letter.objects.get(state="bounced")) is True
    run()
    assert [mail["To"] for mail in post.taken] == [other.email, person.email]
    assert DeadAddress.objects.count() == 0


def test_a_busy_server_and_a_missing_one_are_asked_again_later(post, settings):
    person = make_user()
    post.busy.add(person.email)
    say(person, "k1")
    run()
    assert states() == ["queued"]
    post.busy.clear()
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    Letter.objects.update(next_try_at=LONG_AGO)
    run()
    letter = Letter.objects.get()
    assert (letter.state, letter.attempts, bool(letter.error)) == ("queued", 2, True)
    assert letter.next_try_at > timezone.now()
    settings.EMAIL_PORT = port
    Letter.objects.update(next_try_at=LONG_AGO)
    run()
    assert (states(), len(post.taken)) == (["sent"], 1)


def test_a_server_that_stays_away_ends_in_failed(post, settings):
    say(make_user(), "k1")
    settings.EMAIL_PORT = 1
    for _try in range(sending.MAX_ATTEMPTS):
        Letter.objects.update(next_try_at=LONG_AGO)
        run()
    assert states() == ["failed"]


class Died(BaseException):
    """The worker is killed: nothing of ours catches it."""


@pytest.mark.parametrize("after_the_servers_yes", [False, True])
def test_a_worker_dies_and_the_next_takes_over(post, monkeypatch, after_the_servers_yes):
    """Before the server's yes: exactly one mail. After it: the same Message-ID comes again."""
    for number in range(3):
        say(make_user(), f"k{number}")

    def die(*args, **kwargs):
        raise Died

    with monkeypatch.context() as patched:
        patched.setattr(sending, "_settle" if after_the_servers_yes else "compose", die)
        with pytest.raises(Died):
            run()
    assert states() == ["sending"] * 3
    assert run() == 0  # its claim still holds
    Letter.objects.update(claimed_at=timezone.now() - CLAIM_ENDS * 2)
    run()
    assert states() == ["sent"] * 3
    assert len(post.taken) == (4 if after_the_servers_yes else 3)
    assert len({mail["Message-ID"] for mail in post.taken}) == 3


def test_a_worker_thought_dead_sends_nothing_more(post):
    say(make_user(), "k1")
    sending.write_letters(now=timezone.now())
    Letter.objects.update(next_try_at=LONG_AGO)
    stale = sending._claim(now=timezone.now() - CLAIM_ENDS * 1.5)
    assert len(stale) == 1
    run()
    sending._hand_over(stale)
    assert (len(post.taken), states()) == (1, ["sent"])


def test_what_is_not_wished_is_listed_but_not_mailed_unless_required(post):
    person = make_user()
    both = ["thu-tu-chon", "thu-bat-buoc"]
    set_unsubscribed(person_id=person.pk, kinds=both, of=both)
    say(person, "k1")
    say(person, "k2", kind="thu-bat-buoc")
    run()
    assert [mail["Subject"] for mail in post.taken] == ["Việc Sáng chế"]
    assert post.taken[0]["List-Unsubscribe"] is None
    assert Notice.objects.count() == 2


def test_one_notice_of_a_kind_that_may_be_left_can_be_required(post):
    person = make_user()
    set_unsubscribed(person_id=person.pk, kinds=["thu-tu-chon"], of=["thu-tu-chon"])
    people = [Told(person.pk, "k1", {"course": "A"}, required=True), Told(person.pk, "k2")]
    tell(kind="thu-tu-chon", people=people, at=LONG_AGO)
    run()
    assert [mail["Subject"] for mail in post.taken] == ["Tin về A"]


def test_nobody_is_mailed_without_an_address_or_after_leaving(post):
    say(make_user(email=None, staff_code="CB1"), "k1")
    say(make_user(is_active=False), "k2")
    assert run() == 0
    assert Notice.objects.filter(by_mail=True).count() == 0


DSN = b"""\
From: MAILER-DAEMON@vidu.example
Subject: Undelivered
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

Sorry.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.vidu.example

Final-Recipient: rfc822; %s
Action: %s
Status: 5.1.1
Diagnostic-Code: smtp; 550 no such user

--b--
"""


def test_delivery_reports_mark_addresses_we_wrote_to(post):
    person = make_user()
    say(person, "k1")
    run()
    address = person.email.encode()
    assert read_report(b"garbage") == 0
    assert read_report(DSN % (address, b"delayed")) == 0
    assert read_report(DSN % (b"stranger@vidu.example", b"failed")) == 0
    assert read_report(DSN % (address.upper(), b"failed")) == 1
    assert states() == ["bounced"]
    assert DeadAddress.objects.get().reason == "5.1.1 550 no such user"


@pytest.mark.parametrize(
    ("at", "weekends", "then"),
    [
        ((2026, 11, 23, 12, 30), False, (2026, 11, 23, 12, 30)),
        ((2026, 11, 23, 19, 59), False, (2026, 11, 23, 19, 59)),
        ((2026, 11, 23, 20, 0), False, (2026, 11, 24, 7, 0)),
        ((2026, 11, 24, 6, 59), False, (2026, 11, 24, 7, 0)),
        ((2026, 11, 27, 21, 0), True, (2026, 11, 30, 7, 0)),
        ((2026, 11, 29, 9, 0), True, (2026, 11, 30, 7, 0)),
        ((2026, 11, 29, 9, 0), False, (2026, 11, 29, 9, 0)),
    ],
)
def test_quiet_hours(settings, at, weekends, then):
    settings.NOTICES_QUIET_FROM, settings.NOTICES_QUIET_UNTIL = 20, 7
    settings.NOTICES_QUIET_WEEKENDS = weekends
    zone = timezone.get_default_timezone()
    moment = datetime.datetime(*at, tzinfo=zone)
    assert next_allowed(moment) == datetime.datetime(*then, tzinfo=zone)

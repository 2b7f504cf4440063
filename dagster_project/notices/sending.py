"""Sending a notice by e-mail and by webhook; what it says is decided elsewhere.

Secrets never go over an open line: a password needs TLS, and a webhook needs https, unless it is this machine.
"""

from __future__ import annotations

import ipaddress
import json
import smtplib
import ssl
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

from dagster_project.errors import TrisamError
from dagster_project.notices.message import Notice
from dagster_project.settings import Settings

_PATIENCE_SECONDS = 20
_HINT = "See docs/operations.md, Notices."


class NoticeError(TrisamError):
    """A notice could not be sent. Says by which way, never with which secret."""


def channels(settings: Settings) -> list[Callable[[Notice], None]]:
    """The ways that are set up, each ready to send. Raises NoticeError where a setting is missing or unsafe."""
    ways: list[Callable[[Notice], None]] = []
    if settings.smtp_host:
        _refuse_unfit_mail(settings)
        ways.append(lambda notice: _mail(settings, notice))
    if settings.webhook_url is not None:
        url = settings.webhook_url.get_secret_value()
        _refuse_open_line(url)
        ways.append(lambda notice: _post(url, notice))
    return ways


def send(settings: Settings, notice: Notice) -> int:
    """Send a notice by every way that is set up; returns how many there are.

    Raises NoticeError when one of them failed; the others were tried all the same.
    """
    ways, failed = channels(settings), []
    for way in ways:
        try:
            way(notice)
        except NoticeError as error:
            failed.append(error.message)
    if failed:
        raise NoticeError(" ".join(failed), _HINT)
    return len(ways)


def _refuse_unfit_mail(settings: Settings) -> None:
    if not (settings.notice_from and _receivers(settings)):
        raise NoticeError(
            "Notices have no sender or no receiver.", "Set TRISAM_NOTICE_FROM and TRISAM_NOTICE_TO."
        )
    if settings.smtp_user and settings.smtp_security == "none" and not _is_this_machine(settings.smtp_host):
        raise NoticeError(
            "The password of the mail server would go over an open line.",
            "Set TRISAM_SMTP_SECURITY to starttls.",
        )


def _receivers(settings: Settings) -> list[str]:
    return [address.strip() for address in settings.notice_to.split(",") if address.strip()]


def _mail(settings: Settings, notice: Notice) -> None:
    message = EmailMessage()
    message["From"] = settings.notice_from
    message["To"] = ", ".join(_receivers(settings))
    message["Subject"] = notice.subject
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(notice.text)
    try:
        with _server(settings) as server:
            if settings.smtp_user:
                password = settings.smtp_password
                server.login(settings.smtp_user, password.get_secret_value() if password else "")
            server.send_message(message)
    except (OSError, smtplib.SMTPException) as error:
        # The server's own words may repeat what was sent to it.
        raise NoticeError(f"The notice could not be mailed ({type(error).__name__}).", _HINT) from None


def _server(settings: Settings) -> smtplib.SMTP:
    where: dict[str, Any] = {
        "host": settings.smtp_host,
        "port": settings.smtp_port,
        "timeout": _PATIENCE_SECONDS,
    }
    if settings.smtp_security == "tls":
        return smtplib.SMTP_SSL(**where, context=ssl.create_default_context())
    server = smtplib.SMTP(**where)
    if settings.smtp_security == "starttls":
        try:
            server.starttls(context=ssl.create_default_context())
        except (OSError, smtplib.SMTPException):
            server.close()
            raise
    return server


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A webhook that points elsewhere is not followed: the notice was meant for the address that was set up."""

    def redirect_request(self, *_: object) -> None:
        """Follow nothing."""
        return


def _refuse_open_line(url: str) -> None:
    parts = urllib.parse.urlsplit(url)
    local = parts.scheme == "http" and _is_this_machine(parts.hostname or "")
    if parts.scheme != "https" and not local:
        raise NoticeError("The webhook is no https address.", "Set TRISAM_WEBHOOK_URL to one.")


def _post(url: str, notice: Notice) -> None:
    body = {
        "text": f"{notice.subject}\n{notice.text}",
        "kind": notice.kind,
        "subject": notice.subject,
        **notice.facts,
    }
    request = urllib.request.Request(  # noqa: S310  the scheme was judged
        url,
        data=json.dumps(body).encode("utf-8"),
        headers={"Content-Type": "application/json"},
        method="POST",
    )
    opener = urllib.request.build_opener(_NoRedirect)
    try:
        with opener.open(request, timeout=_PATIENCE_SECONDS) as answer:
            answer.read(1)
    except urllib.error.HTTPError as error:
        raise NoticeError(f"The webhook answered {error.code}.", _HINT) from None
    except (OSError, ValueError) as error:
        raise NoticeError(f"The webhook could not be reached ({type(error).__name__}).", _HINT) from None


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"

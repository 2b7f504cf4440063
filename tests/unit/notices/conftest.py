"""The mail server and the webhook of this machine."""

from tests.listeners import mailbox, webhook

__all__ = ["mailbox", "webhook"]

"""A notice reaches people by mail and webhook; a way that fails is told without its secrets."""

import pytest

from dagster_project.notices.message import FailedRun, of_failed_run
from dagster_project.notices.sending import NoticeError, channels, send
from dagster_project.settings import load_settings

NOTICE = of_failed_run(
    FailedRun("publish_release", "run-1", "inbox", ["dbt_build"], ["indicators/question: unique"]),
    "https://dagster.example.se",
)


@pytest.fixture
def settings(tmp_path):
    def given(**values):
        return load_settings(tmp_path / "inbox", tmp_path / "home", **values)

    return given


@pytest.fixture
def mailing(settings, mailbox):
    def given(**values):
        return settings(
            smtp_host="127.0.0.1",
            smtp_port=mailbox.port,
            **{
                "smtp_security": "none",
                "notice_from": "trisam@example.se",
                "notice_to": "a@example.se, b@example.se",
            }
            | values,
        )

    return given


def test_a_mail_reaches_every_receiver(mailing, mailbox):
    assert send(mailing(), NOTICE) == 1
    ((sender, receivers, mail),) = mailbox.mails
    assert sender == "trisam@example.se"
    assert receivers == ["a@example.se", "b@example.se"]
    assert mail["Subject"] == "Trisam: publish_release has failed"
    assert "indicators/question: unique" in mail.get_content()
    assert "https://dagster.example.se/runs/run-1" in mail.get_content()


def test_a_login_is_made_where_there_is_a_user(mailing, mailbox):
    assert send(mailing(smtp_user="trisam", smtp_password="right"), NOTICE) == 1
    assert len(mailbox.mails) == 1


def test_a_refused_login_is_told_without_the_password(mailing, mailbox):
    with pytest.raises(NoticeError) as told:
        send(mailing(smtp_user="trisam", smtp_password="wrong-password"), NOTICE)
    assert "could not be mailed" in told.value.message
    assert "wrong-password" not in str(told.value)
    assert mailbox.mails == []


def test_a_server_that_offers_no_encryption_gets_no_mail_where_it_is_asked_for(mailing, mailbox):
    with pytest.raises(NoticeError, match="could not be mailed"):
        send(mailing(smtp_security="starttls"), NOTICE)
    assert mailbox.mails == []


def test_a_password_never_goes_over_an_open_line_to_another_machine(settings):
    with pytest.raises(NoticeError, match="open line"):
        channels(
            settings(
                smtp_host="mail.example.se",
                smtp_security="none",
                smtp_user="trisam",
                smtp_password="x",
                notice_from="a@example.se",
                notice_to="b@example.se",
            )
        )


@pytest.mark.parametrize("missing", ["notice_from", "notice_to"])
def test_mail_without_a_sender_or_a_receiver_is_refused(mailing, missing):
    with pytest.raises(NoticeError, match="no sender or no receiver"):
        channels(mailing(**{missing: " " if missing == "notice_to" else ""}))


def test_a_webhook_gets_the_text_and_the_facts(settings, webhook):
    assert send(settings(webhook_url=webhook.url), NOTICE) == 1
    (posted,) = webhook.posts
    assert posted["kind"] == "run_failed"
    assert posted["text"].startswith("Trisam: publish_release has failed\n")
    assert (posted["job"], posted["run_id"], posted["steps"]) == ("publish_release", "run-1", ["dbt_build"])


@pytest.mark.parametrize("answer", [302, 403, 500])
def test_a_webhook_that_does_not_take_it_is_told_without_its_address(settings, webhook, answer):
    webhook.answer = answer
    with pytest.raises(NoticeError, match=f"answered {answer}") as told:
        send(settings(webhook_url=webhook.url), NOTICE)
    assert "secret-part" not in str(told.value)


def test_a_webhook_over_an_open_line_is_refused(settings):
    with pytest.raises(NoticeError, match="https") as told:
        channels(settings(webhook_url="http://hooks.example.se/secret-part"))
    assert "secret-part" not in str(told.value)


def test_one_way_that_fails_does_not_stop_the_other(mailing, mailbox, webhook):
    webhook.answer = 500
    with pytest.raises(NoticeError, match="answered 500"):
        send(mailing(webhook_url=webhook.url), NOTICE)
    assert len(mailbox.mails) == 1


def test_where_nothing_is_set_up_nothing_is_sent(settings):
    assert send(settings(), NOTICE) == 0

"""Delivery of alerts: retried, kept, once per recipient, safe against kills."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys

import pytest
from alert_world import FLOWS, AlertWorld, Webhook, card

from pipelines.locking import only_notify
from pipelines.notify import send as notify
from pipelines.notify.outbox import memory_path, read_memory
from pipelines.notify.recipients import ATTEMPTS, Recipient, configured_recipients
from pipelines.settings import PROJECT, InputError

TITLE = "ALERT Customers absent: 17 customers (alert above 10)"


def test_a_refused_alert_is_retried_kept_and_delivered_once(
    world: AlertWorld, hook: Webhook, pauses: list[float]
) -> None:
    world.publish("2026-04-12", card("alert", 17))
    hook.status = 500
    is_ok, said = world.notify()
    assert not is_ok
    assert hook.refused == ATTEMPTS and len(pauses) == ATTEMPTS - 1
    assert f"NOT DELIVERED to recipient 1 (JSON): {TITLE}" in said
    assert "1 messages are kept" in said
    assert [event["title"] for event in world.outbox()] == [TITLE]
    hook.status = 200
    assert world.notify()[0]
    assert world.notify()[0]
    assert hook.titles == [TITLE]
    assert world.outbox() == []


def test_a_refusal_that_passes_needs_no_second_run(
    world: AlertWorld, hook: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.publish("2026-04-12", card("alert", 17))
    hook.status = 503
    monkeypatch.setattr("pipelines.notify.recipients.sleep", lambda _: setattr(hook, "status", 200))
    assert world.notify()[0]
    assert hook.refused == 1 and hook.titles == [TITLE]


def test_one_failing_recipient_makes_no_other_receive_twice(
    world: AlertWorld, hook: Webhook, other_hook: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOTIFY_URLS", f"{other_hook.url} {hook.url}")
    other_hook.status = 500
    world.publish("2026-04-12", card("alert", 17), card("alert", 2, card_id=FLOWS))
    assert not world.notify()[0]
    assert len(hook.bodies) == 2
    assert other_hook.refused == ATTEMPTS  # the second message waits behind the first
    world.publish("2026-04-13", card("ok", 4), card("alert", 2, card_id=FLOWS))
    other_hook.status = 200
    assert world.notify()[0]
    words = [title.split()[0] for title in other_hook.titles]
    assert words == ["ALERT", "ALERT", "CLEARED"]  # all of it, in its order
    assert hook.titles == other_hook.titles


def test_what_a_wrong_address_did_not_get_goes_to_the_right_one(
    world: AlertWorld, hook: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOTIFY_URLS", "teams.example.test/wrong")
    world.publish("2026-04-12", card("alert", 17))
    is_ok, said = world.notify()
    assert not is_ok and "recipient 1 (unrecognised address, see docs/alerts.md)" in said
    monkeypatch.setenv("NOTIFY_URLS", hook.url)
    assert world.notify()[0]
    assert hook.titles == [TITLE]


def test_an_address_given_twice_is_one_recipient(
    world: AlertWorld, hook: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOTIFY_URLS", f"{hook.url}\n{hook.url}")
    assert [one.number for one in configured_recipients("")] == [1]
    world.publish("2026-04-12", card("alert", 17))
    assert world.notify()[0]
    assert hook.titles == [TITLE]


def test_a_new_recipient_does_not_get_old_alerts(
    world: AlertWorld, hook: Webhook, other_hook: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.publish("2026-04-12", card("alert", 17))
    world.notify()
    monkeypatch.setenv("NOTIFY_URLS", f"{hook.url} {other_hook.url}")
    assert world.notify()[0]
    assert len(hook.bodies) == 1 and other_hook.bodies == []


def test_a_stop_before_the_sending_loses_nothing(
    world: AlertWorld, hook: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.publish("2026-04-12", card("alert", 17))
    with monkeypatch.context() as patch:
        patch.setattr(Recipient, "send", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            world.notify()
    assert hook.bodies == []
    assert world.notify()[0]
    assert hook.titles == [TITLE]


def test_a_stop_after_the_sending_repeats_one_message(
    world: AlertWorld, hook: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.publish("2026-04-12", card("alert", 17), card("alert", 2, card_id=FLOWS))
    write, calls = notify.write_memory, []

    def stopped_after_the_second_message(*arguments: object) -> None:
        calls.append(arguments)
        if len(calls) == 3:  # the outbox, the first message, and now the second
            raise KeyboardInterrupt
        write(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(notify, "write_memory", stopped_after_the_second_message)
        with pytest.raises(KeyboardInterrupt):
            world.notify()
    assert len(hook.bodies) == 2
    assert world.notify()[0]
    assert hook.titles[2:] == [hook.titles[1]]


def test_a_kill_while_it_sends_loses_nothing(world: AlertWorld, hook: Webhook) -> None:
    world.publish("2026-04-12", card("alert", 17))
    running = subprocess.Popen(
        [sys.executable, "-m", "pipelines", "notify"],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    hook.before_answer = lambda: os.kill(running.pid, signal.SIGKILL)
    running.communicate()
    assert running.returncode == -signal.SIGKILL
    assert len(world.outbox()) == 1
    hook.before_answer = lambda: None
    taken = len(hook.bodies)
    assert world.notify()[0]
    assert len(hook.bodies) == taken + 1
    assert world.outbox() == []


def test_only_one_notify_at_a_time(world: AlertWorld, hook: Webhook) -> None:
    world.publish("2026-04-12", card("alert", 17))
    with (
        only_notify(world.target),
        pytest.raises(InputError, match="another notify is in progress in"),
    ):
        world.notify()
    assert hook.bodies == []


def test_the_memory_is_for_its_owner_and_damage_is_told(world: AlertWorld, hook: Webhook) -> None:
    world.publish("2026-04-12", card("alert", 17))
    world.notify()
    path = memory_path(world.target)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in path.parent.iterdir() if one.name != ".lock"] == ["memory.json"]
    path.write_text('{"outbox": [')
    with pytest.raises(InputError, match=r"memory\.json cannot be read"):
        read_memory(world.target)
    assert not world.target.lock.exists()

"""When an alert is sent: on a change of state, once, for the newest as-of only."""

from __future__ import annotations

import pytest
from alert_world import FLOWS, AlertWorld, Webhook, card, contract, dated

from pipelines.notify.alerts import CARD_COLUMNS, WORKLIST_COLUMNS
from pipelines.publish.cards import HEADLINE
from pipelines.settings import InputError


def test_the_columns_that_are_read_are_in_the_contracts() -> None:
    assert set(CARD_COLUMNS) <= set(contract("card_values"))
    assert set(WORKLIST_COLUMNS) <= set(contract("onboarding_worklist"))


def test_an_alert_is_sent_once(world: AlertWorld, hook: Webhook) -> None:
    world.publish("2026-04-12", card("alert", 17))
    assert world.notify()[0]
    assert hook.titles == ["ALERT Customers absent: 17 customers (alert above 10)"]
    is_ok, said = world.notify()
    assert is_ok and "No card has changed state" in said
    world.publish("2026-04-12", card("alert", 18), built_at="2026-04-12T22:00:00Z")
    world.notify()
    world.publish("2026-04-13", card("alert", 19))
    world.notify()
    assert len(hook.bodies) == 1


def test_a_card_that_is_ok_or_not_available_says_nothing(world: AlertWorld, hook: Webhook) -> None:
    world.publish("2026-04-12", card("ok", 3), card("not_available", card_id=FLOWS))
    assert world.notify()[0]
    assert hook.bodies == []


def test_a_recovery_is_told_once_with_what_has_changed(world: AlertWorld, hook: Webhook) -> None:
    world.publish("2026-04-12", card("alert", 17))
    world.notify()
    world.publish("2026-04-13", card("ok", 8, previous_value=9))
    world.notify()
    world.publish("2026-04-14", card("ok", 7))
    world.notify()
    assert len(hook.bodies) == 2
    assert hook.titles[1] == "CLEARED Customers absent: 8 customers"
    assert hook.bodies[1]["type"] == "success"
    text = hook.bodies[1]["message"]
    assert "- Previous window: 9 (-1)" in text
    assert "- Last message: alert, 17 as of 2026-04-12 (-9)" in text
    world.publish("2026-04-15", card("alert", 12))
    world.notify()
    assert "- Last message: cleared, 8 as of 2026-04-13 (+4)" in hook.bodies[2]["message"]


def test_a_card_that_is_not_available_has_not_cleared(world: AlertWorld, hook: Webhook) -> None:
    world.publish("2026-04-12", card("alert", 17))
    world.notify()
    world.publish("2026-04-13", card("not_available"))
    world.notify()
    world.publish("2026-04-14", card("alert", 16))
    world.notify()
    assert len(hook.bodies) == 1
    world.publish("2026-04-15", card("ok", 2))
    world.notify()
    assert hook.titles[1:] == ["CLEARED Customers absent: 2 customers"]


def test_a_trace_id_is_told_once_even_if_the_card_flutters(
    world: AlertWorld, hook: Webhook
) -> None:
    for hour, state in enumerate(("alert", "ok", "alert", "ok", "alert"), start=10):
        value = 17 if state == "alert" else 5
        world.publish("2026-04-12", card(state, value), built_at=f"2026-04-12T{hour}:00:00Z")
        world.notify()
    assert [title.split()[0] for title in hook.titles] == ["ALERT", "CLEARED"]
    world.publish("2026-04-13", card("alert", 17))
    world.notify()
    assert [title.split()[0] for title in hook.titles] == ["ALERT", "CLEARED", "ALERT"]


def test_an_older_as_of_neither_fires_nor_clears(world: AlertWorld, hook: Webhook) -> None:
    world.publish("2026-04-12", card("alert", 17), card("ok", 0, card_id=FLOWS))
    world.notify()
    later = "2026-04-20T09:00:00Z"
    world.publish("2026-04-05", card("ok", 2), card("alert", 3, card_id=FLOWS), built_at=later)
    is_ok, said = world.notify()
    assert is_ok and "As of 2026-04-05 is older than 2026-04-12" in said
    assert len(hook.bodies) == 1
    world.publish("2026-04-13", card("ok", 2), card("alert", 3, card_id=FLOWS))
    world.notify()
    assert hook.titles[1:] == [
        "CLEARED Customers absent: 2 customers",
        "ALERT Flow failures: 3 flow runs (alert above 0)",
    ]


def test_an_as_of_in_the_future_is_a_trial(world: AlertWorld, hook: Webhook) -> None:
    world.publish("2030-01-01", card("alert", 99), built_at="2026-04-11T20:00:00Z")
    is_ok, said = world.notify()
    assert is_ok and "As of 2030-01-01 is in the future" in said
    world.publish("2026-04-12", card("alert", 17))
    world.notify()
    assert hook.titles == ["ALERT Customers absent: 17 customers (alert above 10)"]


def test_missing_data_is_told_although_nothing_was_published(
    world: AlertWorld, hook: Webhook
) -> None:
    world.publish("2026-04-12", card("alert", 17), card("ok", 0, card_id=FLOWS))
    world.notify()
    reason = "customer master of ustr empty"
    missing = card("missing_data", state_reason=reason)
    # the flows are in alert in the failed build: not published, so not sent
    world.stop_at_guard("2026-04-13", missing, card("alert", 4, card_id=FLOWS))
    world.notify()
    world.notify()
    assert hook.titles[1:] == ["NO DATA Customers absent"]
    assert hook.bodies[1]["type"] == "failure"
    text = hook.bodies[1]["message"]
    assert f"**No number** as of 2026-04-13: {reason}." in text
    assert "- Last message: alert, 17 as of 2026-04-12\n" in text
    assert dated(missing, "2026-04-13")["trace_id"] in text
    world.publish("2026-04-14", card("ok", 4), built_at="2100-01-01T00:00:00Z")
    world.notify()
    assert hook.titles[2:] == ["CLEARED Customers absent: 4 customers"]
    assert "- Last message: no data, 17 as of 2026-04-12 (-13)" in hook.bodies[2]["message"]


def test_the_morning_publication_does_not_clear_the_missing_data_of_noon(
    world: AlertWorld, hook: Webhook
) -> None:
    world.publish("2026-04-12", card("ok", 3))
    world.stop_at_guard("2026-04-12", card("missing_data", state_reason="x"))
    world.notify()
    world.stop_at_guard("2026-04-01", card("ok", 3))
    world.notify()
    assert hook.titles == ["NO DATA Customers absent"]
    world.publish("2026-04-12", card("ok", 3), built_at="2100-01-01T00:00:00Z")
    world.notify()
    assert hook.titles[1:] == ["CLEARED Customers absent: 3 customers"]


def test_missing_data_of_an_older_as_of_is_not_told(world: AlertWorld, hook: Webhook) -> None:
    world.publish("2026-04-12", card("ok", 3))
    world.stop_at_guard("2026-04-05", card("missing_data", state_reason="x"))
    world.notify()
    assert hook.bodies == []


def test_missing_data_before_the_first_publication(world: AlertWorld, hook: Webhook) -> None:
    with pytest.raises(InputError, match="nothing is published yet"):
        world.notify()
    world.stop_at_guard("2026-04-12", card("missing_data", state_reason="x"))
    world.notify()
    assert hook.titles == ["NO DATA Customers absent"]


def test_a_publication_without_its_manifest_is_no_guess(world: AlertWorld, hook: Webhook) -> None:
    world.publish("2026-04-12", card("alert", 17))
    (world.target.published / "manifest.json").unlink()
    with pytest.raises(InputError, match=r"manifest\.json cannot be read"):
        world.notify()
    assert HEADLINE not in str(hook.bodies)


def test_without_a_recipient_nothing_counts_as_told(
    world: AlertWorld, hook: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.publish("2026-04-12", card("alert", 17))
    monkeypatch.delenv("NOTIFY_URLS")
    is_ok, said = world.notify()
    assert is_ok
    assert said.splitlines() == [
        "No alert is sent: no recipient is configured; set NOTIFY_URLS (docs/alerts.md)."
    ]
    monkeypatch.setenv("NOTIFY_URLS", hook.url)
    world.notify()
    assert len(hook.bodies) == 1

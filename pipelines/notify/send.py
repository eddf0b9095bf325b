"""Alerts: `python -m pipelines notify`, after a run.

Sends one message when a card goes into alert or missing_data, and one when it clears; see
docs/alerts.md for the set-up and docs/decisions/0022-alerts.md for the design. Due messages are
written to the outbox, sent, and removed once delivered.
"""

from datetime import UTC, datetime

from apprise import NotifyType
from rich.console import Console

from pipelines.locking import only_notify
from pipelines.notify.alerts import (
    Card,
    event_of,
    is_due,
    largest_of_the_worklist,
    link_to_the_page,
    may_name_customers,
    read_cards,
)
from pipelines.notify.outbox import Memory, read_memory, write_memory
from pipelines.notify.recipients import Recipient, configured_recipients
from pipelines.publish.cards import HEADLINE
from pipelines.settings import InputError, Warehouse

KINDS = {"alert": NotifyType.WARNING, "missing_data": NotifyType.FAILURE, "ok": NotifyType.SUCCESS}
NO_RECIPIENT = "No alert is sent: no recipient is configured; set NOTIFY_URLS (docs/alerts.md)."


def send_alerts(target: Warehouse, console: Console) -> bool:
    """Send due messages. True if all were delivered, or none were due. Without a recipient nothing
    is marked as sent. Raises InputError if nothing is published or a file cannot be read."""
    with only_notify(target):
        memory = read_memory(target)
        recipients = configured_recipients(memory.salt)
        if not recipients:
            _say(console, NO_RECIPIENT)
            return True
        cards = read_cards(target, datetime.now(UTC))
        _put_into_outbox(target, memory, cards, console)
        write_memory(target, memory)
        if not memory.outbox:
            _say(console, "No card has changed state: no alert to send.")
        return _deliver(target, memory, recipients, console)


def preview_alerts(target: Warehouse, console: Console) -> None:
    """Print what `send_alerts` would send; send and store nothing."""
    memory = read_memory(target)
    recipients = configured_recipients(memory.salt)
    _put_into_outbox(target, memory, read_cards(target, datetime.now(UTC)), console)
    for event in memory.outbox:
        names = [one.name for one in recipients if one.key not in event.delivered]
        _say(console, f"To: {', '.join(names) or 'no one (set NOTIFY_URLS, docs/alerts.md)'}")
        _say(console, f"{event.title}\n\n{event.body}")
    _say(console, f"{len(memory.outbox)} messages would be sent.")


def send_test(console: Console) -> bool:
    """Send one test message to each recipient. True if all accepted it; InputError without any."""
    recipients = configured_recipients("")
    if not recipients:
        raise InputError("no recipient is configured; set NOTIFY_URLS (docs/alerts.md).")
    text = ("TEST of the alerts", "This is a test. Card alerts will be posted here.\n")
    sent = [(recipient, recipient.send(*text)) for recipient in recipients]
    for recipient, is_sent in sent:
        _say(console, f"{'works' if is_sent else 'FAILED'}: {recipient.name}")
    return all(is_sent for _, is_sent in sent)


def _put_into_outbox(
    target: Warehouse, memory: Memory, cards: list[Card], console: Console
) -> None:
    """Add due events, and store the newest card value processed."""
    due = [card for card in cards if is_due(card, memory)]
    rows = largest_of_the_worklist(target) if any(_lists_customers(card) for card in due) else []
    if not may_name_customers():
        for row in rows:
            del row["customer_name"]
    link = link_to_the_page(target)
    _say_what_is_left_out(memory, cards, console)
    for card in due:
        listed = rows if _lists_customers(card) else []
        event = event_of(card, memory.told.get(card.card_id), listed, link)
        memory.tell(event, card.as_of_date, card.value)
    for card in cards:
        if not card.is_ahead_of_time:
            memory.advance(card.moment)


def _lists_customers(card: Card) -> bool:
    return card.card_id == HEADLINE and card.state == "alert"


def _say_what_is_left_out(memory: Memory, cards: list[Card], console: Console) -> None:
    newest = max(card.as_of_date for card in cards)
    if all(card.is_ahead_of_time for card in cards):
        _say(console, f"As of {newest} is in the future: it sends no alert.")
    elif memory.newest and newest < memory.newest[0]:
        _say(console, f"As of {newest} is older than {memory.newest[0]}: it sends no alert.")


def _deliver(
    target: Warehouse, memory: Memory, recipients: list[Recipient], console: Console
) -> bool:
    """Send the outbox in order; a refused message and its successors are kept per recipient."""
    for recipient in recipients:
        for event in memory.outbox:
            if recipient.key in event.delivered:
                continue
            if not recipient.send(event.title, event.body, KINDS[event.state]):
                _say(console, f"NOT DELIVERED to {recipient.name}: {event.title}")
                break
            event.delivered.append(recipient.key)
            write_memory(target, memory)
            _say(console, f"sent to {recipient.name}: {event.title}")
    keys = {recipient.key for recipient in recipients}
    memory.outbox = [event for event in memory.outbox if not keys <= set(event.delivered)]
    write_memory(target, memory)
    if memory.outbox:
        kept = f"{len(memory.outbox)} messages are kept and will be sent first by the next "
        _say(console, f"{kept}`python -m pipelines notify`.")
    return not memory.outbox


def _say(console: Console, text: str) -> None:
    console.print(text, markup=False, highlight=False)

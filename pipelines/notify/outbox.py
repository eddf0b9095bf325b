"""Sent and pending alerts per card: `notify/memory.json`.

The file is replaced atomically with fsync. An event is in it before the first recipient gets it and
until the last one has it, so a kill loses nothing. A kill between sending and the next write
repeats one message.
"""

import json
import os
import secrets
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from pathlib import Path

from pipelines.publish.sets import sync
from pipelines.settings import InputError, Warehouse, shown

Moment = tuple[date, datetime]
"""The as-of date of a card value and when it was measured, UTC: later ones count."""


@dataclass
class Event:
    """A message not yet delivered to all. `delivered`: keys of recipients that have it."""

    trace_id: str
    card_id: str
    state: str
    title: str
    body: str
    delivered: list[str] = field(default_factory=list)


@dataclass
class Told:
    """The last message sent about a card: all trace ids for as_of_date, the last number sent."""

    state: str
    as_of_date: str
    trace_ids: list[str]
    value: int | None = None
    value_as_of: str | None = None


@dataclass
class Memory:
    """The file's content. `newest`: the newest card value processed."""

    salt: str = field(default_factory=lambda: secrets.token_hex(16))
    newest_as_of: str | None = None
    newest_measured_at: str | None = None
    told: dict[str, Told] = field(default_factory=dict)
    outbox: list[Event] = field(default_factory=list)

    @property
    def newest(self) -> Moment | None:
        day, at = self.newest_as_of, self.newest_measured_at
        return (date.fromisoformat(day), datetime.fromisoformat(at)) if day and at else None

    def advance(self, moment: Moment) -> None:
        if self.newest is None or moment > self.newest:
            self.newest_as_of = moment[0].isoformat()
            self.newest_measured_at = moment[1].isoformat()

    def tell(self, event: Event, as_of: date, value: int | None) -> None:
        before = self.told.get(event.card_id)
        day = as_of.isoformat()
        same_day = before.trace_ids if before and before.as_of_date == day else []
        told = Told(event.state, day, [*same_day, event.trace_id], value, day)
        if value is None:
            told.value = before.value if before else None
            told.value_as_of = before.value_as_of if before else None
        self.told[event.card_id] = told
        self.outbox.append(event)


def memory_path(target: Warehouse) -> Path:
    return target.notify / "memory.json"


def read_memory(target: Warehouse) -> Memory:
    """The memory of a warehouse; a new one if missing. Raises InputError if it is damaged."""
    path = memory_path(target)
    try:
        content = json.loads(path.read_text("utf-8"))
        content["told"] = {card: Told(**told) for card, told in content["told"].items()}
        content["outbox"] = [Event(**event) for event in content["outbox"]]
        return Memory(**content)
    except FileNotFoundError:
        return Memory()
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise InputError(
            f"{shown(path)} cannot be read; fix or delete it. Without it every open alert is "
            "sent again."
        ) from error


def write_memory(target: Warehouse, memory: Memory) -> None:
    """Replace the file atomically. Only its owner can read it: messages may contain names."""
    path = memory_path(target)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".unfinished")
    unfinished.unlink(missing_ok=True)
    with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="utf-8") as file:
        json.dump(asdict(memory), file, indent=2, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    os.replace(unfinished, path)
    sync(path.parent)

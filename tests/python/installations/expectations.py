"""The onboarding history in plain Python: who has been on the list since when.

An opening is one party absent at one destination, from the first day it is listed until it is found
in D365. It follows the party's subjects, not the customer id. Only published days count.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from oracle import Oracle
from oracle_cards import card_rows, has_number

HEADLINE = "ecom_customers_absent_from_d365_customer_master"


@dataclass
class Opening:
    """One stay on the worklist; `subjects` are all subjects ever seen in it."""

    destination: str
    subjects: set[str]
    first_seen: date
    last_seen: date
    last_order_at: datetime
    orders: set[str] = field(default_factory=set)
    number: int = 1
    cleared_on: date | None = None
    merged_on: date | None = None


@dataclass
class Expected:
    """The published days and what each adds to the list."""

    cards: dict[date, dict[str, Any]] = field(default_factory=dict)
    openings: list[Opening] = field(default_factory=list)
    listed_days: list[date] = field(default_factory=list)

    def publish(
        self, day: date, oracle: Oracle
    ) -> tuple[list[dict[str, Any]], list[tuple[str, str | None]]]:
        """(worklist rows with their age, changes) of the day being published.

        A change is (its name, the label of its customer or None without an order in the look-back).
        """
        cards = {row["card_id"]: row for row in card_rows(oracle)}
        self.cards[day] = cards
        if not has_number(oracle, HEADLINE):
            return [], []
        preceding = self.listed_days[-1] if self.listed_days else None
        self.listed_days.append(day)
        subjects_of = {
            customer.label: {subject.key for subject in customer.subjects}
            for customer in oracle.customers
        }
        rows, changes = [], []
        before = [one for one in self.openings if one.cleared_on is None and one.merged_on is None]
        went_on: set[int] = set()
        for row in oracle.presence_rows:
            if (row["window_days"], row["key_scope"], row["presence"]) != (7, "headline", "absent"):
                continue
            subjects = subjects_of[row["customer"]]
            opening, change = self._continue(row, subjects, day, preceding, before, went_on)
            if change:
                changes.append((change, row["customer"]))
            rows.append(
                {
                    "customer": row["customer"],
                    "destination_key": row["destination_key"],
                    "first_seen_date": opening.first_seen,
                    "days_open": (day - opening.first_seen).days,
                    "is_reopened": opening.number > 1,
                }
            )
        for one in before:
            if id(one) not in went_on:
                change = self._leave(one, oracle, subjects_of, day, preceding)
                if change:
                    labels = [x for x, held in subjects_of.items() if held & one.subjects]
                    changes.append((change, min(labels, default=None)))
        return rows, changes

    def _continue(
        self,
        row: dict[str, Any],
        subjects: set[str],
        day: date,
        preceding: date | None,
        before: list[Opening],
        went_on: set[int],
    ) -> tuple[Opening, str | None]:
        """The opening of an absent customer on this day, and the resulting change."""
        destination, last_order = row["destination_key"], row["last_order_at"]
        open_ones = [
            one
            for one in before
            if one.destination == destination and one.subjects & subjects and id(one) not in went_on
        ]
        if open_ones:
            # of several merged ones the one listed last continues, with the earliest date
            open_ones.sort(key=lambda one: (-one.last_seen.toordinal(), one.first_seen))
            opening, others = open_ones[0], open_ones[1:]
            went_on.add(id(opening))
            change = "returned" if preceding and opening.last_seen < preceding else None
            opening.first_seen = min(one.first_seen for one in open_ones)
            for one in others:
                opening.subjects |= one.subjects
        else:
            closed = [
                one
                for one in self.openings
                if one.destination == destination and one.subjects & subjects and one.cleared_on
            ]
            number = max((one.number for one in closed), default=0) + 1
            opening = Opening(destination, set(), day, day, last_order, number=number)
            self.openings.append(opening)
            change = "reopened" if closed else "new"
        opening.subjects |= subjects
        opening.orders = {order.key for order in row["_orders"]}
        opening.last_seen, opening.last_order_at = day, last_order
        return opening, change

    def _leave(
        self,
        one: Opening,
        oracle: Oracle,
        subjects_of: dict[str, set[str]],
        day: date,
        preceding: date | None,
    ) -> str | None:
        """Why an opening is not listed on this day; None if already recorded."""
        labels = {label for label, held in subjects_of.items() if held & one.subjects}
        here = [
            row
            for row in oracle.presence_rows
            if row["customer"] in labels
            and row["destination_key"] == one.destination
            and row["key_scope"] == "headline"
        ]
        if any(row["presence"] == "absent" and row["window_days"] == 7 for row in here):
            one.merged_on = day
            return "merged" if one.last_seen == preceding else None
        if any(row["presence"] != "absent" for row in here):
            one.cleared_on = day
            return "cleared"
        if one.last_seen != preceding:
            return None
        if one.last_order_at < oracle.settings.window_start(7):
            return "out_of_window"
        goes_elsewhere = any(
            order.facts["is_active"] and order.facts["destination"] != one.destination
            for order in oracle.orders
            if order.key in one.orders
        )
        return "redirected" if goes_elsewhere else "cancelled"

    def previous_value(self, card_id: str, day: date, window_days: int | None) -> int | None:
        """The card value one window ago; None if nothing was published then."""
        earlier = self.cards.get(day - timedelta(days=window_days or 1), {})
        return earlier[card_id]["value"] if card_id in earlier else None

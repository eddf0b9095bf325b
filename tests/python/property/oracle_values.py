"""Reporting values from the D365 rate tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from oracle_keys import Holder
from oracle_orders import Order
from oracle_reading import (
    Extracts,
    FieldMap,
    Settings,
    blank,
    day,
    enum,
    first,
    lower,
    quantized,
    truth,
)

FACTORS = {
    spelling: 10**power
    for power, words in enumerate(
        ("1 one", "2 ten 10", "3 hundred 100", "4 thousand", "5 tenthousand")
    )
    for spelling in words.split()
}


@dataclass(frozen=True)
class Rate:
    """amount in `source` × rate = amount in `target`, from a date on."""

    source: str
    target: str
    since: date
    rate: Decimal
    inverse: Decimal
    rank: tuple[bool, int, str]


def read_rates(
    extracts: Extracts, field_map: FieldMap, settings: Settings, masters: list[Holder]
) -> list[Rate]:
    """F&O rates of the rate type in use and Business Central rates.

    Of two rates of one day the one of the organisation with the reporting entity's customers
    wins.
    """
    reporting = [
        row["legal_entity_id"]
        for row in field_map.legal_entities
        if truth(row["is_reporting_entity"])
    ]
    own = {(one.system, one.instance) for one in masters if one.legal_entity_id in reporting}
    rates = []
    for row in extracts.rows("d365_fo", "exchange_rates"):
        factor = FACTORS.get(enum(row.get("ConversionFactor")))
        rate, since = _positive(row.get("Rate")), day(row.get("StartDate"))
        if (
            lower(row.get("RateTypeName")) == settings.rate_type.lower()
            and factor
            and rate
            and since
        ):
            rates.append(
                Rate(
                    source=str(blank(row["FromCurrency"])).upper(),
                    target=str(blank(row["ToCurrency"])).upper(),
                    since=since,
                    rate=quantized(rate / factor, 12),
                    inverse=quantized(factor / rate, 12),
                    rank=(("fo", row["_instance"]) not in own, 1, row["_instance"]),
                )
            )
    for row in extracts.rows("d365_bc", "currency_exchange_rates"):
        local = next(
            (
                entity["functional_currency_code"]
                for entity in field_map.legal_entities
                if lower(entity["erp"]) == "bc"
                and lower(entity["erp_code"]) == row["_instance"].lower()
            ),
            None,
        )
        target = first(row.get("relationalCurrencyCode"), local)
        exchange = _positive(row.get("exchangeRateAmount"))
        relational = _positive(row.get("relationalExchangeRateAmount"))
        since = day(row.get("startingDate"))
        if target and exchange and relational and since:
            rates.append(
                Rate(
                    source=str(blank(row["currencyCode"])).upper(),
                    target=target.upper(),
                    since=since,
                    rate=quantized(relational / exchange, 12),
                    inverse=quantized(exchange / relational, 12),
                    rank=(("bc", row["_instance"]) not in own, 2, row["_instance"]),
                )
            )
    return rates


def _positive(value: object) -> Decimal | None:
    written = blank(value)
    number = Decimal(written) if written else None
    return number if number and number > 0 else None


def quoted(rates: list[Rate], source: str, target: str, on: date) -> tuple[str, Decimal] | None:
    """(method, rate) of one pair on a date: the latest direct rate, else the latest inverse."""
    for method, pair in (("direct", (source, target)), ("inverse", (target, source))):
        valid = [r for r in rates if (r.source, r.target) == pair and r.since <= on]
        if valid:
            latest = max(rate.since for rate in valid)
            best = min((r for r in valid if r.since == latest), key=lambda r: r.rank)
            return method, best.rate if method == "direct" else best.inverse
    return None


def reporting_rate(
    currency: str | None,
    on: date,
    rates: list[Rate],
    extracts: Extracts,
    field_map: FieldMap,
    settings: Settings,
) -> tuple[str, Decimal] | None:
    """(method, rate) into the reporting currency; None without a rate."""
    reporting = settings.reporting_currency
    if currency is None:
        return None
    if currency == reporting:
        return "same", Decimal(1)
    found = quoted(rates, currency, reporting, on)
    if found:
        return found
    for through in sorted(
        {str(row["functional_currency_code"]).upper() for row in field_map.legal_entities}
    ):
        one, two = (
            quoted(rates, currency, through, on),
            quoted(rates, through, reporting, on),
        )
        if one and two:
            return "cross", quantized(one[1] * two[1], 12)
    units: dict[str, Decimal] = {}
    for row in extracts.rows("dataverse", "transactioncurrencies"):
        rate = _positive(row.get("exchangerate"))
        if rate:
            code = str(blank(row["isocurrencycode"])).upper()
            units[code] = max(rate, units.get(code, rate))
    if currency in units and reporting in units:
        return "dataverse", quantized(units[reporting] / units[currency], 12)
    return None


def value_orders(
    orders: list[Order],
    extracts: Extracts,
    field_map: FieldMap,
    settings: Settings,
    masters: list[Holder],
) -> None:
    """Give every active order its reporting value; None and flagged when there is no rate."""
    rates = read_rates(extracts, field_map, settings, masters)
    known: dict[tuple[str | None, date], tuple[str, Decimal] | None] = {}
    for order in orders:
        if not order.facts["is_active"]:
            continue
        pair = (order.currency, order.date)
        if pair not in known:
            known[pair] = reporting_rate(*pair, rates, extracts, field_map, settings)
        found, value = known[pair], order.facts["value"]
        order.facts["rate_method"] = found[0] if found else None
        order.facts["is_rate_missing"] = found is None
        order.facts["reporting"] = (
            quantized(value * found[1], 2) if found and value is not None else None
        )

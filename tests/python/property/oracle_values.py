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
class Organisation:
    """An F&O environment or a company of Business Central, the reporting entity's first."""

    is_other: bool
    rank: int
    instance: str
    local_currency: str | None = None


@dataclass(frozen=True)
class Rate:
    """amount in `source` × rate = amount in `target`, from a date on."""

    organisation: Organisation
    source: str
    target: str
    since: date
    rate: Decimal
    inverse: Decimal

    @property
    def series(self) -> tuple[str, ...]:
        """Whose earlier rates it replaces: the pair in F&O, the currency in Business Central."""
        return (self.source, self.target) if self.organisation.rank == 1 else (self.source,)


def read_rates(
    extracts: Extracts, field_map: FieldMap, settings: Settings, masters: list[Holder]
) -> list[Rate]:
    """F&O rates of the rate type in use and Business Central rates, one per series and day."""
    reporting = [row for row in field_map.legal_entities if truth(row["is_reporting_entity"])]
    holding = {
        row.get("customer_master_legal_entity_id") or row["legal_entity_id"] for row in reporting
    }
    environments = {
        one.instance.lower()
        for one in masters
        if one.system == "fo" and one.legal_entity_id in holding
    }
    companies = {
        lower(row["erp_code"]): row for row in field_map.legal_entities if lower(row["erp"]) == "bc"
    }
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
            instance = row["_instance"]
            rates.append(
                Rate(
                    organisation=Organisation(instance.lower() not in environments, 1, instance),
                    source=str(blank(row["FromCurrency"])).upper(),
                    target=str(blank(row["ToCurrency"])).upper(),
                    since=since,
                    rate=quantized(rate / factor, 12),
                    inverse=quantized(factor / rate, 12),
                )
            )
    for row in extracts.rows("d365_bc", "currency_exchange_rates"):
        instance = row["_instance"]
        company = companies.get(instance.lower(), {})
        local = str(company.get("functional_currency_code") or "").strip().upper() or None
        target = first(row.get("relationalCurrencyCode"), local)
        exchange = _positive(row.get("exchangeRateAmount"))
        relational = _positive(row.get("relationalExchangeRateAmount"))
        since = day(row.get("startingDate"))
        if target and exchange and relational and since:
            is_other = not truth(company.get("is_reporting_entity"))
            rates.append(
                Rate(
                    organisation=Organisation(is_other, 2, instance, local),
                    source=str(blank(row["currencyCode"])).upper(),
                    target=target.upper(),
                    since=since,
                    rate=quantized(relational / exchange, 12),
                    inverse=quantized(exchange / relational, 12),
                )
            )
    kept: dict[tuple[object, ...], Rate] = {}
    for one in sorted(rates, key=lambda r: (r.target, r.rate)):
        kept.setdefault((one.organisation, one.series, one.since), one)
    return list(kept.values())


def _positive(value: object) -> Decimal | None:
    written = blank(value)
    number = Decimal(written) if written else None
    return number if number and number > 0 else None


def quoted(latest: list[Rate], source: str, target: str) -> tuple[str, Rate, Decimal] | None:
    """(method, quotation, rate) of one pair in an organisation: direct, else inverse."""
    for rate in latest:
        if (rate.source, rate.target) == (source, target):
            return "direct", rate, rate.rate
    inverses = [r for r in latest if (r.source, r.target) == (target, source)]
    return ("inverse", inverses[0], inverses[0].inverse) if inverses else None


def in_local_currency(latest: list[Rate], currency: str, local: str) -> Decimal | None:
    """The rate of a currency in the local one of its company, from currency to currency."""
    links, seen, product = {r.source: r for r in latest}, set(), Decimal(1)
    while currency != local:
        if currency not in links or currency in seen:
            return None
        seen.add(currency)
        product *= links[currency].rate
        currency = links[currency].target
    return product


def organisation_rate(
    organisation: Organisation,
    rates: list[Rate],
    currency: str,
    reporting: str,
    on: date,
    through: list[str],
) -> tuple[tuple[object, ...], str, Decimal] | None:
    """(order among organisations, method, rate) of the best rate of one organisation."""
    newest: dict[tuple[str, ...], Rate] = {}
    for rate in sorted(rates, key=lambda r: r.since):
        if rate.organisation == organisation and rate.since <= on:
            newest[rate.series] = rate
    latest = list(newest.values())
    place = (organisation.rank, organisation.instance)
    found = quoted(latest, currency, reporting)
    if found:
        method, rate, value = found
        rank = ("direct", "inverse").index(method)
        return (organisation.is_other, rank, -rate.since.toordinal(), *place), method, value
    cross = (organisation.is_other, 2, 0, *place)
    if organisation.rank == 2:
        local = organisation.local_currency
        if local and latest:
            one = in_local_currency(latest, currency, local)
            two = in_local_currency(latest, reporting, local)
            return (cross, "cross", quantized(one / two, 12)) if one and two else None
        return None
    for between in through:
        first_leg = quoted(latest, currency, between)
        second_leg = quoted(latest, between, reporting)
        if first_leg and second_leg:
            return cross, "cross", quantized(first_leg[2] * second_leg[2], 12)
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
    through = sorted(
        {str(row["functional_currency_code"]).strip().upper() for row in field_map.legal_entities}
        - {reporting}
    )
    candidates = [
        organisation_rate(one, rates, currency, reporting, on, through)
        for one in {rate.organisation for rate in rates}
    ]
    best = min((one for one in candidates if one), default=None)
    if best:
        return best[1], best[2]
    units: dict[str, dict[str, Decimal]] = {}
    for row in extracts.rows("dataverse", "transactioncurrencies"):
        rate = _positive(row.get("exchangerate"))
        if rate:
            code = str(blank(row["isocurrencycode"])).upper()
            own = units.setdefault(row["_instance"], {})
            own[code] = max(rate, own.get(code, rate))
    for _, own in sorted(units.items()):
        if currency in own and reporting in own:
            return "dataverse", quantized(own[reporting] / own[currency], 12)
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

"""Checks of every built sample; one message per difference.

The expectations come from the specification (samples/generator/), not from the models.
"""

from __future__ import annotations

from golden_comparison import differences, read_expected, report
from golden_sample import EXPECTED, BuiltSample

DATABASES = ("warehouse.duckdb", "published/marts.duckdb")
# the published file has two schemas: cards without, worklist with personal data
WORKLIST = {
    "warehouse.duckdb": "onboarding.onboarding_worklist",
    "published/marts.duckdb": "worklist.onboarding_worklist",
}
WORKLIST_KEYS = ("customer_name", "expected_legal_entity_id")
UNTRIED = """
    select worklist.customer_name
    from onboarding.onboarding_worklist as worklist
    left join onboarding.onboarding_keys_tried as tried
        on worklist.worklist_key = tried.worklist_key
    where tried.worklist_key is null or tried.outcome = 'own_legal_entity'
"""
ORDER_KEYS = ("platform", "instance", "platform_order_id")
PRESENCE_OF_ORDERS = """
    select
        orders.platform,
        orders.instance,
        orders.platform_order_id,
        orders.customer_id,
        coalesce(customers.customer_presence, orders.subject_type) as presence,
        customers.segment_code
    from core.fct_orders as orders
    inner join core.dim_cards as cards
        on cards.card_id = 'ecom_customers_absent_from_d365_customer_master'
    left join core.fct_customer_presence as customers
        on
            orders.customer_id = customers.customer_id
            and orders.destination_key = customers.destination_key
            and cards.window_days = customers.window_days
            and customers.key_scope = 'headline'
    where
        orders.is_active
        and orders.ordered_at >= cards.window_start_at
        and orders.ordered_at < cards.window_end_at
"""


def check_card_values(sample: BuiltSample, database: str) -> None:
    """The headline and its twin, in the warehouse and as published."""
    expected = read_expected(EXPECTED / sample.name / "card_values.csv")
    cards = {row["card_id"] for row in expected}
    actual = [
        row
        for row in sample.rows("select * from cards.card_values", database)
        if row["card_id"] in cards
    ]
    problems = differences(expected, actual, ("card_id",))
    assert not problems, report(f"card_values of {sample.name}", problems)


def check_worklist(sample: BuiltSample, database: str) -> None:
    """Absent customer by absent customer: entity, mapping, values, flags, reason, rank."""
    expected = read_expected(EXPECTED / sample.name / "worklist.csv")
    actual = sample.rows(f"select * from {WORKLIST[database]}", database)
    problems = differences(expected, actual, WORKLIST_KEYS)
    assert not problems, report(f"onboarding_worklist of {sample.name}", problems)
    assert not sample.rows(UNTRIED), "absent without a key that was tried, or found after all"


def check_presence(sample: BuiltSample) -> None:
    """Every active order of the window belongs to a customer of the expected presence class."""
    expected = read_expected(EXPECTED / sample.name / "presence.csv")
    names = {tuple(row[key] for key in ORDER_KEYS): row["customer_name"] for row in expected}
    checked = [
        {key: row[key] for key in (*ORDER_KEYS, "presence", "segment_code")}
        | ({"segment_code": "~"} if row["presence"] == "unidentifiable" else {})
        for row in expected
    ]
    problems = [
        f"{names.get(tuple(problem.split(': ')[0].split(' / ')), 'unknown')} ({problem})"
        for problem in differences(checked, sample.rows(PRESENCE_OF_ORDERS), ORDER_KEYS)
    ]
    assert not problems, report(f"presence in {sample.name}", problems)


def check_identity(sample: BuiltSample) -> None:
    """No customer is split, no two customers are merged."""
    expected = read_expected(EXPECTED / sample.name / "presence.csv")
    customer_ids = {
        tuple(str(row[key]) for key in ORDER_KEYS): row["customer_id"]
        for row in sample.rows(PRESENCE_OF_ORDERS)
    }
    ids_of_name: dict[str, set[object]] = {}
    names_of_id: dict[object, set[str]] = {}
    for row in expected:
        if row["presence"] == "unidentifiable":
            continue
        customer_id = customer_ids.get(tuple(row[key] for key in ORDER_KEYS))
        ids_of_name.setdefault(row["customer_name"], set()).add(customer_id)
        names_of_id.setdefault(customer_id, set()).add(row["customer_name"])
    problems = [
        f"{name}: split into {len(ids)}" for name, ids in ids_of_name.items() if len(ids) > 1
    ]
    problems += [
        f"{', '.join(sorted(names))}: merged into one customer"
        for names in names_of_id.values()
        if len(names) > 1
    ]
    assert not problems, report(f"identity in {sample.name}", problems)


CARD_ROWS = """
    select card_id, row_key, reason from (
        select 'commerce_orders_without_business_central_sales_order' as card_id,
            order_key as row_key, reason
        from cards.card_commerce_orders_without_business_central_sales_order
        union all
        select 'ecom_orders_missing_d365_free_text_invoice', order_key, null
        from cards.card_ecom_orders_missing_d365_free_text_invoice
        union all
        select 'customers_in_dataverse_not_promoted_to_d365', dataverse_key, eligibility_reason
        from cards.card_customers_in_dataverse_not_promoted_to_d365
        union all
        select 'power_automate_flow_failures', flow_run_key, purpose
        from cards.card_power_automate_flow_failures
        union all
        select 'active_customers', min(orders.order_key), null
        from cards.card_active_customers as active
        inner join core.dim_cards as cards on cards.card_id = 'active_customers'
        inner join core.fct_orders as orders
            on
                orders.customer_id = active.customer_id
                and orders.is_active
                and orders.ordered_at >= cards.window_start_at
                and orders.ordered_at < cards.window_end_at
        group by active.customer_id
    )
"""


def check_card_rows(sample: BuiltSample) -> None:
    """Every row of the other cards with its reason; an active customer by the first order."""
    expected = read_expected(EXPECTED / sample.name / "card_rows.csv")
    names = {row["row_key"]: row["name"] for row in expected}
    checked = [{key: row[key] for key in ("card_id", "row_key", "reason")} for row in expected]
    problems = [
        f"{names.get(problem.split(': ')[0].split(' / ')[1], 'unknown')} ({problem})"
        for problem in differences(checked, sample.rows(CARD_ROWS), ("card_id", "row_key"))
    ]
    assert not problems, report(f"rows of the sibling cards of {sample.name}", problems)

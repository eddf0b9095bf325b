"""Near matches: who in D365 is probably an absent customer, by probabilistic linkage (Splink).

Grain: one absent customer and D365 customer with a score of at least ``MINIMUM_SCORE``, at most
``MAX_PER_CUSTOMER`` a customer. Columns: ``customer_id``, ``d365_customer_key``, ``score`` (match
probability, 0 to 1), ``driven_by`` (the agreements that drove it, strongest first), ``score_rank``
(1 = best). Source: ``int_near_match_records_prepared``. Text only, no money. A hint: no count
reads it. The parameters are in ``_near_matches__models.yml``; nothing is trained at run time.
"""

import logging
from importlib.util import find_spec
from typing import Any

import duckdb
import pyarrow as pa

TYPES = {"customer_id": pa.string(), "d365_customer_key": pa.string(), "score": pa.float64()}
SCHEMA = pa.schema(TYPES | {"driven_by": pa.string(), "score_rank": pa.int32()})
NOT_INSTALLED = "Near matches are not scored: splink is not installed (make setup installs it)."
MINIMUM_SCORE = 0.5
MAX_PER_CUSTOMER = 5
SIDES = ("commerce", "d365")
# A customer with two e-mails is two records: the best record speaks for the customer.
BEST = """
    select holder_key_l as customer_id, holder_key_r as d365_customer_key,
        round(max(match_probability), 4) as score,
        max_by({driven_by}, (match_weight, {driven_by})) as driven_by,
        row_number() over (partition by customer_id order by score desc, d365_customer_key)
            as score_rank
    from {pairs} group by customer_id, d365_customer_key
    qualify score_rank <= {limit} order by customer_id, score_rank
"""


def comparison(
    name: str, column: str, levels: list[dict[str, Any]], silent_where: str = "false"
) -> dict[str, Any]:
    """Return one comparison as Splink writes it; what one side lacks says nothing."""
    silent = f"{column}_l is null or {column}_r is null or {silent_where}"
    known = [{"sql_condition": silent, "is_null_level": True}]
    for level in levels:
        chances = {"m_probability": level["m"], "u_probability": level["u"]}
        if "frequency_of" in level:
            chances["tf_adjustment_column"] = level["frequency_of"]
            chances["disable_tf_exact_match_detection"] = True
        known.append({"sql_condition": level["condition"], **chances})
    return {"output_column_name": name, "comparison_levels": known}


def driven_by(comparisons: list[dict[str, Any]]) -> str:
    """Return the SQL that names the agreements of a scored pair, the strongest first."""
    cases = ", ".join(
        f"case when gamma_{item['name']} = {number} then"
        f" struct_pack(weight := mw_{item['name']}, words := '{level['words']}') end"
        for item in comparisons
        for number, level in enumerate(reversed(item["levels"]))
        if "words" in level
    )
    agreements = f"list_reverse_sort(list_filter([{cases}], lambda level: level is not null))"
    return f"array_to_string(list_transform({agreements}, lambda level: level.words), '; ')"


def scored(records: duckdb.DuckDBPyRelation, comparisons: list[dict[str, Any]]) -> pa.Table:
    """Return the near matches of the rows of int_near_match_records_prepared."""
    near = records.to_arrow_table()
    if set(near["side"].to_pylist()) != set(SIDES):
        return SCHEMA.empty_table()
    from splink import DuckDBAPI, Linker

    blocks = [name for name in near.column_names if name.startswith("block_")]
    settings = {
        "link_type": "link_only",
        "unique_id_column_name": "record_id",
        "probability_two_random_records_match": near["prior"][0].as_py(),
        "comparisons": [comparison(**item) for item in comparisons],
        "blocking_rules_to_generate_predictions": [f"l.{name} = r.{name}" for name in blocks],
        "additional_columns_to_retain": ["holder_key"],
        "retain_intermediate_calculation_columns": True,
    }
    with duckdb.connect(":memory:") as connection:
        connection.register("near", near)
        api = DuckDBAPI(connection=connection)
        numbered = "select row_number() over () as record_id, * from near"
        for side in SIDES:
            connection.execute(f"create table {side} as {numbered} where side = '{side}'")
        sides = [api.register(side, dataset_display_name=f"{side}_side") for side in SIDES]
        linker = Linker(sides, settings, log_level=logging.ERROR)
        pairs = linker.inference.predict(MINIMUM_SCORE, warning_mode="never").physical_name
        best = BEST.format(driven_by=driven_by(comparisons), pairs=pairs, limit=MAX_PER_CUSTOMER)
        return connection.execute(best).to_arrow_table().select(SCHEMA.names).cast(SCHEMA)


def model(dbt, session) -> pa.Table:
    """Run by dbt: records of both sides in, near matches out."""
    records = dbt.ref("int_near_match_records_prepared")
    if find_spec("splink") is None:
        logging.getLogger(__name__).warning(NOT_INSTALLED)
        return SCHEMA.empty_table()
    return scored(records, dbt.config.meta_get("comparisons"))

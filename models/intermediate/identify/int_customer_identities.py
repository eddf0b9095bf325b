"""Commerce customers: the subjects that shared keys connect, across shops and platforms.

Grain: one subject with a key that others have too. Columns: ``subject_key``, ``customer_root`` (the
smallest subject key of its customer). Source: ``int_subject_keys``.

Two rules, in this order, both linear (connected components of a sparse bipartite graph):
1. Tax id and external id connect every subject that shares a value (``merges_in`` one destination).
2. E-mail connects the groups of 1 without a company. Such a group joins a company only when
   exactly one company shares one of its e-mails: so no e-mail ever merges two companies.
"""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

SCHEMA = pa.schema([("subject_key", pa.string()), ("customer_root", pa.string())])
COLUMNS = (
    "subject_key", "is_company", "key_type", "key_value", "merges_companies", "merges_in",
    "is_merging",
)  # fmt: skip


def components(left: np.ndarray, right: np.ndarray, size: int) -> np.ndarray:
    """Label `size` nodes by component: `left` node and `right` key number (from 0) per edge."""
    if size == 0:
        return np.empty(0, dtype=np.int64)
    keys = int(right.max()) + 1 if len(right) else 0
    ones = np.ones(len(left), dtype=np.int8)
    graph = coo_matrix((ones, (left, right + size)), shape=(size + keys, size + keys))
    return connected_components(graph, directed=False)[1][:size]


def codes(column: pa.ChunkedArray | pa.Array) -> tuple[np.ndarray, pa.Array]:
    """Number the distinct values of a text column: (number per row, distinct values)."""
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    encoded = pc.dictionary_encode(column)
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.combine_chunks()
    return encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64), encoded.dictionary


def customer_labels(
    subject: np.ndarray, key: np.ndarray, is_email: np.ndarray, is_company: np.ndarray
) -> np.ndarray:
    """Label every subject by its customer. Returns one label per subject.

    `subject`, `key`, `is_email`: one per link that may merge; `is_company`: one per subject.
    """
    size = len(is_company)
    strong = components(subject[~is_email], key[~is_email], size)
    groups = int(strong.max()) + 1 if size else 0
    has_company = np.zeros(groups, dtype=bool)
    has_company[strong[is_company]] = True

    email_group, email_key = strong[subject[is_email]], key[is_email]
    of_person = ~has_company[email_group]
    merged = components(email_group[of_person], email_key[of_person], groups)

    keys = int(key.max()) + 1 if len(key) else 0
    cluster_of_key = np.full(keys, -1, dtype=np.int64)
    cluster_of_key[email_key[of_person]] = merged[email_group[of_person]]
    touching = ~of_person & (cluster_of_key[email_key] >= 0)
    pairs = np.unique(
        np.stack([cluster_of_key[email_key[touching]], email_group[touching]], axis=1), axis=0
    )
    clusters, first, count = np.unique(pairs[:, 0], return_index=True, return_counts=True)
    company_of = np.full(groups, -1, dtype=np.int64)
    company_of[clusters[count == 1]] = pairs[first[count == 1], 1]

    joined = np.where(has_company, np.arange(groups), company_of[merged])
    label = np.where(joined >= 0, joined, groups + merged)
    return label[strong]


def resolved(links: pa.Table) -> pa.Table:
    """Return one row per subject with the smallest subject key of its customer.

    `links`: COLUMNS, a row per subject and key.
    """
    if links.num_rows == 0:
        return SCHEMA.empty_table()
    subject, subjects = codes(links["subject_key"])
    parts = (links[name] for name in ("key_type", "key_value", "merges_in"))
    key, _ = codes(pc.binary_join_element_wise(*parts, "|"))
    is_company = links["is_company"].to_numpy(zero_copy_only=False)
    is_email = ~links["merges_companies"].to_numpy()
    merging = links["is_merging"].to_numpy()
    company_of_subject = np.zeros(len(subjects), dtype=bool)
    company_of_subject[subject[is_company]] = True
    label = customer_labels(subject[merging], key[merging], is_email[merging], company_of_subject)
    table = pa.table({"subject_key": subjects, "label": label})
    roots = table.group_by("label").aggregate([("subject_key", "min")])
    joined = table.join(roots, "label").select(["subject_key", "subject_key_min"])
    return joined.rename_columns(SCHEMA.names).cast(SCHEMA).sort_by("subject_key")


def model(dbt, session) -> pa.Table:
    """Run by dbt: subject keys in, one customer root per subject out."""
    links = dbt.ref("int_subject_keys").filter("subject_count > 1")
    return resolved(links.project(", ".join(COLUMNS)).to_arrow_table())

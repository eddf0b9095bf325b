"""Commerce customers (docs/decisions/0002): what merges, what never does; fast and stable."""

from __future__ import annotations

import random
import time
from collections import defaultdict

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st
from model_files import python_model

Link = tuple[str, str, str, str, bool]
LINK_SCHEMA = pa.schema(
    [
        ("subject_key", pa.string()),
        ("is_company", pa.bool_()),
        ("key_type", pa.string()),
        ("key_value", pa.string()),
        ("is_merging", pa.bool_()),
    ]
)
identities = python_model("int_customer_identities")


def roots(links: list[Link]) -> dict[str, str]:
    """Run the model: subject key → smallest subject key of its customer."""
    columns = [list(column) for column in zip(*links, strict=True)] or [[] for _ in LINK_SCHEMA]
    columns[1] = [kind == "company" for kind in columns[1]]
    table = pa.Table.from_arrays(columns, schema=LINK_SCHEMA)
    strong = pa.array([link[2] != "email" for link in links], pa.bool_())
    places = pa.array([""] * len(links), pa.string())
    table = table.append_column("merges_companies", strong).append_column("merges_in", places)
    table = identities.resolved(table)
    assert table.schema == identities.SCHEMA
    keys = table["subject_key"].to_pylist()
    assert len(keys) == len(set(keys)), "a subject has two rows"
    return dict(zip(keys, table["customer_root"].to_pylist(), strict=True))


class Groups:
    """The plain union-find of the reference."""

    def __init__(self) -> None:
        self.parent: dict[str, str] = {}

    def find(self, member: str) -> str:
        parent = self.parent.setdefault(member, member)
        if parent != member:
            self.parent[member] = self.find(parent)
        return self.parent[member]

    def join(self, left: str, right: str) -> None:
        self.parent[self.find(left)] = self.find(right)


def shared(links: list[Link], of_email: bool) -> list[list[str]]:
    """Subjects per merging key value."""
    holders: dict[tuple[str, str], list[str]] = defaultdict(list)
    for subject, _, key_type, value, is_merging in links:
        if is_merging and (key_type == "email") == of_email:
            holders[key_type, value].append(subject)
    return list(holders.values())


def reference(links: list[Link]) -> dict[str, str]:
    """The same rule, written slowly and simply."""
    subjects = {link[0] for link in links}
    companies = {link[0] for link in links if link[1] == "company"}
    strong = Groups()
    for holders in shared(links, of_email=False):
        for subject in holders:
            strong.join(subject, holders[0])
    company_groups = {strong.find(subject) for subject in companies}
    persons = {subject for subject in subjects if strong.find(subject) not in company_groups}

    clusters = Groups()
    for subject in persons:
        clusters.join(subject, strong.find(subject))
    for holders in shared(links, of_email=True):
        together = [subject for subject in holders if subject in persons]
        for subject in together:
            clusters.join(subject, together[0])

    touched: dict[str, set[str]] = defaultdict(set)
    for holders in shared(links, of_email=True):
        touching = {strong.find(subject) for subject in holders if subject not in persons}
        for subject in holders:
            if subject in persons:
                touched[clusters.find(subject)] |= touching

    def customer(subject: str) -> str:
        if subject not in persons:
            return "strong " + strong.find(subject)
        cluster = clusters.find(subject)
        if len(touched[cluster]) == 1:
            return "strong " + next(iter(touched[cluster]))
        return "cluster " + cluster

    members: dict[str, list[str]] = defaultdict(list)
    for subject in subjects:
        members[customer(subject)].append(subject)
    return {subject: min(together) for together in members.values() for subject in together}


subject_types = {
    f"s{number}": kind for number, kind in enumerate(["company", "account", "guest"] * 4)
}
link_lists = st.lists(
    st.tuples(
        st.sampled_from(sorted(subject_types)),
        st.sampled_from(["email", "email", "tax_id", "external_id"]),
        st.sampled_from(["1", "2", "3", "4"]),
    ),
    min_size=1,
    max_size=24,
    unique=True,
).map(
    lambda rows: [
        # whether a value merges is a property of the value, as in int_subject_keys
        (subject, subject_types[subject], key_type, value, (key_type, value) != ("email", "4"))
        for subject, key_type, value in rows
    ]
)


def link(subject: str, kind: str, key_type: str, value: str, is_merging: bool = True) -> Link:
    return (subject, kind, key_type, value, is_merging)


def test_no_links_give_no_rows() -> None:
    assert roots([]) == {}


def test_shared_keys_connect_transitively_across_shops() -> None:
    found = roots(
        [
            link("shopify:s:account:7", "account", "email", "a@x.test"),
            link("bigcommerce:b:account:9", "account", "email", "a@x.test"),
            link("bigcommerce:b:account:9", "account", "tax_id", "US12345"),
            link("adobe_commerce:a:guest:g", "guest", "tax_id", "US12345"),
            link("shopify:s:account:8", "account", "email", "other@x.test"),
        ]
    )
    assert found["shopify:s:account:7"] == "adobe_commerce:a:guest:g"
    assert found["bigcommerce:b:account:9"] == "adobe_commerce:a:guest:g"
    assert found["adobe_commerce:a:guest:g"] == "adobe_commerce:a:guest:g"
    assert found["shopify:s:account:8"] == "shopify:s:account:8"


def test_an_email_never_merges_two_companies() -> None:
    found = roots(
        [
            link("a", "company", "email", "buyer@x.test"),
            link("b", "company", "email", "buyer@x.test"),
        ]
    )
    assert found == {"a": "a", "b": "b"}


def test_an_email_never_merges_two_companies_through_a_person() -> None:
    found = roots(
        [
            link("a", "company", "email", "one@x.test"),
            link("p", "account", "email", "one@x.test"),
            link("p", "account", "email", "two@x.test"),
            link("b", "company", "email", "two@x.test"),
        ]
    )
    assert found == {"a": "a", "b": "b", "p": "p"}


def test_tax_id_and_external_id_merge_companies() -> None:
    for key_type in ("tax_id", "external_id"):
        found = roots([link("a", "company", key_type, "1"), link("b", "company", key_type, "1")])
        assert found == {"a": "a", "b": "a"}


def test_a_person_joins_the_one_company_that_shares_its_email() -> None:
    found = roots(
        [
            link("a", "company", "email", "one@x.test"),
            link("p", "account", "email", "one@x.test"),
            link("q", "guest", "email", "one@x.test"),
        ]
    )
    assert found == {"a": "a", "p": "a", "q": "a"}


def test_two_companies_of_one_tax_id_are_one_company_for_a_person() -> None:
    found = roots(
        [
            link("a", "company", "tax_id", "1"),
            link("b", "company", "tax_id", "1"),
            link("a", "company", "email", "one@x.test"),
            link("b", "company", "email", "two@x.test"),
            link("p", "account", "email", "one@x.test"),
            link("p", "account", "email", "two@x.test"),
        ]
    )
    assert set(found.values()) == {"a"}


def test_a_value_of_one_type_is_not_a_value_of_another() -> None:
    found = roots([link("a", "account", "tax_id", "1"), link("b", "account", "external_id", "1")])
    assert found == {"a": "a", "b": "b"}


def test_a_value_over_the_limit_merges_nothing() -> None:
    found = roots(
        [link("a", "account", "tax_id", "1", False), link("b", "account", "tax_id", "1", False)]
    )
    assert found == {"a": "a", "b": "b"}


@given(link_lists)
@settings(max_examples=300, deadline=None)
def test_the_model_agrees_with_the_plain_reference(links: list[Link]) -> None:
    assert roots(links) == reference(links)


@given(link_lists, st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_the_order_of_the_links_does_not_matter(links: list[Link], shuffle: random.Random) -> None:
    shuffled = list(links)
    shuffle.shuffle(shuffled)
    assert roots(shuffled) == roots(links)


@given(link_lists)
@settings(max_examples=100, deadline=None)
def test_strong_keys_always_connect_and_the_root_is_the_smallest_subject(links: list[Link]) -> None:
    found = roots(links)
    for holders in shared(links, of_email=False):
        assert len({found[subject] for subject in holders}) == 1
    for root in set(found.values()):
        assert root == min(subject for subject, its_root in found.items() if its_root == root)


@given(link_lists)
@settings(max_examples=100, deadline=None)
def test_emails_add_no_connection_between_companies(links: list[Link]) -> None:
    with_emails = roots(links)
    without = roots([row for row in links if row[2] != "email"] or links[:1])
    companies = sorted({row[0] for row in links if row[1] == "company"} & set(without))
    for left in companies:
        for right in companies:
            if with_emails[left] == with_emails[right]:
                assert without[left] == without[right]


@given(link_lists)
@settings(max_examples=100, deadline=None)
def test_a_new_subject_that_shares_nothing_leaves_the_others_alone(links: list[Link]) -> None:
    grown = roots([*links, link("zz", "guest", "email", "alone@x.test")])
    assert grown.pop("zz") == "zz"
    assert grown == roots(links)


def test_two_hundred_thousand_links_take_seconds() -> None:
    chance = random.Random(7)
    links = {
        (
            f"shop:{number // 2}",
            "company" if number % 10 == 0 else "account",
            chance.choice(["email", "tax_id"]),
            str(chance.randrange(120_000)),
        )
        for number in range(200_000)
    }
    kinds: dict[str, str] = {}
    rows = [
        link(subject, kinds.setdefault(subject, kind), key_type, value)
        for subject, kind, key_type, value in sorted(links)
    ]
    started = time.perf_counter()
    found = roots(rows)
    assert len(found) == len(kinds)
    assert time.perf_counter() - started < 15, "identity is no longer linear"


def test_one_value_of_many_subjects_is_no_quadratic_trap() -> None:
    rows = [link(f"s{number:06}", "guest", "email", "one@x.test") for number in range(100_000)]
    started = time.perf_counter()
    assert set(roots(rows).values()) == {"s000000"}
    assert time.perf_counter() - started < 15

"""Internationalised e-mail domains in their ASCII form (IDNA 2008, UTS 46), so that both spellings
are one key.

Grain: one distinct domain with a character outside ASCII. Columns: ``email_domain`` (as written,
lower case) and ``ascii_domain`` (NULL when the domain is not a valid name; such an address is no
key). Source: ``int_key_fields``. Text only, one row per distinct domain.
"""

import idna
import pyarrow as pa

SCHEMA = pa.schema([("email_domain", pa.string()), ("ascii_domain", pa.string())])


def ascii_domain(domain: str) -> str | None:
    """Return the ASCII form of one domain, or None when IDNA does not allow the name."""
    try:
        return idna.encode(domain, uts46=True).decode("ascii").lower()
    except idna.IDNAError:
        return None


def encoded_domains(domains: list[str]) -> pa.Table:
    """Return one row per domain: the domain as written and its ASCII form."""
    return pa.Table.from_pydict(
        {"email_domain": domains, "ascii_domain": [ascii_domain(domain) for domain in domains]},
        schema=SCHEMA,
    )


def model(dbt, session) -> pa.Table:
    """Run by dbt: distinct non-ASCII domains in, both spellings out."""
    addresses = dbt.ref("int_key_fields").filter("key_type = 'email'").project("canonical_text")
    domains = addresses.filter("split_part(canonical_text, '@', 3) = ''").project(
        "split_part(canonical_text, '@', 2) as email_domain"
    )
    foreign = domains.filter("regexp_matches(email_domain, '[^ -~]')").distinct()
    return encoded_domains(sorted(foreign.to_arrow_table().column(0).to_pylist()))

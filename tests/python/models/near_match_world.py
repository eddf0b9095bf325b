"""A labelled world for near matches: a D365 master, absent customers and the true matches.

Generated from one seed. Positives are absent customers that are in D365 in another spelling or under
another key; negatives only look like a D365 customer. Names come from short lists, so the master
itself is full of look-alikes.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace


def listed(text: str) -> tuple[str, ...]:
    """Return the words of a text."""
    return tuple(text.split())


FIRST_NAMES = listed(
    "Ada Agnes Alma Anton Astrid Boris Carla Cesar Clara Dario Edith Elias Emma Erik Esther Felix "
    "Flora Frida Georg Greta Hanna Hector Helena Hugo Ida Irene Ivan Jonas Judith Karl Lara Laura "
    "Leon Linda Lucas Luisa Magnus Marco Maria Martin Mila Nadia Nora Oscar Otto Paula Petra Rita"
)
LAST_NAMES = listed(
    "Abbott Aldridge Amsel Barlow Becker Bennett Bergman Brandt Calloway Castellan Christie Dalton "
    "Delgado Drummond Eklund Ellison Fairfax Ferrante Fielding Gallagher Garrison Grantham "
    "Halvorsen Hammond Hathaway Hellman Iverson Jansen Kaplan Kessler Lambert Lindgren "
    "Lockwood Marchetti Mercer Nakamura Norberg Okafor Ortega Pemberton Petrov Quigley Ramsey "
    "Rothwell Sandoval Sheridan Thackeray Underhill Valdez Vance Whitaker Winslow Yamada Zeller"
)
COMPANY_WORDS = listed(
    "Alder Amber Anchor Beacon Birch Bluewater Bramble Canyon Cedar Cobalt Copper Coral Crescent "
    "Delta Driftwood Eastgate Ember Falcon Fernhill Garnet Granite Harbor Hazel Highland Ironwood "
    "Juniper Keystone Lakeside Larkspur Maple Meridian Northgate Oakmont Orchard Pinecrest Prairie "
    "Redstone Ridgeline Riverbend Sagebrush Silverton Stonebridge Summit Tamarack Thornton Valley "
    "Westbrook Willow Windward"
)
TRADES = listed(
    "Bakery Builders Catering Clinics Coffee Dental Electric Farms Florists Foods Furniture "
    "Hardware Hotels Imports Instruments Interiors Kitchens Lighting Logistics Marine "
    "Motors Outfitters Packaging Pharmacy Plumbing Provisions Rentals Robotics "
    "Stationers Supply Textiles Tools Traders"
)
PROVIDERS = ("gmail.com", "outlook.com", "mailbox.example", "postbox.example", "letterbox.example")
STREET_AREAS = [f"{number:03d}" for number in range(100, 180)]
CITIES = listed(
    "Ashford Bellmore Corvale Dunmere Eastholm Farrow Glenholt Hartwell Inverley Kingsmere Lorne "
    "Marlow Norwell Oakham Pembrook Quince Ravensby Selwick Thornby Wexley"
)  # four postal areas each
STREETS = listed(
    "Alder Baker Canal Castle Church Dock Elm Ferry Foundry Garden Granary High Hill Juniper Lake "
    "Larch Market Mill Nelson Orchard Park Quay Railway Ropewalk School Station Tannery Temple "
    "Victoria Wharf"
)
STREET_KINDS = ("Street", "Road", "Avenue", "Lane")


@dataclass(frozen=True)
class Party:
    """One customer of either side; all but key, name and country may be missing."""

    key: str
    name: str
    email: str | None
    tax_id: str | None
    postal_code: str | None
    street: str | None
    city: str | None
    phone: str | None
    country: str = "US"

    def record(self, side: str) -> dict[str, str | None]:
        """Return the row of onboarding_near_match_records."""
        return {
            "side": side,
            "holder_key": self.key,
            "holder_name": self.name,
            "email": self.email,
            "tax_id": self.tax_id,
            "phone": self.phone,
            "street": self.street,
            "city": self.city,
            "postal_code": self.postal_code,
            "country_code": self.country,
        }


@dataclass
class World:
    """Both sides and the truth: absent customer → its D365 customer, by kind of difference."""

    d365: list[Party] = field(default_factory=list)
    absent: list[Party] = field(default_factory=list)
    truth: dict[str, str] = field(default_factory=dict)
    kind: dict[str, str] = field(default_factory=dict)


def slipped(text: str, dice: random.Random) -> str:
    """Return the text with one letter dropped, doubled, swapped with the next or replaced."""
    at = dice.randrange(1, len(text) - 1)
    slip = dice.choice(("drop", "double", "swap", "replace"))
    if slip == "drop":
        return text[:at] + text[at + 1 :]
    if slip == "double":
        return text[:at] + text[at] + text[at:]
    if slip == "swap":
        return text[: at - 1] + text[at] + text[at - 1] + text[at + 1 :]
    return text[:at] + dice.choice("aeiourstln") + text[at + 1 :]


def domain_of(name: str) -> str:
    """Return the e-mail domain of a company name."""
    return "-".join(name.lower().split()[:2]) + ".example"


def address(dice: random.Random, area: str | None = None) -> dict[str, str]:
    """Draw street, city and postal code, in that area (first three digits of the postal code)."""
    area = area or dice.choice(STREET_AREAS)
    return {
        "street": f"{dice.randrange(1, 120)} {dice.choice(STREETS)} {dice.choice(STREET_KINDS)}",
        "city": CITIES[STREET_AREAS.index(area) // 4],
        "postal_code": area + f"{dice.randrange(100):02d}",
    }


def phone_number(dice: random.Random) -> str:
    """Draw a phone number of ten digits, as onboarding_near_match_records cleans it."""
    return f"{dice.randrange(201, 990)}555{dice.randrange(10**4):04d}"


def company(key: str, dice: random.Random) -> Party:
    """Draw a company."""
    name = f"{dice.choice(COMPANY_WORDS)} {dice.choice(COMPANY_WORDS)} {dice.choice(TRADES)}"
    return Party(
        key,
        name,
        f"{dice.choice(('ap', 'orders', 'office', 'billing'))}@{domain_of(name)}",
        f"{dice.randrange(10, 99)}{dice.randrange(10**6, 10**7)}",
        **address(dice),
        phone=phone_number(dice),
    )


def person(key: str, dice: random.Random) -> Party:
    """Draw a person; the e-mail is at a provider."""
    first, last = dice.choice(FIRST_NAMES), dice.choice(LAST_NAMES)
    local = dice.choice((f"{first}.{last}", f"{first[0]}{last}", f"{last}{dice.randrange(60, 99)}"))
    return Party(
        key,
        f"{first} {last}",
        f"{local.lower()}@{dice.choice(PROVIDERS)}",
        None,
        **address(dice),
        phone=phone_number(dice),
    )


def elsewhere(party: Party, dice: random.Random) -> dict[str, str]:
    """Return street, city, postal code of another area, and the phone number there."""
    areas = [area for area in STREET_AREAS if area != (party.postal_code or "")[:3]]
    return address(dice, dice.choice(areas)) | {"phone": phone_number(dice)}


def next_door(party: Party, dice: random.Random) -> dict[str, str]:
    """Return the street with another number, and another phone number."""
    number, street = (party.street or "").split(" ", 1)
    return {"street": f"{int(number) + 2} {street}", "phone": phone_number(dice)}


# --- the same party, written differently ----------------------------------------------------
def other_local_part(party: Party, dice: random.Random) -> Party:
    """Another mailbox of the same company; the order goes to another place."""
    domain = domain_of(party.name)
    return replace(party, email=f"warehouse@{domain}", tax_id=None,
                   **elsewhere(party, dice))  # fmt: skip


def typo_in_name(party: Party, dice: random.Random) -> Party:
    """A typo in the name and another mailbox of the company; a buyer's own phone."""
    return replace(party, name=slipped(party.name, dice), email=f"buyer2@{domain_of(party.name)}",
                   tax_id=None, phone=phone_number(dice))  # fmt: skip


def other_spelling(party: Party, dice: random.Random) -> Party:
    """The legal form and a plural; the tax id in a field that is not a key."""
    return replace(party, name=f"{party.name}s Inc.", email=f"shop@{domain_of(party.name)}",
                   **elsewhere(party, dice))  # fmt: skip


def other_key(party: Party, dice: random.Random) -> Party:
    """Trade name at a mail provider: only the tax id, in another notation, is the same."""
    assert party.tax_id is not None
    return replace(party, name=" ".join(party.name.split()[:2]), email="stonefruit@mailbox.example",
                   tax_id=f"{party.tax_id[:2]}-{party.tax_id[2:]}")  # fmt: skip


def typo_in_tax_id(party: Party, dice: random.Random) -> Party:
    """One digit of the tax id wrong, the same name, no e-mail."""
    assert party.tax_id is not None
    return replace(party, tax_id=slipped(party.tax_id, dice).replace("l", "1"), email=None,
                   **elsewhere(party, dice))  # fmt: skip


def swapped_names(party: Party, dice: random.Random) -> Party:
    """Last name first, under a new e-mail address and phone, at the same place."""
    first, last = party.name.split()
    return replace(party, name=f"{last}, {first}", email=f"new{dice.randrange(10**6)}@gmail.com",
                   phone=phone_number(dice))  # fmt: skip


def typo_in_email(party: Party, dice: random.Random) -> Party:
    """A typo in the e-mail address; the parcel goes to another place."""
    assert party.email is not None
    local, domain = party.email.split("@")
    return replace(party, email=f"{slipped(local, dice)}@{domain}",
                   **elsewhere(party, dice))  # fmt: skip


def other_provider(party: Party, dice: random.Random) -> Party:
    """The same mailbox name at another provider, the same place, a typo in the name."""
    assert party.email is not None
    return replace(party, name=slipped(party.name, dice),
                   email=f"{party.email.split('@')[0]}@icloud.com")  # fmt: skip


def other_writing(party: Party, dice: random.Random) -> Party:
    """Typos in name and street, a new e-mail address, no phone."""
    assert party.street is not None
    return replace(party, name=slipped(party.name, dice), street=slipped(party.street, dice),
                   email=f"me{dice.randrange(10**6)}@gmail.com", phone=None)  # fmt: skip


def same_phone(party: Party, dice: random.Random) -> Party:
    """A typo in the name, a mail provider, ships elsewhere: only the phone is the same, with the
    country code."""
    moved = elsewhere(party, dice) | {"phone": f"1{party.phone}"}
    return replace(party, name=slipped(party.name, dice), email="redcurrant@mailbox.example",
                   tax_id=None, **moved)  # fmt: skip


# --- look-alikes ----------------------------------------------------------------------------
def other_trade(party: Party, dice: random.Random) -> Party:
    """A company with the same first word, next door."""
    name = f"{party.name.split()[0]} {dice.choice(COMPANY_WORDS)} {dice.choice(TRADES)}"
    return replace(party, name=name, email=f"ap@{domain_of(name)}x", tax_id=None,
                   **next_door(party, dice))  # fmt: skip


def same_bookkeeper(party: Party, dice: random.Random) -> Party:
    """Another company that uses the mailbox domain and the phone of the same bookkeeper."""
    other = company(party.key, dice)
    return replace(other, email="client7@" + (party.email or "@").split("@")[1], tax_id=None,
                   phone=party.phone)  # fmt: skip


def neighbouring_tax_id(party: Party, dice: random.Random) -> Party:
    """Another company with the next tax number in the same street."""
    assert party.tax_id is not None
    other = company(party.key, dice)
    return replace(other, tax_id=str(int(party.tax_id) + 1), city=party.city,
                   postal_code=party.postal_code, **next_door(party, dice))  # fmt: skip


def namesake(party: Party, dice: random.Random) -> Party:
    """A person with the same name at another place and address."""
    return replace(party, email=f"u{dice.randrange(10**7)}@outlook.com",
                   **elsewhere(party, dice))  # fmt: skip


def relative(party: Party, dice: random.Random) -> Party:
    """Another first name, the same last name, home and phone."""
    first, last = party.name.split()
    others = [name for name in FIRST_NAMES if name[:2] != first[:2]]
    return replace(party, name=f"{dice.choice(others)} {last}",
                   email=f"{last.lower()}{dice.randrange(10, 59)}@gmail.com")  # fmt: skip


def neighbour_at_provider(party: Party, dice: random.Random) -> Party:
    """Another person with the same provider and house."""
    other = person(party.key, dice)
    return replace(other, email=f"z{dice.randrange(10**6)}@{(party.email or '@').split('@')[1]}",
                   street=party.street, city=party.city, postal_code=party.postal_code)  # fmt: skip


Change = Callable[[Party, random.Random], Party]
COMPANY_POSITIVES: tuple[Change, ...] = (
    other_local_part, typo_in_name, other_spelling, other_key, typo_in_tax_id, same_phone,
)  # fmt: skip
PERSON_POSITIVES: tuple[Change, ...] = (
    swapped_names, typo_in_email, other_provider, other_writing,
)  # fmt: skip
COMPANY_NEGATIVES: tuple[Change, ...] = (other_trade, same_bookkeeper, neighbouring_tax_id)
PERSON_NEGATIVES: tuple[Change, ...] = (namesake, relative, neighbour_at_provider)


def thinned(party: Party, dice: random.Random) -> Party:
    """Return a person as in a master: three of four with a street, half with a phone."""
    return replace(party, street=party.street if dice.random() < 0.75 else None,
                   phone=party.phone if dice.random() < 0.5 else None)  # fmt: skip


def drawn(seed: int = 20260412, master: int = 4000, per_kind: int = 40) -> World:
    """Draw a master of that many customers and `per_kind` absent customers of every kind."""
    dice = random.Random(seed)
    world = World()
    companies = [company(f"C{number:05d}", dice) for number in range(master // 2)]
    people = [person(f"P{number:05d}", dice) for number in range(master // 2)]
    for positives, negatives, parties in (
        (COMPANY_POSITIVES, COMPANY_NEGATIVES, companies),
        (PERSON_POSITIVES, PERSON_NEGATIVES, people),
    ):
        chosen = iter(dice.sample(parties, per_kind * (len(positives) + len(negatives))))
        for change in (*positives, *negatives):
            for number in range(per_kind):
                party = next(chosen)
                key = f"{change.__name__}:{number}"
                world.absent.append(replace(change(party, dice), key=key))
                world.kind[key] = change.__name__
                if change in positives:
                    world.truth[key] = party.key
    world.d365 = companies + [thinned(party, dice) for party in people]
    return world

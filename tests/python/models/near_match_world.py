"""A labelled world for near matches: a D365 master, absent customers and who they really are.

Everything is drawn from one seed. Positives are absent customers whom D365 holds in another
spelling or under another key; negatives look like somebody in D365 and are somebody else. The names
come from short lists, so that the master is full of look-alikes of its own.
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


@dataclass(frozen=True)
class Party:
    """One customer of either side; `tax_id` and `email` may be missing."""

    key: str
    name: str
    email: str | None
    tax_id: str | None
    postal_code: str | None
    country: str = "US"

    def record(self, side: str) -> dict[str, str | None]:
        """Return the row of int_near_match_records_listed."""
        return {
            "side": side,
            "holder_key": self.key,
            "holder_name": self.name,
            "email": self.email,
            "tax_id": self.tax_id,
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


def company(key: str, dice: random.Random) -> Party:
    """Draw a company."""
    name = f"{dice.choice(COMPANY_WORDS)} {dice.choice(COMPANY_WORDS)} {dice.choice(TRADES)}"
    return Party(
        key,
        name,
        f"{dice.choice(('ap', 'orders', 'office', 'billing'))}@{domain_of(name)}",
        f"{dice.randrange(10, 99)}{dice.randrange(10**6, 10**7)}",
        dice.choice(STREET_AREAS) + f"{dice.randrange(100):02d}",
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
        dice.choice(STREET_AREAS) + f"{dice.randrange(100):02d}",
    )


def elsewhere(party: Party, dice: random.Random) -> str:
    """Return a postal code of another area."""
    areas = [area for area in STREET_AREAS if area != (party.postal_code or "")[:3]]
    return dice.choice(areas) + "07"


# --- the same party, written in another way -------------------------------------------------
def other_local_part(party: Party, dice: random.Random) -> Party:
    """Another mailbox of the same company; the order goes to another place."""
    domain = domain_of(party.name)
    return replace(party, email=f"warehouse@{domain}", tax_id=None,
                   postal_code=elsewhere(party, dice))  # fmt: skip


def typo_in_name(party: Party, dice: random.Random) -> Party:
    """A slip in the name and another mailbox of the company."""
    return replace(party, name=slipped(party.name, dice), email=f"buyer2@{domain_of(party.name)}",
                   tax_id=None)  # fmt: skip


def other_spelling(party: Party, dice: random.Random) -> Party:
    """The legal form and a plural; the tax id in a field that is no key."""
    return replace(party, name=f"{party.name}s Inc.", email=f"shop@{domain_of(party.name)}",
                   postal_code=elsewhere(party, dice))  # fmt: skip


def other_key(party: Party, dice: random.Random) -> Party:
    """Trade name at a mail provider: only the tax id, in another notation, is the same."""
    assert party.tax_id is not None
    return replace(party, name=" ".join(party.name.split()[:2]), email="stonefruit@mailbox.example",
                   tax_id=f"{party.tax_id[:2]}-{party.tax_id[2:]}")  # fmt: skip


def typo_in_tax_id(party: Party, dice: random.Random) -> Party:
    """One digit of the tax id wrong, the same name, no e-mail."""
    assert party.tax_id is not None
    return replace(party, tax_id=slipped(party.tax_id, dice).replace("l", "1"), email=None,
                   postal_code=elsewhere(party, dice))  # fmt: skip


def swapped_names(party: Party, dice: random.Random) -> Party:
    """Last name first, under a new e-mail address, at the same place."""
    first, last = party.name.split()
    return replace(party, name=f"{last}, {first}", email=f"new{dice.randrange(10**6)}@gmail.com")


def typo_in_email(party: Party, dice: random.Random) -> Party:
    """A slip in the e-mail address; the parcel goes to another place."""
    assert party.email is not None
    local, domain = party.email.split("@")
    return replace(party, email=f"{slipped(local, dice)}@{domain}",
                   postal_code=elsewhere(party, dice))  # fmt: skip


def other_provider(party: Party, dice: random.Random) -> Party:
    """The same mailbox name at another provider, the same place, a slip in the name."""
    assert party.email is not None
    return replace(party, name=slipped(party.name, dice),
                   email=f"{party.email.split('@')[0]}@icloud.com")  # fmt: skip


# --- somebody else who looks alike ----------------------------------------------------------
def other_trade(party: Party, dice: random.Random) -> Party:
    """A company of the same first word, next door."""
    name = f"{party.name.split()[0]} {dice.choice(COMPANY_WORDS)} {dice.choice(TRADES)}"
    return replace(party, name=name, email=f"ap@{domain_of(name)}x", tax_id=None)


def same_bookkeeper(party: Party, dice: random.Random) -> Party:
    """Another company that uses the mailbox domain of the same bookkeeper."""
    other = company(party.key, dice)
    return replace(other, email="client7@" + (party.email or "@").split("@")[1], tax_id=None)


def neighbouring_tax_id(party: Party, dice: random.Random) -> Party:
    """Another company with the next tax number in the same street."""
    assert party.tax_id is not None
    other = company(party.key, dice)
    return replace(other, tax_id=str(int(party.tax_id) + 1), postal_code=party.postal_code)


def namesake(party: Party, dice: random.Random) -> Party:
    """A person of the same name in another place, at another address."""
    return replace(party, email=f"u{dice.randrange(10**7)}@outlook.com",
                   postal_code=elsewhere(party, dice))  # fmt: skip


def relative(party: Party, dice: random.Random) -> Party:
    """Another first name, the same last name and place."""
    first, last = party.name.split()
    others = [name for name in FIRST_NAMES if name[:2] != first[:2]]
    return replace(party, name=f"{dice.choice(others)} {last}",
                   email=f"{last.lower()}{dice.randrange(10, 59)}@gmail.com")  # fmt: skip


def neighbour_at_provider(party: Party, dice: random.Random) -> Party:
    """Somebody else at the same provider and place."""
    other = person(party.key, dice)
    return replace(other, email=f"z{dice.randrange(10**6)}@{(party.email or '@').split('@')[1]}",
                   postal_code=party.postal_code)  # fmt: skip


Change = Callable[[Party, random.Random], Party]
COMPANY_POSITIVES: tuple[Change, ...] = (
    other_local_part, typo_in_name, other_spelling, other_key, typo_in_tax_id,
)  # fmt: skip
PERSON_POSITIVES: tuple[Change, ...] = (swapped_names, typo_in_email, other_provider)
COMPANY_NEGATIVES: tuple[Change, ...] = (other_trade, same_bookkeeper, neighbouring_tax_id)
PERSON_NEGATIVES: tuple[Change, ...] = (namesake, relative, neighbour_at_provider)


def drawn(seed: int = 20260412, master: int = 4000, per_kind: int = 40) -> World:
    """Draw a master of that many customers and `per_kind` absent customers of every kind."""
    dice = random.Random(seed)
    world = World()
    companies = [company(f"C{number:05d}", dice) for number in range(master // 2)]
    people = [person(f"P{number:05d}", dice) for number in range(master // 2)]
    world.d365 = companies + people
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
    return world

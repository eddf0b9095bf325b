"""Fictitious home and shipping addresses of customers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """One address; `country` is ISO-2, `country3` ISO-3."""

    country: str
    country3: str
    country_name: str
    state: str
    city: str
    zip: str
    street: str


def _us(state: str, city: str, zip_code: str, street: str) -> Place:
    return Place("US", "USA", "United States", state, city, zip_code, street)


def _ca(state: str, city: str, zip_code: str, street: str) -> Place:
    return Place("CA", "CAN", "Canada", state, city, zip_code, street)


PLACES: dict[str, Place] = {
    "austin": _us("TX", "Austin", "78751", "1 Dock Rd"),
    "portland": _us("ME", "Portland", "04101", "22 Wharf St"),
    "duluth": _us("MN", "Duluth", "55802", "910 Canal Park Dr"),
    "boise": _us("ID", "Boise", "83702", "415 Bannock St"),
    "tampa": _us("FL", "Tampa", "33602", "77 Bayshore Blvd"),
    "denver": _us("CO", "Denver", "80205", "3300 Larimer St"),
    "newark": _us("NJ", "Newark", "07102", "60 Halsey St"),
    "fresno": _us("CA", "Fresno", "93721", "1800 Van Ness Ave"),
    "toledo": _us("OH", "Toledo", "43604", "300 Summit St"),
    "salem": _us("OR", "Salem", "97301", "12 Court St"),
    "toronto": _ca("ON", "Toronto", "M5V 1A1", "1 King St W"),
    "montreal": _ca("QC", "Montréal", "H2Y 1C6", "45 rue Saint-Paul"),
    "vancouver": _ca("BC", "Vancouver", "V6B 1B4", "210 Water St"),
    "halifax": _ca("NS", "Halifax", "B3J 1S9", "8 Lower Water St"),
    "sydney": Place("AU", "AUS", "Australia", "NSW", "Sydney", "2000", "5 Loftus St"),
    "dubai": Place("AE", "ARE", "United Arab Emirates", "DU", "Dubai", "00000", "9 Al Wasl Rd"),
    "koeln": Place("DE", "DEU", "Germany", "NW", "Köln", "50667", "Domstraße 4"),
    "hamburg": Place("DE", "DEU", "Germany", "HH", "Hamburg", "20457", "Am Sandtorkai 30"),
    "leeds": Place("GB", "GBR", "United Kingdom", "", "Leeds", "LS1 4AP", "18 Wellington St"),
    "hamilton": Place("BM", "BMU", "Bermuda", "", "Hamilton", "HM 11", "3 Front St"),
    "kingston": Place("JM", "JAM", "Jamaica", "", "Kingston", "JMAAW01", "6 Harbour St"),
    "sanjuan": Place("PR", "PRI", "Puerto Rico", "PR", "San Juan", "00901", "101 Calle Fortaleza"),
    "monterrey": Place("MX", "MEX", "Mexico", "NL", "Monterrey", "64000", "Av. Hidalgo 200"),
    "athens": Place("GR", "GRC", "Greece", "", "Athens", "10558", "Ermou 12"),
    "wellington": Place("NZ", "NZL", "New Zealand", "", "Wellington", "6011", "14 Cuba St"),
}

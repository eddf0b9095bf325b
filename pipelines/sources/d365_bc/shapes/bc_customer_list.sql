/*
table = "d365_bc.customers"
what = "the customer list of Business Central"
signs = ["No.", "Name"]
# from the second line on: columns of its lists of contacts, vendors, accounts and banks
unless = [
    "number", "displayname",
    "company name", "unternehmensname", "firmenname", "business relation", "geschäftsbeziehung",
    "purchaser code", "einkäufercode", "vendor posting group", "kreditorenbuchungsgruppe",
    "income/balance", "guv/bilanz", "account type", "kontoart", "bank account no.", "bankkontonr.",
    "lead time calculation", "beschaffungszeit", "purchases (lcy)", "einkauf (mw)",
    "payments (lcy) but no sales (lcy)", "zahlungen (mw) but no verkauf (mw)",
]
unless_named = ["vendor", "kreditor", "lieferant", "contact", "kontakt"]
instead = "export the list Customers; if it is that list, call it so and show its column Sales (LCY)"
lacks = "No. is the id"
remedy = "show the column in the list (Personalize), then Share, Open in Excel"
# The captions of a list: English first, then those of other languages. Add yours to its line.
columns = '''
No. | No | Nr.
Name | Name
Country/Region Code | Country/Region | Länder-/Regionscode | Land/Region
Post Code | ZIP Code | PLZ-Code | PLZ
Phone No. | Telefonnr. | Telefonnummer
Email | E-Mail | E-Mail-Adresse
VAT Registration No. | Tax Registration No. | USt-IdNr.
Currency Code | Währungscode
Blocked | Gesperrt
'''
# and those that a list may do without
also = '''
Name 2 | Name 2
Address | Adresse
Address 2 | Adresse 2
City | Ort
County | State | Bundesregion | Bundesland
Payment Terms Code | Zlg.-Bedingungscode | Zahlungsbedingungscode
Privacy Blocked | Datenschutz gesperrt
Last Date Modified | Korrigiert am | Letztes Änderungsdatum
'''
*/
select
    n,
    record,
    "No." as "id",
    "No." as "number",
    concat_ws(' ', "Name", "Name 2") as "displayName",
    "Address" as "addressLine1",
    "Address 2" as "addressLine2",
    "City" as "city",
    "County" as "state",
    "Country/Region Code" as "country",
    "Post Code" as "postalCode",
    "Phone No." as "phoneNumber",
    "Email" as "email",
    "VAT Registration No." as "taxRegistrationNumber",
    "Currency Code" as "currencyCode",
    "Payment Terms Code" as "paymentTermsId",
    case
        when regexp_matches("Blocked", '(?i)^liefer') then 'Ship'
        when regexp_matches("Blocked", '(?i)^(faktur|rechnung)') then 'Invoice'
        when regexp_matches("Blocked", '(?i)^alle') then 'All'
        when regexp_matches("Privacy Blocked", '(?i)^(1|yes|ja|true|wahr)$')
            and "Blocked" is null then 'All'
        else "Blocked"
    end as "blocked",
    shape_time("Last Date Modified") as "lastModifiedDateTime"
from given

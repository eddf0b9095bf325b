"""The commerce customers of the Business Central sample."""

from __future__ import annotations

from samples.generator.shapes import Bc, Document, Order, Quote, Row, Scenario


def _external(
    number: str,
    company: str = "us-trade",
    kind: str = "sales_order",
    form: str = "prefix_id",
    state: str = "Open",
) -> tuple[Document, ...]:
    return (Document(kind, number, company, "external", form, state),)


ABSENT: list[Scenario] = [
    Scenario(
        "Sierra Vista Clinics",
        "Absent, a BigCommerce company with two orders",
        "absent",
        home="fresno",
        email="supply@sierravista.test",
        contact="Ines Calder",
        company=True,
        segment="B2B",
        company_tax_id="77-0441182",
        orders=(
            Order(
                "b2b", "2026-04-08T16:10:00Z", "6240.00", "514.80", by="company", po_number="SV-220"
            ),
            Order(
                "b2b", "2026-04-10T16:10:00Z", "1110.00", "91.58", by="company", po_number="SV-221"
            ),
        ),
        rows=(Row(1, "us-trade", "ship_to_country", 2, "7350.00", "USD 7350.00"),),
    ),
    Scenario(
        "Aurora Lighting",
        "Absent, an Adobe company without a tax id; paid by purchase order, on hold (policy); "
        "partly refunded",
        "absent",
        home="boise",
        email="projects@auroralighting.test",
        contact="Neil Sorrel",
        company=True,
        segment="B2B",
        orders=(
            Order(
                "adobe",
                "2026-04-07T14:00:00Z",
                "3880.00",
                "0.00",
                status="holded",
                by="company",
                refunded="120.00",
                po_number="AL-77",
            ),
        ),
        rows=(
            Row(
                2,
                "us-trade",
                "ship_to_country",
                1,
                "3880.00",
                "USD 3880.00",
                reason="validation_failed",
            ),
        ),
    ),
    Scenario(
        "Jeanne Thibault",
        "Absent, an Adobe account in Canada; in Business Central only in the US company",
        "absent",
        home="montreal",
        email="jeanne@thibault.example",
        orders=(Order("adobe", "2026-04-09T15:30:00Z", "400.00", "59.90", "CAD"),),
        bc=(Bc("C10031", email="Jeanne@Thibault.example"),),
        rows=(
            Row(
                4,
                "ca-trade",
                "ship_to_country",
                1,
                "292.00",
                "CAD 400.00",
                reason="in_other_legal_entity",
                other_entities="us-trade",
                other_d365_ids="C10031",
            ),
        ),
    ),
    Scenario(
        "Petra Nowak",
        "Absent, an Adobe guest with a digital order: no ship-to, the store's default; an address "
        "with a `+`; the flow that creates customers failed the morning after",
        "absent",
        home="denver",
        email="petra+shop@nowak.test",
        orders=(Order("adobe", "2026-04-11T20:20:00Z", "59.00", "0.00", by="guest", ship_to=()),),
        rows=(Row(5, "us-trade", "store_default", 1, "59.00", "USD 59.00", reason="flow_failed"),),
    ),
    Scenario(
        "Hollis Brandt",
        "By name and address only (another e-mail): the headline counts him, the twin finds him",
        "absent",
        home="salem",
        email="hollis.new@brandt-home.test",
        orders=(Order("adobe", "2026-04-08T11:00:00Z", "610.00", "0.00"),),
        bc=(Bc("C10032", email="h.brandt@oldmail.test"),),
        rows=(
            Row(
                3,
                "us-trade",
                "ship_to_country",
                1,
                "610.00",
                "USD 610.00",
                reason="possible_key_mismatch",
            ),
        ),
    ),
]

# Present by tax id only, under another name: the twin has no key for them.
TAX_ID_ONLY: list[Scenario] = [
    Scenario(
        "Vantage Optical",
        "By tax id only; Business Central has the holding's name",
        "present",
        home="newark",
        email="lab@vantage-optical.test",
        contact="Uma Pratt",
        company=True,
        segment="B2B",
        company_tax_id="US 22-3456781",
        orders=(
            Order(
                "b2b",
                "2026-04-08T13:45:00Z",
                "2300.00",
                "152.38",
                by="company",
                po_number="VO-10",
                documents=_external("C10033"),
            ),
        ),
        bc=(
            Bc(
                "C10033",
                name="Clearsight Holdings Inc",
                email="ap@clearsight-holdings.test",
                tax_id="22-3456781",
            ),
        ),
    ),
    Scenario(
        "Dietrich Kranz",
        "By VAT number only (Adobe taxvat); Business Central has his firm",
        "present",
        home="hamburg",
        email="dietrich@kranz-atelier.example",
        account_tax_id="DE 136695976",
        orders=(
            Order("adobe", "2026-04-09T08:15:00Z", "450.00", "0.00", documents=_external("C10034")),
        ),
        bc=(
            Bc(
                "C10034",
                name="Kranz Werkstatt GmbH",
                email="post@kranz-werkstatt.example",
                tax_id="136695976",
            ),
        ),
    ),
]

PRESENT: list[Scenario] = [
    Scenario(
        "Lakeside Grocers",
        "By e-mail, mixed case",
        "present",
        home="duluth",
        email="Orders@LakesideGrocers.test",
        contact="Hans Moe",
        company=True,
        segment="B2B",
        orders=(
            Order(
                "b2b",
                "2026-04-07T12:30:00Z",
                "1840.00",
                "126.50",
                by="company",
                po_number="LG-5",
                documents=_external("C10001", form="po_number"),
            ),
            Order(
                "b2b",
                "2026-03-20T12:30:00Z",
                "990.00",
                "68.06",
                by="company",
                status="10",
                po_number="LG-4",
                documents=_external("C10001", kind="sales_invoice", state="Paid"),
            ),
        ),
        bc=(Bc("C10001", email="orders@lakesidegrocers.test"),),
    ),
    Scenario(
        "Mirella Conti",
        "By the second address of a `;` list",
        "present",
        home="newark",
        email="mirella@conti.test",
        orders=(
            Order("adobe", "2026-04-10T17:00:00Z", "128.40", "8.51", documents=_external("C10002")),
        ),
        bc=(Bc("C10002", email="info@conti-home.test;mirella@conti.test"),),
    ),
    Scenario(
        "Basalt Landscaping",
        "By the ERP account of the B2B company; name and address agree",
        "present",
        home="boise",
        email="yard@basaltland.test",
        contact="Ty Rowe",
        company=True,
        segment="B2B",
        company_erp_account="C10003",
        orders=(
            Order(
                "b2b",
                "2026-04-09T19:10:00Z",
                "3105.00",
                "186.30",
                by="company",
                po_number="BL-31",
                documents=_external("C10003"),
            ),
        ),
        bc=(Bc("C10003", email="office@basalt-landscaping.test"),),
    ),
    Scenario(
        "Nolan Whitaker",
        "By the custom attribute erp_account; name and address agree",
        "present",
        home="tampa",
        email="nolan@whitaker.test",
        erp_account="c10004",
        orders=(
            Order("adobe", "2026-04-06T09:40:00Z", "77.25", "5.41", documents=_external("C10004")),
        ),
        bc=(Bc("C10004", email="n.whitaker@oldmail.test"),),
    ),
    Scenario(
        "Cormorant Boats",
        "By the reseller id of the Adobe company; name and address agree",
        "present",
        home="portland",
        email="stern@cormorantboats.test",
        contact="Edda Lyle",
        company=True,
        segment="B2B",
        company_external_id="C10005",
        orders=(
            Order(
                "adobe",
                "2026-04-07T21:15:00Z",
                "5420.00",
                "298.10",
                by="company",
                po_number="CB-8",
                documents=_external("C10005"),
            ),
        ),
        bc=(Bc("C10005", email="keel@cormorant-group.test"),),
    ),
    Scenario(
        "Fraser Valley Foods",
        "In the Canadian company, by e-mail",
        "present",
        home="vancouver",
        email="ap@fraservalley.example",
        contact="Lynn Cho",
        company=True,
        segment="B2B",
        orders=(
            Order(
                "b2b",
                "2026-04-08T22:00:00Z",
                "2600.00",
                "312.00",
                "CAD",
                by="company",
                po_number="FV-2",
                documents=_external("D20001", "ca-trade"),
            ),
        ),
        bc=(Bc("D20001", "ca-trade", email="ap@fraservalley.example"),),
    ),
    Scenario(
        "Rowan Sutherland",
        "One person on both platforms, present once",
        "present",
        home="austin",
        email="rowan@sutherland.test",
        segment="B2B",
        orders=(
            Order("b2b", "2026-04-09T10:00:00Z", "210.00", "17.33", documents=_external("C10006")),
            Order("adobe", "2026-04-10T10:00:00Z", "95.00", "7.84", documents=_external("C10006")),
        ),
        bc=(Bc("C10006", email="rowan@sutherland.test"),),
    ),
    Scenario(
        "Tarn Outdoor",
        "No document for an order of last month: unexplained",
        "present",
        home="denver",
        email="gear@tarnoutdoor.test",
        contact="Pia Holt",
        company=True,
        segment="B2B",
        orders=(
            Order(
                "b2b", "2026-03-26T15:00:00Z", "1475.00", "121.69", by="company", po_number="TO-9"
            ),
            Order(
                "b2b",
                "2026-04-11T15:00:00Z",
                "640.00",
                "52.80",
                by="company",
                po_number="TO-11",
                documents=_external("C10007"),
            ),
        ),
        bc=(Bc("C10007", email="gear@tarnoutdoor.test"),),
    ),
    Scenario(
        "Colette Dubois",
        "An order of a minute ago: awaiting sync",
        "present",
        home="toronto",
        email="colette@dubois.example",
        orders=(Order("adobe", "2026-04-13T03:50:00Z", "84.00", "10.92", "CAD", status="new"),),
        bc=(Bc("D20002", "ca-trade", email="colette@dubois.example"),),
    ),
    Scenario(
        "Twin Harbors Supply",
        "Ships to both countries in one order: mapping conflict",
        "present",
        home="salem",
        email="dock@twinharbors.test",
        contact="Bea Frost",
        company=True,
        segment="B2B",
        orders=(
            Order(
                "b2b",
                "2026-04-09T16:40:00Z",
                "2980.00",
                "0.00",
                by="company",
                ship_to=("salem", "vancouver"),
                po_number="TH-3",
                order_card="mapping_conflict",
            ),
        ),
        bc=(Bc("C10008", email="dock@twinharbors.test"),),
    ),
]

BLOCKED_AND_COVERED: list[Scenario] = [
    Scenario(
        "Ember Ridge Stoves",
        "Blocked for everything",
        "present_blocked",
        home="boise",
        email="heat@emberridge.test",
        contact="Art Vale",
        company=True,
        segment="B2B",
        orders=(
            Order(
                "b2b", "2026-04-10T13:00:00Z", "1990.00", "119.40", by="company", po_number="ER-6"
            ),
        ),
        bc=(Bc("C10021", email="heat@emberridge.test", blocked="All"),),
    ),
    Scenario(
        "Silas Moreno",
        "Blocked for invoices",
        "present_blocked",
        home="fresno",
        email="silas@moreno.test",
        orders=(Order("adobe", "2026-04-07T18:00:00Z", "143.00", "11.80"),),
        bc=(Bc("C10022", email="silas@moreno.test", blocked="Invoice"),),
    ),
    Scenario(
        "Ivette Colon",
        "Puerto Rico is booked on the default customer",
        "covered_by_default_customer",
        home="sanjuan",
        email="ivette@colon.example",
        orders=(Order("adobe", "2026-04-08T14:00:00Z", "52.00", "5.98"),),
    ),
    Scenario(
        "Raul Santiago",
        "Puerto Rico, a guest",
        "covered_by_default_customer",
        home="sanjuan",
        email="raul@santiago.example",
        orders=(Order("adobe", "2026-04-09T14:00:00Z", "38.00", "4.37", by="guest"),),
    ),
]

NOT_ACTIVE: list[Scenario] = [
    Scenario(
        "Wholesale-X",
        "The order card's first row: ADC-PO-44821, customer not in Business "
        "Central, 21 days old. Not in the 7-day headline",
        "not_active",
        home="austin",
        email="ap@wholesale-x.test",
        contact="Pat Roe",
        company=True,
        segment="B2B",
        orders=(
            Order(
                "adobe",
                "2026-03-22T15:00:00Z",
                "18400.00",
                "1518.00",
                by="company",
                status="processing",
                po_number="ADC-PO-44821",
                platform_id=44821,
            ),
        ),
    ),
    Scenario(
        "Newcorp Trading",
        "The order card's second row: BC-PO-2284502, 14 days old",
        "not_active",
        home="newark",
        email="orders@newcorp-trading.test",
        contact="Sia Bloom",
        company=True,
        segment="B2B",
        orders=(
            Order(
                "b2b",
                "2026-03-29T15:00:00Z",
                "14200.00",
                "940.75",
                by="company",
                po_number="BC-PO-2284502",
                platform_id=2284502,
            ),
        ),
    ),
    Scenario(
        "Otter Point Marina",
        "The flow that creates sales orders failed after the order: connector error",
        "not_active",
        home="portland",
        email="slip@otterpoint.test",
        contact="Dag Moe",
        company=True,
        segment="B2B",
        orders=(
            Order(
                "b2b", "2026-04-02T20:30:00Z", "3260.00", "0.00", by="company", po_number="OP-14"
            ),
        ),
        bc=(Bc("C10051", email="slip@otterpoint.test"),),
    ),
    Scenario(
        "Pemberton Goods",
        "Paid in a currency without a rate: field validation",
        "not_active",
        home="boise",
        email="desk@pembertongoods.test",
        orders=(
            Order(
                "adobe",
                "2026-04-04T12:00:00Z",
                "410.00",
                "0.00",
                "CHF",
                order_card="field_validation",
            ),
        ),
        bc=(Bc("C10052", email="desk@pembertongoods.test"),),
    ),
    Scenario(
        "Ash Fenner",
        "Cancelled in Adobe",
        "not_active",
        home="toledo",
        email="ash@fenner.test",
        orders=(Order("adobe", "2026-04-09T12:00:00Z", "210.00", "15.23", status="canceled"),),
    ),
    Scenario(
        "Blythe Monk",
        "Fully refunded in Adobe (closed)",
        "not_active",
        home="toledo",
        email="blythe@monk.test",
        orders=(
            Order(
                "adobe", "2026-04-08T12:00:00Z", "0.00", "0.00", status="closed", refunded="310.00"
            ),
        ),
    ),
    Scenario(
        "Cinder Block Works",
        "Incomplete in BigCommerce",
        "not_active",
        home="denver",
        email="mix@cinderblock.test",
        contact="Al Dent",
        company=True,
        segment="B2B",
        orders=(Order("b2b", "2026-04-07T12:00:00Z", "880.00", "72.60", by="company", status="0"),),
    ),
    Scenario(
        "Dove Creek Inn",
        "Deleted in BigCommerce",
        "not_active",
        home="denver",
        email="stay@dovecreek.test",
        contact="Flo Nash",
        company=True,
        segment="B2B",
        orders=(
            Order("b2b", "2026-04-10T12:00:00Z", "450.00", "37.13", by="company", deleted=True),
        ),
    ),
    Scenario(
        "Egan Marsh",
        "A second before the window",
        "not_active",
        home="portland",
        email="egan@marsh.test",
        orders=(Order("adobe", "2026-04-06T03:59:59Z", "99.00", "5.45"),),
    ),
    Scenario(
        "Fern Gully Spa",
        "A negotiable quote, no order",
        "not_active",
        home="tampa",
        email="calm@ferngully.test",
        contact="Joy Fern",
        company=True,
        segment="B2B",
        accounts=("adobe",),
    ),
    Scenario(
        "Gable Roof Supply",
        "A BigCommerce quote, no order",
        "not_active",
        home="boise",
        email="tile@gableroof.test",
        contact="Ned Gable",
        company=True,
        segment="B2B",
        accounts=("b2b",),
    ),
]

QUOTES: list[Quote] = [
    Quote("adobe", "Fern Gully Spa", "2026-04-08T12:00:00Z", "2600.00", "submitted_by_customer"),
    Quote("b2b", "Gable Roof Supply", "2026-04-09T12:00:00Z", "5300.00", "0"),
]

EVERYDAY: tuple[tuple[str, str, str, str], ...] = (
    ("Harper Quinn", "harper.quinn@everymail.test", "austin", "adobe"),
    ("Ivo Lambert", "ivo.lambert@everymail.test", "newark", "adobe"),
    ("Jade Osborne", "jade.osborne@everymail.test", "tampa", "adobe"),
    ("Kirk Dalton", "kirk.dalton@everymail.test", "salem", "b2b"),
    ("Luna Parrish", "luna.parrish@everymail.test", "boise", "adobe"),
    ("Mack Ferris", "mack.ferris@everymail.test", "denver", "b2b"),
)
OTHER_CUSTOMERS: tuple[tuple[str, str], ...] = (
    ("us-trade", "Adatum Corporation"),
    ("us-trade", "Trey Research"),
    ("us-trade", "Alpine Ski House"),
    ("us-trade", "Relecloud"),
    ("us-trade", "Litware Freight"),
    ("us-trade", "Proseware Uniforms"),
    ("us-trade", "Lucerne Paper"),
    ("ca-trade", "Coho Vineyard"),
    ("ca-trade", "Fabrikam Nord"),
    ("ca-trade", "Tailspin Toys"),
)

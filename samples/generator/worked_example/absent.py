"""The 17 customers of the headline and their worklist rows."""

from __future__ import annotations

from samples.generator.shapes import Dataverse, Document, Fo, Order, Row, Scenario
from samples.generator.worked_example import WINDOW_START

SALES_ORDER_UNDER_WALK_IN = Document("sales_order", account="US-WALKIN")

ABSENT_B2B: list[Scenario] = [
    Scenario(
        "Wholesale-X",
        "The largest: two orders, a cancelled one, an open quote, an older order; Dataverse only",
        "absent",
        home="austin",
        email="AP@wholesale-x.test",
        contact="Pat Roe",
        company=True,
        segment="B2B",
        company_tax_id="74-3104577",
        orders=(
            Order(
                "b2b",
                "2026-04-07T14:03:22Z",
                "12650.00",
                "1043.63",
                by="company",
                status="7",
                shipping="180.00",
                discount="350.00",
                po_number="WX-7741",
            ),
            Order(
                "b2b",
                "2026-04-10T09:41:05Z",
                "5750.00",
                "474.38",
                by="company",
                po_number="WX-7752",
            ),
            Order("b2b", "2026-04-09T10:12:00Z", "3000.00", "247.50", by="company", status="5"),
            Order("b2b", "2026-03-24T16:20:00Z", "2210.00", "182.33", by="company", status="2"),
        ),
        dataverse=(
            Dataverse("account", email="ap@wholesale-x.test", created="2026-03-30T10:00:00Z"),
        ),
        rows=(
            Row(
                1,
                "ustr",
                "ship_to_country",
                2,
                "18400.00",
                "USD 18400.00",
                reason="in_dataverse_not_promoted",
            ),
        ),
    ),
    Scenario(
        "Harborline Supply Co.",
        "A near match: in D365 under another e-mail, address and spelling of the name. "
        "The shopper saw CAD but paid in USD",
        "absent",
        home="portland",
        email="purchasing@harborline-supply.test",
        contact="Ellen Muir",
        company=True,
        segment="B2B",
        company_tax_id="01-0533219",
        orders=(
            Order(
                "b2b",
                "2026-04-08T18:30:11Z",
                "9650.00",
                "530.75",
                by="company",
                display_currency="CAD",
                po_number="HL-2209",
            ),
        ),
        fo=(
            Fo(
                "US-0231",
                name="Harborline Supplies Inc",
                place="newark",
                email="accounts.payable@harborline-supply.test",
                tax_registration="010533219",
            ),
        ),
        rows=(
            Row(
                2,
                "ustr",
                "ship_to_country",
                1,
                "9650.00",
                "USD 9650.00",
                reason="possible_key_mismatch",
            ),
        ),
    ),
    Scenario(
        "Cascade Trail Outfitters",
        "Ambiguous: one order ships to the US and to Canada. Partly refunded. Shares the e-mail "
        "of its bookkeeper with Southern Cross Imports, which is another company",
        "absent",
        home="salem",
        email="orders@cascadetrail.test",
        contact="June Okafor",
        company=True,
        segment="B2B",
        shared_email="books@ledgerly.test",
        orders=(
            Order(
                "b2b",
                "2026-04-09T17:45:00Z",
                "7200.00",
                by="company",
                status="14",
                refunded="250.00",
                ship_to=("salem", "vancouver"),
                po_number="CT-0081",
            ),
        ),
        rows=(
            Row(
                3,
                "",
                "ship_to_country",
                1,
                "7200.00",
                "USD 7200.00",
                reason="validation_failed",
                status="ambiguous",
                candidates="catr, ustr",
            ),
        ),
    ),
    Scenario(
        "Southern Cross Imports",
        "Unmapped: Australia has no entity and the store has no default. One order has a status "
        "that the map does not know: it counts and is listed",
        "absent",
        home="sydney",
        email="buying@southerncross-imports.example",
        contact="Bruce Tolland",
        company=True,
        segment="B2B",
        shared_email="books@ledgerly.test",
        orders=(
            Order("b2b", "2026-04-06T22:10:45Z", "3180.00", by="company", po_number="SC-1190"),
            Order(
                "b2b",
                "2026-04-11T01:05:30Z",
                "2300.00",
                by="company",
                status="15",
                po_number="SC-1195",
            ),
        ),
        rows=(Row(4, "", "", 2, "5480.00", "USD 5480.00", "validation_failed", status="unmapped"),),
    ),
    Scenario(
        "Great Lakes Provisions",
        "One company in two shops, connected by its tax id (with and without prefix); orders to "
        "both entities: two rows, one customer",
        "absent",
        home="toledo",
        email="orders@greatlakesprov.test",
        store_emails={"dtc": "north@greatlakesprov.example"},
        contact="Hal Brandt",
        company=True,
        segment="B2B",
        company_tax_id="38-2715904",
        store_tax_ids={"dtc": "US 382715904"},
        orders=(
            Order(
                "b2b",
                "2026-04-07T12:00:00Z",
                "4100.00",
                "287.00",
                by="company",
                status="1",
                po_number="GL-310",
            ),
            Order(
                "dtc",
                "2026-04-08T15:15:15Z",
                "2000.00",
                "260.00",
                "CAD",
                by="company",
                status="AUTHORIZED",
                ship_to=("toronto",),
            ),
        ),
        rows=(
            Row(5, "ustr", "ship_to_country", 1, "4100.00", "USD 4100.00"),
            Row(10, "catr", "ship_to_country", 1, "1470.00", "CAD 2000.00"),
        ),
    ),
    Scenario(
        "Marta Quindlen",
        "The same person with an account on both platforms: once, and B2B because one order is "
        "from a B2B store. One order is posted as an invoice under the walk-in account",
        "absent",
        home="denver",
        email="marta@quindlen-interiors.test",
        store_emails={"dtc": " Marta@Quindlen-Interiors.TEST"},
        segment="B2B",
        orders=(
            Order("b2b", "2026-04-08T19:55:00Z", "1240.00", "102.30", status="10"),
            Order("dtc", "2026-04-11T13:20:40Z", "310.00", "25.58", fulfilled=True, closed=True),
            Order(
                "b2b",
                "2026-04-06T15:00:00Z",
                "430.00",
                "35.48",
                status="2",
                documents=(Document("free_text_invoice", account="US-WALKIN", state="posted"),),
            ),
        ),
        rows=(
            Row(
                9,
                "ustr",
                "ship_to_country",
                3,
                "1550.00",
                "USD 1550.00",
                reason="validation_failed",
                blocked_orders=2,
                posted="430.00",
            ),
        ),
    ),
]

ABSENT_DTC: list[Scenario] = [
    Scenario(
        "Rosa Büchner",
        "A guest: two orders, the domain once in letters and once in its ASCII form; EUR has the "
        "inverse rate only",
        "absent",
        home="koeln",
        email="rosa@büchner-garten.example",
        orders=(
            Order("dtc", "2026-04-07T08:20:00Z", "640.00", "121.60", "EUR", by="guest"),
            Order(
                "dtc",
                "2026-04-10T20:02:31Z",
                "320.00",
                "60.80",
                "EUR",
                by="guest",
                email="Rosa@xn--bchner-garten-wob.example",
            ),
        ),
        rows=(Row(12, "ustr", "ship_to_country", 2, "1200.00", "EUR 960.00"),),
    ),
    Scenario(
        "Étienne Marchand",
        "Present only in the other entity: the order goes to Canada, the customer is in ustr",
        "absent",
        home="montreal",
        email="etienne.marchand@courriel.example",
        orders=(Order("dtc", "2026-04-11T16:40:00Z", "1500.00", "224.63", "CAD"),),
        fo=(Fo("US-0232", email="etienne.marchand@courriel.example"),),
        rows=(
            Row(
                13,
                "catr",
                "ship_to_country",
                1,
                "1110.00",
                "CAD 1500.00",
                reason="in_other_legal_entity",
                other_entities="ustr",
                other_d365_ids="US-0232",
            ),
        ),
    ),
    Scenario(
        "Priya Raman",
        "Dataverse only, by e-mail (contact, not sellable). DTC although an order of three weeks "
        "ago was placed in the B2B store; an unposted free-text invoice does not count",
        "absent",
        home="newark",
        email="priya.raman@postbox.test",
        orders=(
            Order(
                "dtc",
                "2026-04-09T21:11:09Z",
                "845.50",
                "56.01",
                status="AUTHORIZED",
                documents=(Document("free_text_invoice", account="US-WALKIN", state="unposted"),),
            ),
            Order("b2b", "2026-03-21T13:00:00Z", "512.00", "33.92", status="10"),
        ),
        dataverse=(Dataverse("contact", email="Priya.Raman@postbox.test", sellable=False),),
        rows=(
            Row(
                16,
                "ustr",
                "ship_to_country",
                1,
                "845.50",
                "USD 845.50",
                reason="in_dataverse_not_promoted",
            ),
        ),
    ),
    Scenario(
        "Owen Tackett",
        "Dataverse only, by external id: his e-mail is a placeholder that a D365 customer and "
        "another account share",
        "absent",
        home="fresno",
        email="noreply@bazaar-market.example",
        orders=(Order("dtc", "2026-04-08T23:48:00Z", "1260.00", "103.95"),),
        dataverse=(Dataverse("contact", identification="{shopify_account}", email=""),),
        rows=(
            Row(
                11,
                "ustr",
                "ship_to_country",
                1,
                "1260.00",
                "USD 1260.00",
                reason="in_dataverse_not_promoted",
            ),
        ),
    ),
    Scenario(
        "Lukas Feldmann",
        "Dataverse only, by tax id without its prefix; the check digit is wrong, the key stays",
        "absent",
        home="hamburg",
        email="lukas@feldmann-holz.example",
        account_tax_id="DE 136 695 978",
        orders=(Order("dtc", "2026-04-09T06:30:00Z", "920.00", "0.00"),),
        dataverse=(
            Dataverse(
                "account",
                name="Feldmann Holzwerkstatt",
                number="US-0990",
                email="buero@feldmann-holz.example",
                tax_id="136695978",
            ),
        ),
        rows=(
            Row(
                15,
                "ustr",
                "ship_to_country",
                1,
                "920.00",
                "USD 920.00",
                reason="in_dataverse_not_promoted",
            ),
        ),
    ),
    Scenario(
        "Noor Haddad",
        "One of two orders is in a currency without any rate: counted, flagged, ranked last. "
        "The Emirates have no entity: the store's default applies",
        "absent",
        home="dubai",
        email="noor.haddad@oasis-mail.example",
        orders=(
            Order("dtc", "2026-04-07T10:10:10Z", "275.00"),
            Order("dtc", "2026-04-10T11:30:00Z", "1800.00", "90.00", "AED"),
        ),
        rows=(
            Row(
                18,
                "ustr",
                "store_default",
                2,
                "275.00",
                "AED 1800.00, USD 275.00",
                is_rate_missing=True,
            ),
        ),
    ),
    Scenario(
        "Caleb Winthrop",
        "Awaiting sync: the order is one second older than the end of the window. An order of "
        "the next second is not in it",
        "absent",
        home="boise",
        email="caleb.winthrop@sagebrush.test",
        orders=(
            Order("dtc", "2026-04-13T03:59:59Z", "2196.75", "131.81", status="PENDING"),
            Order("dtc", "2026-04-13T04:00:00Z", "88.00", "5.28"),
        ),
        rows=(
            Row(
                6,
                "ustr",
                "ship_to_country",
                1,
                "2196.75",
                "USD 2196.75",
                reason="awaiting_sync",
                is_awaiting_sync=True,
            ),
        ),
    ),
    Scenario(
        "Simone Achterberg",
        "Orders to both entities, present in one: absent in catr only, and only the Canadian "
        "order is blocked",
        "absent",
        home="vancouver",
        email="simone@achterberg.test",
        orders=(
            Order("dtc", "2026-04-07T17:00:00Z", "900.00", "108.00", "CAD"),
            Order(
                "dtc",
                "2026-04-08T17:00:00Z",
                "500.00",
                "0.00",
                ship_to=("salem",),
                order_card="unexplained",  # present in ustr, its destination
            ),
        ),
        fo=(Fo("US-0233", email="simone@achterberg.test"),),
        rows=(
            Row(
                17,
                "catr",
                "ship_to_country",
                1,
                "661.50",
                "CAD 900.00",
                reason="in_other_legal_entity",
                other_entities="ustr",
                other_d365_ids="US-0233",
            ),
        ),
    ),
    Scenario(
        "Theo Lindqvist",
        "One order is already a sales order under the walk-in account: shown apart, not blocked. "
        "The other is partly refunded; it was placed exactly 15 minutes before the as-of instant",
        "absent",
        home="duluth",
        email="theo.lindqvist@northshore.test",
        orders=(
            Order(
                "dtc",
                "2026-04-07T20:20:20Z",
                "1320.00",
                "90.75",
                documents=(SALES_ORDER_UNDER_WALK_IN,),
            ),
            Order(
                "dtc",
                "2026-04-13T03:45:00Z",
                "1890.00",
                "129.94",
                status="PARTIALLY_REFUNDED",
                refunded="210.00",
                discount="50.00",
            ),
        ),
        rows=(
            Row(
                8,
                "ustr",
                "ship_to_country",
                2,
                "1890.00",
                "USD 1890.00",
                blocked_orders=1,
                posted="1320.00",
            ),
        ),
    ),
    Scenario(
        "Gwen Abernathy",
        "Mapped by an override. Her only order in the window is of its first second",
        "absent",
        home="duluth",
        email="gwen.abernathy@lakesidecabins.example",
        orders=(
            Order("dtc", WINDOW_START, "2040.00", "140.25", fulfilled=True),
            Order("dtc", "2026-04-01T12:00:00Z", "150.00", "10.31"),
        ),
        rows=(Row(7, "catr", "override", 1, "2040.00", "USD 2040.00"),),
    ),
    Scenario(
        "Jonah Prescott-Bly",
        "Mapped by an order tag; MXN goes through CAD, JPY has only the Dataverse rate; a "
        "cancelled sales order does not count",
        "absent",
        home="tampa",
        email="jonah@prescott-bly.test",
        orders=(
            Order(
                "dtc",
                "2026-04-08T14:14:14Z",
                "10000.00",
                "0.00",
                "MXN",
                tags=("fulfil-from-ca", "summer"),
                documents=(Document("sales_order", account="US-WALKIN", state="canceled"),),
            ),
            Order(
                "dtc", "2026-04-09T14:14:14Z", "60000.00", "0.00", "JPY", tags=("Fulfil-From-CA",)
            ),
        ),
        rows=(Row(14, "catr", "platform_tag", 2, "951.25", "JPY 60000.00, MXN 10000.00"),),
    ),
]

"""The worked example: its customers, why they are in it, and the expected results.

US wholesale distributor: F&O (ustr in USD, catr in CAD), BigCommerce B2B (`b2b`), Shopify Plus
DTC (`dtc`), a closed Shopify pop-up shop that is out of scope (`popup`), Dataverse, Power Automate.
As-of 2026-04-12 in America/New_York (UTC-4): the window is 2026-04-06T04:00:00Z (in) to
2026-04-13T04:00:00Z (out). CAD is worth 0.735 USD to 9 April and 0.74 from 10 April; EUR has the
inverse rate only (1 USD = 0.8 EUR); MXN goes through CAD (100 MXN = 7.5 CAD); JPY has only the
Dataverse rate (150 JPY = 1 USD); AED has none.
"""

from __future__ import annotations

WINDOW_START = "2026-04-06T04:00:00Z"
WINDOW_END = "2026-04-13T04:00:00Z"

"""The Business Central sample: its customers, why they are in it, and the expected results.

Companies us-trade (USD) and ca-trade (CAD) in Business Central; BigCommerce B2B (`b2b`) and Adobe
Commerce (`adobe`). As-of 2026-04-12 in America/New_York; the customer cards have the window
6-12 April, the order card 14 March-12 April. 1 CAD = 0.73 USD throughout.

Headline 5, twin 6: two customers are in Business Central by tax id only, under another name (the
twin cannot match them), one by name and address only, under another e-mail (only the twin can).
"""

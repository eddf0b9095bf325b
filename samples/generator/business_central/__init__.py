"""The Business Central sample: who is in it, why, and what the specification expects of each.

Companies us-trade (USD) and ca-trade (CAD) in Business Central; BigCommerce B2B (`b2b`) and Adobe
Commerce (`adobe`). As-of 2026-04-12 in America/New_York; the customer cards have the window
6-12 April, the order card 14 March-12 April. 1 CAD = 0.73 USD all the time.

Headline 5, twin 6: two customers are in Business Central by tax id only, under another name (the
twin cannot find them), one by name and address only, under another e-mail (only the twin does).
"""

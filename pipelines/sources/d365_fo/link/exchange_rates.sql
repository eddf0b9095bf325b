-- exchangerate: exchangeratecurrencypair validfrom validto exchangerate
-- exchangeratecurrencypair: recid fromcurrencycode tocurrencycode exchangeratetype
-- exchangeratetype: recid name
-- the table has the rate for 100 units of the from-currency
select
    kind.name as "RateTypeName",
    pair.fromcurrencycode as "FromCurrency",
    pair.tocurrencycode as "ToCurrency",
    rate.validfrom as "StartDate",
    rate.validto as "EndDate",
    rate.exchangerate as "Rate",
    'Hundred' as "ConversionFactor"
from exchangerate as rate
inner join exchangeratecurrencypair as pair on rate.exchangeratecurrencypair = pair.recid
inner join exchangeratetype as kind on pair.exchangeratetype = kind.recid
order by 1, 2, 3, 4

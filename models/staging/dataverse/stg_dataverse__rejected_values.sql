-- Grain: one value of a Dataverse record that does not read as what it should be.
{{ rejected_values('dataverse', 'accounts', 'accountid', [('createdon', 'createdon', 'time')]) }}
union all
{{ rejected_values('dataverse', 'contacts', 'contactid', [
    ('createdon', 'createdon', 'time'),
    ('msdyn_sellable', 'msdyn_sellable', 'boolean'),
]) }}
union all
{{ rejected_values(
    'dataverse',
    'transactioncurrencies',
    'transactioncurrencyid',
    [('exchangerate', 'exchangerate', 'rate')]
) }}

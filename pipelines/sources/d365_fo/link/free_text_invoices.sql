-- custinvoicetable: dataareaid recid invoiceid orderaccount invoiceaccount invoicedate documentdate duedate currencycode exchrate customerref purchorderformnum externalinvoiceid posted iscorrection correctedinvoiceid onetimecustomer incltax
select
    lower(dataareaid) as "dataAreaId",
    recid as "InvoiceIdentifier",
    invoiceid as "FreeTextNumber",
    orderaccount as "CustomerAccount",
    invoiceaccount as "InvoiceAccount",
    invoicedate as "InvoiceDate",
    documentdate as "DocumentDate",
    duedate as "DueDate",
    currencycode as "CurrencyCode",
    exchrate as "ExchangeRate",
    customerref as "CustomerReference",
    purchorderformnum as "CustomerRequisition",
    externalinvoiceid as "ExternalInvoiceId",
    no_yes(posted) as "IsPosted",
    no_yes(iscorrection) as "IsCorrection",
    correctedinvoiceid as "CorrectedInvoiceId",
    no_yes(onetimecustomer) as "IsOneTimeCustomer",
    no_yes(incltax) as "InclTax"
from custinvoicetable
order by 1, 2

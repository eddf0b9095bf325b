-- salestable: dataareaid salesid salesstatus custaccount invoiceaccount currencycode customerref purchorderformnum salesoriginid createddatetime quotationid vatnum email
select
    lower(dataareaid) as "dataAreaId",
    salesid as "SalesOrderNumber",
    enum_name(salesstatus, [
        'None', 'Backorder', 'Delivered', 'Invoiced', 'Canceled'
    ]) as "SalesOrderStatus",
    custaccount as "OrderingCustomerAccountNumber",
    invoiceaccount as "InvoiceCustomerAccountNumber",
    currencycode as "CurrencyCode",
    customerref as "CustomersOrderReference",
    purchorderformnum as "CustomerRequisitionNumber",
    salesoriginid as "SalesOrderOriginCode",
    createddatetime as "OrderCreationDateTime",
    quotationid as "QuotationNumber",
    vatnum as "TaxExemptNumber",
    email as "Email"
from salestable
order by 1, 2

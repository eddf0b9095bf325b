/*
table = "d365_fo.free_text_invoices"
what = "a data-management file of F&O, Free text invoice headers"
signs = ["InvoiceIdentifier", "IsPosted"]
unless = ["dataareaid"]
lacks = "it has no company: that is the name of its folder (d365_fo/<dataAreaId>/)"
remedy = "add the field to the mapping of the export project"
columns = '''
InvoiceIdentifier
FreeTextNumber
CustomerAccount
InvoiceAccount
InvoiceDate
DocumentDate
DueDate
CurrencyCode
ExchangeRate
CustomerReference
CustomerRequisition
ExternalInvoiceId
IsPosted
IsCorrection
CorrectedInvoiceId
IsOneTimeCustomer
InclTax
'''
*/
select n, instance as "dataAreaId", * exclude (n, record, instance)
    replace (
        shape_time_us("InvoiceDate") as "InvoiceDate",
        shape_time_us("DocumentDate") as "DocumentDate",
        shape_time_us("DueDate") as "DueDate"
    ) from given

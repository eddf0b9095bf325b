/*
table = "d365_fo.sales_orders"
what = "a data-management file of F&O, Sales order headers V2"
signs = ["SalesOrderNumber", "SalesOrderStatus"]
unless = ["dataareaid"]
lacks = "it has no company: that is the name of its folder (d365_fo/<dataAreaId>/)"
remedy = "add the field to the mapping of the export project"
columns = '''
SalesOrderNumber
SalesOrderStatus
SalesOrderProcessingStatus
OrderingCustomerAccountNumber
InvoiceCustomerAccountNumber
CurrencyCode
CustomersOrderReference
CustomerRequisitionNumber
SalesOrderOriginCode
OrderCreationDateTime
QuotationNumber
OrderTotalAmount
OrderTotalTaxAmount
AreTotalsCalculated
DeliveryAddressCountryRegionISOCode
TaxExemptNumber
Email
'''
*/
select n, instance as "dataAreaId", * exclude (n, record, instance)
    replace (shape_time_us("OrderCreationDateTime") as "OrderCreationDateTime") from given

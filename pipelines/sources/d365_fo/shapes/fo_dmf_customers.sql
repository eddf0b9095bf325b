/*
table = "d365_fo.customers"
what = "a data-management file of F&O, Customers V3"
signs = ["CustomerAccount", "OnHoldStatus"]
unless = ["dataareaid"]
lacks = "it has no company: that is the name of its folder (d365_fo/<dataAreaId>/)"
remedy = "add the field to the mapping of the export project"
columns = '''
CustomerAccount
PartyType
PartyNumber
OrganizationName
PersonFirstName
PersonLastName
NameAlias
CustomerGroupId
SalesCurrencyCode
PrimaryContactEmail
PrimaryContactPhone
TaxExemptNumber
TaxRegistrationId
IdentificationNumber
OrganizationNumber
FiscalCode
OnHoldStatus
IsOneTimeCustomer
InvoiceAccount
AddressCountryRegionId
AddressCountryRegionISOCode
AddressZipCode
AddressCity
AddressStreet
'''
*/
select n, record, instance as "dataAreaId", * exclude (n, record, instance) from given

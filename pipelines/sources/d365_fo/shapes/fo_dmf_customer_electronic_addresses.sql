/*
table = "d365_fo.customer_electronic_addresses"
what = "a data-management file of F&O, customer electronic addresses"
signs = ["CustomerAccount", "Locator"]
unless = ["dataareaid"]
lacks = "it has no company: that is the name of its folder (d365_fo/<dataAreaId>/)"
remedy = "add the field to the mapping of the export project"
columns = '''
CustomerAccount
ElectronicAddressId
Locator
Type
IsPrimary
Purpose
'''
*/
select n, instance as "dataAreaId", * exclude (n, record, instance) from given

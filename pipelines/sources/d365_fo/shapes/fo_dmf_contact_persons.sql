/*
table = "d365_fo.contact_persons"
what = "a data-management file of F&O, contacts"
signs = ["ContactPersonId", "AssociatedPartyNumber"]
unless = ["dataareaid"]
lacks = "it has no company: that is the name of its folder (d365_fo/<dataAreaId>/)"
remedy = "add the field to the mapping of the export project"
columns = '''
ContactPersonId
AssociatedPartyNumber
PrimaryEmailAddress
IsInactive
'''
*/
select n, instance as "dataAreaId", * exclude (n, record, instance) from given

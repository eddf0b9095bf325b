-- contactperson: recid dataareaid contactpersonid contactforparty party inactive
-- dirpartytable: recid partynumber name namealias primarycontactemail primarycontactphone primaryaddresslocation
-- logisticselectronicaddress: recid location locator type isprimary
select
    lower(contactperson.dataareaid) as "dataAreaId",
    contactperson.contactpersonid as "ContactPersonId",
    organization.partynumber as "AssociatedPartyNumber",
    email.locator as "PrimaryEmailAddress",
    no_yes(contactperson.inactive) as "IsInactive"
from contactperson
left join dirpartytable as organization on contactperson.contactforparty = organization.recid
left join dirpartytable as person on contactperson.party = person.recid
left join logisticselectronicaddress as email on person.primarycontactemail = email.recid
order by 1, 2

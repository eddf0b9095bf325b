-- custtable: recid dataareaid accountnum party custgroup currency vatnum blocked invoiceaccount onetimecustomer identificationnumber
-- dirpartytable: recid partynumber name namealias primarycontactemail primarycontactphone primaryaddresslocation
-- logisticselectronicaddress: recid location locator type isprimary
-- logisticspostaladdress: recid location countryregionid zipcode city street validfrom validto
-- logisticsaddresscountryregion: countryregionid isocode
with current_addresses as (
    select * from logisticspostaladdress
    where coalesce(try_cast(validto as timestamptz), 'infinity') > now()
    qualify row_number() over (partition by location order by validfrom desc nulls last) = 1
)

select
    lower(custtable.dataareaid) as "dataAreaId",
    custtable.accountnum as "CustomerAccount",
    dirpartytable.partynumber as "PartyNumber",
    dirpartytable.name as "OrganizationName",
    dirpartytable.namealias as "NameAlias",
    custtable.custgroup as "CustomerGroupId",
    custtable.currency as "SalesCurrencyCode",
    email.locator as "PrimaryContactEmail",
    phone.locator as "PrimaryContactPhone",
    custtable.vatnum as "TaxExemptNumber",
    custtable.identificationnumber as "IdentificationNumber",
    enum_name(custtable.blocked, [
        'No', 'Invoice', 'All', 'Payment', 'Requisition', 'Never', 'PurchOrder'
    ]) as "OnHoldStatus",
    no_yes(custtable.onetimecustomer) as "IsOneTimeCustomer",
    custtable.invoiceaccount as "InvoiceAccount",
    current_addresses.countryregionid as "AddressCountryRegionId",
    country.isocode as "AddressCountryRegionISOCode",
    current_addresses.zipcode as "AddressZipCode",
    current_addresses.city as "AddressCity",
    current_addresses.street as "AddressStreet"
from custtable
left join dirpartytable on custtable.party = dirpartytable.recid
left join logisticselectronicaddress as email
    on dirpartytable.primarycontactemail = email.recid
left join logisticselectronicaddress as phone
    on dirpartytable.primarycontactphone = phone.recid
left join current_addresses
    on dirpartytable.primaryaddresslocation = current_addresses.location
left join logisticsaddresscountryregion as country
    on current_addresses.countryregionid = country.countryregionid
order by 1, 2

-- custtable: recid dataareaid accountnum party custgroup currency vatnum blocked invoiceaccount onetimecustomer identificationnumber
-- dirpartylocation: party location
-- logisticselectronicaddress: recid location locator type isprimary
select distinct
    lower(custtable.dataareaid) as "dataAreaId",
    custtable.accountnum as "CustomerAccount",
    address.recid as "ElectronicAddressId",
    address.locator as "Locator",
    enum_name(address.type, [
        'None', 'Phone', 'Email', 'URL', 'Telex', 'Fax', 'Facebook', 'Twitter',
        'LinkedIn'
    ]) as "Type",
    no_yes(address.isprimary) as "IsPrimary"
from custtable
inner join dirpartylocation on custtable.party = dirpartylocation.party
inner join logisticselectronicaddress as address
    on dirpartylocation.location = address.location
order by 1, 2, 3

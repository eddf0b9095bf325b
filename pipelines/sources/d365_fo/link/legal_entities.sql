-- companyinfo: dataarea name
select upper(dataarea) as "LegalEntityId", name as "Name" from companyinfo order by 1

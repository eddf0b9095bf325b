-- For shapes: times, amounts and lists as a page or a person writes them.

-- 2026-04-09 14:03:22 +0200, 09.04.2026 14:03, 2026-04-09 14:03 → ISO 8601 (without a zone: UTC)
create or replace temp macro shape_time(text) as coalesce(
    strftime(
        case
            when text like '____-__-__%' then try_cast(
                regexp_replace(text, ' ([+-][0-9]{2}):?([0-9]{2})$', '\1:\2') as timestamptz
            ) at time zone 'UTC'
            -- the days of a workbook
            when regexp_full_match(text, '[2-6][0-9]{4}([.][0-9]+)?')
                then timestamp '1899-12-30' + to_seconds(round(text::double * 86400))
            when text like '__.__.____%'
                then try_strptime(text, ['%d.%m.%Y %H:%M:%S', '%d.%m.%Y %H:%M', '%d.%m.%Y'])
            else try_strptime(text, '%b %d, %Y %I:%M:%S %p')
        end,
        '%Y-%m-%dT%H:%M:%SZ'
    ),
    text
);

-- 04/09/2026 2:03 PM, month first, as pages in English (US) write it
create or replace temp macro shape_time_us(text) as case
    when text like '%/%' then coalesce(
        strftime(
            try_strptime(text, [
                '%m/%d/%Y %H:%M:%S', '%m/%d/%Y %I:%M:%S %p', '%m/%d/%Y %I:%M %p', '%m/%d/%Y %H:%M',
                '%m/%d/%Y'
            ]),
            '%Y-%m-%dT%H:%M:%SZ'
        ),
        text
    )
    else shape_time(text)
end;

-- 1.234,56 and $1,234.56 → 1234.56: the last sign is that of the fraction, unless it is a comma
-- before three digits
create or replace temp macro shape_amount(text) as case
    when regexp_matches(text, '[0-9]') then regexp_replace(
        case
            when regexp_matches(text, ',[0-9]{1,2}[^0-9.,]*$')
                then replace(regexp_replace(text, '[^0-9,-]', '', 'g'), ',', '.')
            when regexp_matches(text, '[.].*[.]') then regexp_replace(text, '[^0-9-]', '', 'g')
            else regexp_replace(text, '[^0-9.-]', '', 'g')
        end,
        '^(.*)-$', '-\1'
    )
end;

-- without the apostrophe by which an export keeps a spreadsheet from reading a number
create or replace temp macro shape_text(text) as nullif(trim(ltrim(text, '''')), '');

create or replace temp macro shape_money(amount, currency) as case
    when amount is not null then {'amount': amount, 'currencyCode': currency}
end;

-- an address as Shopify's API writes it; NULL for one without a field
create or replace temp macro shape_address(name, company, address1, address2, city, zip, country, phone) as case
    when coalesce(name, company, address1, address2, city, zip, country, phone) is not null then to_json({
        'name': name, 'company': company, 'address1': address1, 'address2': address2, 'city': city,
        'zip': shape_text(zip), 'countryCodeV2': country, 'phone': shape_text(phone)
    })
end;

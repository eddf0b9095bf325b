{#
    The enums of D365, Dataverse, Power Automate and the shops: every spelling that staging reads, and the value that the
    models compare. The API sends the symbol, a table export the integer, a report or a view the label. A spelling that is not
    here is NULL and listed in rejected_records; add it here (docs/decisions/0030). `blank` is an enum's own blank.
#}
{% macro enum_value(column, enum) -%}
    {%- set values = {
        'boolean': {'true': '1 true yes t y', 'false': '0 false no f n'},
        'hold': {
            'true': '1 invoice 2 all 3 payment 4 requisition 6 purchorder purchaseorder',
            'false': 'blank 0 no 5 never',
        },
        'block': {'true': '1 ship 2 invoice 3 all', 'false': 'blank 0'},
        'conversion factor': {
            '1': '1 one', '10': '2 ten 10', '100': '3 hundred 100', '1000': '4 thousand 1000',
            '10000': '5 tenthousand 10000',
        },
        'sales order status': {
            "'none'": '0 none', "'backorder'": '1 backorder openorder', "'delivered'": '2 delivered',
            "'invoiced'": '3 invoiced', "'canceled'": '4 canceled cancelled',
        },
        'invoice status': {
            "'none'": 'blank 0', "'draft'": '1 draft', "'in review'": '2 inreview', "'open'": '3 open',
            "'paid'": '4 paid', "'canceled'": '5 canceled cancelled', "'corrective'": '6 corrective',
        },
        'address type': {
            "'none'": '0 none', "'phone'": '1 phone', "'email'": '2 email emailaddress', "'url'": '3 url',
            "'telex'": '4 telex', "'fax'": '5 fax', "'other'": '6 facebook 7 twitter 8 linkedin',
        },
        'financial status': {
            "'PAID'": 'paid', "'PARTIALLY_PAID'": 'partiallypaid', "'PARTIALLY_REFUNDED'": 'partiallyrefunded',
            "'PENDING'": 'pending', "'AUTHORIZED'": 'authorized', "'REFUNDED'": 'refunded',
            "'VOIDED'": 'voided', "'EXPIRED'": 'expired',
        },
        'order status': {
            "'0'": '0 incomplete', "'1'": '1 pending', "'2'": '2 shipped', "'3'": '3 partiallyshipped',
            "'4'": '4 refunded', "'5'": '5 cancelled canceled', "'6'": '6 declined', "'7'": '7 awaitingpayment',
            "'8'": '8 awaitingpickup', "'9'": '9 awaitingshipment', "'10'": '10 completed',
            "'11'": '11 awaitingfulfillment awaitingfulfilment', "'12'": '12 manualverificationrequired',
            "'13'": '13 disputed', "'14'": '14 partiallyrefunded',
        },
        'order state': {
            "'new'": 'new pending', "'pending_payment'": 'pendingpayment', "'processing'": 'processing',
            "'complete'": 'complete completed', "'closed'": 'closed', "'canceled'": 'canceled cancelled',
            "'holded'": 'holded onhold', "'payment_review'": 'paymentreview',
        },
        'record state': {'true': '0 active', 'false': '1 inactive'},
        'customer type': {
            "'customer'": '3 customer',
            "'other'": '1 competitor 2 consultant 4 investor 5 partner 6 influencer 7 press 8 prospect 9 reseller
                10 supplier 11 vendor 12 other',
        },
        'flow state': {
            "'off'": '0 draft off', "'on'": '1 activated on', "'suspended'": '2 suspended cdssuspended',
        },
        'flow category': {
            'true': '5 modernflow cloudflow',
            'false': '0 workflow 1 dialog 2 businessrule 3 action 4 businessprocessflow 6 desktopflow 7 aiflow',
        },
        'run status': {
            "'failed'": 'failed faulted aborted timedout', "'succeeded'": 'succeeded success',
            "'cancelled'": 'cancelled canceled', "'skipped'": 'skipped ignored',
            "'running'": 'running waiting suspended paused',
        },
    } -%}
    {%- if enum not in values -%}
        {{ exceptions.raise_compiler_error("casts: '" ~ enum ~ "' is no kind; enums: " ~ values | join(', ')) }}
    {%- endif -%}
    case {{ enum_spelling(column) }}
        {%- for value, spellings in values[enum].items() %}
        {%- for spelling in spellings.split() %}
        when '{{ spelling if spelling != 'blank' }}' then {{ value }}
        {%- endfor %}
        {%- endfor %}
    end
{%- endmacro %}

{# Lower case, without blanks (_x0020_ in OData), hyphens and the fraction that a data frame adds to an integer #}
{% macro enum_spelling(column) -%}
    {{ replace_pattern("replace(trim(lower(" ~ column ~ ")), '_x0020_', '')", '[ _-]|[.]0+$') }}
{%- endmacro %}

{# The status of an order: a label as its code; any other text as it is written, for the field map to decide and list #}
{% macro status_code(column, enum, written) -%}
    coalesce({{ enum_value(column, enum) }}, {{ written }})
{%- endmacro %}

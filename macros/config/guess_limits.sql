{#-
  Adds to `meta` of each column what the data say of its limits: min, max, accepted_values, max_null_rate. Only of monitored columns
  of the inferences, and only from 100 values on. docs/suggest_contract.md gives the rules.
-#}
{% macro guess_limits(about) %}
    {%- set judged = ['feature', 'score', 'prediction', 'latency_ms'] -%}
    {%- set lists = [] -%}
    {%- for c in about.columns if about.table == 'inferences' -%}
        {%- set categorical = c.role == 'prediction' and about.task != 'regression' and c.type_class == 'numeric' -%}
        {%- if c.role == 'score' -%}
            {%- do c.meta.extend(['min: 0', 'max: 1']) -%}
        {%- elif c.role in judged and (c.type_class == 'text' or (categorical and c.whole)) and c.filled >= 100 -%}
            {%- if c.distinct == 1 -%}
                {%- do c.notes.append('constant, so no accepted_values') -%}
            {%- elif c.distinct <= about.max_accepted_values -%}
                {%- do lists.append(c) -%}
            {%- endif -%}
        {%- elif c.role in judged and c.type_class == 'numeric' and not categorical -%}
            {%- do ml_monitor.add_range(c) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if lists -%}{%- do ml_monitor.add_accepted_values(about, lists) -%}{%- endif -%}
    {#- Some number types of an engine are not known as numbers. -#}
    {%- for c in about.columns if c.type_class == 'numeric' and c.role in judged and 'kind: categorical' not in c.meta
        and ml_monitor.kind_of_type(c.engine_type) != 'numeric' -%}
        {%- do c.meta.insert(0, 'kind: numeric') -%}
    {%- endfor -%}
    {%- for c in about.columns if about.table == 'inferences' and c.role in judged and about.rows >= 100 and c.filled -%}
        {%- set limit = [c.null_limit, 0.001] | max -%}
        {%- do c.meta.append('max_null_rate: ' ~ (1 if limit >= 0.995 else ml_monitor.rounded_outward(limit, 'up'))) -%}
    {%- endfor -%}
    {%- do ml_monitor.add_worst_days(about) -%}
{% endmacro %}


{#-
  Notes for columns with some NULLs how large their share was on the worst day of the event time, among days of 100 rows or more: a limit
  for all rows is exceeded on such a day. One scan.
-#}
{% macro add_worst_days(about) %}
    {%- set event = (about.columns | selectattr('role', 'equalto', 'event_time') | list + [none])[0] -%}
    {%- set columns, rates, worst = [], [], [] -%}
    {%- for c in about.columns if about.rows >= 100 and c.filled and c.filled < about.rows and c.role != 'event_time' -%}
        {%- do rates.append(ml_monitor.ratio('(count(*) - count(' ~ c.sql ~ '))', 'count(*)') ~ ' as rate_' ~ columns | length) -%}
        {%- do worst.append('max(rate_' ~ columns | length ~ ') as worst_' ~ columns | length) -%}
        {%- do columns.append(c) -%}
    {%- endfor -%}
    {%- if event and event.filled and columns -%}
        {%- set days = 'select\n    ' ~ rates | join(',\n    ') ~ '\nfrom (\n    ' ~ about.sql | indent(4)
            ~ '\n) as raw\nwhere ' ~ event.sql ~ ' is not null'
            ~ '\ngroup by ' ~ ml_monitor.truncate('day', event.sql) ~ '\nhaving count(*) >= 100' -%}
        {%- set row = ml_monitor.first_row(worst, days) -%}
        {%- for c in columns -%}
            {%- set share = row['worst_' ~ loop.index0] -%}
            {%- if share is not none -%}{%- do c.notes.append('worst day ' ~ ml_monitor.percent(share | float)) -%}{%- endif -%}
        {%- endfor -%}
    {%- endif -%}
{% endmacro %}


{#-
  min and max of a number: percentiles 0.1 and 99.9, half an interquartile range further out, rounded outward to two digits. A side on
  which 0 is the end of the data stays 0; shares get [0, 1]; a latency has no end upward.
-#}
{% macro add_range(c) %}
    {%- if (c.finite or 0) < 100 -%}{%- do return('') -%}{%- endif -%}
    {%- if c.least == c.greatest -%}
        {%- do c.notes.append('constant, so no range') -%}
    {%- elif c.role == 'latency_ms' -%}
        {%- if c.least >= 0 -%}{%- do c.meta.append('min: 0') -%}{%- endif -%}
    {%- elif c.least >= 0 and c.greatest <= 1 and c.greatest >= 0.5 -%}
        {%- do c.meta.extend(['min: 0', 'max: 1']) -%}
    {%- else -%}
        {%- set margin = (c.p750 - c.p250 if c.p750 > c.p250 else c.p999 - c.p001) / 2 -%}
        {%- set ns = namespace(low=c.p001 - margin, high=c.p999 + margin) -%}
        {%- if c.whole -%}
            {%- set ns.low = ns.low | round(0, 'floor') -%}
            {%- set ns.high = ns.high | round(0, 'ceil') -%}
        {%- endif -%}
        {%- if c.least == 0 or (c.least > 0 and ns.low < 0) -%}{%- set ns.low = 0 -%}{%- endif -%}
        {%- if c.greatest == 0 or (c.greatest < 0 and ns.high > 0) -%}{%- set ns.high = 0 -%}{%- endif -%}
        {%- if margin > 0 or ns.low == 0 -%}{%- do c.meta.append('min: ' ~ ml_monitor.rounded_outward(ns.low, 'down')) -%}{%- endif -%}
        {%- if margin > 0 or ns.high == 0 -%}{%- do c.meta.append('max: ' ~ ml_monitor.rounded_outward(ns.high, 'up')) -%}{%- endif -%}
        {%- if margin == 0 -%}{%- do c.notes.append('almost constant') -%}{%- endif -%}
    {%- endif -%}
{% endmacro %}


{#-
  accepted_values of columns that have few: all of them, if none is rare (fewer than 5 rows, or than 0.1 % of the values). A rare one may be
  a fault or a value that is seldom; then there is no list, and the comment says so. Blank texts and texts above 200 letters are not listed.
  One scan for all columns.
-#}
{% macro add_accepted_values(about, columns) %}
    {%- set casts, names, sets, numbers = [], [], [], [] -%}
    {%- for c in columns -%}
        {%- set v = 'v' ~ loop.index0 -%}
        {%- do casts.append("'=' || cast(" ~ c.sql ~ ' as ' ~ ml_monitor.text_type() ~ ') as ' ~ v) -%}
        {%- do names.append(v) -%}
        {%- do sets.append('(' ~ v ~ ')') -%}
        {%- do numbers.append('when grouping(' ~ v ~ ') = 0 then ' ~ loop.index0) -%}
    {%- endfor -%}
    {%- set query -%}
with

data as (

    {{ about.sql | indent(4) }}

),

texts as (

    select
        {{ casts | join(',\n        ') }}
    from data

),

final as (

    select
        case {{ numbers | join(' ') }} end as column_number,
        coalesce({{ names | join(', ') }}, null) as value,
        count(*) as row_count
    from texts
    group by grouping sets ({{ sets | join(', ') }})

)

select * from final where value is not null
    {%- endset -%}
    {%- set counted = run_query(query).rows -%}
    {%- for c in columns -%}
        {%- set number = loop.index0 -%}
        {%- set values, rare, unlisted = [], [], [] -%}
        {%- for row in counted | sort(attribute='1', case_sensitive=true) if row[0] | int == number -%}
            {%- set value = row[1][1:] -%}
            {%- if not value.strip() or value | length > 200 -%}
                {%- do unlisted.append(value) -%}
            {%- elif row[2] < [5, 0.001 * c.filled] | max -%}
                {%- do rare.append(value) -%}
            {%- else -%}
                {%- do values.append(value if c.type_class == 'numeric' else ml_monitor.yaml_scalar(value)) -%}
            {%- endif -%}
        {%- endfor -%}
        {%- if rare -%}
            {%- do c.notes.append(rare | length ~ ' rare, so no accepted_values') -%}
        {%- elif values -%}
            {%- if c.type_class == 'numeric' -%}{%- do c.meta.append('kind: categorical') -%}{%- endif -%}
            {%- do c.meta.append('accepted_values: [' ~ values | join(', ') ~ ']') -%}
            {%- if unlisted -%}{%- do c.notes.append(unlisted | length ~ ' blank or long, not listed') -%}{%- endif -%}
        {%- endif -%}
    {%- endfor -%}
{% endmacro %}


{#- A number as text with two significant digits, not below (`up`) or above (`down`) itself. Floats are read to ten digits. -#}
{% macro rounded_outward(number, direction) %}
    {%- if number == 0 -%}{%- do return('0') -%}{%- endif -%}
    {%- if number < 0 -%}
        {%- set size = ml_monitor.rounded_outward(-number, 'down' if direction == 'up' else 'up') -%}
        {%- do return('0' if size == '0' else '-' ~ size) -%}
    {%- endif -%}
    {%- if number < 1e-12 -%}{%- do return('0' if direction == 'down' else '0.000000000001') -%}{%- endif -%}
    {%- set parts = ('%.9e' | format(number)).split('e') -%}
    {%- set digits = parts[0].replace('.', '') -%}
    {%- set exponent = parts[1] | int - 1 -%}
    {%- set first = digits[:2] | int + (1 if direction == 'up' and digits[2:] | int > 0 else 0) -%}
    {#- YAML takes 1e+99 for a text. -#}
    {%- if exponent > 15 -%}{%- do return('%.1e' | format((first ~ 'e' ~ exponent) | float)) -%}{%- endif -%}
    {%- if exponent >= 0 -%}{%- do return((first * 10 ** exponent) | string) -%}{%- endif -%}
    {%- set digits = '%0' ~ (1 - exponent) ~ 'd' -%}
    {%- set text = digits | format(first) -%}
    {%- do return((text[:exponent] ~ '.' ~ text[exponent:]).rstrip('0').rstrip('.')) -%}
{% endmacro %}

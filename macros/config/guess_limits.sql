{#-
  Adds to `meta` of each column the limits that its nature gives: min, max, accepted_values, and max_null_rate where no NULL was seen. Only
  of monitored columns of the inferences. Never from the extremes of a sample, which the next row may exceed; docs/suggest_contract.md
  gives the rules.
-#}
{% macro guess_limits(about) %}
    {%- set judged = ['feature', 'score', 'prediction', 'latency_ms'] -%}
    {%- set lists = [] -%}
    {%- for c in about.columns if about.table == 'inferences' and c.role in judged -%}
        {%- set is_class = c.role == 'prediction' and about.task != 'regression' -%}
        {%- if c.role == 'score' -%}
            {%- if (c.outside_unit or 0) <= 0.001 * (c.finite or 0) -%}{%- do c.meta.extend(['min: 0', 'max: 1']) -%}{%- endif -%}
        {%- elif c.categorical -%}
            {%- do c.meta.append('kind: categorical') -%}
            {%- if c.is_flag -%}{%- do c.meta.append('accepted_values: [0, 1]') -%}{%- endif -%}
        {%- elif is_class or c.type_class == 'text' -%}
            {%- set most = about.max_accepted_values if is_class else 2 -%}
            {%- set is_closed = (c.type_class == 'text' or c.whole) and c.filled >= 100 and 1 < c.distinct <= most -%}
            {%- if is_closed -%}{%- do lists.append(c) -%}{%- endif -%}
        {%- elif c.type_class == 'numeric' and c.finite -%}
            {%- set range = {'min': 0} if c.role == 'latency_ms' and c.least >= 0 else ml_monitor.natural_range(c) -%}
            {%- for key, value in range.items() -%}{%- do c.meta.append(key ~ ': ' ~ value) -%}{%- endfor -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if lists -%}{%- do ml_monitor.add_accepted_values(about, lists) -%}{%- endif -%}
    {#- Some number types of an engine are not known as numbers. -#}
    {%- for c in about.columns if c.type_class == 'numeric' and c.role in judged and 'kind: categorical' not in c.meta
        and ml_monitor.kind_of_type(c.engine_type) != 'numeric' -%}
        {%- do c.meta.insert(0, 'kind: numeric') -%}
    {%- endfor -%}
    {%- for c in about.columns if about.table == 'inferences' and c.role in judged and about.rows >= 100 and c.filled == about.rows -%}
        {%- do c.meta.append('max_null_rate: ' ~ ml_monitor.rounded_outward([c.null_limit, 0.001] | max, 'up')) -%}
    {%- endfor -%}
{% endmacro %}


{#-
  min and max of a number by its name and nature, if no value contradicts them: hours of a day, shares, latitudes; of amounts, counts and
  ages only that they are not negative. Arguments: c (dict of a column). Returns: dict with min, max, or none of them.
-#}
{% macro natural_range(c) %}
    {%- set words = c.key.split('_') -%}
    {%- set last = words[-1] -%}
    {%- set at_least = {'min': 0} if c.is_amount and c.least >= 0 else {} -%}
    {%- set ranges = [] -%}
    {%- if c.is_change or words | select('in', ['per', 'each', 'an', 'a']) | list -%}{%- do return(at_least) -%}{%- endif -%}
    {%- if c.whole_values == c.finite -%}
        {%- set clocks = {
            'hour|hour_of_(the_)?day': [0, 23], 'minute|minute_of_hour|second': [0, 59], 'month|month_of_year': [1, 12],
            'weekday|day_of_week|dayofweek|dow|isodow': [1, 7] if c.greatest == 7 else [0, 6] if c.least == 0 else [0, 7],
            'day|day_of_month|mday': [1, 31], 'day_of_year|dayofyear|doy|yday': [1, 366], 'week|week_of_year': [1, 53], 'quarter': [1, 4],
        } -%}
        {%- for names, range in clocks.items() if modules.re.match('^(.*_)?(' ~ names ~ ')$', c.key) -%}
            {%- do ranges.append(range) -%}
        {%- endfor -%}
    {%- endif -%}
    {%- if last in ['lat', 'latitude'] -%}{%- do ranges.append([-90, 90]) -%}{%- endif -%}
    {%- if last in ['lon', 'lng', 'long', 'longitude'] -%}{%- do ranges.append([-180, 180]) -%}{%- endif -%}
    {%- if words | select('in', ['pct', 'percent', 'percentage']) | list -%}{%- do ranges.append([0, 100]) -%}{%- endif -%}
    {%- if words | select('in', ['share', 'fraction', 'proportion', 'prob', 'proba', 'probability', 'likelihood', 'propensity', 'score'])
        | list -%}
        {%- do ranges.append([0, 1]) -%}
    {%- endif -%}
    {%- for low, high in ranges if low <= c.least and c.greatest <= high -%}{%- do return({'min': low, 'max': high}) -%}{%- endfor -%}
    {%- do return(at_least) -%}
{% endmacro %}


{#-
  accepted_values of what is closed by nature: the classes of a prediction, if none is rare (fewer than 5 rows, or than 0.1 % of the values;
  it may be a fault) or each is a class of the labels, too (`about.classes`); and a text of two values such as yes and no. Blank texts and
  texts above 200 letters are not listed. One scan for all columns.
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
        {%- set values, rare, unlisted, found = [], [], [], [] -%}
        {%- set pairs = [['no', 'yes'], ['n', 'y'], ['false', 'true'], ['f', 't'], ['0', '1'], ['off', 'on']] -%}
        {%- for row in counted | sort(attribute='1', case_sensitive=true) if row[0] | int == number -%}
            {%- set value = row[1][1:] -%}
            {%- do found.append(value) -%}
            {%- if not value.strip() or value | length > 200 -%}
                {%- do unlisted.append(value) -%}
            {%- elif row[2] < [5, 0.001 * c.filled] | max -%}
                {%- do rare.append(value) -%}
            {%- endif -%}
        {%- endfor -%}
        {%- set classes = about.classes or [] if c.role == 'prediction' else [] -%}
        {%- if classes and classes | length <= about.max_accepted_values and not found | reject('in', classes) | list -%}
            {%- set found, rare = classes, [] -%}
        {%- endif -%}
        {%- for value in found if value not in unlisted and value not in rare -%}
            {%- do values.append(value if c.type_class == 'numeric' else ml_monitor.yaml_scalar(value)) -%}
        {%- endfor -%}
        {%- if c.role == 'feature' and found | map('lower') | sort not in pairs -%}
            {#- Two values so far, and tomorrow perhaps three. -#}
        {%- elif rare -%}
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

{#-
  What the comment of a column says: the role and what it was guessed from, then what was seen.
  Arguments: c, about (dicts), with_role (boolean).
-#}
{% macro column_comment(c, about, with_role=true) %}
    {%- set parts = [c.refusal] if c.refusal else [] -%}
    {%- if c.why -%}{%- do parts.append((c.role ~ ': ' if with_role else '') ~ c.why) -%}{%- endif -%}
    {%- if c.filled and c.type_class != 'other' -%}{%- do parts.append('{:,}'.format(c.distinct) ~ ' distinct') -%}{%- endif -%}
    {%- if c.filled and c.type_class == 'numeric' -%}
        {%- set form = '%.15g' if c.whole else '%.6g' -%}
        {%- if c.finite -%}{%- do parts.append(form | format(c.least) ~ ' to ' ~ form | format(c.greatest)) -%}{%- endif -%}
        {%- if c.filled > c.finite -%}{%- do parts.append('{:,}'.format(c.filled - c.finite) ~ ' NaN or infinite') -%}{%- endif -%}
    {%- elif c.filled and c.type_class == 'text' -%}
        {%- if c.blank -%}{%- do parts.append('{:,}'.format(c.blank) ~ ' blank') -%}{%- endif -%}
        {%- if c.digits == c.filled -%}
            {%- set is_id = c.role in ['prediction_id', 'request_id', 'entity_id', 'join_key'] -%}
            {%- set remedy = '; ids stay text' if is_id else ': if they are no codes, cast them in the staging SQL' -%}
            {%- do parts.append('numbers as text' ~ remedy) -%}
        {%- elif c.times >= 0.99 * c.filled -%}
            {%- do parts.append("cast in the staging SQL by ml_monitor.safe_cast('...', 'timestamp'), then ask again") -%}
        {%- endif -%}
    {%- endif -%}
    {%- if about.rows -%}
        {%- set missing = about.rows - c.filled -%}
        {%- set share = 'NULL ' ~ ml_monitor.percent(missing / about.rows) -%}
        {%- do parts.append('no NULL' if not missing else 'all NULL' if not c.filled else share) -%}
    {%- endif -%}
    {%- if not c.portable -%}
        {%- set remedy = ': cast it to UTC without zone' if 'time zone' in c.engine_type.lower() else ': cast it for others' -%}
        {%- do parts.append('a type of this engine' ~ remedy) -%}
    {%- endif -%}
    {%- do return((parts + c.notes) | join('; ')) -%}
{% endmacro %}

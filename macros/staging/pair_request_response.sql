{#-
  The rows of a log that writes a request and its response as two rows, paired: for a staging model, a select of one row for each pair.
  docs/server_logs.md has examples.

  A request without a response, and a response without a request, are rows as well, with NULL for the other side. Rows of other kinds are
  left out. A row that is delivered again counts once: an id has one request and one response, the first of each. Where several requests
  may have the same id, name the column `event_id` that tells them from repeated deliveries: the first request of an id then has its first
  response, the second the second. If such an id has more rows of one kind than of the other, nobody knows which belong together, and
  none of them is paired. A row without an id has no partner.

  Arguments:
    relation             relation or CTE
    id                   SQL name: what a request and its response have in common
    kind                 SQL: what kind of row it is
    request, response    strings: the kinds of the two
    columns              list of plain SQL names: what is returned of both sides. They are sorted by: cast json to text
    order_by             list of SQL, optional: which row comes first; then the columns in their order
    event_id             SQL name, optional
  Columns: request_id (text), pair_number (bigint, from 1 within an id), then request_<column> and response_<column> of each column.
  Raises: a compiler error with every fault of the arguments.
-#}
{% macro pair_request_response(relation, id, kind, request, response, columns, order_by=[], event_id=none) -%}
{%- set faults = [] -%}
{%- if not ml_monitor.is_list(columns) or not columns -%}{%- do faults.append('columns is not a list of names') -%}{%- endif -%}
{%- if request == response -%}{%- do faults.append('request and response are both ' ~ request) -%}{%- endif -%}
{%- do ml_monitor.raise_staging_faults('pair_request_response', faults, "'events', id='id', kind='type',"
    ~ " request='org.kubeflow.serving.inference.request',\n       response='org.kubeflow.serving.inference.response',"
    ~ " columns=['time', 'data']") -%}
{%- set order = (order_by + columns + ([event_id] if event_id else [])) | join(', ') -%}
with

delivered as (

    select
        {%- for column in columns %}
        {{ column }},
        {%- endfor %}
        cast({{ id }} as {{ ml_monitor.text_type() }}) as ml_request_id,
        {{ kind }} as ml_kind,
        row_number() over (partition by {{ id }}, {{ kind }} order by {{ order }}) as ml_place,
        row_number() over (
            partition by {{ id }}, {{ kind }}{{ ', ' ~ event_id if event_id }} order by {{ order }}
        ) as ml_delivery
    from {{ relation }}
    where {{ kind }} in ({{ ml_monitor.string_list([request, response]) }})

),

events as (

    select
        delivered.*,
        row_number() over (partition by ml_request_id, ml_kind order by ml_place) as pair_number,
        count(*) over (partition by ml_request_id, ml_kind) as event_count
    from delivered
    where ml_delivery = 1 or ml_request_id is null

),

requests as (

    select * from events where ml_kind = {{ ml_monitor.string_literal(request) }}

),

responses as (

    select * from events where ml_kind = {{ ml_monitor.string_literal(response) }}

),

final as (

    select
        coalesce(requests.ml_request_id, responses.ml_request_id) as request_id,
        coalesce(requests.pair_number, responses.pair_number) as pair_number,
        {%- for side in ['request', 'response'] %}{%- set last_side = loop.last %}{%- for column in columns %}
        {{ side }}s.{{ column }} as {{ side }}_{{ column }}{{ ',' if not (last_side and loop.last) }}
        {%- endfor %}{%- endfor %}
    from requests
    full outer join responses
        on
            requests.ml_request_id = responses.ml_request_id
            and requests.pair_number = responses.pair_number
            and requests.event_count = responses.event_count

)

select * from final
{%- endmacro %}

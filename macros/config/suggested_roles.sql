{#- The names that speak for a role, best first: regular expressions for the whole name, in lower case with one `_` between words. -#}
{% macro role_names(role) %}
    {%- set moment = '(time|timestamp|ts|at|date_?time)' -%}
    {%- do return({
        'prediction_id': ['prediction_id', 'pred_id', '(inference|scoring|score)_id', '(event|row|record)_id', 'id', 'uuid|guid', '.*_(uuid|guid)'],
        'event_time': ['event_' ~ moment, '(scored|predicted|requested|inferred)_at', '(prediction|scoring|inference|request)_' ~ moment,
            'occurred_at|occurrence_' ~ moment, 'timestamp|ts|time|date_?time', 'created(_at|_time)?', 'at'],
        'ingest_time': ['(ingest|ingestion|ingested)_' ~ moment,
            '(load|loaded|insert|inserted|stored|written|logged|received|landed|saved|recorded|arrived)_' ~ moment, '(.*_)?(ingest|etl|loaded)(_.*)?'],
        'model_version': ['model_version', 'version', 'model_(ver|tag|revision|release)', 'model|model_name', 'model_id'],
        'request_id': ['request_id', '(req|call|trace|correlation)_id'],
        'entity_id': ['entity_id', '(customer|user|account|client|member|patient|subject|device|household|person)_id',
            '(order|session|item|product|loan|application|contract|flight)_id', '.*_id'],
        'score': ['score', 'model_score|prediction_score|(predicted_)?(probability|prob|proba)', '.*_(score|prob|proba|probability)',
            '(score|prob|proba|probability)_.*', 'confidence|propensity|likelihood'],
        'prediction': ['prediction', 'predicted|pred|y_hat|yhat|y_pred', '(predicted|prediction|pred)_.*', '.*_(prediction|pred)',
            'decision|forecast|estimate|class|output'],
        'latency_ms': ['latency_ms', '(.*_)?(latency|duration|elapsed|response_time|response|took)_ms', 'latency'],
        'status': ['status', '(.*_)?status(_code)?', 'response_code'],
        'label': ['label', '(true|final|actual)_label|ground_truth|truth', 'y|y_true|target|outcome|actual', '.*_label|actual_.*|outcome_.*', 'class|value'],
        'label_time': ['label(l?ed)?_' ~ moment, '(outcome|observation|observed|resolution|resolved|completed|actual)_' ~ moment,
            '(event|occurred)_' ~ moment, 'when|timestamp|ts|time|date_?time|at'],
    }[role]) -%}
{% endmacro %}


{#- The column whose name speaks best for a role, among those of the given classes that have no role yet; none if no name does. -#}
{% macro by_name(columns, role, classes) %}
    {%- set ns = namespace(found=none) -%}
    {%- for pattern in ml_monitor.role_names(role) -%}
        {%- for c in columns if ns.found is none and c.why == '' and c.type_class in classes and modules.re.match('^(' ~ pattern ~ ')$', c.key) -%}
            {%- set ns.found = c -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- do return(ns.found) -%}
{% endmacro %}


{#-
  Sets role and why (what it was guessed from) of every column. A name proposes; type and data may refuse. Where no name speaks for
  a required role, the data do. A column with a role keeps it; what is left is feature or context.
-#}
{% macro guess_roles(about) %}
    {%- set columns = about.columns -%}
    {%- set rows = about.rows -%}
    {%- set keys = ['text', 'numeric'] -%}
    {%- if about.table in ['inferences', 'labels'] -%}
        {%- do ml_monitor.take_role(ml_monitor.by_name(columns, 'prediction_id', keys), 'prediction_id', 'by name') -%}
    {%- endif -%}
    {%- if about.table == 'inferences' -%}
        {%- do ml_monitor.take_role(ml_monitor.by_name(columns, 'event_time', ['timestamp']), 'event_time', 'by name') -%}
    {%- elif about.table in ['labels', 'reference'] -%}
        {%- do ml_monitor.take_role(ml_monitor.by_name(columns, 'label', ['numeric', 'text', 'boolean']), 'label', 'by name') -%}
    {%- endif -%}
    {%- if about.table in ['inferences', 'labels'] -%}
        {%- do ml_monitor.take_role(ml_monitor.by_name(columns, 'ingest_time', ['timestamp']), 'ingest_time', 'by name') -%}
    {%- endif -%}
    {%- if about.table == 'labels' -%}
        {%- do ml_monitor.take_role(ml_monitor.by_name(columns, 'label_time', ['timestamp']), 'label_time', 'by name') -%}
    {%- endif -%}
    {%- if about.table in ['inferences', 'reference'] -%}
        {%- set version = ml_monitor.by_name(columns, 'model_version', ['text', 'numeric']) -%}
        {%- if version and (version.distinct <= 100 or version.key == 'model_version') -%}
            {%- do ml_monitor.take_role(version, 'model_version', 'by name') -%}
        {%- endif -%}
    {%- endif -%}
    {%- if about.table == 'inferences' -%}
        {%- set score = ml_monitor.by_name(columns, 'score', ['numeric']) -%}
        {%- if score and (score.outside_unit or 0) <= 0.001 * (score.finite or 0) -%}
            {%- set seen = score.outside_unit ~ ' values outside [0, 1]' if score.outside_unit else 'all values in [0, 1]' -%}
            {%- do ml_monitor.take_role(score, 'score', 'by name' ~ (', ' ~ seen if score.finite else '')) -%}
        {%- elif score -%}
            {%- do score.notes.append('named like a score, but ' ~ score.outside_unit ~ ' values are outside [0, 1]') -%}
        {%- endif -%}
        {%- do ml_monitor.take_role(ml_monitor.by_name(columns, 'prediction', ['numeric', 'text', 'boolean']), 'prediction', 'by name') -%}
        {%- do ml_monitor.take_role(ml_monitor.by_name(columns, 'latency_ms', ['numeric']), 'latency_ms', 'by name') -%}
        {%- set status = ml_monitor.by_name(columns, 'status', ['text', 'numeric']) -%}
        {%- if status and status.distinct <= 100 -%}{%- do ml_monitor.take_role(status, 'status', 'by name') -%}{%- endif -%}
        {%- do ml_monitor.take_role(ml_monitor.by_name(columns, 'request_id', keys), 'request_id', 'by name') -%}
    {%- endif -%}

    {#- What no name spoke for. -#}
    {%- if about.table in ['inferences', 'labels'] and not columns | selectattr('role', 'equalto', 'prediction_id') | list -%}
        {%- set ns = namespace(found=none) -%}
        {%- for c in columns if c.why == '' and rows > 1 and (c.type_class == 'text' or c.whole) and c.distinct >= 0.9 * rows -%}
            {%- set ns.found = ns.found or c -%}
        {%- endfor -%}
        {%- do ml_monitor.take_role(ns.found, 'prediction_id', 'the first with a value of its own in almost every row') -%}
    {%- endif -%}
    {%- if about.table == 'inferences' -%}
        {%- if not columns | selectattr('role', 'equalto', 'event_time') | list -%}
            {%- set left = columns | selectattr('type_class', 'equalto', 'timestamp') | selectattr('why', 'equalto', '') | list -%}
            {%- do ml_monitor.take_role((left + [none])[0], 'event_time', 'the first timestamp') -%}
        {%- endif -%}
        {%- do ml_monitor.judge_ingest_time(about) -%}
        {%- do ml_monitor.take_role(ml_monitor.by_name(columns, 'entity_id', keys), 'entity_id', 'by name') -%}
    {%- elif about.table == 'labels' -%}
        {%- if not columns | selectattr('role', 'equalto', 'label_time') | list -%}
            {%- set left = columns | selectattr('type_class', 'equalto', 'timestamp') | selectattr('why', 'equalto', '') | list -%}
            {%- do ml_monitor.take_role((left + [none])[0], 'label_time', 'the first timestamp') -%}
        {%- endif -%}
        {%- set left = columns | selectattr('why', 'equalto', '') | selectattr('type_class', 'in', ['numeric', 'text', 'boolean']) | list -%}
        {%- if not columns | selectattr('role', 'equalto', 'label') | list and left | length == 1 -%}
            {%- do ml_monitor.take_role(left[0], 'label', 'the only column left') -%}
        {%- endif -%}
    {%- elif about.table == 'other' -%}
        {%- do ml_monitor.guess_join_keys(about) -%}
    {%- endif -%}

    {%- set labels = ml_monitor.role_names('label')[:3] | join('|') -%}
    {%- for c in columns if c.why == '' -%}
        {%- if about.table != 'inferences' -%}
            {%- do c.update({'role': 'context'}) -%}
        {%- elif not c.filled -%}
            {%- do c.update({'why': 'no value to tell from'}) -%}
        {%- elif modules.re.match('^(' ~ labels ~ ')$', c.key) -%}
            {%- do c.update({'why': 'named like a label: as a feature it would be leakage'}) -%}
        {%- elif c.type_class == 'boolean' -%}
            {%- do c.update({'role': 'feature', 'why': 'a boolean'}) -%}
        {%- elif modules.re.match('^(.*_)?(id|key|uuid|guid|hash)$', c.key) -%}
            {%- do c.update({'why': 'named like a key'}) -%}
        {%- elif c.type_class == 'numeric' and c.whole and rows >= 100 and c.distinct >= 0.95 * rows -%}
            {%- do c.update({'why': 'whole numbers, almost all different, as keys are'}) -%}
        {%- elif c.type_class == 'numeric' -%}
            {%- do c.update({'role': 'feature', 'why': 'a number'}) -%}
        {%- elif c.type_class == 'text' and c.times >= 0.99 * c.filled -%}
            {%- do c.update({'why': 'timestamps as text'}) -%}
        {%- elif c.type_class == 'text' and c.distinct <= 500 and (rows < 100 or c.distinct <= 0.5 * c.filled) -%}
            {%- do c.update({'role': 'feature', 'why': 'a text of few values'}) -%}
        {%- elif c.type_class == 'text' -%}
            {%- do c.update({'why': 'a text of many values'}) -%}
        {%- else -%}
            {%- do c.update({'why': 'of type ' ~ (c.type_class if c.type_class != 'other' else c.engine_type.lower().split('(')[0])}) -%}
        {%- endif -%}
    {%- endfor -%}
{% endmacro %}


{#- Gives a column (or none) a role. -#}
{% macro take_role(column, role, why) %}
    {%- if column -%}{%- do column.update({'role': role, 'why': why}) -%}{%- endif -%}
{% endmacro %}


{#-
  Ingest time comes after the event: a column named so that does not is refused. Then, or without such a name, the first timestamp is taken that
  does in 95 % of its rows, unless its name speaks of something else. Ten minutes are the default event_tolerance_minutes.
-#}
{% macro judge_ingest_time(about) %}
    {%- set event = (about.columns | selectattr('role', 'equalto', 'event_time') | list + [none])[0] -%}
    {%- set named = (about.columns | selectattr('role', 'equalto', 'ingest_time') | list + [none])[0] -%}
    {%- set ns = namespace(candidates=[named] if named else [], counts=[]) -%}
    {%- for c in about.columns if c.type_class == 'timestamp' and c.why == '' and c.filled
        and not modules.re.search('label|outcome|actual|valid|expir|due|sched|plan|depart|arriv|start|end|until|birth|hour|day', c.key) -%}
        {%- set ns.candidates = ns.candidates + [c] -%}
    {%- endfor -%}
    {%- if event and event.filled and ns.candidates -%}
        {%- for c in ns.candidates -%}
            {%- set latest = 'cast(' ~ ml_monitor.date_add('minute', 10, c.sql) ~ ' as timestamp)' -%}
            {%- set ns.counts = ns.counts + [
                'count(case when ' ~ event.sql ~ ' is not null then ' ~ c.sql ~ ' end) as both_' ~ loop.index0,
                'count(case when ' ~ event.sql ~ ' <= ' ~ latest ~ ' then 1 end) as in_order_' ~ loop.index0,
            ] -%}
        {%- endfor -%}
        {%- set query -%}
select
    {{ ns.counts | join(',\n    ') }}
from (
    {{ about.sql | indent(4) }}
) as data
        {%- endset -%}
        {%- set row = run_query(query).rows[0] -%}
        {%- set taken = namespace(done=false) -%}
        {%- for c in ns.candidates -%}
            {%- set both = row['both_' ~ loop.index0] | int -%}
            {%- set share = (row['in_order_' ~ loop.index0] | int) / both if both else 0 -%}
            {%- if both and share >= 0.95 and not taken.done -%}
                {%- set source = 'by name' if c.role == 'ingest_time' else 'a timestamp' -%}
                {%- do ml_monitor.take_role(c, 'ingest_time', source ~ ', not before the event in ' ~ ml_monitor.percent(share) ~ ' of rows') -%}
                {%- set taken.done = true -%}
            {%- elif both and c.role == 'ingest_time' -%}
                {%- do c.update({'role': 'context', 'why': 'named like ingest_time, but before the event in ' ~ ml_monitor.percent(1 - share) ~ ' of rows'}) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
{% endmacro %}


{#-
  join_key of a lookup: the fewest columns, at most two, that tell its rows apart. Where the inferences of the monitor are declared, only columns
  that they have too; a key `id` of the lookup `customer` is their `customer_id`.
-#}
{% macro guess_join_keys(about) %}
    {%- set name = about.name.split('__') -%}
    {%- set inferences = ml_monitor.staging_node(name[0][4:], 'inferences') if name | length == 2 else none -%}
    {%- set declared = inferences.columns.keys() | list if inferences else [] -%}
    {%- set ns = namespace(candidates=[], keys=[], why='', pairs=[]) -%}
    {%- for c in about.columns if c.type_class in ['text', 'timestamp', 'date'] or c.whole -%}
        {%- if not declared or c.name in declared -%}
            {%- set ns.candidates = ns.candidates + [c] -%}
        {%- elif name[1] ~ '_' ~ c.name in declared -%}
            {%- do c.update({'inference_column': name[1] ~ '_' ~ c.name}) -%}
            {%- set ns.candidates = ns.candidates + [c] -%}
        {%- endif -%}
    {%- endfor -%}
    {%- for c in ns.candidates if not ns.keys and about.rows and c.distinct == about.rows -%}
        {%- set ns.keys = [c] -%}
        {%- set ns.why = 'different in every row' -%}
    {%- endfor -%}
    {%- if not ns.keys and about.rows -%}
        {%- for first in ns.candidates[:6] -%}
            {%- for second in ns.candidates[:6] if ns.candidates.index(second) > ns.candidates.index(first) -%}
                {%- set ns.pairs = ns.pairs + [[first, second]] -%}
            {%- endfor -%}
        {%- endfor -%}
        {%- if ns.pairs -%}
            {%- set counts = namespace(list=[]) -%}
            {%- for pair in ns.pairs -%}
                {%- set counts.list = counts.list + ['count(distinct (' ~ pair[0].sql ~ ', ' ~ pair[1].sql ~ ')) as pair_' ~ loop.index0] -%}
            {%- endfor -%}
            {%- set query -%}
select
    {{ counts.list | join(',\n    ') }}
from (
    {{ about.sql | indent(4) }}
) as data
            {%- endset -%}
            {%- set row = run_query(query).rows[0] -%}
            {%- for pair in ns.pairs -%}
                {%- set count = row['pair_' ~ loop.index0] | int -%}
                {%- if not ns.keys and count >= 0.99 * about.rows -%}
                    {%- set ns.keys = pair -%}
                    {%- set ns.why = 'as a pair different in ' ~ ml_monitor.percent(count / about.rows) ~ ' of rows' -%}
                {%- endif -%}
            {%- endfor -%}
        {%- endif -%}
    {%- endif -%}
    {%- if not ns.keys and ns.candidates -%}
        {%- set ns.keys = ns.candidates if declared else ns.candidates[:1] -%}
        {%- set ns.why = 'also a column of the inferences' if declared else 'the first that could be a key; nothing tells rows apart' -%}
    {%- endif -%}
    {%- for c in ns.keys -%}
        {%- do ml_monitor.take_role(c, 'join_key', ns.why) -%}
        {%- if c.inference_column -%}{%- do c.meta.append('inference_column: ' ~ ml_monitor.yaml_scalar(c.inference_column)) -%}{%- endif -%}
    {%- endfor -%}
{% endmacro %}


{#- binary, multiclass or regression, by what is predicted. -#}
{% macro guess_task(columns) %}
    {%- set score = columns | selectattr('role', 'equalto', 'score') | list -%}
    {%- set prediction = (columns | selectattr('role', 'equalto', 'prediction') | list + [none])[0] -%}
    {%- if not prediction or prediction.type_class == 'boolean' -%}{%- do return('binary') -%}{%- endif -%}
    {%- if prediction.type_class == 'text' -%}{%- do return('multiclass') -%}{%- endif -%}
    {%- if not prediction.outside_unit and prediction.whole_values == prediction.finite and (prediction.finite or score) -%}{%- do return('binary') -%}{%- endif -%}
    {%- if score or (prediction.whole and prediction.distinct <= 20) -%}{%- do return('multiclass') -%}{%- endif -%}
    {%- do return('regression') -%}
{% endmacro %}

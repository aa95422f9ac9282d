{#-
  The parts that have a meaning of their own; a part of any other name is a lookup. docs/declarations.md is made from this list as well.

  Returns: list of dicts part, is_staged (whether it has a staging model; else it is computed from columns of the inferences), gives
    (Markdown), and needs: {role, least, allowed}, how many columns of the inferences must have a role, and how messages say so.
-#}
{% macro monitor_parts() %}
    {%- do return([
        {'part': 'labels', 'is_staged': true, 'gives': 'the label log, one row per write; the performance gate'},
        {'part': 'reference', 'is_staged': true, 'gives': 'the training set; comparisons with `training`, and the edges of bins'},
        {
            'part': 'counts', 'is_staged': true,
            'gives': 'how many predictions the service says it made, per hour: missing and surplus rows',
        },
        {
            'part': 'registry', 'is_staged': true, 'gives': 'the entities that should be scored: missing and unknown entities',
            'needs': {'role': 'entity_id', 'least': 1, 'allowed': 'exactly one, for the part registry'},
        },
        {
            'part': 'offline', 'is_staged': true,
            'gives': 'the feature table that training reads: [parity](#parity-with-an-offline-table) with what was served',
            'needs': {'role': 'entity_id', 'least': 1, 'allowed': 'exactly one, for the part offline'},
        },
        {
            'part': 'relations', 'is_staged': false,
            'gives': '[pairs of columns](#relations-between-columns): correlation, joint table, mean output given a feature',
        },
        {
            'part': 'embeddings', 'is_staged': false,
            'gives': 'mean vectors of the columns with role `embedding`, and where they [point](#embeddings-and-attributions)',
            'needs': {'role': 'embedding', 'least': 1, 'allowed': 'one or more, for the part embeddings'},
        },
        {
            'part': 'attributions', 'is_staged': false,
            'gives': 'the order of the features by their [attributions](#embeddings-and-attributions)',
            'needs': {'role': 'attribution', 'least': 2, 'allowed': 'two or more, for the part attributions: fewer have no order'},
        },
    ]) -%}
{% endmacro %}

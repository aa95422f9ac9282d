{#- The file a generic test is declared in. A macro of its own, since an argument named model hides the test's node. -#}
{% macro file_of_test() %}
    {%- do return(model.original_file_path) -%}
{% endmacro %}

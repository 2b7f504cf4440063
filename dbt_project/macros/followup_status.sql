{#- What belongs here: why a case is in a follow-up cohort or out of it. What does not: how consent and coverage
    come about (int_case_consent, int_follow_up_coverage). -#}

{#- The first reason that keeps a case out of a cohort, or in_cohort. The conditions are boolean expressions, never
    null, over a relation that is called follow_ups; a cohort that asks for no coverage at the consultation date gives none. -#}
{% macro cohort_status(is_linkable, is_covered, is_start_covered=none) -%}
    case
        when not follow_ups.is_identified then 'not_identified'
        when not ({{ is_linkable }}) then 'no_consent'
        {%- if is_start_covered is not none %}
        when not ({{ is_start_covered }}) then 'not_covered_at_start'
        {%- endif %}
        when not ({{ is_covered }}) then 'not_yet_covered'
        else 'in_cohort'
    end
{%- endmacro %}

{#- The Swedish label of a cohort status, for readers of the tables. -#}
{% macro cohort_status_label(status_expression) -%}
    case {{ status_expression }}
        when 'not_identified' then 'Individen är inte identifierad'
        when 'no_consent' then 'Samtycke saknas'
        when 'not_covered_at_start' then 'Uppgifter saknas för konsultationsdatum'
        when 'not_yet_covered' then 'Uppgifter saknas för uppföljningsdatum'
        when 'in_cohort' then 'Följs upp'
    end
{%- endmacro %}

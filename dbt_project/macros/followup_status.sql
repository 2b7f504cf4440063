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

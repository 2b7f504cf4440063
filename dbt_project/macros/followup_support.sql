{#- What belongs here: how the support that a person holds at one date is packed into one integer, and read out of
    it again. What does not: which support counts in which scope (seed benefit_scope) or on which step (seed ladder).

    Why a bit mask: a case is compared with its person's spells at three dates and for two windows. Five `bit_or`
    aggregates do what forty boolean aggregates (or lists, which cost several times as much to build and to search)
    would; the mart unpacks them into boolean columns, so that no analyst ever meets a mask. -#}

{#- Every kind of support by the party that pays it out and tells about it, in the order of its bit.
    A test holds the codes against the code lists. -#}
{% macro support_kinds_by_party() -%}
    {{ return({
        'KOMMUN': ['FORSORJNINGSSTOD', 'FORSORJNINGSSTOD_HUVUDINKOMST'],
        'FK': ['SJUKERSATTNING', 'AKTIVITETSERSATTNING', 'SJUKPENNING', 'REHABPENNING'],
        'AF': ['AKTIVITETSSTOD', 'AKASSA', 'ETABLERING'],
    }) }}
{%- endmacro %}

{#- The benefits that are paid as spells, in the order in which they decide a destination. -#}
{% macro spell_benefits() -%}
    {{ return(support_kinds_by_party()['FK'] + support_kinds_by_party()['AF']) }}
{%- endmacro %}

{#- The bit of one kind of support, an integer. Compilation fails for a code that is none. -#}
{% macro support_bit(code) -%}
    {%- set kinds = support_kinds_by_party()['KOMMUN'] + spell_benefits() -%}
    {%- if code not in kinds -%}
        {{ exceptions.raise_compiler_error("no kind of support has the code " ~ code) }}
    {%- endif -%}
    {{ return(2 ** kinds.index(code)) }}
{%- endmacro %}

{#- The bits of all support that one party pays out, an integer. -#}
{% macro support_mask_of_party(party) -%}
    {%- set bits = [] -%}
    {%- for code in support_kinds_by_party()[party] -%}{%- do bits.append(support_bit(code)) -%}{%- endfor -%}
    {{ return(bits | sum) }}
{%- endmacro %}

{#- The bit that belongs to the code in a column; null for a code that is no kind of support. -#}
{% macro support_bit_of(code_expression) -%}
    case {{ code_expression }}
        when 'FORSORJNINGSSTOD' then {{ support_bit('FORSORJNINGSSTOD') }}
        {%- for code in spell_benefits() %}
        when '{{ code }}' then {{ support_bit(code) }}
        {%- endfor %}
    end
{%- endmacro %}

{#- Whether a mask holds a kind of support. -#}
{% macro holds(mask_expression, code) -%}
    ({{ mask_expression }} & {{ support_bit(code) }}) > 0
{%- endmacro %}

{#- The destination of one case at one date, the first that holds, from the support mask at that date and the reason of
    the closure that counts there (null where there is none; not given where closures play no part). -#}
{% macro destination_of(mask_expression, closing_reason_expression=none) -%}
    case
        when {{ holds(mask_expression, 'FORSORJNINGSSTOD_HUVUDINKOMST') }} then 'FORSORJNINGSSTOD'
        {%- for code in spell_benefits() %}
        when {{ holds(mask_expression, code) }} then '{{ code }}'
        {%- endfor %}
        when {{ holds(mask_expression, 'FORSORJNINGSSTOD') }} then 'FORSORJNINGSSTOD_DEL'
        {%- if closing_reason_expression is not none %}
        when {{ closing_reason_expression }} in ('ARBETE', 'STUDIER') then {{ closing_reason_expression }}
        {%- endif %}
        else 'OKAND'
    end
{%- endmacro %}

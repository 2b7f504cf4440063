{#-
    The indicator tables as data: what names a row, and what is measured. indicator_value and reconciliation are
    generated from it, so that a new measure is a line here. No SQL of a single indicator belongs here.

    A table: `keys` (beside period and area, in the order of the table); `place`: `areas` (period and area
    columns), `periods` (period columns only), `waves`, or `none`; `measures`.
    A measure: `name`, `unit`; a percent also `numerator` and `denominator` (value = 100 x numerator / denominator);
    `gender` where the measure itself is one gender's.
-#}

{% macro count_measures(names) -%}
    {%- set measures = [] -%}
    {%- for name in names -%}{%- do measures.append({'name': name, 'unit': 'count'}) -%}{%- endfor -%}
    {{ return(measures) }}
{%- endmacro %}

{% macro percent_measure(name, numerator, denominator) -%}
    {{ return({'name': name, 'unit': 'percent', 'numerator': numerator, 'denominator': denominator}) }}
{%- endmacro %}

{% macro gender_measures() -%}
    {{ return([
        {'name': 'unknown_count', 'unit': 'count', 'gender': 'A'},
        {'name': 'women_count', 'unit': 'count', 'gender': 'K'},
        {'name': 'men_count', 'unit': 'count', 'gender': 'M'},
        {'name': 'total_count', 'unit': 'count', 'gender': 'T'},
    ]) }}
{%- endmacro %}

{% macro support_measures() -%}
    {{ return(
        count_measures(['cohort_count', 'start_count', 'horizon_count'])
        + [
            percent_measure('start_percent', 'start_count', 'cohort_count'),
            percent_measure('horizon_percent', 'horizon_count', 'cohort_count'),
            {'name': 'change_points', 'unit': 'points'},
            percent_measure('change_percent', 'horizon_count - start_count', 'start_count'),
        ]
    ) }}
{%- endmacro %}

{% macro indicator_catalogue() -%}
    {{ return([
        {'table': 'question', 'place': 'areas', 'keys': ['question_code'], 'measures': gender_measures()},
        {'table': 'proposal', 'place': 'areas', 'keys': ['proposal_code'], 'measures': gender_measures()},
        {'table': 'question_to_proposal', 'place': 'areas', 'keys': ['question_code', 'proposal_code'],
            'measures': count_measures(['total_count'])},
        {'table': 'case_volume', 'place': 'areas', 'keys': [],
            'measures': count_measures(['new_count', 'follow_up_count', 'total_count', 'previous_new_count']) + [
                percent_measure('new_change_percent', 'new_count - previous_new_count', 'previous_new_count')]},
        {'table': 'initiating_party', 'place': 'areas', 'keys': ['party_code'],
            'measures': count_measures(['new_count', 'previous_count']) + [
                percent_measure('share_percent', 'new_count', 'area_new_count'),
                percent_measure('change_percent', 'new_count - previous_count', 'previous_count')]},
        {'table': 'party_evenness', 'place': 'areas', 'keys': [],
            'measures': count_measures(['smallest_count', 'largest_count']) + [
                percent_measure('evenness_percent', 'smallest_count', 'largest_count')]},
        {'table': 'participation', 'place': 'areas', 'keys': ['party_code'],
            'measures': count_measures([
                'own_question_yes', 'own_question_known', 'attended_yes', 'attended_known',
                'feedback_yes', 'feedback_known']) + [
                percent_measure('own_question_percent', 'own_question_yes', 'own_question_known'),
                percent_measure('attended_percent', 'attended_yes', 'attended_known'),
                percent_measure('feedback_percent', 'feedback_yes', 'feedback_known')]},
        {'table': 'survey_readiness', 'place': 'waves', 'keys': ['gender'],
            'measures': count_measures(['sent_count', 'answered_count', 'ready_count', 'readiness_known_count']) + [
                percent_measure('response_percent', 'answered_count', 'sent_count'),
                percent_measure('ready_percent', 'ready_count', 'readiness_known_count')]},
        {'table': 'survey_answer', 'place': 'waves', 'keys': ['gender', 'answer_code'],
            'measures': count_measures(['answer_count']) + [
                percent_measure('answer_percent', 'answer_count', 'known_count')]},
        {'table': 'survey_nonresponse', 'place': 'waves', 'keys': ['reason_code'],
            'measures': count_measures(['nonresponse_count']) + [
                percent_measure('share_percent', 'nonresponse_count', 'all_nonresponse_count')]},
        {'table': 'support_follow_up', 'place': 'areas', 'keys': ['gender', 'scope', 'horizon_months'],
            'measures': support_measures()},
        {'table': 'support_by_party', 'place': 'areas', 'keys': ['party_code', 'scope', 'horizon_months'],
            'measures': support_measures()},
        {'table': 'self_support', 'place': 'areas', 'keys': ['gender', 'horizon'],
            'measures': count_measures(['cohort_count', 'self_support_count']) + [
                percent_measure('self_support_percent', 'self_support_count', 'cohort_count')]},
        {'table': 'destination', 'place': 'areas', 'keys': ['horizon_months', 'destination_code'],
            'measures': count_measures(['person_case_count']) + [
                percent_measure(
                    'share_percent', 'person_case_count',
                    'sum(person_case_count) over ('
                    ~ 'partition by period_type, period, area_level, area_code, horizon_months)')]},
        {'table': 'new_benefit', 'place': 'areas', 'keys': ['horizon_months', 'benefit_code'],
            'measures': count_measures(['granted_count', 'cohort_count'])},
        {'table': 'step_progress', 'place': 'areas', 'keys': ['gender', 'horizon_months'],
            'measures': count_measures(['cohort_count', 'forward_count', 'unchanged_count', 'backward_count']) + [
                percent_measure('forward_percent', 'forward_count', 'cohort_count')]},
        {'table': 'team_coverage', 'place': 'areas', 'keys': ['unit_type'],
            'measures': count_measures(['unit_count', 'team_count']) + [
                percent_measure('coverage_percent', 'team_count', 'unit_count')]},
        {'table': 'meeting', 'place': 'areas', 'keys': [],
            'measures': count_measures([
                'scheduled_count', 'held_count', 'cancelled_count', 'held_digital_count', 'held_physical_count']) + [
                percent_measure('cancelled_percent', 'cancelled_count', 'scheduled_count')]},
        {'table': 'meeting_cancellation', 'place': 'areas', 'keys': ['reason_code'],
            'measures': count_measures(['cancelled_count'])},
        {'table': 'lead_time', 'place': 'areas', 'keys': [],
            'measures': count_measures(['plan_count']) + [
                {'name': 'median_days', 'unit': 'days'}, {'name': 'p90_days', 'unit': 'days'}]},
        {'table': 'goal_status', 'place': 'none', 'keys': ['goal_code', 'reporter_code'],
            'measures': [{'name': 'status_code', 'unit': 'code'}]},
        {'table': 'grant_use', 'place': 'none', 'keys': ['project_id'],
            'measures': count_measures(['month_count']) + [
                {'name': 'granted_sek', 'unit': 'sek'}, {'name': 'used_sek', 'unit': 'sek'},
                {'name': 'unused_sek', 'unit': 'sek'},
                percent_measure('used_percent', 'used_sek', 'granted_sek')]},
        {'table': 'staffing', 'place': 'periods', 'keys': ['party_code', 'role'],
            'measures': [
                {'name': 'planned_fte', 'unit': 'fte'}, {'name': 'actual_fte', 'unit': 'fte'},
                {'name': 'gap_fte', 'unit': 'fte'}]},
        {'table': 'observation_theme', 'place': 'none', 'keys': ['category_code', 'theme_code', 'reporter_code'],
            'measures': count_measures(['statement_count'])},
        {'table': 'target_group', 'place': 'areas', 'keys': ['obstacle_code'], 'measures': gender_measures()},
        {'table': 'consent', 'place': 'areas', 'keys': ['party_code'],
            'measures': count_measures(['person_case_count', 'linkable_count']) + [
                percent_measure('linkable_percent', 'linkable_count', 'person_case_count')]},
    ]) }}
{%- endmacro %}

{#- The columns that name a row of a table of the catalogue. -#}
{% macro catalogue_row_keys(entry) -%}
    {%- set places = {
        'areas': ['period_type', 'period', 'area_level', 'area_code'],
        'periods': ['period_type', 'period'],
        'waves': ['wave_code'],
        'none': [],
    } -%}
    {{ return(places[entry['place']] + entry['keys']) }}
{%- endmacro %}

-- Indicator 27: every percent and count in one tidy table. A measure has a name, a numerator and, where it is a percentage,
-- a denominator; what is null has no row. Names of categories and of what has no period are those of the published table.

create table indicators.indicator_value as
with tall (indicator, period_type, period, area_level, area_code, category, gender, unit, measure, numerator, denominator) as (
    select 'question', period_type, period, area_level, area_code, question_code, unnest(['A', 'K', 'M', 'T']), 'count',
        unnest(['unknown_count', 'women_count', 'men_count', 'total_count']),
        unnest([unknown_count::double, women_count, men_count, total_count]),
        null
    from indicators.question
    union all
    select 'proposal', period_type, period, area_level, area_code, proposal_code, unnest(['A', 'K', 'M', 'T']), 'count',
        unnest(['unknown_count', 'women_count', 'men_count', 'total_count']),
        unnest([unknown_count::double, women_count, men_count, total_count]),
        null
    from indicators.proposal
    union all
    select 'question_to_proposal', period_type, period, area_level, area_code, question_code || '/' || proposal_code, 'T', 'count',
        'total_count',
        total_count::double,
        null
    from indicators.question_to_proposal
    union all
    select 'case_volume', period_type, period, area_level, area_code, 'TOTAL', 'T', 'count',
        unnest(['new_count', 'follow_up_count', 'total_count', 'previous_new_count', 'new_change_percent']),
        unnest([new_count::double, follow_up_count, total_count, previous_new_count, new_count - previous_new_count]),
        unnest([null, null, null, null, previous_new_count])
    from indicators.case_volume
    union all
    select 'initiating_party', period_type, period, area_level, area_code, party_code, 'T', 'count',
        unnest(['new_count', 'previous_count', 'share_percent', 'change_percent']),
        unnest([new_count::double, previous_count, new_count, new_count - previous_count]),
        unnest([null, null, sum(new_count) over (partition by period_type, period, area_level, area_code),
            previous_count])
    from indicators.initiating_party
    union all
    select 'party_evenness', period_type, period, area_level, area_code, 'TOTAL', 'T', 'count',
        unnest(['smallest_count', 'largest_count', 'evenness_percent']),
        unnest([smallest_count::double, largest_count, smallest_count]),
        unnest([null, null, largest_count])
    from indicators.party_evenness
    union all
    select 'participation', period_type, period, area_level, area_code, party_code, 'T', 'count',
        unnest(['own_question_yes', 'own_question_known', 'own_question_percent', 'attended_yes', 'attended_known',
            'attended_percent', 'feedback_yes', 'feedback_known', 'feedback_percent']),
        unnest([own_question_yes::double, own_question_known, own_question_yes, attended_yes, attended_known,
            attended_yes, feedback_yes, feedback_known, feedback_yes]),
        unnest([null, null, own_question_known, null, null, attended_known, null, null, feedback_known])
    from indicators.participation
    union all
    select 'survey_readiness', 'wave', wave_code, 'all', 'ALL', 'TOTAL', gender, 'count',
        unnest(['sent_count', 'answered_count', 'response_percent', 'ready_count', 'readiness_known_count',
            'ready_percent']),
        unnest([sent_count::double, answered_count, answered_count, ready_count, readiness_known_count, ready_count]),
        unnest([null, null, sent_count, null, null, readiness_known_count])
    from indicators.survey_readiness
    union all
    select 'survey_answer', 'wave', wave_code, 'all', 'ALL', answer_code, gender, 'count',
        unnest(['answer_count', 'answer_percent']),
        unnest([answer_count::double, answer_count]),
        unnest([null, sum(answer_count) over (partition by wave_code, gender)])
    from indicators.survey_answer
    union all
    select 'survey_nonresponse', 'wave', wave_code, 'all', 'ALL', reason_code, 'T', 'count',
        unnest(['nonresponse_count', 'share_percent']),
        unnest([nonresponse_count::double, nonresponse_count]),
        unnest([null, sum(nonresponse_count) over (partition by wave_code)])
    from indicators.survey_nonresponse
    union all
    select 'support_follow_up', period_type, period, area_level, area_code, scope || '/' || horizon_months, gender, unnest(['count', 'count', 'count', null, null, 'points', null]),
        unnest(['cohort_count', 'start_count', 'horizon_count', 'start_percent', 'horizon_percent', 'change_points',
            'change_percent']),
        unnest([cohort_count::double, start_count, horizon_count, start_count, horizon_count, change_points,
            horizon_count - start_count]),
        unnest([null, null, null, cohort_count, cohort_count, null, start_count])
    from indicators.support_follow_up
    union all
    select 'support_by_party', period_type, period, area_level, area_code, party_code || '/' || scope || '/' ||
        horizon_months, 'T', unnest(['count', 'count', 'count', null, null, 'points', null]),
        unnest(['cohort_count', 'start_count', 'horizon_count', 'start_percent', 'horizon_percent', 'change_points',
            'change_percent']),
        unnest([cohort_count::double, start_count, horizon_count, start_count, horizon_count, change_points,
            horizon_count - start_count]),
        unnest([null, null, null, cohort_count, cohort_count, null, start_count])
    from indicators.support_by_party
    union all
    select 'self_support', period_type, period, area_level, area_code, horizon, gender, 'count',
        unnest(['cohort_count', 'self_support_count', 'self_support_percent']),
        unnest([cohort_count::double, self_support_count, self_support_count]),
        unnest([null, null, cohort_count])
    from indicators.self_support
    union all
    select 'destination', period_type, period, area_level, area_code, horizon_months || '/' || destination_code, 'T', 'count',
        unnest(['person_case_count', 'share_percent']),
        unnest([person_case_count::double, person_case_count]),
        unnest([null, sum(person_case_count) over (partition by period_type, period, area_level, area_code,
            horizon_months)])
    from indicators.destination
    union all
    select 'new_benefit', period_type, period, area_level, area_code, horizon_months || '/' || benefit_code, 'T', 'count',
        unnest(['granted_count', 'cohort_count']),
        unnest([granted_count::double, cohort_count]),
        null
    from indicators.new_benefit
    union all
    select 'step_progress', period_type, period, area_level, area_code, horizon_months || '', gender, 'count',
        unnest(['cohort_count', 'forward_count', 'unchanged_count', 'backward_count', 'forward_percent']),
        unnest([cohort_count::double, forward_count, unchanged_count, backward_count, forward_count]),
        unnest([null, null, null, null, cohort_count])
    from indicators.step_progress
    union all
    select 'team_coverage', period_type, period, area_level, area_code, unit_type, 'T', 'count',
        unnest(['unit_count', 'team_count', 'coverage_percent']),
        unnest([unit_count::double, team_count, team_count]),
        unnest([null, null, unit_count])
    from indicators.team_coverage
    union all
    select 'meeting', period_type, period, area_level, area_code, 'TOTAL', 'T', 'count',
        unnest(['scheduled_count', 'held_count', 'cancelled_count', 'cancelled_percent', 'held_digital_count',
            'held_physical_count']),
        unnest([scheduled_count::double, held_count, cancelled_count, cancelled_count, held_digital_count,
            held_physical_count]),
        unnest([null, null, null, scheduled_count, null, null])
    from indicators.meeting
    union all
    select 'meeting_cancellation', period_type, period, area_level, area_code, reason_code, 'T', 'count',
        'cancelled_count',
        cancelled_count::double,
        null
    from indicators.meeting_cancellation
    union all
    select 'lead_time', period_type, period, area_level, area_code, 'TOTAL', 'T', unnest(['count', 'days', 'days']),
        unnest(['plan_count', 'median_days', 'p90_days']),
        unnest([plan_count::double, median_days, p90_days]),
        null
    from indicators.lead_time
    union all
    select 'grant_use', 'all', 'ALL', 'all', 'ALL', project_id, 'T', unnest(['count', 'sek', 'sek', 'sek', null]),
        unnest(['month_count', 'granted_sek', 'used_sek', 'unused_sek', 'used_percent']),
        unnest([month_count::double, granted_sek, used_sek, unused_sek, used_sek]),
        unnest([null, null, null, null, granted_sek])
    from indicators.grant_use
    union all
    select 'staffing', period_type, period, 'all', 'ALL', party_code || '/' || role, 'T', 'fte',
        unnest(['planned_fte', 'actual_fte', 'gap_fte']),
        unnest([planned_fte::double, actual_fte, gap_fte]),
        null
    from indicators.staffing
    union all
    select 'observation_theme', 'all', 'ALL', 'all', 'ALL', category_code || '/' || theme_code || '/' ||
        reporter_code, 'T', 'count',
        'statement_count',
        statement_count::double,
        null
    from indicators.observation_theme
    union all
    select 'target_group', period_type, period, area_level, area_code, obstacle_code, unnest(['A', 'K', 'M', 'T']), 'count',
        unnest(['unknown_count', 'women_count', 'men_count', 'total_count']),
        unnest([unknown_count::double, women_count, men_count, total_count]),
        null
    from indicators.target_group
    union all
    select 'consent', period_type, period, area_level, area_code, party_code, 'T', 'count',
        unnest(['person_case_count', 'linkable_count', 'linkable_percent']),
        unnest([person_case_count::double, linkable_count, linkable_count]),
        unnest([null, null, person_case_count])
    from indicators.consent
), computed as (
    select *, case when denominator is null then numerator else percent(numerator, denominator) end as value from tall
)
select indicator, measure, period_type, period, area_level, area_code, gender, category, numerator, denominator::double as denominator, value,
    case when denominator is null then unit else 'percent' end as unit
from computed where value is not null;

-- Indicator 28: published figures beside what was computed. Their filters name columns of the indicator's own table.
create table indicators.reconciliation as
with figure as (
    select *, map_from_entries(list_transform(
        string_split(filters, ';'), f -> {'k': split_part(f, '=', 1), 'v': split_part(f, '=', 2)}
    )) as f
    from read_csv(getvariable('reference') || '/published_figure.csv', header = true, all_varchar = true)
), placed as (
    select *, coalesce(f['period_type'], case when f['wave_code'] is not null then 'wave' else 'all' end) as period_type,
        coalesce(f['period'], f['wave_code'], 'ALL') as period, coalesce(f['area_level'], 'all') as area_level,
        coalesce(f['area_code'], 'ALL') as area_code,
        coalesce(nullif(concat_ws('/', f['party_code'], f['scope'], f['horizon_months'], f['horizon'], f['destination_code'],
            f['benefit_code'], f['question_code'], f['proposal_code'], f['unit_type'], f['obstacle_code'], f['project_id'],
            f['role'], f['reason_code'], f['answer_code']), ''), 'TOTAL') as category,
        case measure when 'women_count' then 'K' when 'men_count' then 'M' when 'unknown_count' then 'A'
            else coalesce(f['gender'], 'T') end as gender
    from figure
), computed as (
    select p.*, coalesce(v.value::varchar, g.status_code) as computed, v.value
    from placed as p
    left join indicators.indicator_value as v
        on p.indicator = v.indicator and p.measure = v.measure and p.period_type = v.period_type and p.period = v.period
            and p.area_level = v.area_level and p.area_code = v.area_code and p.gender = v.gender and p.category = v.category
    left join indicators.goal_status as g
        on p.indicator = 'goal_status' and p.f['goal_code'] = g.goal_code and p.f['reporter_code'] = g.reporter_code
)
select figure_id, indicator, expected, computed, unit, tolerance::double as tolerance, case
    when computed is null then 'not_computable'
    when unit = 'code' and computed = expected then 'match'
    when unit <> 'code' and abs(value - expected::double) <= tolerance::double then 'match'
    else 'mismatch' end as status
from computed;

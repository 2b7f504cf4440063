-- Indicator 27: every percent and count in one tidy table. A measure is a name, a numerator, a denominator (percents only),
-- a unit and a gender; what is null has no row.

create macro n(measure, number) as {'measure': measure, 'gender': 'T', 'numerator': number::double, 'denominator': null::double,
    'value': number::double, 'unit': 'count'};
create macro n_of(measure, number, kon) as {'measure': measure, 'gender': kon, 'numerator': number::double, 'denominator': null::double,
    'value': number::double, 'unit': 'count'};
create macro in_unit(measure, number, unit, kon) as {'measure': measure, 'gender': kon, 'numerator': number::double,
    'denominator': null::double, 'value': number::double, 'unit': unit};
create macro share(measure, part, whole, kon) as {'measure': measure, 'gender': kon, 'numerator': part::double,
    'denominator': whole::double, 'value': percent(part, whole)::double, 'unit': 'percent'};

create table indicators.indicator_value as
with spread as (
    select 'question' as indicator, period_type, period, area_level, area_code, question_code as category, [
        n_of('unknown_count', unknown_count, 'A'), n_of('women_count', women_count, 'K'), n_of('men_count', men_count, 'M'),
        n('total_count', total_count)] as measures from indicators.question
    union all
    select 'proposal', period_type, period, area_level, area_code, proposal_code, [
        n_of('unknown_count', unknown_count, 'A'), n_of('women_count', women_count, 'K'), n_of('men_count', men_count, 'M'),
        n('total_count', total_count)] from indicators.proposal
    union all
    select 'question_to_proposal', period_type, period, area_level, area_code, question_code || '/' || proposal_code,
        [n('total_count', total_count)] from indicators.question_to_proposal
    union all
    select 'case_volume', period_type, period, area_level, area_code, 'TOTAL', [
        n('new_count', new_count), n('follow_up_count', follow_up_count), n('total_count', total_count),
        n('previous_new_count', previous_new_count),
        share('new_change_percent', new_count - previous_new_count, previous_new_count, 'T')] from indicators.case_volume
    union all
    select 'initiating_party', period_type, period, area_level, area_code, party_code, [
        n('new_count', new_count), n('previous_count', previous_count),
        share('share_percent', new_count, sum(new_count) over (partition by period_type, period, area_level, area_code), 'T'),
        share('change_percent', new_count - previous_count, previous_count, 'T')] from indicators.initiating_party
    union all
    select 'party_evenness', period_type, period, area_level, area_code, 'TOTAL', [
        n('smallest_count', smallest_count), n('largest_count', largest_count),
        share('evenness_percent', smallest_count, largest_count, 'T')] from indicators.party_evenness
    union all
    select 'participation', period_type, period, area_level, area_code, party_code, [
        n('own_question_yes', own_question_yes), n('own_question_known', own_question_known),
        share('own_question_percent', own_question_yes, own_question_known, 'T'),
        n('attended_yes', attended_yes), n('attended_known', attended_known),
        share('attended_percent', attended_yes, attended_known, 'T'),
        n('feedback_yes', feedback_yes), n('feedback_known', feedback_known),
        share('feedback_percent', feedback_yes, feedback_known, 'T')] from indicators.participation
    union all
    select 'survey_readiness', 'wave', wave_code, 'all', 'ALL', 'TOTAL', [
        n_of('sent_count', sent_count, gender), n_of('answered_count', answered_count, gender),
        share('response_percent', answered_count, sent_count, gender), n_of('ready_count', ready_count, gender),
        n_of('readiness_known_count', readiness_known_count, gender),
        share('ready_percent', ready_count, readiness_known_count, gender)] from indicators.survey_readiness
    union all
    select 'survey_answer', 'wave', wave_code, 'all', 'ALL', answer_code, [
        n_of('answer_count', answer_count, gender),
        share('answer_percent', answer_count, sum(answer_count) over (partition by wave_code, gender), gender)]
    from indicators.survey_answer
    union all
    select 'survey_nonresponse', 'wave', wave_code, 'all', 'ALL', reason_code, [
        n('nonresponse_count', nonresponse_count),
        share('share_percent', nonresponse_count, sum(nonresponse_count) over (partition by wave_code), 'T')]
    from indicators.survey_nonresponse
    union all
    select 'support_follow_up', period_type, period, area_level, area_code, scope || '/' || horizon_months, [
        n_of('cohort_count', cohort_count, gender), n_of('start_count', start_count, gender), n_of('horizon_count', horizon_count, gender),
        share('start_percent', start_count, cohort_count, gender), share('horizon_percent', horizon_count, cohort_count, gender),
        in_unit('change_points', change_points, 'points', gender),
        share('change_percent', horizon_count - start_count, start_count, gender)] from indicators.support_follow_up
    union all
    select 'support_by_party', period_type, period, area_level, area_code, party_code || '/' || scope || '/' || horizon_months, [
        n('cohort_count', cohort_count), n('start_count', start_count), n('horizon_count', horizon_count),
        share('start_percent', start_count, cohort_count, 'T'), share('horizon_percent', horizon_count, cohort_count, 'T'),
        in_unit('change_points', change_points, 'points', 'T'),
        share('change_percent', horizon_count - start_count, start_count, 'T')] from indicators.support_by_party
    union all
    select 'self_support', period_type, period, area_level, area_code, horizon, [
        n_of('cohort_count', cohort_count, gender), n_of('self_support_count', self_support_count, gender),
        share('self_support_percent', self_support_count, cohort_count, gender)] from indicators.self_support
    union all
    select 'destination', period_type, period, area_level, area_code, horizon_months || '/' || destination_code, [
        n('person_case_count', person_case_count),
        share('share_percent', person_case_count,
            sum(person_case_count) over (partition by period_type, period, area_level, area_code, horizon_months), 'T')]
    from indicators.destination
    union all
    select 'new_benefit', period_type, period, area_level, area_code, horizon_months || '/' || benefit_code,
        [n('granted_count', granted_count), n('cohort_count', cohort_count)] from indicators.new_benefit
    union all
    select 'step_progress', period_type, period, area_level, area_code, horizon_months || '', [
        n_of('cohort_count', cohort_count, gender), n_of('forward_count', forward_count, gender),
        n_of('unchanged_count', unchanged_count, gender), n_of('backward_count', backward_count, gender),
        share('forward_percent', forward_count, cohort_count, gender)] from indicators.step_progress
    union all
    select 'team_coverage', period_type, period, area_level, area_code, unit_type, [
        n('unit_count', unit_count), n('team_count', team_count), share('coverage_percent', team_count, unit_count, 'T')]
    from indicators.team_coverage
    union all
    select 'meeting', period_type, period, area_level, area_code, 'TOTAL', [
        n('scheduled_count', scheduled_count), n('held_count', held_count), n('cancelled_count', cancelled_count),
        share('cancelled_percent', cancelled_count, scheduled_count, 'T'), n('held_digital_count', held_digital_count),
        n('held_physical_count', held_physical_count)] from indicators.meeting
    union all
    select 'meeting_cancellation', period_type, period, area_level, area_code, reason_code,
        [n('cancelled_count', cancelled_count)] from indicators.meeting_cancellation
    union all
    select 'lead_time', period_type, period, area_level, area_code, 'TOTAL', [
        n('plan_count', plan_count), in_unit('median_days', median_days, 'days', 'T'), in_unit('p90_days', p90_days, 'days', 'T')]
    from indicators.lead_time
    union all
    select 'grant_use', 'all', 'ALL', 'all', 'ALL', project_id, [
        n('month_count', month_count), in_unit('granted_sek', granted_sek, 'sek', 'T'), in_unit('used_sek', used_sek, 'sek', 'T'),
        in_unit('unused_sek', unused_sek, 'sek', 'T'), share('used_percent', used_sek, granted_sek, 'T')] from indicators.grant_use
    union all
    select 'staffing', period_type, period, 'all', 'ALL', party_code || '/' || role, [
        in_unit('planned_fte', planned_fte, 'fte', 'T'), in_unit('actual_fte', actual_fte, 'fte', 'T'),
        in_unit('gap_fte', gap_fte, 'fte', 'T')] from indicators.staffing
    union all
    select 'observation_theme', 'all', 'ALL', 'all', 'ALL', category_code || '/' || theme_code || '/' || reporter_code,
        [n('statement_count', statement_count)] from indicators.observation_theme
    union all
    select 'target_group', period_type, period, area_level, area_code, obstacle_code, [
        n_of('unknown_count', unknown_count, 'A'), n_of('women_count', women_count, 'K'), n_of('men_count', men_count, 'M'),
        n('total_count', total_count)] from indicators.target_group
    union all
    select 'consent', period_type, period, area_level, area_code, party_code, [
        n('person_case_count', person_case_count), n('linkable_count', linkable_count),
        share('linkable_percent', linkable_count, person_case_count, 'T')] from indicators.consent
), tall as (
    select indicator, period_type, period, area_level, area_code, category, unnest(measures) as m from spread
)
select indicator, m.measure, period_type, period, area_level, area_code, m.gender, category, m.numerator, m.denominator, m.value, m.unit
from tall where m.value is not null;

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

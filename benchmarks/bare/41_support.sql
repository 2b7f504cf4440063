-- Indicators 11 to 13: support and self-support of the cohorts.

create temp table support_cell as
select interval_no, kommunkod, kon, party_code,
    count(*) filter (where both_6) as n_6,
    count(*) filter (where both_12) as n_12,
    count(*) filter (where income_6) as income_n_6,
    count(*) filter (where income_12) as income_n_12,
    count(*) filter (where both_6 and (any_0 or held_0 <> 0)) as all_start_6,
    count(*) filter (where both_6 and (any_6 or held_6 <> 0)) as all_end_6,
    count(*) filter (where both_12 and (any_0 or held_0 <> 0)) as all_start_12,
    count(*) filter (where both_12 and (any_12 or held_12 <> 0)) as all_end_12,
    count(*) filter (where both_6 and (any_0 or held_0 & getvariable('goal_bits') <> 0)) as goal_start_6,
    count(*) filter (where both_6 and (any_6 or held_6 & getvariable('goal_bits') <> 0)) as goal_end_6,
    count(*) filter (where both_12 and (any_0 or held_0 & getvariable('goal_bits') <> 0)) as goal_start_12,
    count(*) filter (where both_12 and (any_12 or held_12 & getvariable('goal_bits') <> 0)) as goal_end_12,
    count(*) filter (where income_6 and any_0) as income_start_6,
    count(*) filter (where income_6 and any_6) as income_end_6,
    count(*) filter (where income_12 and any_0) as income_start_12,
    count(*) filter (where income_12 and any_12) as income_end_12
from follow_up
group by all;

create temp table support_scope as
select interval_no, kommunkod, kon, party_code, unnest([
    {'scope': 'all_public', 'horizon_months': 6, 'cohort': n_6, 'start': all_start_6, 'horizon': all_end_6},
    {'scope': 'all_public', 'horizon_months': 12, 'cohort': n_12, 'start': all_start_12, 'horizon': all_end_12},
    {'scope': 'goal_list', 'horizon_months': 6, 'cohort': n_6, 'start': goal_start_6, 'horizon': goal_end_6},
    {'scope': 'goal_list', 'horizon_months': 12, 'cohort': n_12, 'start': goal_start_12, 'horizon': goal_end_12},
    {'scope': 'income_support', 'horizon_months': 6, 'cohort': income_n_6, 'start': income_start_6, 'horizon': income_end_6},
    {'scope': 'income_support', 'horizon_months': 12, 'cohort': income_n_12, 'start': income_start_12, 'horizon': income_end_12}
], recursive := true)
from support_cell;

create table indicators.support_follow_up as
with area as (
    select interval_no, 'municipality' as area_level, kommunkod as area_code, kon, scope, horizon_months,
        sum(cohort) as cohort, sum("start") as started, sum(horizon) as ended
    from support_scope group by all
    union all
    select interval_no, 'county', kommunkod[1:2], kon, scope, horizon_months, sum(cohort), sum("start"), sum(horizon)
    from support_scope group by all
), summed as (
    select period_no, area_level, area_code, coalesce(kon, 'T') as gender, scope, horizon_months,
        sum(cohort) as cohort, sum(started) as started, sum(ended) as ended
    from area inner join interval_period using (interval_no)
    group by grouping sets (
        (period_no, area_level, area_code, kon, scope, horizon_months), (period_no, area_level, area_code, scope, horizon_months)
    )
)
select p.period_type, p.period, area_level, area_code, gender, scope, horizon_months, cohort::bigint as cohort_count,
    started::bigint as start_count, ended::bigint as horizon_count, percent(started, cohort) as start_percent,
    percent(ended, cohort) as horizon_percent, percent(ended, cohort) - percent(started, cohort) as change_points,
    percent(ended - started, started) as change_percent
from summed inner join period as p using (period_no)
where cohort > 0;

create table indicators.support_by_party as
with summed as (
    select period_no, kommunkod[1:2] as area_code, party_code, scope, horizon_months,
        sum(cohort) as cohort, sum("start") as started, sum(horizon) as ended
    from support_scope inner join interval_period using (interval_no)
    group by all
)
select p.period_type, p.period, 'county' as area_level, area_code, party_code, scope, horizon_months, cohort::bigint as cohort_count,
    started::bigint as start_count, ended::bigint as horizon_count, percent(started, cohort) as start_percent,
    percent(ended, cohort) as horizon_percent, percent(ended, cohort) - percent(started, cohort) as change_points,
    percent(ended - started, started) as change_percent
from summed inner join period as p using (period_no)
where cohort > 0;

create table indicators.self_support as
with counted as (
    select interval_no, kommunkod, kon,
        count(*) filter (where closing_6) as n_6, count(*) filter (where closing_6 and work_on <= day_6) as yes_6,
        count(*) filter (where closing_12) as n_12, count(*) filter (where closing_12 and work_on <= day_12) as yes_12,
        count(*) as n_all, count(work_on) as yes_all
    from follow_up
    where closing_any
    group by all
), tall as (
    select interval_no, kommunkod, kon, unnest([
        {'horizon': '6', 'n': n_6, 'yes': yes_6}, {'horizon': '12', 'n': n_12, 'yes': yes_12},
        {'horizon': 'to_date', 'n': n_all, 'yes': yes_all}
    ], recursive := true)
    from counted
), area as (
    select 'municipality' as area_level, kommunkod as area_code, * from tall
    union all
    select 'county', kommunkod[1:2], * from tall
), summed as (
    select period_no, area_level, area_code, coalesce(kon, 'T') as gender, horizon, sum(n) as n, sum(yes) as yes
    from area inner join interval_period using (interval_no)
    group by grouping sets ((period_no, area_level, area_code, kon, horizon), (period_no, area_level, area_code, horizon))
)
select p.period_type, p.period, area_level, area_code, gender, horizon, n::bigint as cohort_count, yes::bigint as self_support_count,
    percent(yes, n) as self_support_percent
from summed inner join period as p using (period_no)
where n > 0;

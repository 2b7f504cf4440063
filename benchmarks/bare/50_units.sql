-- Indicators 17 to 20: units with teams, meetings, lead times. A unit's row of the latest period end holds.

create temp table unit as
select t.team_id, t.enhetstyp as unit_type, t.kommunkod, t.team_fran, t.team_till
from extract_team as t
inner join delivery as d on d.dataset = 'team' and t.file_no = d.file_no
qualify row_number() over (partition by t.team_id order by d.last_day desc) = 1;

create table indicators.team_coverage as
with area as (
    select 'municipality' as area_level, kommunkod as area_code, unit_type, team_fran, team_till from unit
    union all
    select 'county', kommunkod[1:2], unit_type, team_fran, team_till from unit
), counted as (
    select p.period_type, p.period, area_level, area_code, coalesce(unit_type, 'ALL') as unit_type, count(*) as unit_count,
        count(*) filter (where team_fran <= p.last_day and (team_till is null or team_till >= p.last_day)) as team_count
    from area cross join period as p
    group by grouping sets ((p.period_type, p.period, area_level, area_code, unit_type), (p.period_type, p.period, area_level, area_code))
)
select *, percent(team_count, unit_count) as coverage_percent from counted;

create temp table meeting_cell as
select d.interval_no, m.team_id, u.kommunkod,
    case when m.status = 'INSTALLT' then coalesce(m.installt_orsak, 'OKAND') end as reason_code, count(*) as scheduled,
    count(*) filter (where m.status = 'GENOMFORT' and m.form = 'D') as digital,
    count(*) filter (where m.status = 'GENOMFORT' and m.form = 'F') as physical
from extract_moten as m
inner join day as d on m.motesdatum = d.day
inner join unit as u on m.team_id = u.team_id
group by all;

create table indicators.meeting as
with area as (
    select 'team' as area_level, team_id as area_code, * from meeting_cell
    union all
    select 'municipality', kommunkod, * from meeting_cell
    union all
    select 'county', kommunkod[1:2], * from meeting_cell
), summed as (
    select period_no, area_level, area_code, sum(scheduled)::bigint as scheduled_count, sum(digital)::bigint as held_digital_count,
        sum(physical)::bigint as held_physical_count,
        coalesce(sum(scheduled) filter (where reason_code is not null), 0)::bigint as cancelled_count
    from area inner join interval_period using (interval_no)
    group by all
)
select p.period_type, p.period, area_level, area_code, scheduled_count, scheduled_count - cancelled_count as held_count, cancelled_count,
    percent(cancelled_count, scheduled_count) as cancelled_percent, held_digital_count, held_physical_count
from summed inner join period as p using (period_no);

create table indicators.meeting_cancellation as
with area as (
    select 'municipality' as area_level, kommunkod as area_code, * from meeting_cell
    union all
    select 'county', kommunkod[1:2], * from meeting_cell
)
select p.period_type, p.period, area_level, area_code, reason_code, sum(scheduled)::bigint as cancelled_count
from area inner join interval_period using (interval_no) inner join period as p using (period_no)
where reason_code is not null
group by all;

create table indicators.lead_time as
with lead_days as (
    select d.interval_no, s.reporter as kommunkod, p.planeringsdatum - p.forsta_kontakt as days, count(*) as n
    from extract_planering as p
    inner join day as d on p.planeringsdatum = d.day
    inner join delivery as s on s.dataset = 'planering' and p.file_no = s.file_no
    group by all
), area as (
    select interval_no, 'municipality' as area_level, kommunkod as area_code, days, n from lead_days
    union all
    select interval_no, 'county', kommunkod[1:2], days, sum(n) from lead_days group by all
), summed as (
    select period_no, area_level, area_code, days, sum(n) as n
    from area inner join interval_period using (interval_no)
    group by all
), ranked as (
    -- A value holds the ranks from `reached - n` to `reached - 1`; a continuous quantile lies between two ranks.
    select *, sum(n) over same_area as total, sum(n) over (same_area order by days) as reached
    from summed
    window same_area as (partition by period_no, area_level, area_code)
), placed as (
    select period_no, area_level, area_code, total,
        min(days) filter (where reached > floor(0.5 * (total - 1))) as median_low,
        min(days) filter (where reached > ceil(0.5 * (total - 1))) as median_high,
        min(days) filter (where reached > floor(0.9 * (total - 1))) as p90_low,
        min(days) filter (where reached > ceil(0.9 * (total - 1))) as p90_high
    from ranked group by all
)
select p.period_type, p.period, area_level, area_code, total::bigint as plan_count,
    median_low + (median_high - median_low) * (0.5 * (total - 1) % 1)::double as median_days,
    p90_low + (p90_high - p90_low) * (0.9 * (total - 1) % 1)::double as p90_days
from placed inner join period as p using (period_no);

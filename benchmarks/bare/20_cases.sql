-- Consultations, counted once per interval and area; then indicators 1 to 7.

create temp table consultation as
select
    a.personnummer as person, a.konsultationsdatum as day, d.interval_no, a.arendetyp = 'NY' as is_new, a.team_id, a.kommunkod, a.kon,
    a.initierande_part, a.fragestallning, a.atgardsforslag,
    a.egen_fragestallning = 'J' as own, a.deltog_mote = 'J' as attended, a.aterkoppling = 'J' as feedback
from extract_arenden as a
inner join day as d on a.konsultationsdatum = d.day;

create temp table case_cell as
select
    interval_no, team_id, kommunkod, fragestallning, atgardsforslag,
    count(*) filter (where is_new) as new_count,
    count(*) filter (where is_new and kon = 'A') as unknown_count,
    count(*) filter (where is_new and kon = 'K') as women_count,
    count(*) filter (where is_new and kon = 'M') as men_count,
    count(*) filter (where not is_new) as follow_up_count
from consultation
group by all;

-- The three area levels of team cells, one below the other.
create macro area_question() as table
select interval_no, 'team' as area_level, team_id as area_code, fragestallning as code, sum(unknown_count) as unknown_count,
    sum(women_count) as women_count, sum(men_count) as men_count, sum(new_count) as total_count
from case_cell where new_count > 0 group by all
union all
select interval_no, 'municipality', kommunkod, fragestallning, sum(unknown_count), sum(women_count), sum(men_count), sum(new_count)
from case_cell where new_count > 0 group by all
union all
select interval_no, 'county', kommunkod[1:2], fragestallning, sum(unknown_count), sum(women_count), sum(men_count), sum(new_count)
from case_cell where new_count > 0 group by all;

create macro area_proposal() as table
select interval_no, 'team' as area_level, team_id as area_code, atgardsforslag as code, sum(unknown_count) as unknown_count,
    sum(women_count) as women_count, sum(men_count) as men_count, sum(new_count) as total_count
from case_cell where new_count > 0 group by all
union all
select interval_no, 'municipality', kommunkod, atgardsforslag, sum(unknown_count), sum(women_count), sum(men_count), sum(new_count)
from case_cell where new_count > 0 group by all
union all
select interval_no, 'county', kommunkod[1:2], atgardsforslag, sum(unknown_count), sum(women_count), sum(men_count), sum(new_count)
from case_cell where new_count > 0 group by all;

create temp table code as
select list_name, code from read_csv(getvariable('reference') || '/code_list.csv', header = true, all_varchar = true)
union all values ('question', 'TOTAL'), ('proposal', 'TOTAL');

create temp table question_sum as
select period_no, area_level, area_code, coalesce(code, 'TOTAL') as code, sum(unknown_count) as unknown_count,
    sum(women_count) as women_count, sum(men_count) as men_count, sum(total_count) as total_count
from area_question() inner join interval_period using (interval_no)
group by grouping sets ((period_no, area_level, area_code, code), (period_no, area_level, area_code));

create temp table proposal_sum as
select period_no, area_level, area_code, coalesce(code, 'TOTAL') as code, sum(unknown_count) as unknown_count,
    sum(women_count) as women_count, sum(men_count) as men_count, sum(total_count) as total_count
from area_proposal() inner join interval_period using (interval_no)
group by grouping sets ((period_no, area_level, area_code, code), (period_no, area_level, area_code));

create table indicators.question as
with place as (select period_no, area_level, area_code from question_sum where code = 'TOTAL')
select p.period_type, p.period, area_level, area_code, c.code as question_code,
    coalesce(q.unknown_count, 0)::bigint as unknown_count, coalesce(q.women_count, 0)::bigint as women_count,
    coalesce(q.men_count, 0)::bigint as men_count, coalesce(q.total_count, 0)::bigint as total_count
from place
inner join period as p using (period_no)
cross join (select code from code where list_name = 'question') as c
left join question_sum as q using (period_no, area_level, area_code, code);

create table indicators.proposal as
with place as (select period_no, area_level, area_code from proposal_sum where code = 'TOTAL')
select p.period_type, p.period, area_level, area_code, c.code as proposal_code,
    coalesce(q.unknown_count, 0)::bigint as unknown_count, coalesce(q.women_count, 0)::bigint as women_count,
    coalesce(q.men_count, 0)::bigint as men_count, coalesce(q.total_count, 0)::bigint as total_count
from place
inner join period as p using (period_no)
cross join (select code from code where list_name = 'proposal') as c
left join proposal_sum as q using (period_no, area_level, area_code, code);

create table indicators.question_to_proposal as
with municipal as (
    select interval_no, kommunkod, fragestallning as question_code, atgardsforslag as proposal_code, sum(new_count) as n
    from case_cell where new_count > 0 group by all
), area as (
    select interval_no, 'municipality' as area_level, kommunkod as area_code, question_code, proposal_code, n from municipal
    union all
    select interval_no, 'county', kommunkod[1:2], question_code, proposal_code, sum(n) from municipal group by all
)
select p.period_type, p.period, area_level, area_code, question_code, proposal_code, sum(n)::bigint as total_count
from area inner join interval_period using (interval_no) inner join period as p using (period_no)
group by all;

create table indicators.case_volume as
with team as (
    select interval_no, team_id, kommunkod, sum(new_count) as new_count, sum(follow_up_count) as follow_up_count
    from case_cell group by all
), area as (
    select interval_no, 'team' as area_level, team_id as area_code, new_count, follow_up_count from team
    union all
    select interval_no, 'municipality', kommunkod, sum(new_count), sum(follow_up_count) from team group by all
    union all
    select interval_no, 'county', kommunkod[1:2], sum(new_count), sum(follow_up_count) from team group by all
), volume as (
    select period_no, area_level, area_code, sum(new_count) as new_count, sum(follow_up_count) as follow_up_count
    from area inner join interval_period using (interval_no) group by all
), compared as (
    select v.*, p.period_type, p.period,
        case when p.previous_no is not null then coalesce(before.new_count, 0) end as previous_new_count
    from volume as v
    inner join period as p using (period_no)
    left join volume as before
        on p.previous_no = before.period_no and v.area_level = before.area_level and v.area_code = before.area_code
)
select period_type, period, area_level, area_code, new_count::bigint as new_count, follow_up_count::bigint as follow_up_count,
    (new_count + follow_up_count)::bigint as total_count, previous_new_count::bigint as previous_new_count,
    percent(new_count - previous_new_count, previous_new_count) as new_change_percent
from compared;

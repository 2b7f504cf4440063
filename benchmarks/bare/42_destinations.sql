-- Indicators 14 to 16 and 26: where the cases went, what was granted, steps on the ladder, consents.

create temp table destination_sum as
with reached as (
    select interval_no, kommunkod, 6 as horizon_months, to_6 as place, count(*) as n from follow_up where after_6 group by all
    union all
    select interval_no, kommunkod, 12, to_12, count(*) from follow_up where after_12 group by all
), area as (
    select 'municipality' as area_level, kommunkod as area_code, * from reached
    union all
    select 'county', kommunkod[1:2], * from reached
)
select period_no, area_level, area_code, horizon_months, place, sum(n) as n
from area inner join interval_period using (interval_no)
group by grouping sets ((period_no, area_level, area_code, horizon_months, place), (period_no, area_level, area_code, horizon_months));

create table indicators.destination as
with cohort as (select * from destination_sum where place is null)
select p.period_type, p.period, c.area_level, c.area_code, c.horizon_months, l.destination_code,
    coalesce(s.n, 0)::bigint as person_case_count, percent(coalesce(s.n, 0), c.n) as share_percent
from cohort as c
inner join period as p using (period_no)
cross join ladder as l
left join destination_sum as s
    on c.period_no = s.period_no and c.area_level = s.area_level and c.area_code = s.area_code
        and c.horizon_months = s.horizon_months and l.sort_order = s.place;

create table indicators.new_benefit as
with counted as (
    select interval_no, kommunkod, 6 as horizon_months, granted_6 as granted, count(*) as n from follow_up where after_6 group by all
    union all
    select interval_no, kommunkod, 12, granted_12, count(*) from follow_up where after_12 group by all
), granted as (
    select c.interval_no, c.kommunkod, c.horizon_months, b.benefit_code, sum(n) as cohort,
        coalesce(sum(n) filter (where c.granted & benefit_bit(b.benefit_code) <> 0), 0) as n
    from counted as c cross join benefit as b
    group by all
), area as (
    select 'municipality' as area_level, kommunkod as area_code, * from granted
    union all
    select 'county', kommunkod[1:2], * from granted
)
select p.period_type, p.period, area_level, area_code, horizon_months, benefit_code, sum(n)::bigint as granted_count,
    sum(cohort)::bigint as cohort_count
from area inner join interval_period using (interval_no) inner join period as p using (period_no)
group by all;

create table indicators.step_progress as
with moved as (
    select interval_no, kommunkod, kon, 6 as horizon_months, to_0 as place, to_6 as next_place, count(*) as n
    from follow_up where both_6 group by all
    union all
    select interval_no, kommunkod, kon, 12, to_0, to_12, count(*) from follow_up where both_12 group by all
), counted as (
    select m.interval_no, m.kommunkod, m.kon, m.horizon_months, sum(n) as cohort,
        coalesce(sum(n) filter (where b.step > a.step), 0) as forward, coalesce(sum(n) filter (where b.step < a.step), 0) as backward
    from moved as m
    inner join ladder as a on m.place = a.sort_order
    inner join ladder as b on m.next_place = b.sort_order
    group by all
), area as (
    select 'municipality' as area_level, kommunkod as area_code, * from counted
    union all
    select 'county', kommunkod[1:2], * from counted
), summed as (
    select period_no, area_level, area_code, coalesce(kon, 'T') as gender, horizon_months,
        sum(cohort) as cohort, sum(forward) as forward, sum(backward) as backward
    from area inner join interval_period using (interval_no)
    group by grouping sets ((period_no, area_level, area_code, kon, horizon_months), (period_no, area_level, area_code, horizon_months))
)
select p.period_type, p.period, area_level, area_code, gender, horizon_months, cohort::bigint as cohort_count,
    forward::bigint as forward_count, (cohort - forward - backward)::bigint as unchanged_count, backward::bigint as backward_count,
    percent(forward, cohort) as forward_percent
from summed inner join period as p using (period_no);

create table indicators.consent as
with counted as (
    select interval_no, kommunkod, count(*) as n, count(*) filter (where to_af) as af, count(*) filter (where to_fk) as fk,
        count(*) filter (where to_kommun) as kommun, count(*) filter (where to_rg) as rg
    from person_case group by all
), tall as (
    select interval_no, kommunkod, n, unnest([
        {'party_code': 'AF', 'linkable': af}, {'party_code': 'FK', 'linkable': fk},
        {'party_code': 'KOMMUN', 'linkable': kommun}, {'party_code': 'RG', 'linkable': rg}
    ], recursive := true)
    from counted
), area as (
    select 'municipality' as area_level, kommunkod as area_code, * from tall
    union all
    select 'county', kommunkod[1:2], * from tall
)
select p.period_type, p.period, area_level, area_code, party_code, sum(n)::bigint as person_case_count,
    sum(linkable)::bigint as linkable_count, percent(sum(linkable), sum(n)) as linkable_percent
from area inner join interval_period using (interval_no) inner join period as p using (period_no)
group by all;

-- Indicator 25: distinct persons with income support. A person's months are one number, a period is a mask of months.

create temp table period_month as
select p.period_no, bit_or(m.bit) as mask
from support_month as m inner join period as p on m.day between p.first_day and p.last_day
group by all;

create temp table area_support as
with county as (
    select kommunkod[1:2] as area_code, person, obstacle_code, kon, bit_or(months) as months from support group by all
)
select 'municipality' as area_level, kommunkod as area_code, person, obstacle_code, kon, months from support
union all
select 'county', area_code, person, obstacle_code, kon, months from county;

create temp table area_person as
select area_level, area_code, person, 'ALL' as obstacle_code, min(kon) as kon, bit_or(months) as months, min(kon) <> max(kon) as differs
from area_support group by all;

-- Persons of one gender throughout are counted by their months first: there are few different sets of months.
create temp table steady as
select area_level, area_code, obstacle_code, kon, months, count(*) as n
from area_support as s
where not exists (
    select 1 from area_person as p
    where p.differs and p.person = s.person and p.area_level = s.area_level and p.area_code = s.area_code
)
group by all
union all
select area_level, area_code, obstacle_code, kon, months, count(*) from area_person where not differs group by all;

create temp table month_set as
with different as (select distinct months from steady)
select d.months, p.period_no from different as d inner join period_month as p on d.months & p.mask <> 0;

-- The others, period by period: the gender of the latest month of the period, and of two in that month the first by code.
create temp table changing as
with present as (
    select s.*, p.period_no, s.months & p.mask as present
    from area_support as s
    inner join area_person as a on a.differs and a.person = s.person and a.area_level = s.area_level and a.area_code = s.area_code
    inner join period_month as p on s.months & p.mask <> 0
), latest as (
    select period_no, area_level, area_code, person, arg_max(kon, len(bin(present)) * 1000 - ascii(kon)) as kon from present group by all
)
select distinct l.*, p.obstacle_code
from present as p inner join latest as l using (period_no, area_level, area_code, person)
union all
select distinct *, 'ALL' from latest;

create table indicators.target_group as
with counted as (
    select m.period_no, area_level, area_code, obstacle_code, kon, n from steady inner join month_set as m using (months)
    union all
    select period_no, area_level, area_code, obstacle_code, kon, 1 from changing
)
select p.period_type, p.period, area_level, area_code, obstacle_code,
    coalesce(sum(n) filter (where kon = 'A'), 0)::bigint as unknown_count, coalesce(sum(n) filter (where kon = 'K'), 0)::bigint as women_count,
    coalesce(sum(n) filter (where kon = 'M'), 0)::bigint as men_count, sum(n)::bigint as total_count
from counted inner join period as p using (period_no)
group by all;

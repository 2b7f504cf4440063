-- Periods, cut into elementary intervals: a fact is counted once per interval, and intervals are summed up to periods.

create temp table period as
with span as (
    select min(day) as first_day, max(day) as last_day from covered_day where dataset = 'arenden'
), quarter_start as (
    select cast(unnest(range(make_date(year(first_day), 1, 1), last_day + 1, interval 3 month)) as date) as day from span
), calendar as (
    select 'quarter' as period_type, year(day) || 'Q' || quarter(day) as period, day as first_day, 3 as months
    from quarter_start
    union all
    select 'half_year', year(day) || 'H' || (quarter(day) + 1) // 2, day, 6 from quarter_start where quarter(day) in (1, 3)
    union all
    select 'year', cast(year(day) as varchar), day, 12 from quarter_start where quarter(day) = 1
), dated as (
    select period_type, period, first_day, cast(last_day(first_day + to_months(months - 1)) as date) as last_day, months
    from calendar
), existing as (
    select d.* from dated as d inner join span as s on d.first_day <= s.last_day and d.last_day >= s.first_day
    union all
    select 'reporting', code, start_date, end_date, null
    from read_csv(getvariable('reference') || '/reporting_period.csv', header = true)
), numbered as (
    select row_number() over (order by period_type, period) as period_no, * from existing
)
select p.*, before.period_no as previous_no
from numbered as p
left join numbered as before
    on p.period_type = before.period_type and p.first_day = cast(before.first_day + to_months(p.months) as date);

create temp table elementary as
with cut as (
    select first_day as day from period
    union
    select last_day + 1 from period
)
select row_number() over (order by day) as interval_no, day as first_day, lead(day) over (order by day) - 1 as last_day
from cut
qualify last_day is not null;

create temp table interval_period as
select e.interval_no, p.period_no
from elementary as e
inner join period as p on e.first_day between p.first_day and p.last_day;

create temp table day as
select e.interval_no, cast(unnest(range(e.first_day, e.last_day + 1, interval 1 day)) as date) as day
from elementary as e;

-- Months of income support by their text: a bit each, so that a person's months are one number. 63 months at most.
create temp table support_month as
with span as (
    select date_trunc('month', min(day)) as first_day, max(day) as last_day from covered_day where dataset = 'forsorjningsstod'
), month_start as (
    select cast(unnest(range(first_day, last_day + 1, interval 1 month)) as date) as day from span
), numbered as (
    select row_number() over (order by day) - 1 as month_no, day from month_start
)
select
    strftime(day, '%Y-%m') as manad, day, month_no,
    case when month_no < 63 then 1::bigint << month_no else error('more months than bits') end as bit
from numbered;

create temp table benefit as
select code as benefit_code, row_number() over (order by code) - 1 as benefit_no, 1 << (row_number() over (order by code) - 1) as bit
from read_csv(getvariable('reference') || '/code_list.csv', header = true, all_varchar = true)
where list_name in ('benefit_af', 'benefit_fk');

set variable goal_bits = (
    select bit_or(b.bit)
    from benefit as b
    inner join read_csv(getvariable('reference') || '/benefit_scope.csv', header = true) as s on b.benefit_code = s.benefit_code
    where s.scope = 'goal_list'
);

create macro benefit_bit(code) as case code
    when 'AKASSA' then 1 when 'AKTIVITETSERSATTNING' then 2 when 'AKTIVITETSSTOD' then 4 when 'ETABLERING' then 8
    when 'REHABPENNING' then 16 when 'SJUKERSATTNING' then 32 when 'SJUKPENNING' then 64 end;

create temp table ladder as
select destination_code, sort_order, step from read_csv(getvariable('reference') || '/ladder.csv', header = true);

create macro percent(part, whole) as 100.0 * part / nullif(whole, 0);

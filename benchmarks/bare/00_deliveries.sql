-- Which files are in force, and the days that they cover. Variables: inbox, reference (folders).
-- One row per file: party, dataset, format, first and last day, and its place among the files of its dataset.

create temp table delivery as
with file_name as (
    select file, regexp_extract(
        file, '([^/]+)/([a-z]+)_(20[0-9]{2}[-HQ0-9]*)(?:_r([0-9]+))?\.(csv|csv\.gz|parquet)$',
        ['party', 'dataset', 'period', 'revision', 'format']
    ) as part
    from glob(getvariable('inbox') || '/*/*')
), named as (
    select file, part.party, part.dataset, part.period, part.format,
        coalesce(try_cast(part.revision as integer), 1) as revision, cast(part.period[1:4] as integer) as y
    from file_name
    where part.dataset <> ''
), opened as (
    select *, case
        when len(period) = 17 then cast(strptime(period[1:8], '%Y%m%d') as date)
        when len(period) = 7 then make_date(y, cast(period[6:7] as integer), 1)
        when period[5] = 'H' then make_date(y, cast(period[6] as integer) * 6 - 5, 1)
        when period[5] = 'Q' then make_date(y, cast(period[6] as integer) * 3 - 2, 1)
        else make_date(y, 1, 1) end as first_day
    from named
), dated as (
    select *, cast(case
        when len(period) = 17 then strptime(period[10:17], '%Y%m%d')
        when len(period) = 7 then last_day(first_day)
        when period[5] = 'H' then last_day(first_day + interval 5 month)
        when period[5] = 'Q' then last_day(first_day + interval 2 month)
        else make_date(y, 12, 31) end as date) as last_day
    from opened
), latest as (
    select * from dated
    qualify row_number() over (partition by party, dataset, first_day, last_day order by revision desc) = 1
)
select
    file, party, dataset, format, first_day, last_day,
    case when party = 'fk' then 'FK' else replace(party, 'kommun-', '') end as reporter,
    row_number() over (partition by dataset order by format = 'parquet', file) - 1 as file_no
from latest as d
where not exists (
    select 1 from latest as wider
    where wider.party = d.party and wider.dataset = d.dataset
        and wider.first_day <= d.first_day and wider.last_day >= d.last_day
        and (wider.first_day, wider.last_day) <> (d.first_day, d.last_day)
);

-- Each day of a party's dataset that a delivery in force covers, once.
create temp table covered_day as
select distinct party, dataset, cast(unnest(range(first_day, last_day + 1, interval 1 day)) as date) as day
from delivery
where dataset in ('arenden', 'ersattning', 'forsorjningsstod', 'avslut');

-- What is known of a person: consents, months of income support, benefit spells, closings.

create temp table person_consent as
with given as (
    select personnummer as person, part, min(samtyckesdatum) as given_on, count(aterkallat_datum) as withdrawn
    from extract_samtycke group by all
)
select person,
    min(given_on) filter (where part = 'AF' and withdrawn = 0) as af_from,
    min(given_on) filter (where part = 'FK' and withdrawn = 0) as fk_from,
    min(given_on) filter (where part = 'KOMMUN' and withdrawn = 0) as kommun_from,
    min(given_on) filter (where part = 'RG' and withdrawn = 0) as rg_from
from given group by all;

create temp table support as
select f.personnummer as person, d.reporter as kommunkod, coalesce(f.forsorjningshinder, 'OKAND') as obstacle_code, f.kon,
    bit_or(m.bit) as months, bit_or(case when f.huvudinkomst = 'J' then m.bit else 0 end) as main_months
from extract_forsorjningsstod as f
inner join support_month as m using (manad)
inner join (select file_no, reporter from delivery where dataset = 'forsorjningsstod') as d using (file_no)
group by all;

create temp table person_support as
select person, bit_or(months) as months, bit_or(main_months) as main_months from support group by all;

-- A spell delivered in several periods: the row of the latest period end holds, by one number of both days.
create temp table spell as
with stated as (
    select e.personnummer as person, benefit_bit(e.ersattning) as bit, e.fran,
        max((d.last_day - date '1900-01-01') * 10000000 + (coalesce(e.till, date '9999-12-31') - date '1900-01-01')) as latest
    from extract_ersattning as e
    inner join (select file_no, last_day from delivery where dataset = 'ersattning') as d using (file_no)
    group by all
)
select person, bit, fran, date '1900-01-01' + cast(latest % 10000000 as integer) as till from stated;

-- Of several closings on one day the alphabetically first counts: the largest number of day and reversed place.
create temp table closing as
select distinct personnummer as person, avslutsdatum as day, orsak in ('ARBETE', 'STUDIER') as to_work,
    (avslutsdatum - date '1900-01-01') * 10 + 9 - list_position(
        ['AF_ERSATTNING', 'AKTIVITETSERSATTNING', 'ANNAT', 'ARBETE', 'FLYTT', 'SJUKERSATTNING', 'STUDIER'], orsak
    ) as rank
from extract_avslut;

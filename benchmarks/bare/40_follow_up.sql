-- New cases of known persons: linkable to whom, covered or not, and what they lived on at 0, 6 and 12 months.

create temp table case_day as
with municipality as (
    select distinct kommunkod, 'kommun-' || kommunkod as party from consultation
), dated as (
    select m.*, d.day, d.interval_no, cast(d.day + interval 6 month as date) as day_6, cast(d.day + interval 12 month as date) as day_12
    from municipality as m cross join day as d
    where d.day between (select min(day) from consultation) and (select max(day) from consultation)
), support_day as (
    select party, day from covered_day where dataset = 'forsorjningsstod'
), closing_day as (
    select party, day from covered_day where dataset = 'avslut'
), benefit_day as (
    select day from covered_day where dataset = 'ersattning' group by day having count(distinct party) = 2
)
select d.*, s0.day is not null as support_0, s6.day is not null as support_6, s12.day is not null as support_12,
    b0.day is not null as benefit_0, b6.day is not null as benefit_6, b12.day is not null as benefit_12,
    d.party in (select party from closing_day) as closing_any, c6.day is not null as closing_6, c12.day is not null as closing_12,
    coalesce(m0.bit, 0) as bit_0, coalesce(m6.bit, 0) as bit_6, coalesce(m12.bit, 0) as bit_12
from dated as d
left join support_day as s0 on d.party = s0.party and d.day = s0.day
left join support_day as s6 on d.party = s6.party and d.day_6 = s6.day
left join support_day as s12 on d.party = s12.party and d.day_12 = s12.day
left join benefit_day as b0 on d.day = b0.day
left join benefit_day as b6 on d.day_6 = b6.day
left join benefit_day as b12 on d.day_12 = b12.day
left join closing_day as c6 on d.party = c6.party and d.day_6 = c6.day
left join closing_day as c12 on d.party = c12.party and d.day_12 = c12.day
left join support_month as m0 on date_trunc('month', d.day) = m0.day
left join support_month as m6 on date_trunc('month', d.day_6) = m6.day
left join support_month as m12 on date_trunc('month', d.day_12) = m12.day;

create temp table person_case as
select c.rowid as case_no, c.person, c.day, c.interval_no, c.kommunkod, c.kon, c.initierande_part as party_code,
    coalesce(p.af_from <= c.day, false) as to_af, coalesce(p.fk_from <= c.day, false) as to_fk,
    coalesce(p.kommun_from <= c.day, false) as to_kommun, coalesce(p.rg_from <= c.day, false) as to_rg
from consultation as c
left join person_consent as p using (person)
where c.is_new and c.person is not null;

create temp table linked_case as
select c.case_no, c.person, c.day, d.day_6, d.day_12, c.interval_no, c.kommunkod, c.kon, c.party_code, c.to_af and c.to_fk as to_all,
    support_0 and support_6 as income_6, support_0 and support_12 as income_12,
    to_all and benefit_6 and support_6 as after_6, to_all and benefit_12 and support_12 as after_12,
    benefit_0 and support_0 as start_covered, closing_any, closing_6, closing_12,
    coalesce(s.months & d.bit_0, 0) <> 0 as any_0, coalesce(s.months & d.bit_6, 0) <> 0 as any_6, coalesce(s.months & d.bit_12, 0) <> 0 as any_12,
    coalesce(s.main_months & d.bit_0, 0) <> 0 as main_0, coalesce(s.main_months & d.bit_6, 0) <> 0 as main_6,
    coalesce(s.main_months & d.bit_12, 0) <> 0 as main_12
from person_case as c
inner join case_day as d on c.kommunkod = d.kommunkod and c.day = d.day
left join person_support as s on c.person = s.person
where c.to_kommun;

create temp table case_benefit as
select c.case_no,
    bit_or(case when c.day between s.fran and s.till then s.bit else 0 end) as held_0,
    bit_or(case when c.day_6 between s.fran and s.till then s.bit else 0 end) as held_6,
    bit_or(case when c.day_12 between s.fran and s.till then s.bit else 0 end) as held_12,
    bit_or(case when s.fran > c.day and s.fran <= c.day_6 then s.bit else 0 end) as granted_6,
    bit_or(case when s.fran > c.day then s.bit else 0 end) as granted_12
from linked_case as c
inner join spell as s on c.person = s.person
where c.to_all and s.fran <= c.day_12 and s.till >= c.day
group by all;

create temp table case_closing as
select c.case_no, min(x.day) filter (where x.to_work) as work_on,
    max(x.rank) filter (where x.day <= c.day_6) % 10 as last_6, max(x.rank) filter (where x.day <= c.day_12) % 10 as last_12
from linked_case as c
inner join closing as x on c.person = x.person
where x.day > c.day
group by all;

-- The place in the ladder's list of the first destination that holds. Closings end with 5 for work, 2 for studies.
create macro destination(main, partly, held, last) as case
    when main then 1 when held & 32 <> 0 then 2 when held & 2 <> 0 then 3 when held & 64 <> 0 then 4 when held & 16 <> 0 then 5
    when held & 4 <> 0 then 6 when held & 1 <> 0 then 7 when held & 8 <> 0 then 8 when partly then 9
    when last = 5 then 10 when last = 2 then 11 else 12 end;

create temp table follow_up as
with known as (
    select c.*, coalesce(b.held_0, 0) as held_0, coalesce(b.held_6, 0) as held_6, coalesce(b.held_12, 0) as held_12,
        coalesce(b.granted_6, 0) as granted_6, coalesce(b.granted_12, 0) as granted_12, x.work_on, x.last_6, x.last_12
    from linked_case as c
    left join case_benefit as b on c.case_no = b.case_no
    left join case_closing as x on c.case_no = x.case_no
)
select *, after_6 and start_covered as both_6, after_12 and start_covered as both_12,
    destination(main_0, any_0, held_0, null) as to_0, destination(main_6, any_6, held_6, last_6) as to_6,
    destination(main_12, any_12, held_12, last_12) as to_12
from known;

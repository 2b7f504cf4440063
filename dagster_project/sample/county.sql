-- Facts of a county of any size, by sets: everything about a person follows from the person's number in the row.
-- Variables: seed, cases, people, others, start_day, end_day, support_end. Table given: municipality
-- (slot_from, slot_to of 10,000; code; units). One view per dataset, with the contract's columns, folder, period.

create macro chance(key, salt) as (hash(key, salt, getvariable('seed')) % 1000003) / 1000003.0;
create macro whole(key, salt, n) as cast(floor(chance(key, salt) * n) as bigint);
create macro choose(key, salt, list) as list[1 + whole(key, salt, len(list))];
create macro digit(text, place) as ascii(text[place]) - 48;
create macro twice(text, place) as digit(text, place) * 2 - case when digit(text, place) > 4 then 9 else 0 end;
create macro with_check_digit(eleven) as eleven || (
    (10 - (twice(eleven, 3) + digit(eleven, 4) + twice(eleven, 5) + digit(eleven, 6) + twice(eleven, 7)
        + digit(eleven, 8) + twice(eleven, 9) + digit(eleven, 10) + twice(eleven, 11)) % 10) % 10
);
create macro period_of(day) as
    case when day > getvariable('end_day') then year(day) || 'H1' else cast(year(day) as varchar) end;
create macro period_end(period) as
    case when len(period) = 6 then make_date(cast(period[1:4] as bigint), 6, 30)
    else make_date(cast(period as bigint), 12, 31) end;

-- Three of five are women. Each birth day has ten women and ten men with serials 980 to 999, so many people
-- are born in times that nobody remembers; only the shape of their numbers matters here.
create table person as
with numbered as (
    select
        p,
        p % 5 < 3 as woman,
        case when p % 5 < 3 then p // 5 * 3 + p % 5 else p // 5 * 2 + p % 5 - 3 end as place,
        greatest(9000, ceil(
            (getvariable('people') + getvariable('others')) * case when p % 5 < 3 then 0.06 else 0.04 end
        ) + 2) as least_days
    from range(getvariable('people') + getvariable('others')) as r (p)
), spread as (
    -- 7919 is prime: steps of it reach every day, unless the number of days is a multiple of it.
    select *, cast(least_days as bigint) + case when least_days % 7919 = 0 then 1 else 0 end as days from numbered
), born as (
    select
        *,
        cast(date '2002-12-31' - cast((place * 7919) % days as integer) as date) as birth_day,
        980 + 2 * (place // days) + case when woman then 0 else 1 end as serial
    from spread
)
select
    b.p,
    with_check_digit(
        lpad(cast(year(birth_day) as varchar), 4, '0') || lpad(cast(month(birth_day) as varchar), 2, '0')
        || lpad(cast(day(birth_day) + case when b.p % 50 = 7 then 60 else 0 end as varchar), 2, '0') || serial
    ) as personnummer,
    case when whole(b.p, 'other', 250) = 0 then 'A' when woman then 'K' else 'M' end as kon,
    m.code as kommunkod,
    m.units,
    b.p < getvariable('people') as has_case,
    cast(getvariable('start_day') + cast(whole(b.p, 'day', getvariable('end_day') - getvariable('start_day') + 1) as integer) as date) as day
from born as b
inner join municipality as m on whole(b.p, 'municipality', 10000) between m.slot_from and m.slot_to;

create table new_case as
with numbered as (
    select
        i,
        cast(floor(i * 0.87) as bigint) as p,
        i > 0 and floor((i - 1) * 0.87) = floor(i * 0.87) as returns
    from range(getvariable('cases')) as r (i)
)
select
    n.i,
    n.p,
    case when whole(n.i, 'identified', 25) > 0 then a.personnummer end as personnummer,
    cast(case when n.returns
        then least(a.day + cast(150 + whole(n.i, 'return', 450) as integer), getvariable('end_day') - cast(whole(n.i, 'late', 60) as integer))
        else a.day end as date) as day,
    a.kommunkod || '-' || lpad(cast(1 + whole(n.i, 'unit', a.units) as varchar), 3, '0') as team_id,
    a.kommunkod,
    a.kon,
    choose(n.i, 'party', ['AF', 'AF', 'FK', 'FK', 'FK', 'KOMMUN', 'KOMMUN', 'RG', 'RG', 'RG']) as party,
    choose(n.i, 'question', ['VARD', 'VARD', 'VARD', 'VARD', 'VARD', 'VARD', 'VARD', 'VARD', 'ARBETE', 'ARBETE',
        'ARBETE', 'ARBETE', 'GRUNDPLAN', 'GRUNDPLAN', 'GRUNDPLAN', 'GRUNDPLAN', 'ERSATTNING', 'ERSATTNING',
        'AKTIVITET', case when whole(n.i, 'social', 3) = 0 then 'SOCIAL' else 'AKTIVITET' end]) as question
from numbered as n
inner join person as a on n.p = a.p;

create macro answer(key, salt) as choose(key, salt, ['VARD', 'VARD', 'VARD', 'VARD', 'VARD', 'VARD', 'VARD', 'VARD',
    'ARBETE', 'ARBETE', 'ARBETE', 'ARBETE', 'ARBETE', 'AKTIVITET', 'AKTIVITET', 'ERSATTNING', 'ERSATTNING', 'MER_INFO',
    'ANNAT_MOTE', choose(key, salt || '+', ['SOCIAL', 'SOCIAL', 'GK', 'GK', 'SIP'])]);
create macro flag(key, salt) as choose(key, salt, ['J', 'J', 'J', 'J', 'J', 'J', 'N', 'N', 'N', null]);

create view arenden as
with consultation as (
    select 'C' || i as arende_id, 'NY' as arendetyp, i, personnummer, day, team_id, kommunkod, kon, party, question
    from new_case
    union all
    select 'C' || i || 'U', 'UPPF', i + 10000000000, personnummer, cast(day + cast(30 + whole(i, 'again', 240) as integer) as date),
        team_id, kommunkod, kon, party, question
    from new_case
    where whole(i, 'follow up', 100) < 35 and day + cast(30 + whole(i, 'again', 240) as integer) <= getvariable('end_day')
)
select
    arende_id, personnummer, day as konsultationsdatum, arendetyp, team_id, kommunkod, kon,
    party as initierande_part, question as fragestallning,
    case when whole(i, 'fits', 10) < 4 and question <> 'GRUNDPLAN' then question else answer(i, 'proposal') end as atgardsforslag,
    flag(i, 'own') as egen_fragestallning, flag(i, 'present') as deltog_mote, flag(i, 'told') as aterkoppling,
    'rg' as folder, cast(year(day) as varchar) as period
from consultation;

create view unit as
select code || '-' || lpad(cast(n as varchar), 3, '0') as team_id, code as kommunkod, n, units,
    case when n % 9 = 8 then 'PSYK' else 'HC' end as enhetstyp
from (select code, units, unnest(range(1, units + 2 + units // 8)) as n from municipality);

create view team as
select
    team_id, 'Enhet ' || team_id as enhet, enhetstyp, kommunkod,
    case when n <= units then cast(getvariable('start_day') - cast(whole(team_id, 'since', 400) as integer) as date) end as team_fran,
    cast(null as date) as team_till,
    'rg' as folder, year(getvariable('start_day')) || '0101-' || year(getvariable('end_day')) || '1231' as period
from unit;

create view moten as
with scheduled as (
    select
        team_id,
        cast(getvariable('start_day') + cast(14 * k + whole(team_id, 'weekday', 5) as integer) as date) as day,
        row_number() over (order by team_id, k) as mote
    from unit
    cross join range((getvariable('end_day') - getvariable('start_day')) // 14) as r (k)
    where n <= units
)
select
    'M' || mote as mote_id, team_id, day as motesdatum, choose(mote, 'form', ['D', 'D', 'D', 'F']) as form,
    case when whole(mote, 'status', 8) = 0 then 'INSTALLT' else 'GENOMFORT' end as status,
    case when whole(mote, 'status', 8) = 0
        then choose(mote, 'reason', ['INGA_ARENDEN', 'INGA_ARENDEN', 'REKO_SAKNAS', 'PART_SAKNAS', 'ANNAT', null]) end as installt_orsak,
    'rg' as folder, cast(year(day) as varchar) as period
from scheduled;

create view samtycke as
with consent as (
    select p, personnummer, kommunkod, part,
        cast(day - cast(1 + whole(p, part, 40) as integer) + case when whole(p, part || 'late', 20) = 0 then 60 else 0 end as date) as given
    from person
    cross join (values ('AF'), ('FK'), ('KOMMUN'), ('RG')) as parties (part)
    where has_case and whole(p, part || 'given', 100) < 92
)
select
    personnummer, part, given as samtyckesdatum,
    case when whole(p, part || 'back', 100) < 3 then cast(given + cast(20 + whole(p, 'when', 300) as integer) as date) end as aterkallat_datum,
    case when part = 'KOMMUN' then 'kommun-' || kommunkod else lower(part) end as folder,
    cast(year(given) as varchar) as period
from consent
where given <= getvariable('end_day');

-- Income support: months before and after the day, whose position in the year is counted from year 0.
create table recipient as
select
    p, personnummer, kommunkod, kon,
    year(day) * 12 + month(day) - 1 - whole(p, 'before', 18) as first_month,
    year(day) * 12 + month(day) - 1 + cast(floor(chance(p, 'after') * chance(p, 'after 2') * 28) as bigint) - 2 as last_month,
    whole(p, 'main', 100) < 75 as main
from person
where not has_case or whole(p, 'recipient', 100) < 42;

create macro month_day(n) as make_date(n // 12, n % 12 + 1, 1);

create view forsorjningsstod as
select
    personnummer, strftime(month_day(n), '%Y-%m') as manad, kon,
    case when main then 6000 else 900 end + whole(p * 1000 + n, 'amount', 6000) + whole(p, 'cents', 4) * 0.25 as belopp_kr,
    case when main then 'J' else 'N' end as huvudinkomst,
    choose(p * 100 + n // 9, 'obstacle', ['SJUK_INTYG', 'SJUK_INTYG', 'SJUK_INTYG', 'SOCIALA_HINDER', 'SOCIALA_HINDER', 'ARBETSLOS', 'ARBETSLOS', 'ANNAT', null]) as forsorjningshinder,
    'kommun-' || kommunkod as folder, period_of(month_day(n)) as period, kommunkod
from (select *, unnest(range(first_month, last_month + 1)) as n from recipient)
where month_day(n) between getvariable('start_day') and getvariable('support_end');

create view avslut as
select
    personnummer, last_day(month_day(last_month)) as avslutsdatum,
    choose(p, 'ended', ['ARBETE', 'ARBETE', 'ARBETE', 'STUDIER', 'AF_ERSATTNING', 'AF_ERSATTNING', 'SJUKERSATTNING', 'AKTIVITETSERSATTNING', 'FLYTT', 'ANNAT']) as orsak,
    'kommun-' || kommunkod as folder, period_of(last_day(month_day(last_month))) as period, kommunkod
from recipient
where last_month >= first_month
    and last_day(month_day(last_month)) between getvariable('start_day') and getvariable('support_end');

create view planering as
with plan as (
    select personnummer, kommunkod, cast(day - cast(20 + whole(p, 'contact', 200) as integer) as date) as first_contact,
        cast(floor(chance(p, 'lead') * chance(p, 'lead 2') * 320) as integer) + 4 as lead
    from person
    where has_case and whole(p, 'planned', 100) < 30
)
select
    personnummer, first_contact as forsta_kontakt, cast(first_contact + lead as date) as planeringsdatum,
    'kommun-' || kommunkod as folder, cast(year(first_contact + lead) as varchar) as period, kommunkod
from plan
where first_contact + lead between getvariable('start_day') and getvariable('end_day');

create table spell as
with drawn as (
    select p, j, personnummer,
        choose(p * 10 + j, 'benefit', ['SJUKPENNING', 'SJUKPENNING', 'SJUKPENNING', 'SJUKPENNING', 'SJUKPENNING', 'REHABPENNING',
            'SJUKERSATTNING', 'AKTIVITETSERSATTNING', 'AKASSA', 'AKTIVITETSSTOD', 'AKTIVITETSSTOD', 'ETABLERING']) as ersattning,
        cast(day - 430 + cast(whole(p * 10 + j, 'from', 260) * 3 + j as integer) as date) as fran,
        cast(20 + floor(chance(p * 10 + j, 'days') * chance(p * 10 + j, 'days 2') * 900) as integer) as days
    from person
    cross join range(3) as r (j)
    where has_case and whole(p * 10 + j, 'spell', 100) < 42
)
select p, j, personnummer, ersattning, fran, cast(fran + days as date) as till
from drawn
where fran <= getvariable('support_end') and fran + days >= getvariable('start_day');

create view ersattning as
with delivered as (
    select *,
        case when y > year(getvariable('end_day')) then y || 'H1' else cast(y as varchar) end as period
    from (
        select *, unnest(range(
            greatest(year(fran), year(getvariable('start_day'))),
            least(year(till), year(getvariable('support_end'))) + 1
        )) as y
        from spell
    )
)
select
    personnummer, ersattning, fran, case when till <= period_end(period) then till end as till,
    choose(p * 10 + j, 'extent', [25, 50, 50, 75, 100, 100, 100, 100]) as omfattning,
    case when ersattning in ('AKASSA', 'AKTIVITETSSTOD', 'ETABLERING') then 'af' else 'fk' end as folder, period
from delivered
where fran <= period_end(period);

create view enkat as
select
    wave as enkat_omgang, 'R' || wave || '-' || n as respondent_id, choose(n, wave || 'sex', ['K', 'K', 'K', 'M', 'M']) as kon,
    case when whole(n, wave, 10) < 3 then 'J' else 'N' end as svarat,
    case when whole(n, wave, 10) < 3 then choose(n, wave || 'answer', ['1', '1', '2', '2', '3', '3', '3', '4', '5', null]) end as svar_redo,
    case when whole(n, wave, 10) >= 3 then choose(n, wave || 'why', ['TIDSKRAVANDE', 'EJ_KONTAKT', 'EJ_KONTAKT', 'KANNER_EJ_TRISAM', 'KAN_EJ_SVARA', null]) end as bortfallsorsak,
    'finsam' as folder, year(getvariable('start_day')) || '0101-' || year(getvariable('end_day')) || '1231' as period
from (select unnest(range(year(getvariable('start_day')), year(getvariable('end_day')) + 1)) || 'VT' as wave)
cross join range(greatest(100, getvariable('cases') // 30)) as r (n);

create view medel as
select 'BM-' || code as insats_id, 'Trisam (påhittat belopp)' as insats, code as kommunkod, getvariable('start_day') as fran,
    getvariable('end_day') as till, 200000 + whole(code, 'granted', 900) * 1000 as beviljat_kr,
    200000 + whole(code, 'granted', 900) * 700 as utnyttjat_kr,
    'finsam' as folder, year(getvariable('start_day')) || '0101-' || year(getvariable('end_day')) || '1231' as period
from municipality;

create view malbedomning as
select mal, rapportor, make_date(y, 12, 31) as bedomningsdatum,
    choose(mal || rapportor || y, 'status', ['UPPFYLLT', 'DELVIS', 'EJ_UPPFYLLT', 'OKLART', 'EJ_KOMMENTERAT']) as status,
    cast(null as varchar) as kommentar, 'finsam' as folder, cast(y as varchar) as period
from (select code as rapportor from municipality union all values ('AF'), ('FK'), ('RG'))
cross join (values ('DELAKTIGHET'), ('LIKA_MANGA'), ('REDO_6M'), ('FORSORJNING_6M'), ('FORSORJNINGSSTOD_12M'), ('SAMARBETE')) as goals (mal)
cross join range(cast(year(getvariable('start_day')) as bigint), cast(year(getvariable('end_day')) + 1 as bigint)) as r (y);

create view observationer as
select 'O' || n as observation_id, choose(n, 'who', ['AF', 'FK', 'RG', 'FINSAM']) as rapportor,
    choose(n, 'kind', ['LARDOM', 'FRAMGANG', 'AVVIKELSE', 'SYSTEMFEL']) as kategori,
    choose(n, 'theme', ['SAMV_NYTTA', 'REGELVERK', 'REKO|INSTALLDA_TEAM', 'RESURS']) as tema,
    cast(getvariable('end_day') - cast(whole(n, 'when', 300) as integer) as date) as datum, 'Påhittad utsaga ' || n as text,
    'finsam' as folder, cast(year(getvariable('end_day')) as varchar) as period
from range(300) as r (n);

create view bemanning as
select roll, getvariable('start_day') as fran, cast(null as date) as till, antal, 90 as planerad_procent,
    choose(folder || roll, 'actual', [50, 80, 90]) as faktisk_procent, cast(null as double) as faktiskt_antal,
    folder, year(getvariable('start_day')) || '0101-' || year(getvariable('end_day')) || '1231' as period, kommunkod
from (
    select 'fk' as folder, null as kommunkod, 'Processledare' as roll, 1 as antal
    union all values ('fk', null, 'Försäkringsutredare', 4)
    union all select 'kommun-' || code, code, 'Trisamhandläggare', 1 from municipality
);

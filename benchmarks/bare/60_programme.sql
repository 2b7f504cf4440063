-- Indicators 8 to 10 and 21 to 24: survey, goals, grants, staffing, observations.

create temp table response as
select e.enkat_omgang as wave_code, e.kon, e.svarat = 'J' as answered, e.svar_redo as answer_code, e.bortfallsorsak as reason_code
from extract_enkat as e
inner join delivery as d on d.dataset = 'enkat' and e.file_no = d.file_no
qualify row_number() over (partition by e.enkat_omgang, e.respondent_id order by d.last_day desc) = 1;

create table indicators.survey_readiness as
with counted as (
    select wave_code, coalesce(kon, 'T') as gender, count(*) as sent_count, count(*) filter (where answered) as answered_count,
        count(*) filter (where answered and answer_code in ('4', '5')) as ready_count,
        count(*) filter (where answered and answer_code is not null) as readiness_known_count
    from response group by grouping sets ((wave_code, kon), (wave_code))
)
select *, percent(answered_count, sent_count) as response_percent, percent(ready_count, readiness_known_count) as ready_percent
from counted;

create table indicators.survey_answer as
with given as (
    select wave_code, coalesce(kon, 'T') as gender, answer_code, count(*) as n
    from response where answered and answer_code is not null
    group by grouping sets ((wave_code, kon, answer_code), (wave_code, answer_code))
), known as (
    select wave_code, gender, sum(n) as n from given group by all
)
select k.wave_code, k.gender, c.code as answer_code, coalesce(g.n, 0) as answer_count, percent(coalesce(g.n, 0), k.n) as answer_percent
from known as k
cross join (select code from code where list_name = 'readiness_answer') as c
left join given as g on k.wave_code = g.wave_code and k.gender = g.gender and c.code = g.answer_code;

create table indicators.survey_nonresponse as
select wave_code, coalesce(reason_code, 'OKAND') as reason_code, count(*) as nonresponse_count,
    percent(count(*), sum(count(*)) over (partition by wave_code)) as share_percent
from response where not answered
group by wave_code, coalesce(reason_code, 'OKAND');

create table indicators.goal_status as
select mal as goal_code, rapportor as reporter_code, status as status_code, bedomningsdatum as assessed_on
from extract_malbedomning
qualify row_number() over (partition by mal, rapportor order by bedomningsdatum desc) = 1;

create table indicators.grant_use as
with holding as (
    select m.* from extract_medel as m
    inner join delivery as d on d.dataset = 'medel' and m.file_no = d.file_no
    qualify row_number() over (partition by m.insats_id order by d.last_day desc) = 1
)
select insats_id as project_id, kommunkod as municipality_code, fran as start_date, till as end_date,
    datediff('month', fran, till) + 1 as month_count, beviljat_kr as granted_sek, utnyttjat_kr as used_sek,
    beviljat_kr - utnyttjat_kr as unused_sek, percent(utnyttjat_kr, beviljat_kr) as used_percent
from holding;

create table indicators.staffing as
with holding as (
    select d.reporter as party_code, b.roll as role, b.fran, coalesce(b.till, date '9999-12-31') as till,
        b.antal * b.planerad_procent / 100 as planned, coalesce(b.faktiskt_antal, b.antal) * b.faktisk_procent / 100 as actual
    from extract_bemanning as b
    inner join delivery as d on d.dataset = 'bemanning' and b.file_no = d.file_no
    qualify row_number() over (partition by d.reporter, b.roll, b.fran order by d.last_day desc) = 1
), share as (
    select p.period_type, p.period, h.party_code, h.role, h.planned, h.actual,
        (least(h.till, p.last_day) - greatest(h.fran, p.first_day) + 1) / (p.last_day - p.first_day + 1) as part
    from holding as h inner join period as p on h.fran <= p.last_day and h.till >= p.first_day
)
select period_type, period, party_code, role, sum(planned * part) as planned_fte, sum(actual * part) as actual_fte,
    sum(planned * part) - sum(actual * part) as gap_fte
from share group by all;

create table indicators.observation_theme as
with themed as (
    select observation_id, rapportor, kategori, unnest(list_distinct(string_split(tema, '|'))) as theme from extract_observationer
)
select kategori as category_code, trim(theme) as theme_code, rapportor as reporter_code, count(*) as statement_count
from themed group by all;
